"""Grids: values as people type them, every crossing of two axes, one sentence for each mistake."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import GemboardError
from core.generation.axes import Axis, ModelValue, expand, seed_axis
from core.generation.axis_values import EXAMPLES, PARAMETERS, VALUES_HIGH, read_values
from core.generation.request import SEED_HIGH, Lora, Weights
from tests.core.generation.asking import MODEL, a_request, names

INK, SEA = Lora("ink", "1" * 64, 0.8), Lora("sea", "0" * 64)
PLAIN = ModelValue("Plain", MODEL)
INKED = ModelValue("Inked", MODEL, (INK,))


@pytest.mark.parametrize(
    ("parameter", "text", "values"),
    [
        ("steps", "10, 20;30\n40", (10, 20, 30, 40)),
        ("steps", " 10..30 by 10 ,5", (10, 20, 30, 5)),
        ("seed", "1..3", (1, 2, 3)),
        ("seed", "18446744073709551615", (SEED_HIGH,)),
        ("seed", "7.0", (7,)),
        ("cfg_scale", "4, 7.5, .5", (4.0, 7.5, 0.5)),
        ("cfg_scale", "0.1..0.3 by 0.1", (0.1, 0.2, 0.3)),
        ("lora_scale", "-1..1", (-1.0, 0.0, 1.0)),
        ("size", "512x768, 64 × 64, 8X16", ((512, 768), (64, 64), (8, 16))),
        ("prompt", "a cat, in ink\n\n a dog \r\n", ("a cat, in ink", "a dog")),
        ("sampler", "euler_a, DDIM", ("Euler a", "DDIM")),
    ],
)
def test_values_are_read_as_people_write_them(parameter, text, values):
    assert read_values(parameter, text) == values


@pytest.mark.parametrize(
    ("parameter", "text", "says"),
    [
        ("steps", " , ", "Steps: no values yet; write 10, 20, 30 or 10..30 by 10."),
        ("steps", "10, x", "Steps: “x” cannot be read; write 10, 20"),
        ("steps", "٣", "Steps: “٣” cannot be read"),
        ("steps", "2.5", "Steps: “2.5” is no whole number; write"),
        ("steps", "30..10", "Steps: “30..10” leads nowhere; write the smaller number first"),
        ("seed", "1..9 by 0", "Seed: “1..9 by 0” leads nowhere"),
        ("seed", "1..999999", f"Seed: more than {VALUES_HIGH} values; take fewer."),
        ("cfg_scale", "1e3", "CFG scale: “1e3” cannot be read"),
        ("size", "512", "Size: “512” cannot be read; write 512x512, 512x768."),
        ("sampler", "Eulre a", "There is no sampler “Eulre a”"),
        ("prompt", "x" * 200_001, "Prompt: the text is longer than 200,000 characters"),
    ],
)
def test_a_value_that_cannot_be_is_one_sentence(parameter, text, says):
    with pytest.raises(GemboardError) as raised:
        read_values(parameter, text)
    assert str(raised.value).startswith(says)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("parameter", [name for name in PARAMETERS if name != "model"])
def test_the_example_of_each_parameter_can_be_read(parameter):
    assert len(read_values(parameter, EXAMPLES[parameter].split(" or ")[0])) > 0


@given(st.sampled_from(list(PARAMETERS)), st.text(max_size=80))
def test_no_text_breaks_the_reader(parameter, text):
    try:
        values = read_values(parameter, text)
    except GemboardError as error:
        assert str(error)
    else:
        assert 0 < len(values) <= VALUES_HIGH


@given(
    st.lists(st.integers(1, 200), min_size=1, max_size=6, unique=True),
    st.lists(st.floats(0, 50), min_size=1, max_size=6, unique=True),
)
def test_every_crossing_is_asked_for_once_in_its_place(steps, scales):
    base = a_request()
    grid = expand(base, rows=Axis("steps", tuple(steps)), columns=Axis("cfg_scale", tuple(scales)))
    assert grid.requests == tuple(
        tuple(replace(base, steps=step, cfg_scale=scale) for scale in scales) for step in steps
    )
    assert (len(grid.rows), len(grid.columns)) == (len(steps), len(scales))
    assert len(set(grid.rows)) == len(steps)


@given(st.lists(names | st.sampled_from(["a", "a (2)"]), min_size=1, max_size=8))
def test_labels_of_one_axis_differ_whatever_models_are_called(called):
    values = tuple(
        ModelValue(name, Weights(name, f"{place:064x}")) for place, name in enumerate(called)
    )
    grid = expand(a_request(), rows=Axis("model", values))
    assert [row[0].model for row in grid.requests] == [value.checkpoint for value in values]
    assert len(set(grid.rows)) == len(values)


def test_labels_say_what_a_row_has_in_common():
    grid = expand(
        a_request(), rows=Axis("model", (PLAIN, INKED)), columns=Axis("size", ((64, 128),))
    )
    assert (grid.rows, grid.columns) == (("Plain", "Inked"), ("64 × 128",))
    grid = expand(a_request(), rows=Axis("cfg_scale", (4.0, 7.5)), columns=seed_axis(3, 2))
    assert (grid.rows, grid.columns) == (("CFG scale 4", "CFG scale 7.5"), ("Seed 3", "Seed 4"))
    assert expand(a_request()).rows == ("",)


def test_numbers_that_lie_close_have_labels_of_their_own():
    grid = expand(a_request(), rows=Axis("cfg_scale", (7.00001, 7.00002)))
    assert grid.rows == ("CFG scale 7.00001", "CFG scale 7.00002")


def test_seeds_begin_anew_after_the_last_one():
    assert seed_axis(SEED_HIGH, 2).values == (SEED_HIGH, 0)
    with pytest.raises(GemboardError, match="0 seeds are out of range: take 1 to"):
        seed_axis(1, 0)


def test_each_model_brings_its_own_loras_and_the_extra_ones_lie_over_all():
    grid = expand(a_request(loras=(INK,)), rows=Axis("model", (PLAIN, INKED)), extra=(SEA,))
    assert [row[0].loras for row in grid.requests] == [(SEA,), (SEA, INK)]
    assert expand(a_request(loras=(INK,)), extra=(SEA,)).requests[0][0].loras == (SEA, INK)


def test_the_lora_scale_is_that_of_the_extra_loras_or_else_of_the_models_own():
    scales = Axis("lora_scale", (0.0, 0.5))
    grid = expand(a_request(loras=(INK,)), columns=scales, extra=(SEA,))
    assert [each.loras for each in grid.requests[0]] == [
        (INK,),
        (replace(SEA, scale=0.5), INK),
    ]
    grid = expand(a_request(), columns=scales, rows=Axis("model", (INKED,)))
    assert [each.loras for each in grid.requests[0]] == [(), (replace(INK, scale=0.5),)]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (lambda: Axis("steps", ()), "Steps: no values yet; give one at least."),
        (lambda: Axis("cfg_scale", (7, 7.0)), "CFG scale: “7” stands twice; name it once."),
        (lambda: Axis("model", (PLAIN, PLAIN)), "Model: “Plain” stands twice"),
        (lambda: Axis("seed", tuple(range(201))), "Seed: 201 values; take 200 at most."),
        (
            lambda: expand(a_request(), rows=Axis("steps", (1,)), columns=Axis("steps", (2,))),
            "Both axes are Steps: choose another parameter for one.",
        ),
        (
            lambda: expand(
                a_request(), rows=Axis("steps", tuple(range(1, 101))), columns=seed_axis(0, 101)
            ),
            "100 × 101 are 10,100 pictures: take 1,000 at most, with fewer values.",
        ),
        (
            lambda: expand(a_request(), rows=Axis("lora_scale", (1.0,))),
            "The model “Inkwell, v1.0: light” has no LoRA whose scale could change: add one",
        ),
        (
            lambda: expand(a_request(), rows=Axis("model", (PLAIN, INKED)), extra=(INK,)),
            "The LoRA “ink” is part of the model “Inked” already: take one of them out.",
        ),
        (
            lambda: expand(a_request(), rows=Axis("steps", (10, 500))),
            "The number of steps of 500 is out of range: take 1 to 200.",
        ),
        (
            lambda: expand(a_request(), rows=Axis("size", ((512, 513),))),
            "The height of 513 px is not a multiple of 8: take 512 or 520.",
        ),
    ],
)
def test_a_mistake_is_one_sentence_that_leads_out(asked, says):
    with pytest.raises(GemboardError) as raised:
        asked()
    assert str(raised.value).startswith(says)
    assert "\n" not in str(raised.value)
