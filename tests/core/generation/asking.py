"""Requests and recipes for tests, by hand and by Hypothesis."""

from hypothesis import strategies as st

from core.generation.recipe import Batch, Recipe, identity
from core.generation.request import Lora, Request, Weights
from core.generation.samplers import SAMPLERS

MODEL = Weights("Inkwell, v1.0: light", "ab" * 32)

hashes = st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")
lines = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=60)
prompts = st.lists(lines, min_size=1, max_size=4).map("\n".join)
names = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
scales = st.floats(-10, 10, allow_nan=False)
sides = st.integers(8, 512).map(lambda number: number * 8)
loras = st.lists(st.builds(Lora, names, hashes, scales), max_size=3, unique_by=lambda x: x.sha256)
requests = st.builds(
    Request,
    prompt=prompts.filter(str.strip),
    negative_prompt=prompts,
    model=st.builds(Weights, names, hashes),
    loras=loras.map(tuple),
    seed=st.integers(0, 2**64 - 1),
    width=sides,
    height=sides,
    steps=st.integers(1, 200),
    cfg_scale=st.floats(0, 50),
    sampler=st.sampled_from([sampler.name for sampler in SAMPLERS]),
    clip_skip=st.none() | st.integers(1, 12),
    guidance_rescale=st.floats(0, 1),
)


def a_request(**changes):
    return Request(**({"prompt": "a cat in ink", "model": MODEL, "seed": 7} | changes))


def a_recipe(request=None, **changes):
    request = request or a_request()
    of = {
        "batch": Batch((identity(request), "0" * 64), 0),
        "device": "cpu",
        "precision": "float32",
        "versions": (("torch", "2.15.0"), ("diffusers", "0.42.1")),
    }
    return Recipe(request, **(of | changes))
