"""Orders, and a device that paints without weights: what is tested is who gets what, and when."""

import hashlib
import threading
from io import BytesIO

import numpy as np
from PIL import Image

from core.encoders import EncoderIdentity
from core.generation.devices import GenerationCancelledError, MadeBatch, MadePicture, Step
from core.generation.png import png_with_recipe
from core.generation.recipe import Batch, Recipe, identity
from core.generation.request import Request, Weights
from warehouse.generation.orders import Order, OrderedPicture
from warehouse.landing import land
from warehouse.records import ModelRecord
from warehouse.selections import Picker

ANN, BEN = Picker("ann", "Ann", "annotator"), Picker("ben", "Ben", "annotator")
MODELS = (11, 12, 13)
IDENTITY = EncoderIdentity("painted", "0" * 64, "squash", 3)


def weights_of(model):
    return Weights(f"model {model}", hashlib.sha256(f"weights {model}".encode()).hexdigest())


def add_models(warehouse, models=MODELS):
    """Models whose weights are there, as files that nobody reads."""
    folder = warehouse.home / "models"
    folder.mkdir(parents=True, exist_ok=True)
    for model in models:
        (folder / f"{model}.safetensors").write_text(f"weights {model}")
    land(
        warehouse,
        "test",
        "test",
        models=[
            ModelRecord(
                model,
                f"model {model}",
                base_model="SD 1.5",
                path=f"models/{model}.safetensors",
                sha256=weights_of(model).sha256,
            )
            for model in models
        ],
    )


def an_order(models=MODELS[:1], seeds=(1,), prompt="a cat", steps=4, **changes):
    """Models in rows, seeds in columns."""
    pictures = tuple(
        OrderedPicture(
            Request(prompt, weights_of(model), seed, width=64, height=64, steps=steps), model
        )
        for model in models
        for seed in seeds
    )
    return Order(pictures, tuple(map(str, models)), tuple(map(str, seeds)), **changes)


class Painter:
    """A DeviceRunner that paints each request's own colour, with the full recipe.

    `gate` is waited for at each step; `errors` are raised at the beginning of a batch, one each.
    """

    words = "painted"

    def __init__(self, name="cpu"):
        self.name = name
        self.gate = threading.Event()
        self.gate.set()
        self.at_step = threading.Event()
        self.errors = []
        self.batches = []
        self.closed = False

    def warm(self, work):
        self.words = "warm"

    def make(self, work, on_step, stopped):
        self.batches.append(work)
        if self.errors:
            raise self.errors.pop(0)
        steps = work.requests[0].steps
        for step in range(1, steps + 1):
            self.at_step.set()
            while not self.gate.wait(0.01):
                if stopped() or self.closed:
                    raise GenerationCancelledError
            if stopped():
                raise GenerationCancelledError
            on_step(Step(step, steps, previews={work.keep[0]: b"preview"}))
        members = tuple(identity(request) for request in work.requests)
        pictures = tuple(self._picture(work, members, place) for place in work.keep)
        return MadeBatch(pictures, 0.5, 1.0)

    def _picture(self, work, members, place):
        recipe = Recipe(work.requests[place], Batch(members, place), "painted", "float32")
        colour = tuple(bytes.fromhex(members[place][:6]))
        image = Image.new("RGB", (64, 64), colour)
        return MadePicture(place, png_with_recipe(image, recipe), recipe, None)

    def features(self, encoder, pictures, texts):
        colours = [np.asarray(Image.open(BytesIO(data)).convert("RGB"))[0, 0] for data in pictures]
        rows = [*colours, *([len(text), 1, 1] for text in texts)]
        return IDENTITY, np.array(rows, np.float32).reshape(-1, 3)

    def close(self):
        self.closed = True
