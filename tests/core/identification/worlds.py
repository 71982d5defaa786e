"""Small worlds of features for the tests of identification, drawn from a seed."""

import numpy as np

from core.identification.specification import Requirement, specification_set


def drawn(models=4, prompts=5, seeds=2, dim=6, *, seed=0, scale=1.0, style=1.5, noise=0.3):
    """Specifications of `models` with a style each, prompts with a content each, and noise."""
    random = np.random.default_rng(seed)
    texts = random.standard_normal((prompts, 4)).astype(np.float32)
    contents = texts @ random.standard_normal((4, dim)) * 0.5
    styles = style * random.standard_normal((models, dim))
    of_model = np.repeat(np.arange(models), prompts * seeds)
    of_prompt = np.tile(np.repeat(np.arange(prompts), seeds), models)
    features = styles[of_model] + contents[of_prompt]
    features += noise * random.standard_normal(features.shape)
    return specification_set(
        (scale * features).astype(np.float32),
        100 + of_model.astype(np.int64),
        10 + of_prompt.astype(np.int64),
        10 + np.arange(prompts),
        texts,
    )


def ragged(seed, *, models=4, prompts=5, dim=6):
    """Like `drawn`, but each model has some of the pictures only, and at least one."""
    whole = drawn(models, prompts, 3, dim, seed=seed)
    random = np.random.default_rng(seed)
    keep = random.random(len(whole.models)) < 0.6
    keep[whole.model_starts] = True
    return whole.rows(keep)


def examples(known, count, *, seed=1, captioned=True):
    """Examples near the specifications' own pictures, with captions or without."""
    random = np.random.default_rng(seed)
    rows = random.integers(0, len(known.features), count)
    near = known.requirement(rows)
    features = near.features + 0.1 * random.standard_normal(near.features.shape)
    captions = near.captions + 0.3 * random.standard_normal(near.captions.shape)
    if not captioned:
        captions = np.full_like(captions, np.nan)
    return Requirement(features.astype(np.float32), captions.astype(np.float32))
