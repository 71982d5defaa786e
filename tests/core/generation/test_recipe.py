"""Recipes as JSON, and the identity of requests."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import GemboardError
from core.generation.recipe import (
    Batch,
    RecipeError,
    canonical_json,
    identity,
    read_recipe,
    write_recipe,
)
from core.generation.request import Lora, Weights
from tests.core.generation.asking import MODEL, a_recipe, a_request, requests


@given(requests)
def test_a_recipe_comes_back_as_it_was_written(request):
    recipe = a_recipe(request)
    text = write_recipe(recipe)
    assert read_recipe(text) == recipe
    assert write_recipe(read_recipe(text)) == text
    assert "\n" not in text


def test_the_order_of_keys_does_not_count():
    content = json.loads(write_recipe(a_recipe()))
    content["request"] = dict(reversed(content["request"].items()))
    turned = json.dumps(dict(reversed(content.items())), indent=2)
    assert read_recipe(turned) == a_recipe()


def test_an_identity_stays_what_it_was():
    assert canonical_json(a_request(loras=(Lora("sea", "c" * 64, 1),))) == (
        '{"cfg_scale":7.0,"clip_skip":null,"guidance_rescale":0.0,"height":512,'
        f'"loras":[["{"c" * 64}",1.0]],"model":"{"ab" * 32}","negative_prompt":"",'
        '"prompt":"a cat in ink","sampler":"Euler a","seed":7,"steps":30,"width":512}'
    )
    told = "3073305e9b3537dc66c48c233cdada80fc9efbee763ba7325148ba9e4ef98a3f"
    assert identity(a_request()) == told  # sha256sum of that text, without the LoRA


def test_names_of_weights_do_not_count_but_everything_else_does():
    plain = a_request(loras=(Lora("sea", "c" * 64),))
    named = a_request(model=replace(MODEL, name="other"), loras=(Lora("other", "c" * 64),))
    assert identity(plain) == identity(named)
    others = [
        a_request(),
        replace(plain, prompt="a dog"),
        replace(plain, negative_prompt="blurry"),
        replace(plain, model=Weights("Inkwell", "cd" * 32)),
        replace(plain, loras=(Lora("sea", "c" * 64, 0.5),)),
        replace(plain, loras=(Lora("sea", "d" * 64),)),
        replace(plain, seed=8),
        replace(plain, width=520),
        replace(plain, height=520),
        replace(plain, steps=31),
        replace(plain, cfg_scale=7.5),
        replace(plain, sampler="DDIM"),
        replace(plain, clip_skip=2),
        replace(plain, guidance_rescale=0.5),
    ]
    assert len({identity(each) for each in [plain, *others]}) == len(others) + 1


def changed(path, value):
    content = json.loads(write_recipe(a_recipe()))
    *way, last = path
    target = content
    for key in way:
        target = target[key]
    target[last] = value
    return json.dumps(content)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "its JSON cannot be read"),
        ("[]", "the text is no JSON object"),
        ('{"a": NaN}', "its JSON cannot be read"),
        ("[" * 100_000, "its JSON cannot be read"),
        (" " * 300_000, "it is longer than 262,144 characters"),
        ("{}", "its format is not gemboard-recipe-1"),
        (changed(["request", "prompt"], "a dog"), "its request was changed"),
        (changed(["request", "seed"], 1e400), "its JSON cannot be read|is no whole number"),
        (changed(["request", "lora"], []), "request holds “lora”, which is not known"),
        (changed(["loss"], 1), "the text holds “loss”, which is not known here"),
        (changed(["request", "loras"], "x"), "loras is no list"),
        (changed(["request", "model"], {}), "model lacks name"),
        (changed(["batch", "place"], 1), "its batch holds another request at its place"),
        (changed(["batch", "place"], 2), "place “2” is not in its batch"),
        (changed(["batch", "place"], True), "place “True” is not in its batch"),
        (changed(["batch", "members"], None), "a batch has 1 to 256 members"),
        (changed(["batch", "members"], [1]), "a member of the batch is no SHA-256"),
        (changed(["device"], ""), "“device” is no text"),
        (changed(["versions", "torch"], 2), "“torch” is no text"),
        (changed(["versions"], {f"l{n}": "1" for n in range(51)}), "more than 50 libraries"),
        (changed(["request", "steps"], 0), "The number of steps of 0 is out of range"),
        (changed(["request", "sampler"], "x"), "There is no sampler “x”"),
    ],
)
def test_what_is_no_recipe_is_refused(text, says):
    with pytest.raises(GemboardError, match=says):
        read_recipe(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
PATHS = [
    ["format"], ["identity"], ["request"], ["batch"], ["versions"], ["device"],
    *(["request", key] for key in json.loads(write_recipe(a_recipe()))["request"]),
    ["request", "model", "name"], ["batch", "members"], ["batch", "place"],
]  # fmt: skip


@given(st.sampled_from(PATHS), json_values)
def test_strangers_values_are_refused_or_taken_but_never_crash(path, value):
    try:
        read_recipe(changed(path, value))
    except GemboardError as refusal:
        assert len(str(refusal)) < 400


def test_a_recipe_of_another_request_cannot_be_made():
    with pytest.raises(RecipeError, match="its batch holds another request"):
        a_recipe(batch=Batch(("0" * 64,), 0))
    with pytest.raises(RecipeError, match="it names a library twice"):
        a_recipe(versions=(("torch", "1"), ("torch", "2")))
