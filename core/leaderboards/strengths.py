"""Bradley-Terry and Plackett-Luce at once: strengths of models, with intervals by annotator.

P(i is preferred to j) = 1 / (1 + exp(r_j - r_i)), a tie is half a win for each (Bradley and Terry
1952). The best of several is i with probability exp(r_i) / sum exp(r) over them (Plackett 1975),
which for two is the same; so votes and sorted batches share one likelihood and one set of
strengths. It is concave: Newton's method on the counts of pairs finds its maximum, however many
votes there are.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.sparse.csgraph import connected_components
from scipy.special import expit, logsumexp

from core.leaderboards.comparisons import NOBODY, Comparisons, Floats, Ints
from core.weights.fit import FEWEST_PEOPLE

Flags = npt.NDArray[np.bool_]

STEPS = 100
CLOSE = 1e-9  # log odds
LEVEL = 0.95
ANCHOR = 1.0  # ties of each model with an average one, in groups where some never lost or won


@dataclass(frozen=True)
class Strengths:
    """Strengths of m models in log odds; their mean is 0 within each group that met."""

    values: Floats  # (m,)
    covariance: Floats  # (m, m) by the curvature: votes as independent
    clustered: Floats | None  # (m, m) annotators as clusters; None for too few of them
    people: int
    groups: Ints  # (m,) two models of different groups never met, not even through others
    never_lost: Flags  # (m,) nobody outside its circle was ever preferred to it
    never_won: Flags  # (m,)

    def half_widths(self, level: float = LEVEL) -> Floats:
        """(m,) half of each model's interval."""
        return self._wide(np.diag, level)

    def gaps(self, level: float = LEVEL) -> Floats:
        """(m, m) how far two of one group must lie apart to differ significantly."""
        return self._wide(_of_differences, level)

    def _wide(self, spread: Callable[[Floats], Floats], level: float) -> Floats:
        """The wider one of both ways: few people who agree by chance make no narrow interval."""
        share = (1 + level) / 2
        wide: Floats = stats.norm.ppf(share) * np.sqrt(np.clip(spread(self.covariance), 0, None))
        if self.clustered is None:
            return wide
        tail = stats.t.ppf(share, self.people - 1)
        apart: Floats = tail * np.sqrt(np.clip(spread(self.clustered), 0, None))
        return np.maximum(wide, apart)


def fitted_strengths(comparisons: Comparisons) -> Strengths:
    """The strengths that make what people said most probable.

    Where some models of a group never lost to, or never won over, the rest of it, no finite
    strengths are most probable: each model of such a group is then given one tie with an average
    model, and `never_lost` and `never_won` tell whose interval the data do not end. Intervals
    are from annotators as clusters (Liang and Zeger 1986; factor g / (g - 1), t with g - 1
    degrees) where there are enough of them, never narrower than votes as independent would have.
    """
    wins = win_counts(comparisons)
    preferred, groups = _preferred(wins, comparisons), met_groups(comparisons)
    circles = _labels(preferred, "strong")
    never_lost, never_won = _open_ends(preferred, groups, circles)
    apart = preferred & (circles[:, None] != circles[None, :])
    anchors = np.where(_has(groups, apart.any(axis=1)), ANCHOR, 0.0)
    together = (groups[:, None] == groups[None, :]).astype(np.float64)
    means = together / together.sum(axis=1, keepdims=True)
    games, values = wins + wins.T, np.zeros(len(wins))
    for _ in range(STEPS):
        slope, curvature = _derivatives(values, wins, games, comparisons, anchors)
        step = np.linalg.solve(curvature + means, slope)
        share, before = 1.0, _log_likelihood(values, wins, comparisons, anchors)
        while (
            _log_likelihood(values + share * step, wins, comparisons, anchors)
            < before - 1e-9 * abs(before)
            and share > CLOSE
        ):
            share /= 2
        values = values + share * step
        if np.abs(step).max(initial=0) < CLOSE:
            break
    centre = np.eye(len(wins)) - means
    _, curvature = _derivatives(values, wins, games, comparisons, anchors)
    covariance = centre @ np.linalg.inv(curvature + means) @ centre
    people = len(comparisons.judge_ids)
    clustered = None
    if people >= FEWEST_PEOPLE:
        scores = _scores_by_judge(values, comparisons)
        clustered = covariance @ (scores.T @ scores) @ covariance * people / (people - 1)
    return Strengths(centre @ values, covariance, clustered, people, groups, never_lost, never_won)


def win_counts(comparisons: Comparisons) -> Floats:
    """(m, m) how often the row was preferred to the column in votes; ties count half."""
    size = len(comparisons.models)
    first, second, outcomes = comparisons.first, comparisons.second, comparisons.outcomes
    won = np.bincount(first * size + second, outcomes, size * size)
    lost = np.bincount(second * size + first, 1 - outcomes, size * size)
    return np.asarray(won + lost, np.float64).reshape(size, size)


def _preferred(wins: Floats, comparisons: Comparisons) -> Flags:
    """(m, m) whether the row was ever preferred to the column."""
    preferred = wins > 0
    for column in comparisons.choices.T[1:]:
        there = column != NOBODY
        preferred[comparisons.choices[there, 0], column[there]] = True
    np.fill_diagonal(preferred, False)
    return preferred


def met_groups(comparisons: Comparisons) -> Ints:
    """(m,) groups of models that met, if only through others."""
    return _labels(_preferred(win_counts(comparisons), comparisons), "weak")


def _labels(preferred: Flags, connection: str) -> Ints:
    labels = connected_components(preferred, connection=connection)[1]
    return np.asarray(labels, np.int64)


def _open_ends(preferred: Flags, groups: Ints, circles: Ints) -> tuple[Flags, Flags]:
    """(m,) who never lost to, and who never won over, others outside its circle.

    A circle is models that all beat one another, if through others. The largest circle of a group
    is what the others are measured by, so its models are neither.
    """
    outside = preferred & (circles[:, None] != circles[None, :])
    sizes = np.bincount(circles)[circles] if len(circles) else circles
    largest = np.zeros(groups.max(initial=-1) + 1, np.int64)
    np.maximum.at(largest, groups, sizes)
    split = _has(groups, outside.any(axis=1)) & ((sizes < largest[groups]) | (sizes == 1))
    never_lost = split & ~_has(circles, outside.any(axis=0))
    never_won = split & ~_has(circles, outside.any(axis=1))
    return never_lost, never_won


def _has(labels: Ints, flags: Flags) -> Flags:
    """(m,) whether any of the same label is flagged."""
    found: Flags = np.bincount(labels, flags, labels.max(initial=-1) + 1)[labels] > 0
    return found


def _log_likelihood(
    values: Floats, wins: Floats, comparisons: Comparisons, anchors: Floats
) -> float:
    told = -(wins * np.logaddexp(0, values[None, :] - values[:, None])).sum()
    told -= (anchors * (np.logaddexp(0, -values) + np.logaddexp(0, values))).sum() / 2
    if len(comparisons.choices):
        logits = _logits(values, comparisons.choices)
        told += (logits[:, 0] - logsumexp(logits, axis=1)).sum()
    return float(told)


def _derivatives(
    values: Floats, wins: Floats, games: Floats, comparisons: Comparisons, anchors: Floats
) -> tuple[Floats, Floats]:
    """Slope (m,), and curvature (m, m): minus the second derivative."""
    size = len(values)
    chances = expit(values[:, None] - values[None, :])
    told = games * chances * (1 - chances)
    average = expit(values)
    slope = (wins - games * chances).sum(axis=1) + anchors * (0.5 - average)
    curvature = np.diag(told.sum(axis=1) + anchors * average * (1 - average)) - told
    choices = comparisons.choices
    if len(choices):
        shares, places = choice_shares(values, choices), np.where(choices == NOBODY, 0, choices)
        slope = slope + np.bincount(choices[:, 0], minlength=size)
        slope = slope - np.bincount(places.ravel(), shares.ravel(), size)
        pairs = (places[:, :, None] * size + places[:, None, :]).ravel()
        joint = (shares[:, :, None] * shares[:, None, :]).ravel()
        curvature = curvature + np.diag(np.bincount(places.ravel(), shares.ravel(), size))
        curvature = curvature - np.bincount(pairs, joint, size * size).reshape(size, size)
    return slope, curvature


def _scores_by_judge(values: Floats, comparisons: Comparisons) -> Floats:
    """(g, m) each annotator's part of the slope; over all of them it is 0 but for the anchors."""
    size, people = len(values), len(comparisons.judge_ids)
    first, second, judges = comparisons.first, comparisons.second, comparisons.judges
    surprise = comparisons.outcomes - expit(values[first] - values[second])
    scores = np.bincount(judges * size + first, surprise, people * size)
    scores = scores - np.bincount(judges * size + second, surprise, people * size)
    choices = comparisons.choices
    if len(choices):
        places = np.where(choices == NOBODY, 0, choices)
        rows = comparisons.choice_judges * size
        scores = scores + np.bincount(rows + choices[:, 0], minlength=people * size)
        shares = choice_shares(values, choices).ravel()
        scores = scores - np.bincount((rows[:, None] + places).ravel(), shares, people * size)
    return np.asarray(scores, np.float64).reshape(people, size)


def _logits(values: Floats, choices: Ints) -> Floats:
    logits: Floats = np.where(choices == NOBODY, -np.inf, values[choices])
    return logits


def choice_shares(values: Floats, choices: Ints) -> Floats:
    """(c, width) probability of each to be chosen; 0 for nobody."""
    logits = _logits(values, choices)
    shares: Floats = np.exp(logits - logsumexp(logits, axis=1, keepdims=True))
    return shares


def _of_differences(covariance: Floats) -> Floats:
    """(m, m) variance of each difference."""
    own = np.diag(covariance)
    spread: Floats = own[:, None] + own[None, :] - 2 * covariance
    return spread
