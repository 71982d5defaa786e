"""Small worlds in which it is known who is preferred where."""

import numpy as np

from core.recommendation.evidence import collected


def vote(prompt, first, second, outcome="left", times=1):
    """A row as `ranked_judgments` has it; pictures are called after prompt and model."""
    return {
        "prompt_id": prompt,
        "kind": "vote",
        "shown_image_ids": [f"{prompt}-{first}", f"{prompt}-{second}"],
        "outcome": outcome,
        "ranked_image_ids": None,
        "rejected_image_ids": None,
        "times": times,
    }


def evidence(rows, *, prompts=4, models=3, gre=None):
    """Evidence of prompts and models counted from 0."""
    pictures = {f"{p}-{m}": m for p in range(prompts) for m in range(models)}
    scores = np.full((prompts, models), np.nan) if gre is None else np.array(gre, float)
    return collected(rows, {p: p for p in range(prompts)}, pictures, scores)


def two_topics(*, prompts=12, models=8, votes=40, seed=0):
    """Votes where models 0 to 3 are good at even prompts and 4 to 7 at odd ones."""
    random = np.random.default_rng(seed)
    rows = []
    for prompt in range(prompts):
        strengths = np.where((np.arange(models) < models // 2) == (prompt % 2 == 0), 1.5, -1.5)
        strengths = strengths + 0.4 * random.standard_normal(models)
        for _ in range(votes):
            first, second = random.choice(models, 2, replace=False)
            won = random.random() < 1 / (1 + np.exp(strengths[second] - strengths[first]))
            rows.append(vote(prompt, first, second, "left" if won else "right"))
    return evidence(rows, prompts=prompts, models=models)
