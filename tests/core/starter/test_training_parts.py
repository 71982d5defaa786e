"""The parts of training that can be checked without training."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from core.starter.grammar import draw_picture, sample_scene  # noqa: E402  (torch may be absent)
from core.starter.train.checkpoint import Checkpoint, Journal  # noqa: E402
from core.starter.train.drawings import LORA_STYLE_NAMES, style_of  # noqa: E402
from core.starter.train.muon import Muon, orthogonalise, split_parameters  # noqa: E402


def test_orthogonalised_matrices_have_singular_values_near_one() -> None:
    matrices = torch.randn(3, 24, 60, generator=torch.Generator().manual_seed(0))
    for shape in (matrices, matrices.mT):
        strengths = torch.linalg.svdvals(orthogonalise(shape))
        assert strengths.min() > 0.6
        assert strengths.max() < 1.3


def test_muon_moves_every_shape_downhill() -> None:
    torch.manual_seed(0)
    weights = [
        torch.nn.Parameter(torch.randn(*shape)) for shape in ((8, 16), (8, 16), (12, 8, 3, 3))
    ]
    optimizer = Muon(weights, lr=0.05, decay=0)
    before = sum(weight.square().sum().item() for weight in weights)
    for _ in range(20):
        optimizer.zero_grad()
        torch.stack([weight.square().sum() for weight in weights]).sum().backward()
        optimizer.step()
    assert sum(weight.square().sum().item() for weight in weights) < 0.7 * before


def test_muon_gets_matrices_and_adamw_the_rest() -> None:
    matrix, vector, small = torch.zeros(8, 8), torch.zeros(8), torch.zeros(4, 99)
    embedding = torch.zeros(99, 8)
    matrices, rest = split_parameters([matrix, vector, small, embedding], [embedding])
    assert [id(weight) for weight in matrices] == [id(matrix)]
    assert len(rest) == 3


def test_a_checkpoint_brings_back_state_and_random_numbers(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "checkpoint.pt")
    assert checkpoint.load() is None
    torch.manual_seed(5)
    checkpoint.save({"step": 3})
    wanted = torch.rand(4)
    torch.manual_seed(6)
    assert checkpoint.load() == {"step": 3}
    assert torch.equal(torch.rand(4), wanted)
    assert not list(tmp_path.glob("*.partial"))


def test_the_journal_is_one_json_object_a_line(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "losses.jsonl")
    journal.write(step=1, loss=0.5)
    journal.write(step=2, loss=0.25)
    lines = [json.loads(line) for line in (tmp_path / "losses.jsonl").read_text().splitlines()]
    assert [(line["step"], line["loss"]) for line in lines] == [(1, 0.5), (2, 0.25)]


def test_half_of_the_training_pictures_are_flat_and_every_style_is_there() -> None:
    styles = [style_of(seed) for seed in range(5000)]
    assert 0.45 < styles.count("flat") / len(styles) < 0.55
    assert set(LORA_STYLE_NAMES) <= set(styles)


def test_the_encoder_of_the_autoencoder_is_the_patch_projection() -> None:
    diffusers = pytest.importorskip("diffusers")
    from core.starter.train.autoencoder import (
        LATENT_CHANNELS,
        PATCH_SIZE,
        PatchEncoder,
        _write_encoder,
        cut_patches,
    )

    generator = np.random.default_rng(0)
    weights = generator.normal(size=(LATENT_CHANNELS, PATCH_SIZE)).astype(np.float32) / 10
    bias = generator.normal(size=LATENT_CHANNELS).astype(np.float32)
    autoencoder = diffusers.AutoencoderTiny(
        encoder_block_out_channels=(48,) * 4,
        decoder_block_out_channels=(8,) * 4,
        num_encoder_blocks=(0, 0, 0, 0),
        num_decoder_blocks=(0, 0, 0, 0),
        latent_channels=LATENT_CHANNELS,
        scaling_factor=2.0,
    )
    _write_encoder(autoencoder, weights, bias)
    pictures = np.stack([draw_picture(sample_scene(seed)) for seed in range(2)])
    tensor = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1
    with torch.no_grad():
        exact = autoencoder.encode(tensor).latents.numpy()
    by_patch = (cut_patches(pictures) @ weights.T + bias).reshape(2, 16, 16, -1)
    assert np.abs(exact - by_patch.transpose(0, 3, 1, 2)).max() < 1e-4
    quick = PatchEncoder(autoencoder).encode(pictures).astype(np.float32)
    assert np.abs(quick / 2 - exact).max() < 0.01


def test_captions_that_fit_several_pictures_are_no_mistakes() -> None:
    pytest.importorskip("open_clip")
    from core.starter.train.encoder import contrastive_loss

    fits = torch.tensor([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    perfect = contrastive_loss(fits * 50, fits).item()
    assert perfect == pytest.approx(2 / 3 * math.log(2), abs=1e-4)
    assert contrastive_loss((1 - fits) * 50, fits).item() > 10 * perfect


def test_timesteps_cover_all_levels_and_the_middle_most() -> None:
    from core.starter.train.timesteps import draw_timesteps

    drawn = torch.cat([draw_timesteps(64) for _ in range(200)])
    shares = torch.histc(drawn.float(), bins=10, min=0, max=1000) / len(drawn)
    assert shares.min() > 0.03
    assert shares[4:6].min() > 0.1 > shares[[0, 9]].max()


def test_replicas_give_the_gradients_of_the_whole_batch() -> None:
    from core.starter.train.replicas import Replicas

    torch.manual_seed(0)
    plain = torch.nn.Sequential(torch.nn.Linear(5, 7), torch.nn.Tanh(), torch.nn.Linear(7, 1))
    batch = (torch.randn(9, 5), torch.randn(9, 1))

    def loss(modules, parts):
        return (modules[0](parts[0]) - parts[1]).square().mean()

    wanted = loss([plain], batch)
    wanted.backward()
    gradients = [weight.grad.clone() for weight in plain.parameters()]
    plain.zero_grad(set_to_none=True)
    replicas = Replicas([plain], 2)
    for _ in range(2):  # the second time adds up
        assert replicas.backward(batch, loss) == pytest.approx(wanted.item(), rel=1e-5)
    for weight, gradient in zip(plain.parameters(), gradients, strict=True):
        torch.testing.assert_close(weight.grad, 2 * gradient)
    plain[0].weight.data.zero_()
    assert not replicas.sets[1][0][0].weight.any()
