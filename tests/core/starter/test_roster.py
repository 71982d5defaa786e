"""The roster of the starter's models."""

from core.starter.grammar import sample_scene
from core.starter.recipes import BLENDS, INTERPOLATIONS, LORAS, MERGES, draw_for
from core.starter.roster import BASE_SLUG, roster


def test_at_least_48_models_of_which_20_are_trained() -> None:
    entries = roster()
    assert len(entries) >= 48
    assert sum(entry.kind == "lora" for entry in entries) >= 20
    assert {entry.kind for entry in entries} == {"checkpoint", "lora", "merge"}


def test_ids_names_and_paths_are_unique() -> None:
    entries = roster()
    for column in ("model_version_id", "slug", "path"):
        assert len({getattr(entry, column) for entry in entries}) == len(entries)
    assert len({(entry.model_id, entry.version_name) for entry in entries}) == len(entries)


def test_the_roster_is_the_same_every_time() -> None:
    assert roster() == roster()


def test_downloads_have_a_long_tail() -> None:
    downloads = sorted((entry.downloads for entry in roster()), reverse=True)
    assert downloads[0] == next(e.downloads for e in roster() if e.slug == BASE_SLUG)
    assert sum(downloads[:5]) > sum(downloads[5:])
    assert downloads[-1] > 0


def test_blends_are_of_trained_loras() -> None:
    trained = {lora.slug for lora in LORAS}
    for blend in BLENDS:
        assert {slug for slug, _ in blend.parts} <= trained
    assert all(sum(weight for _, weight in blend.parts) <= 1 for blend in INTERPOLATIONS)
    assert all(len(blend.parts) == 2 for blend in MERGES)


def test_every_lora_draws_something_other_than_the_base() -> None:
    scene = sample_scene(3)
    drawn = {lora.slug: draw_for(lora, scene).tobytes() for lora in LORAS}
    assert len(set(drawn.values())) == len(LORAS)
