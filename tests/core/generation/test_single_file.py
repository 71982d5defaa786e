"""Checkpoints in the original layout load offline, tensor by tensor, and make pictures."""

import json
import socket

import pytest
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors.torch import save_file
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
)

from core.generation.clip_vocabulary import END, write_tokenizer
from core.generation.single_file import load_single_file, seems_to_predict_velocity
from core.generation.single_file_configs import PAD_OF_OPEN_CLIP, write_configs
from core.generation.weights_files import UnfitWeightsError
from tests.core.generation.ldm_layout import (
    clip_tensors,
    open_clip_tensors,
    unet_tensors,
    vae_tensors,
)

SMALL_TEXT = {"intermediate_size": 32, "num_hidden_layers": 2}
SMALL = {
    "unet": {"block_out_channels": [32, 32, 64, 64], "attention_head_dim": 4},
    "vae": {"block_out_channels": [32, 32, 32, 32]},
    "text_encoder": SMALL_TEXT,
    "text_encoder_2": SMALL_TEXT,
}
SMALL_XL = SMALL | {
    "unet": {
        "block_out_channels": [32, 32, 64],
        "attention_head_dim": 4,
        "transformer_layers_per_block": [1, 1, 2],
    }
}
FAMILIES = ("SD 1", "SD 2", "SDXL")


def changes(family):
    return SMALL_XL if family == "SDXL" else SMALL


def modules(family, folder, sizes, *, filled=True):
    """The parts of a pipeline, where they are to be filled with values of their own."""
    write_configs(folder, family, changes=sizes)
    torch.manual_seed(11)

    def config(part):
        return json.loads((folder / part / "config.json").read_text())

    parts = {
        "unet": UNet2DConditionModel.from_config(config("unet")),
        "vae": AutoencoderKL.from_config(config("vae")),
        "text_encoder": CLIPTextModel(CLIPTextConfig(**config("text_encoder"))),
    }
    if family == "SDXL":
        parts["text_encoder_2"] = CLIPTextModelWithProjection(
            CLIPTextConfig(**config("text_encoder_2"))
        )
    if not filled:
        return parts
    for part in parts.values():
        for value in part.parameters():
            if value.ndim == 1:  # else norms and biases are all alike, and swaps unseen
                torch.nn.init.normal_(value, 0.5, 0.1)
    return {name: part.half().eval() for name, part in parts.items()}


def original(family, parts):
    tensors = {**unet_tensors(parts["unet"]), **vae_tensors(parts["vae"])}
    if family == "SD 1":
        tensors |= clip_tensors(parts["text_encoder"])
    elif family == "SD 2":
        tensors |= open_clip_tensors(parts["text_encoder"], "cond_stage_model.model.")
    else:
        tensors |= clip_tensors(parts["text_encoder"], "conditioner.embedders.0.transformer.")
        tensors |= open_clip_tensors(parts["text_encoder_2"], "conditioner.embedders.1.model.")
    return {name: value.contiguous().clone() for name, value in tensors.items()}


PUBLISHED = {  # parameters of the public models
    "SD 1": {"unet": 859_520_964, "vae": 83_653_863, "text_encoder": 123_060_480},
    "SD 2": {"unet": 865_910_724, "vae": 83_653_863, "text_encoder": 340_387_840},
    "SDXL": {
        "unet": 2_567_463_684,
        "vae": 83_653_863,
        "text_encoder": 123_060_480,
        "text_encoder_2": 694_659_840,
    },
}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_full_sizes_are_those_of_the_public_models(family, tmp_path):
    with torch.device("meta"):
        parts = modules(family, tmp_path, {}, filled=False)
    counts = {
        name: sum(value.numel() for value in part.parameters()) for name, part in parts.items()
    }
    assert counts == PUBLISHED[family]


@pytest.fixture(scope="module", params=FAMILIES)
def checkpoint(request, tmp_path_factory):
    """Family, source modules and the file."""
    folder = tmp_path_factory.mktemp("checkpoint")
    parts = modules(request.param, folder / "configs", changes(request.param))
    path = folder / "model.safetensors"
    save_file(original(request.param, parts), path, {"format": "pt"})
    return request.param, parts, path


@pytest.fixture
def no_network(monkeypatch):
    def refused(*_, **__):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


def test_every_tensor_lands_and_a_picture_comes_out(checkpoint, no_network):
    family, parts, path = checkpoint
    pipeline = load_single_file(path, torch.float32, changes=changes(family))
    for name, part in parts.items():
        loaded = dict(getattr(pipeline, name).named_parameters())
        expected = dict(part.named_parameters())
        assert loaded.keys() == expected.keys()
        lost = [key for key in loaded if not torch.equal(loaded[key], expected[key].float())]
        assert lost == [], name
    pipeline.set_progress_bar_config(disable=True)
    picture = pipeline(
        "a red fox", num_inference_steps=2, height=64, width=64, output_type="np"
    ).images[0]
    assert picture.shape == (64, 64, 3)
    assert picture.std() > 0
    assert pipeline.scheduler.config.prediction_type == "epsilon"
    assert pipeline.scheduler.config.beta_schedule == "scaled_linear"


@pytest.mark.parametrize("checkpoint", ["SD 1"], indirect=True)
def test_half_precision_is_taken_as_asked(checkpoint):
    family, _, path = checkpoint
    pipeline = load_single_file(path, torch.float16, changes=changes(family))
    kept = (pipeline.unet, pipeline.vae, pipeline.text_encoder)
    assert {each.dtype for each in kept} == {torch.float16}


class TestPrediction:
    @pytest.mark.parametrize("checkpoint", ["SDXL"], indirect=True)
    def test_said_by_the_file(self, checkpoint, tmp_path):
        family, parts, _ = checkpoint
        tensors = original(family, parts) | {"v_pred": torch.ones(1), "ztsnr": torch.ones(1)}
        save_file(tensors, tmp_path / "v.safetensors")
        pipeline = load_single_file(
            tmp_path / "v.safetensors", torch.float16, changes=changes(family)
        )
        assert pipeline.scheduler.config.prediction_type == "v_prediction"
        assert pipeline.scheduler.config.rescale_betas_zero_snr is True

    @pytest.mark.parametrize("checkpoint", ["SD 2"], indirect=True)
    def test_of_sd_2_is_asked_of_the_unet(self, checkpoint, tmp_path):
        family, parts, _ = checkpoint
        tensors = original(family, parts)
        tensors["model.diffusion_model.out.2.weight"].zero_()
        tensors["model.diffusion_model.out.2.bias"].fill_(-1.0)  # far from what it is given
        path = tmp_path / "v.safetensors"
        save_file(tensors, path)
        pipeline = load_single_file(path, torch.float16, changes=changes(family))
        assert pipeline.scheduler.config.prediction_type == "v_prediction"
        assert pipeline.unet.dtype == torch.float16
        assert seems_to_predict_velocity(pipeline.unet)
        told = load_single_file(
            path, torch.float16, predicts_velocity=False, changes=changes(family)
        )
        assert told.scheduler.config.prediction_type == "epsilon"


class TestRefused:
    @pytest.mark.parametrize(
        ("ending", "words"),
        [
            ("decoder.conv_in.weight", "lacks tensors of the UNet or autoencoder"),
            ("input_blocks.1.0.in_layers.2.weight", "lacks tensors of the UNet or autoencoder"),
            (("layers.1.mlp.fc1.bias", "1.mlp.c_fc.bias"), "lacks tensors of the text encoder"),
        ],
    )
    @pytest.mark.parametrize("checkpoint", ["SD 1"], indirect=True)
    def test_a_checkpoint_that_lacks_tensors(self, checkpoint, tmp_path, ending, words):
        family, parts, _ = checkpoint
        tensors = {
            name: value
            for name, value in original(family, parts).items()
            if not name.endswith(ending)
        }
        save_file(tensors, tmp_path / "a.safetensors")
        with pytest.raises(UnfitWeightsError, match=words):
            load_single_file(tmp_path / "a.safetensors", torch.float32, changes=changes(family))

    @pytest.mark.parametrize("checkpoint", ["SDXL"], indirect=True)
    def test_shapes_of_another_size(self, checkpoint):
        _, _, path = checkpoint
        with pytest.raises(UnfitWeightsError, match="has not the shapes of"):
            load_single_file(path, torch.float32)

    def test_what_is_no_checkpoint(self, tmp_path):
        save_file(
            {
                "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k"
                f".lora_{side}.weight": torch.zeros(shape)
                for side, shape in (("down", (2, 768)), ("up", (8, 2)))
            },
            tmp_path / "lora.safetensors",
        )
        with pytest.raises(UnfitWeightsError, match="no single-file checkpoint"):
            load_single_file(tmp_path / "lora.safetensors", torch.float32)


@pytest.fixture(scope="module")
def tokenizers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokenizers")
    write_tokenizer(folder / "clip", END)
    write_tokenizer(folder / "open_clip", PAD_OF_OPEN_CLIP)
    return folder


class TestTokenizer:
    @pytest.mark.parametrize(
        "text",
        [
            "a photo of a cat",
            "A CARTOON tiger's face, (masterpiece:1.2), 8k -- it's 汉服!",
            "naïve café 🦊 ﷽ 12345 don't",
            "",
            "word " * 100,
        ],
    )
    def test_gives_the_ids_that_open_clip_gives(self, tokenizers, text):
        import open_clip

        expected = open_clip.SimpleTokenizer()(text)[0].tolist()
        tokenizer = CLIPTokenizer.from_pretrained(tokenizers / "clip")
        ids = tokenizer(text, padding="max_length", truncation=True).input_ids
        end = expected.index(49407) + 1
        assert ids[:end] == expected[:end]
        assert ids[end:] == [49407] * (77 - end), "CLIP pads with the end"

    def test_open_clips_pads_with_zero(self, tokenizers):
        tokenizer = CLIPTokenizer.from_pretrained(tokenizers / "open_clip")
        ids = tokenizer("a fox", padding="max_length").input_ids
        assert (ids[0], ids[3], ids[4:]) == (49406, 49407, [0] * 73)
