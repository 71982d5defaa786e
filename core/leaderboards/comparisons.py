"""What people said about models, as arrays: votes on pairs, and sorted batches as choices."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FIRST, TIE, SECOND = 1.0, 0.5, 0.0
NOBODY = -1  # pads the rows of `choices`


@dataclass(frozen=True)
class Comparisons:
    """n votes on pairs and c choices among several, of m models by g judges.

    A sorted batch is one observation of Plackett and Luce: the best is chosen among all, the next
    among the rest, and so on, so a batch of k gives k - 1 choices (with rejected pictures, which
    have no order among themselves, one for each that is not rejected). A vote is a choice of two.
    """

    models: tuple[Hashable, ...]  # (m,)
    first: Ints  # (n,) places into models
    second: Ints  # (n,)
    outcomes: Floats  # (n,) FIRST, TIE or SECOND
    judges: Ints  # (n,) places into judge_ids
    numbers: Ints  # (n,) when it was given among all judgments, batches too
    choices: Ints  # (c, width): the chosen place, then those passed over, then NOBODY
    choice_judges: Ints  # (c,)
    batches: Ints  # (c,) number of the batch, which its choices share
    judge_ids: tuple[Hashable, ...] = field(default=("",))  # (g,)

    @property
    def judgments(self) -> int:
        """Votes and sorted batches."""
        return len(self.outcomes) + len(np.unique(self.batches))

    @property
    def votes(self) -> Ints:
        """(m,) in how many judgments each model took part; a batch counts once."""
        size = len(self.models)
        counts = np.bincount(np.concatenate([self.first, self.second]), minlength=size)
        inside = self.choices != NOBODY
        batches = np.broadcast_to(self.batches[:, None], self.choices.shape)[inside]
        seen = np.unique(np.stack([batches, self.choices[inside]]), axis=1)
        votes: Ints = counts + np.bincount(seen[1], minlength=size)
        return votes

    def where(self, kept: Callable[[Ints], npt.NDArray[np.bool_]]) -> "Comparisons":
        """The judgments whose numbers are kept; models and judges stay as they are."""
        votes, choices = kept(self.numbers), kept(self.batches)
        return replace(
            self,
            first=self.first[votes],
            second=self.second[votes],
            outcomes=self.outcomes[votes],
            judges=self.judges[votes],
            numbers=self.numbers[votes],
            choices=self.choices[choices],
            choice_judges=self.choice_judges[choices],
            batches=self.batches[choices],
        )

    def without(self, numbers: Ints) -> "Comparisons":
        """All but these judgments."""
        return self.where(lambda known: ~np.isin(known, numbers))


class Collector:
    """Gathers judgments one by one into `Comparisons`."""

    def __init__(self) -> None:
        self._models: dict[Hashable, int] = {}
        self._judges: dict[Hashable, int] = {}
        self._votes: list[tuple[int, int, float, int, int]] = []
        self._choices: list[tuple[int, int, list[int]]] = []
        self._number = 0

    def add_vote(
        self, first: Hashable, second: Hashable, outcome: float, judge: Hashable = ""
    ) -> None:
        """A vote on a pair; one of a model against itself says nothing and is left out."""
        if first != second:
            places = self._place(first), self._place(second)
            self._votes.append((*places, outcome, self._judge(judge), self._number))
        self._number += 1

    def add_order(
        self, ranked: Sequence[Hashable], rejected: Sequence[Hashable] = (), judge: Hashable = ""
    ) -> None:
        """A sorted batch, best first; what was rejected comes after all others, without order."""
        rest = [self._place(model) for model in (*ranked, *rejected)]
        judge_number = self._judge(judge)
        for _ in ranked:
            if len(set(rest)) < 2:
                break
            self._choices.append((self._number, judge_number, list(rest)))
            rest = rest[1:]
        self._number += 1

    def pass_over(self) -> None:
        """Number a judgment that says nothing about which model is better."""
        self._number += 1

    def comparisons(self) -> Comparisons:
        """All that was added."""
        width = max((len(rest) for *_, rest in self._choices), default=2)
        rows = [rest + [NOBODY] * (width - len(rest)) for *_, rest in self._choices]
        return Comparisons(
            tuple(self._models),
            _ints(vote[0] for vote in self._votes),
            _ints(vote[1] for vote in self._votes),
            np.array([vote[2] for vote in self._votes], np.float64),
            _ints(vote[3] for vote in self._votes),
            _ints(vote[4] for vote in self._votes),
            np.array(rows, np.int64).reshape(-1, width),
            _ints(judge for _, judge, _ in self._choices),
            _ints(number for number, *_ in self._choices),
            tuple(self._judges) or ("",),
        )

    def _place(self, model: Hashable) -> int:
        return self._models.setdefault(model, len(self._models))

    def _judge(self, judge: Hashable) -> int:
        return self._judges.setdefault(judge, len(self._judges))


def votes_of_places(
    models: Sequence[Hashable], first: Ints, second: Ints, outcomes: Floats
) -> Comparisons:
    """Votes of nobody in particular, as files of pairs hold them.

    Models against themselves say nothing and are left out.
    """
    apart, none = first != second, np.zeros(0, np.int64)
    return Comparisons(
        tuple(models),
        first[apart],
        second[apart],
        outcomes[apart],
        np.zeros(int(apart.sum()), np.int64),
        np.nonzero(apart)[0],
        np.zeros((0, 2), np.int64),
        none,
        none,
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), np.int64)
