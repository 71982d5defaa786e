"""One engine with the starter's base for all tests, and small requests for it."""

import hashlib
from functools import cache

from core.generation.engine import Engine
from core.generation.request import Lora, Request, Weights
from core.generation.weights_hash import weights_sha256
from core.starter.manifest import BASE_FOLDER, LORA_FOLDER


@cache
def engine():
    return Engine("cpu")


def weights_at(path, name="base"):
    return Weights(name, weights_sha256(path))


def lora_at(path, name="a LoRA", scale=1.0):
    return Lora(name, weights_sha256(path), scale)


def starter_lora(slug, scale=1.0):
    return lora_at(LORA_FOLDER / slug, slug, scale)


def ask(seed=1, prompt="a red house in a meadow", model=None, **changes):
    settings = {"width": 64, "height": 64, "steps": 2, "cfg_scale": 4.0, "sampler": "DDIM trailing"}
    return Request(prompt, model or weights_at(BASE_FOLDER), seed, **(settings | changes))


def load(request, *paths, into=None, **more):
    """Load what the request names; LoRAs of the starter and `paths` are found by their hash."""
    slugs = [LORA_FOLDER / lora.name for lora in request.loras]
    known = [BASE_FOLDER, *paths, *(folder for folder in slugs if folder.is_dir())]
    (into or engine()).load(request, {weights_sha256(path): path for path in known}, **more)


def make(*requests, on_step=lambda step, steps, previews: None, into=None):
    return (into or engine()).generate(requests, on_step)


def digest(picture):
    return hashlib.sha256(picture.tobytes()).hexdigest()


def made(request, *paths, into=None):
    """Digest of the request's picture, computed alone."""
    load(request, *paths, into=into)
    return digest(make(request, into=into)[0])
