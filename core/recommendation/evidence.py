"""What is known of models, prompt by prompt: who was preferred to whom, and the GRE-Scores."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from core.ratings.wins import pairs_of_judgment
from core.weights.pairs import TIE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Evidence:
    """n decided comparisons of m models on p prompts, and the models' scores there.

    A vote is one comparison; the pairs of a sorted batch of k weigh 2 / k each, since k - 1
    comparisons sort it. A tie stands here twice, half a win for each.
    """

    prompts: Ints  # (n,) places into p
    winners: Ints  # (n,) places into m
    losers: Ints  # (n,)
    weights: Floats  # (n,)
    gre: Floats  # (p, m) mean GRE-Score of the model's shown pictures; NaN where it has none
    pairs: Ints  # (p, m) pairs of pictures in which the model met another one
    preferred: Ints  # (p, m) of them, those in which it was preferred
    tied: Ints  # (p, m)
    judgments: Ints  # (p,) votes and sorted batches that compare models

    @property
    def models(self) -> int:
        """How many models there are."""
        return int(self.gre.shape[1])

    def wins(self, shares: Floats) -> Floats:
        """(m, m) how often the row was preferred to the column; `shares` (p,) of each prompt."""
        size = self.models
        counted = self.weights * shares[self.prompts]
        cells = np.bincount(self.winners * size + self.losers, counted, size * size)
        return np.asarray(cells, np.float64).reshape(size, size)

    def without(self, left_out: npt.NDArray[np.bool_]) -> "Evidence":
        """What would be known if nobody had judged or drawn the prompts that are left out (p,)."""
        kept, inside = ~left_out[self.prompts], ~left_out[:, None]
        return replace(
            self,
            prompts=self.prompts[kept],
            winners=self.winners[kept],
            losers=self.losers[kept],
            weights=self.weights[kept],
            gre=np.where(inside, self.gre, np.nan),
            pairs=self.pairs * inside,
            preferred=self.preferred * inside,
            tied=self.tied * inside,
            judgments=self.judgments * ~left_out,
        )

    def scores_apart(self) -> Floats:
        """(p, m) GRE-Scores less the mean over the prompt's models; 0 where there is none.

        A GRE-Score is relative to its prompt: whoever has pictures of other prompts only must not
        look better or worse for that.
        """
        known = np.isfinite(self.gre)
        count = known.sum(axis=1, keepdims=True)
        means = np.where(known, self.gre, 0).sum(axis=1, keepdims=True) / np.maximum(count, 1)
        apart: Floats = np.where(known, np.nan_to_num(self.gre) - means, 0.0)
        return apart


def collected(
    judgments: Iterable[Mapping[str, Any]],
    prompt_places: Mapping[int, int],
    model_of: Mapping[str, int],
    gre: Floats,
) -> Evidence:
    """Rows of `ranked_judgments` as evidence beside the scores (p, m).

    `model_of` gives the place of the model of each picture; pictures and prompts without a place
    are left out, and so are pairs of one model.
    """
    tallies = np.zeros((3, *gre.shape), np.int64)
    told: list[tuple[int, int, int, float]] = []
    counted = np.zeros(gre.shape[0], np.int64)
    for judgment in judgments:
        prompt, before = prompt_places.get(judgment["prompt_id"]), len(told)
        if prompt is None:
            continue
        times, (pairs, weight) = judgment["times"], pairs_of_judgment(judgment)
        for pair in pairs:
            first, second = model_of.get(pair.first), model_of.get(pair.second)
            if first is None or second is None or first == second:
                continue
            tallies[0, prompt, [first, second]] += times
            if pair.outcome == TIE:
                tallies[2, prompt, [first, second]] += times
                told.append((prompt, first, second, TIE * weight * times))
                told.append((prompt, second, first, TIE * weight * times))
            else:
                tallies[1, prompt, first] += times
                told.append((prompt, first, second, weight * times))
        counted[prompt] += times * (len(told) > before)
    columns = np.array(told, np.float64).reshape(-1, 4)
    prompts, winners, losers = columns[:, :3].astype(np.int64).T
    pairs, preferred, tied = tallies
    return Evidence(prompts, winners, losers, columns[:, 3], gre, pairs, preferred, tied, counted)
