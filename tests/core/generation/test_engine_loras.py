"""LoRAs: whose layout is read, that all of one lands, and that none leaves a trace."""

import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file, save_file

from core.generation.devices import GenerationCancelledError
from core.generation.pipelines import EngineError
from core.starter.manifest import BASE_FOLDER, LORA_FOLDER
from tests.core.generation.starter_engine import (
    ask,
    digest,
    engine,
    load,
    lora_at,
    made,
    make,
    starter_lora,
)

FILE = "pytorch_lora_weights.safetensors"


def pipeline():
    return engine()._loaded.pipeline


def tensors_of(slug):
    return load_file(LORA_FOLDER / slug / FILE)


def with_lora(path, scale=1.0, **changes):
    return ask(loras=(lora_at(path, path.stem, scale),), **changes)


def kohya_names(tensors, alpha):
    """The same LoRA as Kohya's trainer writes it: alpha apart, names joined by underscores."""
    renamed = {}
    for name, value in tensors.items():
        layer, factor = name.removesuffix(".weight").rsplit(".", 1)
        stem = "lora_" + layer.replace("text_encoder.", "te.").replace(".", "_")
        renamed[f"{stem}.{'lora_down' if factor == 'lora_A' else 'lora_up'}.weight"] = value
        if factor == "lora_A":
            renamed[f"{stem}.alpha"] = torch.tensor(float(alpha))
    return renamed


def text_lora(seed=3, rank=2):
    """Random factors for the text encoder, by peft's names."""
    generator = torch.Generator().manual_seed(seed)
    made_up = {}
    for name, module in pipeline().text_encoder.named_modules():
        if name.endswith(("q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2")):
            out, into = module.weight.shape
            stem = f"text_encoder.text_model.{name}"
            made_up[f"{stem}.lora_A.weight"] = torch.randn(rank, into, generator=generator) * 0.1
            made_up[f"{stem}.lora_B.weight"] = torch.randn(out, rank, generator=generator) * 0.1
    return made_up


def saved(folder, name, tensors, **metadata):
    path = folder / f"{name}.safetensors"
    save_file({key: value.contiguous() for key, value in tensors.items()}, path, metadata or None)
    return path


def diffusers_weights(*loras):
    """The weights that diffusers itself makes by loading and fusing."""
    from diffusers import StableDiffusionPipeline

    own = StableDiffusionPipeline.from_pretrained(
        BASE_FOLDER, safety_checker=None, requires_safety_checker=False, dtype=torch.float32
    )
    for number, (path, _) in enumerate(loras):
        own.load_lora_weights(path, adapter_name=str(number))
    own.set_adapters([str(number) for number in range(len(loras))], [scale for _, scale in loras])
    own.fuse_lora(adapter_names=[str(number) for number in range(len(loras))])
    own.unload_lora_weights()
    return {**own.unet.state_dict(), **own.text_encoder.state_dict()}


def own_weights():
    return {**pipeline().unet.state_dict(), **pipeline().text_encoder.state_dict()}


def test_a_lora_leaves_no_trace_and_finds_none():
    base, ink = made(ask()), made(ask(loras=(starter_lora("ink"),)))
    assert base != ink
    made(ask(loras=(starter_lora("neon"), starter_lora("glass", 0.7))))
    assert made(ask(loras=(starter_lora("ink"),))) == ink
    made(ask(loras=(starter_lora("ink", 0.5),)))
    assert made(ask()) == base


def test_weights_are_those_that_diffusers_makes():
    load(ask())
    before = {name: value.clone() for name, value in own_weights().items()}
    ink, neon = starter_lora("ink", 0.7), starter_lora("neon", -0.4)
    load(ask(loras=(ink, neon)))
    wanted = diffusers_weights((LORA_FOLDER / "ink", 0.7), (LORA_FOLDER / "neon", -0.4))
    found = own_weights()
    assert found.keys() == wanted.keys()
    far = max(float((found[name] - wanted[name]).abs().max()) for name in wanted)
    moved = max(float((found[name] - before[name]).abs().max()) for name in wanted)
    assert far < 2e-6 < 1e-2 < moved
    load(ask())
    assert all(torch.equal(value, before[name]) for name, value in own_weights().items())


def test_a_scale_of_nothing_is_the_base():
    assert made(ask(loras=(starter_lora("ink", 0.0),))) == made(ask())


def test_kohya_s_layout_gives_the_same_bits(tmp_path):
    tensors = tensors_of("neon")
    # Up is twice as large and alpha half the rank, so that both must be read.
    doubled = {
        name: value.float() * (2 if "lora_B" in name else 1) for name, value in tensors.items()
    }
    rank = next(value for name, value in tensors.items() if "lora_A" in name).shape[0]
    path = saved(tmp_path, "kohya", kohya_names(doubled, rank / 2))
    assert made(with_lora(path), path) == made(ask(loras=(starter_lora("neon"),)))


@pytest.mark.parametrize("layout", ["diffusers", "kohya"])
def test_text_encoders_are_changed_too(tmp_path, layout):
    load(ask())
    base = made(ask())
    tensors = text_lora()
    plain = saved(tmp_path, "plain", tensors)
    path = plain if layout == "diffusers" else saved(tmp_path, "k", kohya_names(tensors, 2))
    load(with_lora(path, 0.8), path)
    wanted, found = diffusers_weights((plain, 0.8)), own_weights()
    assert max(float((found[name] - wanted[name]).abs().max()) for name in wanted) < 2e-6
    assert digest(make(with_lora(path, 0.8))[0]) != base
    assert made(ask()) == base


def test_settings_of_peft_in_the_file_are_read(tmp_path):
    told = {"unet.r": 4, "unet.lora_alpha": 8, "unet.alpha_pattern": {"conv_in": 2}}
    tensors = tensors_of("neon")
    path = saved(tmp_path, "told", tensors, lora_adapter_metadata=json.dumps(told))
    for name in tensors:
        if "lora_B" in name:
            tensors[name] = tensors[name].float() * (0.5 if ".conv_in." in name else 2)
    same = saved(tmp_path, "same", tensors)
    assert made(with_lora(path), path) == made(with_lora(same), same)


def test_what_does_not_fit_is_one_sentence_and_changes_nothing(tmp_path):
    ink = made(ask(loras=(starter_lora("ink"),)))
    tensors = tensors_of("neon")
    first = next(name for name in tensors if "lora_A" in name and tensors[name].ndim == 2)
    half = first.replace("lora_A", "lora_B")
    layer = first.split(".lora_A")[0]
    unfit = {
        "wide": (tensors | {first: torch.randn(4, 999)}, "changes .* as .* x 999 numbers"),
        "foreign": (
            {name.replace("unet.", "unet.other."): value for name, value in tensors.items()},
            "no layer",
        ),
        "half": ({n: v for n, v in tensors.items() if n != half}, "one factor without the other"),
        "bare": ({n: v for n, v in tensors.items() if n != first}, "1 of its .* have no place"),
        "two": ({f"text_encoder_2.{n}": v for n, v in text_lora().items()}, "have no place"),
        "dora": (tensors | {f"{layer}.lora_magnitude_vector": torch.ones(4)}, "is a DoRA"),
        "loha": ({"lora_unet_conv_in.hada_w1_a": torch.ones(4, 4)}, "is a DoRA, LoHa"),
        "stray": ({"lora_unet_conv_in.alpha": torch.tensor(1.0)}, "cannot be read"),
        "other": ({"conv.weight": torch.ones(4)}, "have no place"),
    }
    for name, (content, sentence) in unfit.items():
        path = saved(tmp_path, name, content)
        with pytest.raises(EngineError, match=sentence) as caught:
            made(with_lora(path), path)
        assert "\n" not in str(caught.value) and f"“{name}”" in str(caught.value)
    assert digest(make(ask(loras=(starter_lora("ink"),)))[0]) == ink


def test_damaged_files_and_empty_folders_are_refused(tmp_path):
    path = tmp_path / "cut.safetensors"
    path.write_bytes((LORA_FOLDER / "ink" / FILE).read_bytes()[:1000])
    with pytest.raises(EngineError, match="cannot be read"):
        made(with_lora(path), path)
    folder = tmp_path / "two"
    folder.mkdir()
    for name in ("a", "b"):
        saved(folder, name, tensors_of("ink"))
    with pytest.raises(EngineError, match=r"holds 2 \.safetensors files instead of one"):
        made(with_lora(folder), folder)
    made(ask())


def test_a_lora_may_change_what_pictures_are_made_at_any_time(tmp_path):
    """Stopped between two LoRAs, nothing of the first is there."""
    base = made(ask())
    request = ask(loras=(starter_lora("ink"), starter_lora("neon")))
    said = []

    def stop(words):
        said.append(words)
        if len(said) == 2:
            raise GenerationCancelledError

    with pytest.raises(GenerationCancelledError):
        load(request, on_words=stop)
    assert [words.split()[0] for words in said] == ["Loading", "Loading"]
    assert digest(make(ask())[0]) == base
    assert made(replace(request, seed=2)) != base
