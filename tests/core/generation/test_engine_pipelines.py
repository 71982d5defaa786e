"""Checkpoints as folders: XL, half-precision files, and what is refused."""

import json
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from core.generation.engine import Engine
from core.generation.pipelines import EngineError
from core.starter.manifest import BASE_FOLDER
from tests.core.generation.starter_engine import (
    ask,
    digest,
    engine,
    load,
    lora_at,
    made,
    make,
    weights_at,
)


@pytest.fixture(scope="session")
def xl_folder(tmp_path_factory):
    """A pipeline of XL's classes and random numbers, a millionth of its size."""
    from diffusers import (
        AutoencoderKL,
        EulerDiscreteScheduler,
        StableDiffusionXLPipeline,
        UNet2DConditionModel,
    )
    from transformers import (
        CLIPTextConfig,
        CLIPTextModel,
        CLIPTextModelWithProjection,
        CLIPTokenizer,
    )

    torch.manual_seed(0)
    unet = UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=(2, 4),
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        transformer_layers_per_block=(1, 2),
        projection_class_embeddings_input_dim=80,
        cross_attention_dim=64,
    )
    autoencoder = AutoencoderKL(
        block_out_channels=(32, 64, 64, 64),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=4,
        sample_size=64,
    )
    tokenizer = CLIPTokenizer.from_pretrained(BASE_FOLDER / "tokenizer", local_files_only=True)
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=37,
        num_attention_heads=4,
        num_hidden_layers=5,
        max_position_embeddings=32,
        projection_dim=32,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    folder = tmp_path_factory.mktemp("weights") / "xl"
    StableDiffusionXLPipeline(
        vae=autoencoder,
        text_encoder=CLIPTextModel(config),
        text_encoder_2=CLIPTextModelWithProjection(config),
        tokenizer=tokenizer,
        tokenizer_2=tokenizer,
        unet=unet,
        scheduler=EulerDiscreteScheduler(
            beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear"
        ),
        add_watermarker=False,
    ).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def xl(xl_folder):
    return Engine("cpu"), xl_folder


def ask_xl(folder, seed=1, **changes):
    return ask(seed, model=weights_at(folder, "xl"), **({"sampler": "Euler a"} | changes))


def plain_xl(folder, request, **more):
    from diffusers import StableDiffusionXLPipeline

    pipeline = StableDiffusionXLPipeline.from_pretrained(
        folder, dtype=torch.float32, add_watermarker=False
    )
    pipeline.set_progress_bar_config(disable=True)
    pipeline.unet.to(memory_format=torch.channels_last)
    from diffusers import EulerAncestralDiscreteScheduler

    pipeline.scheduler = EulerAncestralDiscreteScheduler.from_config(pipeline.scheduler.config)
    return pipeline(
        request.prompt,
        width=request.width,
        height=request.height,
        num_inference_steps=request.steps,
        guidance_scale=request.cfg_scale,
        generator=torch.Generator().manual_seed(request.seed),
        **more,
    ).images[0]


def test_xl_computes_what_plain_diffusers_computes(xl):
    own, folder = xl
    request = ask_xl(folder)
    assert made(request, folder, into=own) == digest(plain_xl(folder, request))
    against = ask_xl(folder, negative_prompt="a boat")
    wanted = digest(plain_xl(folder, against, negative_prompt="a boat"))
    assert made(against, folder, into=own) == wanted != made(request, folder, into=own)
    skipping = digest(plain_xl(folder, request, clip_skip=1, negative_prompt=None))
    assert made(ask_xl(folder, clip_skip=3), folder, into=own) == skipping
    assert made(ask_xl(folder, clip_skip=2), folder, into=own) == made(request, folder, into=own)


def test_an_empty_negative_prompt_of_xl_is_none_in_any_company(xl):
    own, folder = xl
    load(ask_xl(folder), folder, into=own)
    wanted = ask_xl(folder, 3)
    beside = [
        make(wanted, ask_xl(folder, 4, negative_prompt=text), into=own)[0]
        for text in ("", "a boat")
    ]
    assert digest(beside[0]) == digest(beside[1])


def test_loras_of_xl_change_both_text_encoders(xl, tmp_path):
    own, folder = xl
    base = made(ask_xl(folder), folder, into=own)
    generator = torch.Generator().manual_seed(1)

    def factors(stem, out, into):
        return {
            f"{stem}.lora_down.weight": torch.randn(2, into, generator=generator),
            f"{stem}.lora_up.weight": torch.randn(out, 2, generator=generator),
            f"{stem}.alpha": torch.tensor(1.0),
        }

    pictures = {base}
    for number, stem in enumerate(
        (
            "lora_te1_text_model_encoder_layers_0_self_attn_q_proj",
            "lora_te2_text_model_encoder_layers_0_self_attn_q_proj",
            "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_q",
        )
    ):
        size = 64 if "unet" in stem else 32
        path = tmp_path / f"{number}.safetensors"
        save_file(factors(stem, size, size), path)
        request = ask_xl(folder, loras=(lora_at(path, scale=3.0),))
        pictures.add(made(request, folder, path, into=own))
    assert len(pictures) == 4
    assert made(ask_xl(folder), folder, into=own) == base


def test_an_engine_changes_between_checkpoints(xl):
    own, folder = xl
    one, other = made(ask_xl(folder), folder, into=own), made(ask(), into=own)
    assert other == made(ask())
    assert made(ask_xl(folder), folder, into=own) == one


def test_previews_of_full_autoencoders_are_small_pictures(xl):
    own, folder = xl
    request = ask_xl(folder, width=256, height=128)
    load(request, folder, into=own)
    seen = []
    make(request, into=own, on_step=lambda step, steps, previews: seen.append(previews()))
    assert seen[-1][0][8:12] == b"WEBP"


def test_numbers_that_overflow_are_no_picture(xl):
    own, folder = xl
    load(ask_xl(folder), folder, into=own)
    weight = own._loaded.pipeline.unet.conv_out.weight
    kept = weight.data.clone()
    weight.data.fill_(float("nan"))
    with pytest.raises(EngineError, match="gave no picture"):
        make(ask_xl(folder), into=own)
    weight.data.copy_(kept)


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(BASE_FOLDER, tmp_path / "base")
    return tmp_path / "base"


def index(folder, **changes):
    path = folder / "model_index.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def without(part):
    return lambda folder: shutil.rmtree(folder / part)


def with_pickles(folder):
    for file in (folder / "unet").glob("*.safetensors"):
        file.rename(file.with_suffix(".bin"))


def cut(folder):
    file = folder / "unet" / "diffusion_pytorch_model.safetensors"
    file.write_bytes(file.read_bytes()[:5000])


REFUSED = {
    "no index": (lambda folder: (folder / "model_index.json").unlink(), "holds no model_index"),
    "index of noise": (lambda f: (f / "model_index.json").write_text("{"), "cannot be read"),
    "list for an index": (lambda f: (f / "model_index.json").write_text("[]"), "no JSON object"),
    "other class": (
        lambda folder: index(folder, _class_name="FluxPipeline"),
        "is a “FluxPipeline”, and pictures are made with",
    ),
    "no text encoder": (without("text_encoder"), "lacks its part “text_encoder”"),
    "no tokenizer": (without("tokenizer"), "lacks its part “tokenizer”"),
    "pickles": (with_pickles, "has no .safetensors file, and pickles are not read"),
    "own program": (
        lambda folder: index(folder, unet=["my_module", "MyUNet"]),
        "brings a program of its own",
    ),
    "cut off": (cut, "cannot be loaded"),
    "no settings": (lambda f: (f / "unet" / "config.json").unlink(), "cannot be loaded"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_complete_pipeline_is_one_sentence(copy, name):
    damage, sentence = REFUSED[name]
    damage(copy)
    with pytest.raises(EngineError, match=sentence) as caught:
        load(ask(model=weights_at(copy, "a model")), copy)
    assert "\n" not in str(caught.value)
    assert "“a model”" in str(caught.value)


def test_a_checkpoint_that_is_refused_leaves_the_engine_usable(copy):
    before = made(ask())
    without("text_encoder")(copy)
    with pytest.raises(EngineError):
        load(ask(model=weights_at(copy, "a model")), copy)
    assert made(ask()) == before


class Program:
    """What a pickle may hold: something to run when it is read."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_a_pickle_beside_the_weights_is_never_read(copy, tmp_path):
    ran = tmp_path / "ran"
    for file in copy.rglob("*.safetensors"):
        for name in (f"{file.stem}.bin", "pytorch_model.bin"):
            file.with_name(name).write_bytes(pickle.dumps(Program(ran)))
    assert made(ask(model=weights_at(copy, "mixed")), copy) == made(ask())
    assert not ran.exists()


def test_files_of_half_precision_alone_are_taken(copy):
    for file in copy.rglob("*.safetensors"):
        file.rename(file.with_name(f"{file.stem}.fp16.safetensors"))
    request = ask(model=weights_at(copy, "half"))
    picture = made(request, copy)
    assert engine().precision == "float32"
    assert picture == made(ask())


def test_pictures_are_of_the_size_asked_for():
    request = ask(width=96, height=160)
    load(request)
    assert np.asarray(make(request)[0]).shape == (160, 96, 3)
