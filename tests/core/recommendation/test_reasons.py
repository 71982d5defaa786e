"""Reasons say what the numbers say, and what there is none of."""

import pytest

from core.recommendation.reasons import LIKE_YOURS, OF_THE_TAG, Record, Score, certainty, reason

NONE = Record(0, 0, 0, 0)
NEAR = Record(9, 7, 1, 4)
FAR = Record(41, 30, 0, 1)
SCORE = Score(1.314, 3, 50)


@pytest.mark.parametrize(
    ("near", "elsewhere", "score", "kind", "prompts", "words"),
    [
        (
            NEAR, FAR, SCORE, LIKE_YOURS, 5,
            "Preferred in 7 of 9 comparisons (1 tie) on 4 prompts like yours, and in 30 of 41 "
            "comparisons on 1 other; GRE-Score 1.31 there, place 3 of 50.",
        ),
        (
            Record(1, 0, 0, 1), NONE, SCORE, OF_THE_TAG, 5,
            "Preferred in 0 of 1 comparison on 1 prompt of this tag; no votes on others; "
            "GRE-Score 1.31 there, place 3 of 50.",
        ),
        (
            NONE, FAR, None, LIKE_YOURS, 5,
            "No votes on prompts like yours; preferred in 30 of 41 comparisons on 1 other; "
            "no GRE-Score there.",
        ),
        (
            NONE, NONE, SCORE, LIKE_YOURS, 5,
            "Nobody has voted on it yet; GRE-Score 1.31 there, place 3 of 50.",
        ),
        (
            NONE, FAR, SCORE, LIKE_YOURS, 0,
            "Preferred in 30 of 41 comparisons on 1 prompt; GRE-Score 1.31 on average, "
            "place 3 of 50.",
        ),
    ],
)  # fmt: skip
def test_the_reason_follows_from_the_numbers(near, elsewhere, score, kind, prompts, words):
    assert reason(near, elsewhere, score, kind=kind, near_prompts=prompts) == words


@pytest.mark.parametrize(
    ("chance", "lower", "upper", "words"),
    [
        (0.8, 0.51, 0.9, "surely better than average"),
        (0.2, 0.1, 0.49, "surely worse than average"),
        (0.55, 0.1, 0.9, "hardly known yet"),
        (0.55, 0.4, 0.7, "about average"),
        (0.7, 0.45, 0.85, "probably better than average"),
        (0.3, 0.15, 0.6, "probably worse than average"),
    ],
)
def test_certainty_follows_from_the_interval(chance, lower, upper, words):
    assert certainty(chance, lower, upper) == words
