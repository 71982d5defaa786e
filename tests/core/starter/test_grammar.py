"""The picture grammar is deterministic, complete and distinguishable."""

import hashlib
import subprocess
import sys
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.starter.grammar import (
    BASE_STYLES,
    COLOURS,
    KINDS,
    STYLES,
    Scene,
    Thing,
    draw_picture,
    full_caption,
    partial_caption,
    sample_scene,
)
from core.starter.grammar.captions import (
    PLACE_PHRASES,
    STYLE_PHRASES,
    Mention,
    is_true_of,
    name_thing,
    plural,
    sample_mention,
    training_caption,
    write_caption,
)
from core.starter.grammar.scene import PLACE_NAMES, RELATIONS

DIGEST_SCRIPT = """
import hashlib
from core.starter.grammar import STYLES, draw_picture, sample_scene
pictures = b"".join(draw_picture(sample_scene(7), style).tobytes() for style in STYLES)
print(hashlib.sha256(pictures).hexdigest())
"""


def test_the_grammar_is_as_wide_as_promised() -> None:
    assert len(KINDS) >= 14
    assert len(COLOURS) >= 8
    assert len(PLACE_NAMES) >= 6
    assert len(BASE_STYLES) >= 10
    assert set(RELATIONS) == {"next to", "left of", "above"}
    assert set(STYLE_PHRASES) == set(STYLES)
    assert set(PLACE_PHRASES) == set(PLACE_NAMES)


@pytest.mark.parametrize("style", STYLES)
def test_a_picture_is_128_square_and_the_same_twice(style: str) -> None:
    scene = sample_scene(11)
    first, second = draw_picture(scene, style), draw_picture(scene, style)
    assert first.shape == (128, 128, 3)
    assert first.dtype == np.uint8
    assert first.tobytes() == second.tobytes()


def test_another_process_draws_the_same_bytes() -> None:
    here = hashlib.sha256(
        b"".join(draw_picture(sample_scene(7), style).tobytes() for style in STYLES)
    ).hexdigest()
    there = subprocess.run(
        [sys.executable, "-c", DIGEST_SCRIPT], capture_output=True, text=True, check=True
    )
    assert there.stdout.strip() == here


@given(st.integers(min_value=0, max_value=2**31))
@settings(max_examples=60, deadline=None)
def test_scenes_and_captions_depend_on_the_seed_alone(seed: int) -> None:
    scene = sample_scene(seed)
    assert scene == sample_scene(seed)
    assert full_caption(scene, Random(seed)) == full_caption(scene, Random(seed))
    assert len(scene.things) == (2 if scene.relation else 1)
    assert scene.count in (1, 2, 3)


def test_every_kind_and_colour_looks_different() -> None:
    def seen(kind: str, colour: str) -> bytes:
        return draw_picture(Scene(5, (Thing(kind, colour),), 1, None, "grey")).tobytes()

    pictures = {seen(kind, colour) for kind in KINDS for colour in ("red", "blue")}
    pictures |= {seen("car", colour) for colour in COLOURS}
    assert len(pictures) == 2 * len(KINDS) + len(COLOURS) - 2


def test_styles_differ_clearly_from_each_other() -> None:
    scene = sample_scene(21)
    pictures = [draw_picture(scene, style).astype(np.float32) for style in STYLES]
    for i, first in enumerate(pictures):
        for second in pictures[i + 1 :]:
            assert np.abs(first - second).mean() > 3


@given(st.integers(min_value=0, max_value=2**31), st.sampled_from(sorted(STYLES)))
@settings(max_examples=100, deadline=None)
def test_a_full_caption_names_everything(seed: int, style: str) -> None:
    scene = sample_scene(seed)
    caption = full_caption(scene, Random(seed), style)
    for thing in scene.things:
        noun = thing.kind if scene.count == 1 else plural(thing.kind)
        assert f"{thing.colour} {noun}" in caption
    assert any(phrase in caption for phrase in STYLE_PHRASES[style])
    if scene.is_plain:
        assert scene.backdrop in caption
    else:
        assert any(phrase in caption for phrase in PLACE_PHRASES[scene.backdrop])


@given(st.integers(min_value=0, max_value=2**31))
@settings(max_examples=100, deadline=None)
def test_partial_captions_are_never_empty_and_true(seed: int) -> None:
    scene, rng = sample_scene(seed), Random(seed)
    mention = sample_mention(rng)
    assert write_caption(scene, mention, rng, "ink")
    assert partial_caption(scene, rng)
    assert is_true_of(scene, "ink", mention, scene, "ink")


def test_a_caption_is_true_of_pictures_that_differ_in_what_it_leaves_out() -> None:
    red = Scene(1, (Thing("fish", "red"),), 1, None, "sea")
    blue = Scene(2, (Thing("fish", "blue"),), 1, None, "night")
    bare = Mention(things=True, colours=False, backdrop=False, style=False)
    assert is_true_of(red, "flat", bare, blue, "oil")
    assert not is_true_of(red, "flat", Mention(backdrop=False, style=False), blue, "flat")
    assert not is_true_of(red, "flat", Mention(colours=False, style=False), blue, "flat")


def test_the_flat_style_goes_mostly_without_saying_and_others_never() -> None:
    scene = sample_scene(3)
    flat = [training_caption(scene, Random(seed), "flat") for seed in range(300)]
    silent = sum(not any(p in caption for p in STYLE_PHRASES["flat"]) for caption in flat)
    assert 150 < silent < 250
    for seed in range(100):
        caption = training_caption(scene, Random(seed), "oil")
        assert any(phrase in caption for phrase in STYLE_PHRASES["oil"])


def test_grammar_of_numbers_and_articles() -> None:
    assert name_thing(Thing("umbrella", "orange"), 1) == "an orange umbrella"
    assert name_thing(Thing("umbrella", "orange"), 1, colours=False) == "an umbrella"
    assert name_thing(Thing("fish", "red"), 2) == "two red fish"
    assert name_thing(Thing("butterfly", "red"), 3) == "three red butterflies"


def test_the_grammar_needs_no_torch() -> None:
    code = "import sys, core.starter.grammar, core.starter.roster; print('torch' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
