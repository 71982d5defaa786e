"""A small grid whose models each have a hue of their own, and an encoder that sees it."""

from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from core.encoders import EncoderIdentity
from warehouse.encoder_registry import register_encoder
from warehouse.landing import land
from warehouse.records import ImageRecord, ModelRecord, PromptRecord
from warehouse.starter.pictures import QUERY_SOURCE

SIDE = 4
MODELS = (1, 2, 3, 4, 5)
PROMPTS = tuple(range(1, 9))
OWN = (21, 22)  # of model 1
QUERIES = (31, 32, 33)
HIDDEN = "p1-m2-s1"
BARE_MODEL = 9  # without any picture
HUES = {1: (200, 60, 60), 2: (60, 200, 60), 3: (60, 60, 200), 4: (190, 190, 40), 5: (60, 190, 190)}


@dataclass
class QuadrantEncoder:
    """Mean colours of four quarters of a picture; texts by their letters."""

    identity: EncoderIdentity = field(
        default_factory=lambda: EncoderIdentity("quadrants", "0" * 64, "squash", 12)
    )

    def encode_images(self, images):
        """(n, 12), up to 5."""
        small = [np.array(i.convert("RGB").resize((2, 2), Image.Resampling.BOX)) for i in images]
        return np.array(small, np.float32).reshape(len(images), 12) / 51

    def encode_texts(self, texts):
        """(n, 12)."""
        drawn = [np.random.default_rng(sum(map(ord, text))).normal(0, 1, 12) for text in texts]
        return np.array(drawn, np.float32)


def picture(model, prompt, seed=1):
    """What a model makes of a prompt: its hue, and quarters as light as the prompt says."""
    random = np.random.default_rng((model, prompt, seed))
    light = np.random.default_rng(prompt).normal(0, 25, (2, 2, 1))
    pixels = np.array(HUES[model])[None, None] + light + random.normal(0, 8, (2, 2, 3))
    pixels = np.clip(pixels, 0, 255).astype(np.uint8)
    return Image.fromarray(np.kron(pixels, np.ones((SIDE, SIDE, 1), np.uint8)))


def prompt_text(prompt):
    """Every prompt's own."""
    return f"prompt number {prompt} {'abcdefgh'[prompt % 8]}"


def image_id(prompt, model, seed=1):
    """As the grid names it."""
    return f"p{prompt}-m{model}-s{seed}"


def plant(warehouse, *, models=MODELS, prompts=PROMPTS, queries=QUERIES):
    """The grid with features, but for model 9; returns the encoder."""
    encoder = QuadrantEncoder()
    own = OWN if 1 in models else ()
    cells = [(p, m, s) for p in (*prompts, *queries) for m in models for s in (1, 2)]
    cells += [(p, 1, 1) for p in own]
    land(
        warehouse,
        "plant",
        "tests",
        models=[ModelRecord(m, f"Model {m}", downloads=10**m) for m in (*models, BARE_MODEL)],
        prompts=[
            PromptRecord(p, prompt_text(p), QUERY_SOURCE if p in queries else "tests")
            for p in (*prompts, *own, *queries)
        ],
        images=[
            ImageRecord(
                image_id(p, m, s),
                p,
                m,
                "tests",
                nsfw_score=1.0 if image_id(p, m, s) == HIDDEN else None,
            )
            for p, m, s in cells
        ],
    )
    vectors = encoder.encode_images([picture(m, p, s) for p, m, s in cells])
    key = encoder.identity.key
    with warehouse.transaction() as cursor:
        register_encoder(cursor, key, name="quadrants", dimension=12, weights_sha256="0" * 64)
        for (p, m, s), vector in zip(cells, vectors, strict=True):
            cursor.execute(
                "insert into image_features values ($1, $2, $3)",
                [image_id(p, m, s), key, vector.tolist()],
            )
        for p in (*prompts, *own, *queries):
            vector = encoder.encode_texts([prompt_text(p)])[0]
            cursor.execute(
                "insert into prompt_features values ($1, $2, $3)", [p, key, vector.tolist()]
            )
        for p in own:
            cursor.execute("insert into specification_prompts values (1, $1)", [p])
    return encoder
