"""What ships loads through the public libraries, offline, and works the same twice."""

import os
from collections.abc import Iterator

import numpy as np
import pytest

from core.starter.grammar import draw_picture, sample_scene
from core.starter.manifest import BASE_FOLDER, ENCODER_FOLDER, LORA_FOLDER, WORLD
from core.starter.roster import roster

FILE_NAME = "pytorch_lora_weights.safetensors"
LARGEST_WORLD_BYTES = 80_000_000

needs_base = pytest.mark.skipif(
    not (BASE_FOLDER / "unet").exists(), reason="no base weights are shipped yet"
)
needs_encoder = pytest.mark.skipif(
    not ENCODER_FOLDER.exists(), reason="no encoder weights are shipped yet"
)


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")


@pytest.fixture(scope="module")
def pipeline() -> Iterator[object]:
    diffusers = pytest.importorskip("diffusers")
    os.environ["HF_HUB_OFFLINE"] = "1"
    loaded = diffusers.StableDiffusionPipeline.from_pretrained(
        BASE_FOLDER, safety_checker=None, requires_safety_checker=False
    )
    loaded.set_progress_bar_config(disable=True)
    yield loaded


def picture(pipeline: object, seed: int) -> np.ndarray:
    import torch

    images = pipeline(
        "a red house in a meadow",
        num_inference_steps=3,
        guidance_scale=4.0,
        height=128,
        width=128,
        generator=torch.Generator().manual_seed(seed),
    ).images
    return np.asarray(images[0])


@needs_base
def test_the_same_seed_gives_the_same_picture_twice(pipeline: object) -> None:
    first, second, other = (picture(pipeline, seed) for seed in (1, 1, 2))
    assert first.shape == (128, 128, 3)
    assert first.tobytes() == second.tobytes()
    assert first.tobytes() != other.tobytes()
    assert first.std() > 10


@needs_base
def test_the_autoencoder_restores_a_drawing(pipeline: object) -> None:
    import torch

    drawn = draw_picture(sample_scene(10_000_000))
    wanted = torch.from_numpy(drawn).permute(2, 0, 1)[None].float() / 127.5 - 1
    with torch.no_grad():
        got = pipeline.vae.decode(pipeline.vae.encode(wanted).latents).sample.clamp(-1, 1)
    error = ((got - wanted) / 2).square().mean()
    assert -10 * torch.log10(error) > 22


@needs_encoder
def test_the_encoder_loads_through_open_clip_and_knows_a_cat() -> None:
    open_clip = pytest.importorskip("open_clip")
    import torch
    from PIL import Image

    name = f"local-dir:{ENCODER_FOLDER}"
    model, _, preprocess = open_clip.create_model_and_transforms(name)
    tokenizer = open_clip.get_tokenizer(name)
    from core.starter.grammar import Scene, Thing

    drawn = draw_picture(Scene(9, (Thing("cat", "orange"),), 1, None, "mint"))
    with torch.no_grad():
        seen = model.eval().encode_image(preprocess(Image.fromarray(drawn))[None], normalize=True)
        told = model.encode_text(tokenizer(["a cat", "a car", "a star", "a boat"]), normalize=True)
    assert int((seen @ told.T).argmax()) == 0


@pytest.mark.skipif(not LORA_FOLDER.exists(), reason="no LoRAs are shipped yet")
@pytest.mark.parametrize("slug", ["ink", "autumn", "little-cat", "ink+autumn", "halftone-half"])
def test_every_kind_of_model_loads_by_the_public_call_and_draws_its_own(
    pipeline: object, slug: str
) -> None:
    from safetensors import safe_open

    plain = picture(pipeline, 1)
    pipeline.load_lora_weights(LORA_FOLDER / slug, adapter_name="own")
    try:
        landed = {name for name, _ in pipeline.unet.named_parameters() if ".own." in name}
        with safe_open(LORA_FOLDER / slug / FILE_NAME, "pt") as file:
            assert len(landed) == len(list(file.keys()))
        drawn = picture(pipeline, 1)
    finally:
        pipeline.unload_lora_weights()
    assert drawn.std() > 10
    assert np.abs(drawn.astype(int) - plain).mean() > 1
    assert picture(pipeline, 1).tobytes() == plain.tobytes()


@pytest.mark.skipif(not WORLD.exists(), reason="no weights are shipped yet")
def test_the_world_is_small_enough_to_ship() -> None:
    total = sum(path.stat().st_size for path in WORLD.rglob("*") if path.is_file())
    assert total < LARGEST_WORLD_BYTES


@pytest.mark.skipif(not (WORLD / "loras").exists(), reason="no LoRAs are shipped yet")
def test_every_model_of_the_roster_has_its_file() -> None:
    for entry in roster():
        assert (WORLD / entry.path).is_dir(), entry.slug
