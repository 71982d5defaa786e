"""Agreement with people group by group: by tag of the prompt, by annotator."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core.weights.agreement import Agreement, agreement

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def score_gaps(q: Floats, weights: Floats, first: Ints, second: Ints) -> Floats:
    """Score of the first picture minus that of the second, (n,); NaN where one has no score.

    `q` (n_pictures, k); `first` and `second` (n,) are rows of it, -1 for a picture that is not
    shown. Metrics of weight 0 may be missing.
    """
    weighed = weights != 0
    if not len(q):
        return np.full(len(first), np.nan)
    scores = np.append(q[:, weighed] @ weights[weighed], np.nan)  # row -1 is the NaN
    gaps: Floats = scores[first] - scores[second]
    return gaps


def agreement_by_group(
    gaps: Floats, outcomes: Floats, people: Ints, judgments: Ints, groups: Sequence[str]
) -> dict[str, Agreement]:
    """Agreement of each group of pairs, groups (n,) in alphabetical order."""
    told = np.array(groups, dtype=object)
    return {
        name: agreement(gaps[own], outcomes[own], people[own], judgments[own])
        for name in sorted(set(groups))
        if (own := told == name).any()
    }
