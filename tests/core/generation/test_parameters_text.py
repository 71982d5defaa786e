"""The parameters text of web UIs: read from them, written for them, and from anybody."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.generation.pairs import PAIRS_LIMIT, read_pairs, write_pairs
from core.generation.parameters_text import (
    NEGATIVE,
    LoraTag,
    ParametersError,
    read_parameters,
    write_parameters,
)
from core.generation.request import Lora
from tests.core.generation.asking import a_request, lines, requests

# Written by hand in the shape that AUTOMATIC1111's web UI 1.9 leaves in its pictures.
FROM_A_WEB_UI = """\
a lighthouse at dusk, (oil painting:1.2) <lora:thick paint:0.8>
second line: with a colon, <lora:tide:-1>end
Negative prompt: blurry, low quality
lowres
Steps: 25, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 18446744073709551615, \
Size: 512x768, Model hash: 6CE0161689, Model: v1-5-pruned-emaonly, Clip skip: 2, \
Lora hashes: "thick paint: 1a2b3c4d5e6f, tide: aabbccddeeff", \
Hashes: {"model": "6ce0161689", "lora:tide": "aabbccddee"}, \
TI hashes: "easy, \\"negative\\": c74b4e810b03", Hires upscale: 2, Version: v1.9.4"""


def test_a_web_uis_text_is_read():
    told = read_parameters(FROM_A_WEB_UI)
    assert told.prompt == (
        "a lighthouse at dusk, (oil painting:1.2) \nsecond line: with a colon, end"
    )
    assert told.negative_prompt == "blurry, low quality\nlowres"
    assert told.loras == (LoraTag("thick paint", 0.8), LoraTag("tide", -1))
    assert (told.steps, told.cfg_scale, told.seed) == (25, 6.5, 2**64 - 1)
    assert (told.sampler, told.schedule) == ("DPM++ 2M", "Karras")
    assert (told.width, told.height, told.clip_skip) == (512, 768, 2)
    assert (told.model_name, told.model_hash) == ("v1-5-pruned-emaonly", "6ce0161689")
    assert told.lora_hashes == (("thick paint", "1a2b3c4d5e6f"), ("tide", "aabbccddeeff"))
    assert told.other == (
        ("Hashes", '{"model": "6ce0161689", "lora:tide": "aabbccddee"}'),
        ("TI hashes", 'easy, "negative": c74b4e810b03'),
        ("Hires upscale", "2"),
        ("Version", "v1.9.4"),
    )


def test_the_text_for_web_uis():
    request = a_request(
        prompt="a cat\nin ink",
        negative_prompt="blurry",
        loras=(Lora("sea, deep", "cd" * 32, 0.8),),
        width=640,
        cfg_scale=6.5,
        clip_skip=2,
    )
    assert write_parameters(request) == (
        "a cat\nin ink <lora:sea_ deep:0.8>\n"
        "Negative prompt: blurry\n"
        "Steps: 30, Sampler: Euler a, CFG scale: 6.5, Seed: 7, Size: 640x512, "
        'Model hash: ababababab, Model: "Inkwell, v1.0: light", Clip skip: 2, '
        'Lora hashes: "sea_ deep: cdcdcdcdcdcd", Version: Gemboard'
    )


@given(requests)
def test_what_is_written_is_read_back(request):
    # The two things that the form itself cannot tell apart.
    assume(not any(line.lstrip().startswith(NEGATIVE) for line in request.prompt.split("\n")))
    assume("<lora:" not in request.prompt)
    told = read_parameters(write_parameters(request))
    assert told.prompt == request.prompt
    assert told.negative_prompt == request.negative_prompt
    assert [tag.scale for tag in told.loras] == [lora.scale for lora in request.loras]
    assert (told.steps, told.sampler) == (request.steps, request.sampler)
    assert (told.cfg_scale, told.seed) == (request.cfg_scale, request.seed)
    assert (told.width, told.height) == (request.width, request.height)
    assert told.clip_skip == request.clip_skip
    assert (told.guidance_rescale or 0) == request.guidance_rescale
    assert told.model_name == request.model.name
    assert told.model_hash == request.model.sha256[:10]
    assert [digits for _, digits in told.lora_hashes] == [x.sha256[:12] for x in request.loras]
    assert told.other == (("Version", "Gemboard"),)


def test_values_that_cannot_be_read_are_kept_as_they_stand():
    told = read_parameters(
        "a cat\nSteps: many, Seed: -1, Size: 512 x 512, CFG scale: nan, Model hash: xyz, "
        "Clip skip: 18446744073709551616, Lora hashes: none, Model: , STEPS: ٣, size: ٣x٤, a tail"
    )
    assert told.prompt == "a cat"
    assert told.steps is told.seed is told.width is told.cfg_scale is told.model_hash is None
    assert [key for key, _ in told.other] == [
        "Steps", "Seed", "Size", "CFG scale", "Model hash", "Clip skip", "Lora hashes", "Model",
        "STEPS", "size",
    ]  # fmt: skip


def test_a_last_line_of_few_pairs_belongs_to_the_prompt():
    told = read_parameters("a cat\nstyle: ink, mood: calm")
    assert told.prompt == "a cat\nstyle: ink, mood: calm"
    assert told.other == ()


@pytest.mark.parametrize(
    "tag", ["<lora:x>", "<lora:x:a>", "<lora:x:inf>", "<lora:x:0.8:0.6>", "<lora::1>", "<lora:x:٣>"]
)
def test_a_tag_with_anything_but_one_number_stays_in_the_prompt(tag):
    told = read_parameters(f"a cat {tag}")
    assert told.prompt == f"a cat {tag}"
    assert told.loras == ()


@given(st.lists(st.tuples(st.sampled_from(["Steps", "Hires upscale", "TI hashes"]), lines)))
def test_pairs_come_back_as_they_were_written(pairs):
    assert read_pairs(write_pairs(pairs)) == pairs


PIECES = st.sampled_from(
    ["Steps: 3", "Seed:", NEGATIVE, "<lora:", "<lora:x:1>", ":", ",", '"', "\\", "{", "[", "]",
     '{"a": 1}', "Size: 3x4", "Lora hashes: ", "\n", "\r\n", " ", "1e999", "\x00", "\ud800", "é"]
)  # fmt: skip


@given(st.text(max_size=400) | st.lists(PIECES, max_size=60).map("".join))
def test_nothing_that_is_read_crashes_or_comes_from_nowhere(text):
    told = read_parameters(text)
    assert len(told.prompt) + len(told.negative_prompt) <= len(text)
    assert told.width is None or told.width <= 99_999
    assert all(key and key in text for key, _ in told.other)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "a:" * 100_000,
        "a," * 100_000 + ":",
        "<lora:" * 30_000,
        "<lora:x:1>" * 20_000,
        'a: "' * 50_000,
        'a: "' + "\\" * 200_000,
        "a: [" * 50_000,
        'a: {"a":0,"a":' * 15_000,
        "a: " + "[" * 200_000,
        "\n" * 200_000,
    ],
    ids=lambda text: f"{text[:12]!r}",
)
def test_long_texts_of_traps_are_read_in_one_pass(text):
    told = read_parameters(text)
    assert len(told.loras) <= 100
    assert len(told.other) <= PAIRS_LIMIT


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(ParametersError, match="The parameters have 300,000 characters, more than"):
        read_parameters("a" * 300_000)
