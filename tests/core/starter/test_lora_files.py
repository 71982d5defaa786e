"""LoRA arithmetic: blends add up, and nothing is lost on the way."""

from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("peft")

from core.starter.recipes import Blend  # noqa: E402  (after the guard: torch may be absent)
from core.starter.train.lora_files import (  # noqa: E402
    DOWN,
    UP,
    amplified,
    blend_loras,
    read_lora,
    write_lora,
)

STEM, CONV = "mid.to_q", "mid.conv1"


def random_lora(seed: int, rank: int = 4) -> dict[str, "torch.Tensor"]:
    generator = torch.Generator().manual_seed(seed)

    def draw(*shape: int) -> "torch.Tensor":
        return torch.randn(*shape, generator=generator).half()

    return {
        STEM + DOWN: draw(rank, 12),
        STEM + UP: draw(10, rank),
        CONV + DOWN: draw(rank, 6, 3, 3),
        CONV + UP: draw(8, rank, 1, 1),
    }


def product(lora: dict[str, "torch.Tensor"], stem: str) -> "torch.Tensor":
    return lora[stem + UP].float().flatten(1) @ lora[stem + DOWN].float().flatten(1)


def test_a_lora_file_reads_back_as_it_was_written(tmp_path: Path) -> None:
    lora = random_lora(1)
    write_lora(lora, tmp_path)
    back = read_lora(tmp_path)
    assert back.keys() == lora.keys()
    assert all(torch.equal(back[name], lora[name]) for name in lora)


@pytest.mark.parametrize("stem", [STEM, CONV])
def test_gain_multiplies_the_change_once(stem: str) -> None:
    lora = random_lora(1)
    wanted = 2.0 * product(lora, stem)
    assert torch.allclose(product(amplified(lora, 2.0), stem), wanted, atol=0.05)


@pytest.mark.parametrize("stem", [STEM, CONV])
def test_a_blend_at_full_rank_is_the_weighted_sum(tmp_path: Path, stem: str) -> None:
    first, second = random_lora(1), random_lora(2)
    write_lora(first, tmp_path / "a")
    write_lora(second, tmp_path / "b")
    blend = Blend("a+b", (("a", 1.0), ("b", 0.5)))
    blended = blend_loras(blend, {"a": tmp_path / "a", "b": tmp_path / "b"}, rank=8)
    wanted = product(first, stem) + 0.5 * product(second, stem)
    assert torch.allclose(product(blended, stem), wanted, atol=0.05)


def test_a_blend_at_low_rank_is_the_best_approximation(tmp_path: Path) -> None:
    first, second = random_lora(1), random_lora(2)
    write_lora(first, tmp_path / "a")
    write_lora(second, tmp_path / "b")
    folders = {"a": tmp_path / "a", "b": tmp_path / "b"}
    blended = blend_loras(Blend("a+b", (("a", 1.0), ("b", 1.0))), folders, rank=4)
    wanted = product(first, STEM) + product(second, STEM)
    u, s, v = torch.linalg.svd(wanted)
    best = (u[:, :4] * s[:4]) @ v[:4]
    assert torch.allclose(product(blended, STEM), best, atol=0.05)


@pytest.mark.parametrize("slugs", [("full", "attention"), ("attention", "full")])
def test_a_layer_that_one_part_changes_keeps_that_change(
    tmp_path: Path, slugs: tuple[str, str]
) -> None:
    full, attention = random_lora(1), random_lora(2)
    attention = {name: value for name, value in attention.items() if name.startswith(STEM)}
    write_lora(full, tmp_path / "full")
    write_lora(attention, tmp_path / "attention")
    folders = {slug: tmp_path / slug for slug in slugs}
    blended = blend_loras(Blend("both", ((slugs[0], 0.5), (slugs[1], 0.5))), folders, rank=8)
    assert torch.allclose(product(blended, CONV), 0.5 * product(full, CONV), atol=0.05)
    both = 0.5 * (product(full, STEM) + product(attention, STEM))
    assert torch.allclose(product(blended, STEM), both, atol=0.05)
