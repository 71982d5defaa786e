"""Encoders: the features of open_clip itself, with an identity, and errors that say what to do."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import encoder_weights, encoders
from core.encoder_weights import find_weights, parse_spec
from core.encoders import EncoderIdentity, load_encoder
from core.errors import EncoderError, MissingPackageError
from tests.tiny_encoder import CONTEXT_LENGTH, DIMENSION, IMAGE_PX, make_tiny_encoder

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ["a red cat", "the moon", "two blue dog in a house", ""]


def picture(width: int, height: int, seed: int = 0, mode: str = "RGB") -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (height // 8, width // 8, 3), np.uint8)
    return Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC).convert(mode)


PICTURES = [
    *(picture(*size) for size in [(128, 64, 1), (64, 128, 2), (64, 64, 3), (200, 40, 4)]),
    *(picture(48, 48, 5, mode) for mode in ["L", "RGBA", "P"]),
]


@pytest.fixture(scope="session")
def tiny_spec(tmp_path_factory):
    return make_tiny_encoder(tmp_path_factory.mktemp("encoders") / "tiny")


@pytest.fixture(scope="session")
def tiny(tiny_spec):
    return load_encoder(tiny_spec, device="cpu")


@pytest.fixture
def copied(tiny_spec, tmp_path):
    return shutil.copytree(tiny_spec.removeprefix("local-dir:"), tmp_path / "tiny")


def test_features_are_those_of_open_clip_itself_and_not_normalised(tiny_spec, tiny):
    import open_clip
    import torch

    model, preprocess = open_clip.create_model_from_pretrained(
        tiny_spec, image_resize_mode="squash"
    )
    tokenizer = open_clip.get_tokenizer(tiny_spec)
    with torch.no_grad():
        images = torch.stack([preprocess(image.convert("RGB")) for image in PICTURES])
        expected_images = model.eval().encode_image(images).numpy()
        expected_texts = model.encode_text(tokenizer(TEXTS)).numpy()
    features, texts = tiny.encode_images(PICTURES), tiny.encode_texts(TEXTS)
    assert features.dtype == texts.dtype == np.float32
    assert features.shape == (len(PICTURES), DIMENSION)
    assert texts.shape == (len(TEXTS), DIMENSION)
    np.testing.assert_allclose(features, expected_images, atol=1e-5)
    np.testing.assert_allclose(texts, expected_texts, atol=1e-5)
    assert not np.allclose(np.linalg.norm(features, axis=1), 1, atol=0.05)


def test_squash_shows_the_whole_picture_and_crop_its_middle(tiny_spec, tiny):
    cropping = load_encoder(f"{tiny_spec}+crop", device="cpu")
    wide, square = picture(256, 64), picture(64, 64)
    middle = wide.crop((96, 0, 160, 64))
    by_hand = wide.resize((IMAGE_PX, IMAGE_PX), Image.Resampling.BICUBIC)
    np.testing.assert_allclose(
        cropping.encode_images([wide]), cropping.encode_images([middle]), atol=0.05
    )
    np.testing.assert_allclose(tiny.encode_images([wide]), tiny.encode_images([by_hand]), atol=1e-5)
    assert np.abs(tiny.encode_images([wide]) - cropping.encode_images([wide])).max() > 0.2
    np.testing.assert_allclose(
        tiny.encode_images([square]), cropping.encode_images([square]), atol=1e-5
    )
    assert cropping.identity == replace(tiny.identity, preprocessing="crop")
    assert cropping.identity.key != tiny.identity.key


@pytest.mark.parametrize("batch_size", [1, 3])
def test_batches_of_any_size_agree(batch_size, tiny_spec, tiny):
    other = load_encoder(tiny_spec, device="cpu", batch_size=batch_size)
    np.testing.assert_allclose(
        other.encode_images(PICTURES), tiny.encode_images(PICTURES), atol=1e-5
    )
    np.testing.assert_allclose(other.encode_texts(TEXTS), tiny.encode_texts(TEXTS), atol=1e-5)


def test_the_same_input_gives_the_same_features_to_the_bit(tiny):
    assert np.array_equal(tiny.encode_images(PICTURES), tiny.encode_images(PICTURES))
    assert np.array_equal(tiny.encode_texts(TEXTS), tiny.encode_texts(TEXTS))


def test_nothing_in_gives_nothing_out(tiny):
    assert tiny.encode_images([]).shape == (0, DIMENSION)
    assert tiny.encode_texts([]).shape == (0, DIMENSION)


def test_tokens_beyond_the_context_are_dropped(tiny):
    room = CONTEXT_LENGTH - 2  # beside the marks of beginning and end
    full = " ".join(["cat"] * room)
    longer = f"{full} {'dog ' * 500}"
    assert np.array_equal(tiny.encode_texts([full]), tiny.encode_texts([longer]))
    shorter = tiny.encode_texts([" ".join(["cat"] * (room - 1))])
    assert not np.allclose(shorter, tiny.encode_texts([full]), atol=1e-3)


def test_the_key_is_short_and_says_name_weights_and_preprocessing(tiny, tiny_spec):
    assert EncoderIdentity("a/b", "0123456789abcdef" * 4, "crop", 8).key == "a/b@0123456789ab+crop"
    assert tiny.identity.name == "tiny"
    assert tiny.identity.dimension == DIMENSION
    assert load_encoder(tiny_spec).identity == tiny.identity


def test_moving_the_folder_keeps_the_identity_and_new_weights_change_it(tiny, copied):
    assert load_encoder(f"local-dir:{copied}").identity == tiny.identity
    make_tiny_encoder(copied, seed=1)
    other = load_encoder(f"local-dir:{copied}")
    assert other.identity.name == tiny.identity.name
    assert other.identity.key != tiny.identity.key
    assert np.abs(other.encode_images(PICTURES) - tiny.encode_images(PICTURES)).max() > 0.01


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("", "names no encoder"),
        ("ViT-L-14", "names no encoder"),
        ("ViT-L-14/", "names no encoder"),
        ("local-dir:", "names no encoder"),
        ("hf-hub:org/repo", "names no encoder"),
        ("no-such-model/openai", "open_clip knows no architecture named “no-such-model”"),
        ("ViT-L-14/no-such-tag", "it has: openai, "),
        ("ViT-L-14//gone/weights.pt", "There is no weights file /gone/weights.pt"),
        ("local-dir:/gone", "There is no folder /gone"),
        ("roberta-ViT-B-32/laion2b_s12b_b32k", "would give wrong features"),
    ],
)
def test_a_spec_that_names_nothing_is_refused_with_the_reason(spec, reason):
    with pytest.raises(EncoderError, match=reason):
        load_encoder(spec)


@pytest.mark.parametrize("file", ["open_clip_config.json", "open_clip_model.safetensors"])
def test_a_folder_names_the_file_that_it_lacks(file, copied):
    (copied / file).unlink()
    with pytest.raises(EncoderError, match=file):
        load_encoder(f"local-dir:{copied}")


@pytest.mark.parametrize(
    "file", ["open_clip_config.json", "open_clip_model.safetensors", "tokenizer.json"]
)
def test_a_damaged_file_gives_one_line(file, copied):
    (copied / file).write_bytes(b"{ nothing")
    with pytest.raises(EncoderError, match="cannot be loaded") as caught:
        load_encoder(f"local-dir:{copied}")
    assert "\n" not in str(caught.value)


def test_weights_of_another_shape_give_one_line(copied):
    config = json.loads((copied / "open_clip_config.json").read_text())
    config["model_cfg"]["embed_dim"] = 24
    (copied / "open_clip_config.json").write_text(json.dumps(config))
    with pytest.raises(EncoderError, match="size mismatch") as caught:
        load_encoder(f"local-dir:{copied}")
    assert "\n" not in str(caught.value)


def test_a_folder_whose_config_forgets_its_tokenizer_is_refused(copied):
    config = json.loads((copied / "open_clip_config.json").read_text())
    config["model_cfg"]["text_cfg"]["hf_tokenizer_name"] = None
    (copied / "open_clip_config.json").write_text(json.dumps(config))
    with pytest.raises(EncoderError, match="hf_tokenizer_name"):
        load_encoder(f"local-dir:{copied}")


def test_features_that_are_not_finite_are_refused(tiny_spec):
    import torch

    broken = load_encoder(tiny_spec)
    with torch.no_grad():
        broken._model.visual.proj.fill_(float("nan"))
    with pytest.raises(EncoderError, match="not finite"):
        broken.encode_images(PICTURES[:1])


def test_plain_vit_l_14_of_openai_is_corrected_to_its_quickgelu_twin(monkeypatch, tmp_path):
    weights = tmp_path / "weights"
    weights.write_bytes(b"weights")
    asked = []
    monkeypatch.setattr(
        encoder_weights, "_hub_weights", lambda name, tag: asked.append(name) or weights
    )
    found = find_weights(parse_spec("ViT-L-14/openai"))
    assert asked == ["ViT-L-14-quickgelu/openai"]
    assert (found.name, found.model) == ("ViT-L-14-quickgelu/openai", "ViT-L-14-quickgelu")
    assert found == find_weights(parse_spec("ViT-L-14-quickgelu/openai"))
    assert found.preprocess["mean"] == (0.48145466, 0.4578275, 0.40821073)
    plain = find_weights(parse_spec("ViT-L-14/laion2b_s32b_b82k"))
    assert plain.model == "ViT-L-14"


def test_a_hub_out_of_reach_is_one_line_that_says_what_to_do(monkeypatch, tmp_path):
    def unreachable(*args, **kwargs):
        raise ConnectionError("Name or service not known")

    monkeypatch.setattr("huggingface_hub.file_exists", unreachable)
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *args, **kwargs: None)
    with pytest.raises(EncoderError, match=r"local-dir:FOLDER") as caught:
        load_encoder("ViT-L-14-quickgelu/openai")
    assert "timm/vit_large_patch14_clip_224.openai" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_weights_that_were_fetched_once_need_no_hub(monkeypatch, tmp_path):
    kept = tmp_path / "open_clip_model.safetensors"
    kept.write_bytes(b"weights")
    monkeypatch.setattr("huggingface_hub.file_exists", lambda *args: pytest.fail("asked the hub"))
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *args: str(kept))
    assert find_weights(parse_spec("ViT-L-14-quickgelu/openai")).pretrained == str(kept)


def test_an_architecture_of_open_clip_takes_a_weights_file(copied, tiny):
    import open_clip

    config = json.loads((copied / "open_clip_config.json").read_text())["model_cfg"]
    config["text_cfg"]["hf_tokenizer_name"] = str(copied)
    (copied / "Gemboard-tiny.json").write_text(json.dumps(config))
    open_clip.add_model_config(copied / "Gemboard-tiny.json")
    encoder = load_encoder(f"Gemboard-tiny/{copied}/open_clip_model.safetensors")
    assert encoder.identity == replace(
        tiny.identity, name="Gemboard-tiny/open_clip_model.safetensors"
    )
    np.testing.assert_allclose(encoder.encode_texts(TEXTS), tiny.encode_texts(TEXTS), atol=1e-5)


def test_without_torch_the_error_names_the_package_and_the_way_out(monkeypatch, tiny_spec):
    monkeypatch.setitem(sys.modules, "open_clip", None)
    with pytest.raises(MissingPackageError, match="pip install -r requirements"):
        load_encoder(tiny_spec)


def test_a_device_that_is_not_there_is_refused():
    assert encoders._device("auto", has_cuda=False) == "cpu"
    assert encoders._device("auto", has_cuda=True) == "cuda"
    with pytest.raises(EncoderError, match="finds no GPU"):
        encoders._device("cuda", has_cuda=False)
    with pytest.raises(EncoderError, match="none of auto, cpu, cuda"):
        encoders._device("tpu", has_cuda=True)


def test_a_batch_size_below_one_is_refused(tiny_spec):
    with pytest.raises(EncoderError, match="batch size"):
        load_encoder(tiny_spec, batch_size=0)


@pytest.mark.gpu
def test_the_gpu_agrees_with_the_processor(tiny_spec, tiny):
    torch = pytest.importorskip("torch")
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    gpu = load_encoder(tiny_spec, device="cuda")
    np.testing.assert_allclose(gpu.encode_images(PICTURES), tiny.encode_images(PICTURES), atol=1e-4)
    np.testing.assert_allclose(gpu.encode_texts(TEXTS), tiny.encode_texts(TEXTS), atol=1e-4)


def test_naming_an_encoder_imports_no_torch():
    code = "import core.encoders, warehouse.embedding, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
