"""The engine with the starter's base: bits, steps, cancelling, memory, bad input."""

import shutil
import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from core.generation.devices import (
    DeviceMemoryError,
    GenerationCancelledError,
    WrongWeightsError,
)
from core.generation.engine import Engine
from core.generation.memory import MemoryPlan
from core.generation.pipelines import EngineError
from core.generation.weights_hash import weights_sha256
from core.starter.manifest import BASE_FOLDER
from tests.core.generation.starter_engine import ask, digest, engine, load, made, make


@pytest.fixture(autouse=True)
def _base():
    load(ask())


def unet():
    return engine()._loaded.pipeline.unet


def plain_diffusers(request, **more):
    """What anybody's script computes."""
    from diffusers import StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(
        BASE_FOLDER, safety_checker=None, requires_safety_checker=False, dtype=torch.float32
    )
    pipeline.set_progress_bar_config(disable=True)
    pipeline.unet.to(memory_format=torch.channels_last)
    return pipeline(
        request.prompt,
        negative_prompt=request.negative_prompt,
        width=request.width,
        height=request.height,
        num_inference_steps=request.steps,
        guidance_scale=request.cfg_scale,
        guidance_rescale=request.guidance_rescale,
        generator=torch.Generator().manual_seed(request.seed),
        **more,
    ).images[0]


def test_it_computes_what_plain_diffusers_computes_bit_for_bit():
    request = ask(negative_prompt="a tree", steps=3, guidance_rescale=0.6, width=128, height=96)
    assert made(request) == digest(plain_diffusers(request))


def test_clip_skip_is_counted_as_web_uis_count_it():
    encoder = engine()._loaded.pipeline.text_encoder
    given, layers = [], {}
    unet_hook = unet().register_forward_pre_hook(
        lambda _, args, named: given.append(named["encoder_hidden_states"]), with_kwargs=True
    )
    hooks = [
        layer.register_forward_hook(
            lambda _, args, out, number=number: layers.setdefault(
                number, out[0] if isinstance(out, tuple) else out
            )
        )
        for number, layer in enumerate(encoder.encoder.layers, start=1)
    ]
    make(ask(clip_skip=2, negative_prompt="a boat"))
    for hook in (unet_hook, *hooks):
        hook.remove()
    prompt = given[0][1:]  # the negative prompt stands first
    assert torch.equal(prompt, encoder.final_layer_norm(layers[len(layers) - 1]))
    assert len({made(ask(clip_skip=skip)) for skip in (None, 2, 3, 4)}) == 4
    with pytest.raises(EngineError, match="has 4 layers: take a CLIP skip of 4 at most"):
        made(ask(clip_skip=5))


def test_a_picture_does_not_depend_on_what_its_company_shows():
    wanted = ask(5)
    for place in range(3):
        companies = (
            [ask(6), ask(7)],
            [ask(8, "a blue fish at sea", negative_prompt="a boat"), ask(9, "a yellow star")],
        )
        digests = set()
        for company in companies:
            company.insert(place, wanted)
            digests.add(digest(make(*company)[place]))
        assert len(digests) == 1


def test_seeds_give_pictures_of_their_own_and_may_be_of_64_bits():
    seeds = (0, 1, 2**32 - 1, 2**63 + 7, 2**64 - 2)
    assert len({made(ask(seed)) for seed in seeds}) == len(seeds)
    # torch's generator on a CPU knows 32 bits.
    assert made(ask(2**32 + 1)) == made(ask(1))


def test_samplers_leave_nothing_behind():
    # Both read an option solver_order, and only the second sets it.
    asked = ask(sampler="UniPC", steps=5)
    before = made(asked)
    made(ask(sampler="DPM++ 3M SDE"))
    assert made(asked) == before


def test_without_guidance_the_model_computes_each_picture_once():
    batches = []
    hook = unet().register_forward_pre_hook(lambda _, given: batches.append(len(given[0])))
    make(ask(cfg_scale=1.0), ask(2, cfg_scale=1.0))
    guided = len(batches)
    make(ask(), ask(2))
    hook.remove()
    assert (set(batches[:guided]), set(batches[guided:])) == ({2}, {4})


def test_steps_are_told_and_previews_are_drawn_when_asked_for():
    seen = []
    sizes = {"width": 256, "height": 128, "steps": 4}

    def on_step(step, steps, previews):
        seen.append((step, steps, previews()))

    pictures = make(ask(**sizes), ask(2, **sizes), on_step=on_step)
    assert [(step, steps) for step, steps, _ in seen] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    shown = [Image.open(BytesIO(data)) for data in seen[-1][2].values()]
    assert [*seen[0][2]] == [0, 1]
    assert {(picture.format, picture.size) for picture in shown} == {("WEBP", (192, 96))}
    # The last preview is the picture, but for its size.
    for preview, picture in zip(shown, pictures, strict=True):
        small = np.asarray(picture.resize(preview.size), float)
        assert np.abs(np.asarray(preview.convert("RGB"), float) - small).mean() < 16
    assert [*map(digest, make(ask(**sizes), ask(2, **sizes)))] == [*map(digest, pictures)]


@pytest.mark.parametrize("sampler", ["Euler a", "Heun", "DPM++ 2M Karras", "UniPC", "LCM"])
def test_previews_show_the_picture_to_come_whatever_the_sampler(sampler):
    last = {}
    request = ask(sampler=sampler, steps=6)
    (picture,) = make(request, on_step=lambda step, steps, previews: last.update(previews()))
    preview = Image.open(BytesIO(last[0])).convert("RGB").resize((16, 16))
    wanted = picture.resize((16, 16))
    far = np.abs(np.asarray(preview, float) - np.asarray(wanted, float)).mean()
    assert far < 12


def test_samplers_that_look_twice_a_step_tell_how_often_they_look():
    seen = []
    make(ask(sampler="Heun", steps=3), on_step=lambda step, steps, _: seen.append((step, steps)))
    assert seen == [(each, 5) for each in (1, 2, 3, 4, 5)]


def test_cancelling_takes_effect_within_the_step():
    before = made(ask(steps=6))
    calls = []
    hook = unet().register_forward_pre_hook(lambda *_: calls.append(1))

    def on_step(step, steps, previews):
        if step == 2:
            raise GenerationCancelledError

    with pytest.raises(GenerationCancelledError):
        make(ask(steps=6), on_step=on_step)
    hook.remove()
    assert len(calls) == 2
    assert digest(make(ask(steps=6))[0]) == before


def real_lack(*_):
    torch.empty(2**55)


def told_lack(*_):
    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


def python_lack(*_):
    raise MemoryError


@pytest.mark.parametrize("lack", [real_lack, told_lack, python_lack])
def test_a_lack_of_memory_inside_a_step_is_one_sentence(lack):
    before = made(ask())
    hook = unet().register_forward_pre_hook(lack)
    try:
        with pytest.raises(DeviceMemoryError) as caught:
            make(ask(), ask(2))
    finally:
        hook.remove()
    assert "does not hold 2 pictures of 64 x 64 px at a time." in str(caught.value)
    assert digest(make(ask())[0]) == before


def test_a_lack_of_memory_while_loading_leaves_nothing_half_loaded(monkeypatch):
    fresh = Engine("cpu")
    with monkeypatch.context() as patched:
        patched.setattr("core.generation.engine.place_pipeline", real_lack)
        with pytest.raises(DeviceMemoryError, match="does not hold the model “base”"):
            load(ask(), into=fresh)
    with pytest.raises(EngineError, match="“base” was not loaded"):
        make(ask(), into=fresh)
    assert made(ask(), into=fresh) == made(ask())


def test_saving_memory_gives_the_same_pictures():
    thrifty = Engine("cpu", memory=MemoryPlan("float32", vae_slicing=True, vae_tiling=True))
    wanted = make(ask(), ask(2))
    load(ask(), into=thrifty)
    found = make(ask(), ask(2), into=thrifty)
    for one, other in zip(wanted, found, strict=True):
        assert np.abs(np.asarray(one, int) - np.asarray(other, int)).max() <= 1
    sliced = Engine("cpu", memory=MemoryPlan("float32", attention_slicing=True))
    load(ask(), into=sliced)
    far = np.asarray(make(ask(), into=sliced)[0], int) - np.asarray(make(ask())[0], int)
    assert np.abs(far).max() <= 2


def test_a_batch_differs_in_prompts_and_seeds_alone():
    with pytest.raises(EngineError, match="differ in their steps"):
        make(ask(), ask(steps=3))
    with pytest.raises(EngineError, match="No picture was asked for"):
        make()


def test_names_of_models_decide_nothing():
    renamed = ask(model=replace(ask().model, name="another name"))
    one, other = make(ask(), renamed)
    assert digest(one) == digest(other)


def test_what_was_not_loaded_is_not_made():
    with pytest.raises(EngineError, match="was not loaded"):
        Engine("cpu").generate([ask()], lambda *_: None)


def test_weights_that_changed_or_went_are_refused(tmp_path):
    copy = tmp_path / "base"
    shutil.copytree(BASE_FOLDER, copy)
    request = ask()
    places = {request.model.sha256: copy}
    fresh = Engine("cpu")
    fresh.load(request, places)
    file = copy / "unet" / "diffusion_pytorch_model.safetensors"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with pytest.raises(WrongWeightsError, match="not those that were added"):
        fresh.load(request, places)
    with pytest.raises(WrongWeightsError, match="are not on this machine"):
        fresh.load(request, {})
    assert weights_sha256(copy) != request.model.sha256


def test_loading_can_be_stopped_and_starts_afresh():
    fresh = Engine("cpu")

    def stop(words):
        assert words == "Loading “base”"
        raise GenerationCancelledError

    with pytest.raises(GenerationCancelledError):
        load(ask(), into=fresh, on_words=stop)
    assert made(ask(), into=fresh) == made(ask())


def test_the_engine_says_what_it_is():
    assert engine().device_name == f"cpu, {torch.get_num_threads()} threads"
    assert engine().precision == "float32"
    assert [name for name, _ in engine().versions] == ["torch", "diffusers", "transformers", "peft"]
    assert engine().words == f"{engine().device_name}, float32; everything fits into memory"


@pytest.mark.parametrize("device", ["cuda:99", "tpu", "cuda:x", "cuda:-1"])
def test_devices_that_are_not_there_are_refused(device):
    with pytest.raises(EngineError):
        Engine(device)


def test_core_is_imported_without_torch():
    code = "import sys, core.generation.engine; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
