"""Requests: what is refused and in which words, and what is brought into one form."""

import pytest

from core.errors import GemboardError
from core.generation.recipe import identity
from core.generation.request import SEED_HIGH, Lora, RequestError, Weights, with_seeds
from tests.core.generation.asking import MODEL, a_request

INK, SEA = Lora("ink", "1" * 64, 0.8), Lora("sea", "0" * 64)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"prompt": " \n"}, "The prompt is empty: say what the picture should show."),
        ({"prompt": "x" * 20_001}, "The prompt has 20,001 characters: shorten it to 20,000"),
        ({"prompt": "a\x00b"}, "The prompt holds the control character U+0000 at place 2: take"),
        ({"negative_prompt": "\ud800"}, "The negative prompt holds the control character U+D800"),
        ({"prompt": None}, "The prompt “None” is no text"),
        ({"width": 513}, "The width of 513 px is not a multiple of 8: take 512 or 520."),
        ({"height": 8192}, "The height of 8192 px is out of range: take 64 to 4096 px."),
        ({"height": 0}, "The height of 0 px is out of range"),
        ({"width": "512"}, "The width “512” is no whole number"),
        ({"steps": 0}, "The number of steps of 0 is out of range: take 1 to 200."),
        ({"steps": 10**6}, "The number of steps of 1000000 is out of range"),
        ({"steps": True}, "The number of steps “True” is no whole number"),
        ({"seed": -1}, "The seed of -1 is out of range: take 0 to 18446744073709551615."),
        ({"seed": SEED_HIGH + 1}, "The seed of 18446744073709551616 is out of range"),
        ({"seed": 10**5_000}, "The seed of more than 60 digits is out of range"),
        ({"cfg_scale": float("nan")}, "The CFG scale of nan is out of range: take 0 to 50."),
        ({"cfg_scale": 10**400}, "The CFG scale of more than 60 digits is out of range"),
        ({"cfg_scale": -0.1}, "The CFG scale of -0.1 is out of range"),
        ({"guidance_rescale": 1.01}, "The guidance rescale of 1.01 is out of range: take 0 to 1."),
        ({"clip_skip": 0}, "The CLIP skip of 0 is out of range: take 1 to 12."),
        ({"sampler": "Eulre a"}, "There is no sampler “Eulre a”; take another, such as Euler a"),
        ({"sampler": 3}, "The sampler “3” is no name"),
        ({"model": "inkwell"}, "The request names no model: pick one."),
        ({"loras": (INK, INK)}, "A LoRA is named twice: name it once, with one scale."),
        ({"loras": tuple(Lora("x", f"{n:064x}") for n in range(17))}, "17 LoRAs are too many"),
        ({"loras": "ink"}, "The LoRAs are not a list of LoRAs"),
    ],
)
def test_an_unfit_request_is_refused_in_one_sentence_that_shows_the_way_out(changes, says):
    with pytest.raises(GemboardError) as refusal:
        a_request(**changes)
    sentence = str(refusal.value)
    assert sentence.startswith(says)
    assert len(sentence) < 250 and "\n" not in sentence and sentence.endswith(".")


@pytest.mark.parametrize(
    ("name", "sha256", "says"),
    [
        ("", "a" * 64, "A model has no name"),
        ("x\ny", "a" * 64, "holds characters that cannot be shown"),
        ("x" * 501, "a" * 64, "longer than 500 characters"),
        ("x", "A" * 64, "is no SHA-256"),
        ("x", "a" * 63, "is no SHA-256"),
        ("x", None, "is no SHA-256"),
    ],
)
def test_weights_want_a_name_and_a_hash(name, sha256, says):
    with pytest.raises(RequestError, match=says):
        Weights(name, sha256)


def test_the_scale_of_a_lora_is_bounded():
    with pytest.raises(RequestError, match="The scale of the LoRA “x” of 11 is out of range"):
        Lora("x", "a" * 64, 11)


def test_what_makes_the_same_picture_is_the_same_request():
    plain = a_request(prompt="a cat\nin ink", loras=(SEA, INK))
    other = a_request(
        prompt=" a cat\r\nin ink ",
        negative_prompt="\n",
        loras=(INK, SEA),
        cfg_scale=7,
        sampler="Eular a",
        clip_skip=1,
        guidance_rescale=-0.0,
    )
    assert other == plain
    assert identity(other) == identity(plain)
    assert plain.loras == (SEA, INK)


def test_pictures_of_one_request_count_their_seeds_up_and_round():
    seeds = [each.seed for each in with_seeds(a_request(seed=SEED_HIGH), 3)]
    assert seeds == [SEED_HIGH, 0, 1]
    assert {each.model for each in with_seeds(a_request(), 3)} == {MODEL}
    with pytest.raises(RequestError, match="The number of pictures of 0 is out of range"):
        with_seeds(a_request(), 0)
