"""Bradley-Terry ratings with their uncertainty: what one more vote tells, and who leads surely."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.errors import ScoreError

Floats = npt.NDArray[np.float64]

UNKNOWN_VARIANCE = 1.0  # log odds squared: a picture nobody judged beats another 3 to 1, or loses
DRAWS = 4000  # a probability near 90 % is then known to half a per cent
REACH, NODES = 8.0, 129  # standard deviations to each side, and points over them
POINTS = np.linspace(-REACH, REACH, NODES)
WEIGHTS = np.exp(-(POINTS**2) / 2) / np.exp(-(POINTS**2) / 2).sum()


@dataclass(frozen=True)
class Ratings:
    """Normal approximation of n ratings, in log odds of winning; plain tuples, kept as JSON."""

    means: tuple[float, ...]  # (n,)
    covariance: tuple[tuple[float, ...], ...]  # (n, n)

    def __post_init__(self) -> None:
        checked(*self.arrays())

    def arrays(self) -> tuple[Floats, Floats]:
        """Means (n,) and covariance (n, n)."""
        return np.array(self.means, np.float64), np.array(self.covariance, np.float64)


def ratings_of(means: Floats, covariance: Floats) -> Ratings:
    """Ratings that can be kept and compared."""
    return Ratings(tuple(means.tolist()), tuple(map(tuple, covariance.tolist())))


def unknown_ratings(count: int) -> Ratings:
    """Ratings of pictures that nobody judged: all alike, independent, wide."""
    return ratings_of(np.zeros(count), UNKNOWN_VARIANCE * np.eye(count))


def checked(means: Floats, covariance: Floats) -> None:
    """Raise ScoreError unless these are n means and an n x n covariance, all finite."""
    if means.ndim != 1 or covariance.shape != (len(means), len(means)):
        raise ScoreError(f"{means.shape} means do not go with a covariance {covariance.shape}.")
    if not (np.isfinite(means).all() and np.isfinite(covariance).all()):
        raise ScoreError("Ratings must be finite numbers.")


def after_comparison(ratings: Ratings, first: int, second: int, outcome: float) -> Ratings:
    """Ratings after one more comparison: outcome 1 the first won, 0 the second, 0.5 a tie.

    Assumed-density filtering: the likelihood depends on the difference alone, whose moments are
    found by quadrature and carried over to all ratings by their covariance. A tie counts as half a
    win for each, as in the fit. No refit: exact to first order while a session adds a few votes.
    """
    means, covariance = ratings.arrays()
    shared = covariance[:, first] - covariance[:, second]  # (n,) covariance with the difference
    centre, spread = means[first] - means[second], shared[first] - shared[second]
    if spread <= 0:
        return ratings
    gaps = centre + np.sqrt(spread) * POINTS
    told = -outcome * np.logaddexp(0, -gaps) - (1 - outcome) * np.logaddexp(0, gaps)
    weights = WEIGHTS * np.exp(told - told.max())
    weights /= weights.sum()
    new_centre = weights @ gaps
    new_spread = weights @ (gaps - new_centre) ** 2
    means = means + shared * (new_centre - centre) / spread
    covariance = covariance + np.outer(shared, shared) * (new_spread - spread) / spread**2
    return ratings_of(means, covariance)


@dataclass(frozen=True)
class Top:
    """The best-rated, best first, and how probable it is that they are the best."""

    places: tuple[int, ...]  # into the ratings
    probability: float

    def is_settled(self, level: float = 0.9) -> bool:
        """Whether no further judgment is needed at that level."""
        return self.probability >= level


def top_of(
    means: Floats, covariance: Floats, count: int = 3, *, draws: int = DRAWS, seed: int = 0
) -> Top | None:
    """The `count` best by their means, with the share of draws in which the same ones are best.

    Which ones, not in which order among themselves. Draws are from the ratings' normal
    approximation and seeded. None where there are no more than `count`, since then there is
    nothing to settle. Raises ScoreError for means and covariance that do not go together.
    """
    checked(means, covariance)
    if len(means) <= count:
        return None
    places = np.argsort(-means, kind="stable")[:count]
    drawn = drawn_ratings(means, covariance, draws=draws, seed=seed)
    among = np.zeros(len(means), np.bool_)
    among[places] = True
    same = drawn[:, among].min(axis=1) >= drawn[:, ~among].max(axis=1)
    return Top(tuple(places.tolist()), float(same.mean()))


def drawn_ratings(
    means: Floats, covariance: Floats, *, draws: int = DRAWS, seed: int = 0
) -> Floats:
    """Ratings (draws, n) drawn from their normal approximation; the same seed draws the same."""
    values, vectors = np.linalg.eigh(covariance)  # may be singular: a fit fixes the ratings' sum
    noise = np.random.default_rng(seed).standard_normal((draws, len(means)))
    drawn: Floats = means + noise * np.sqrt(np.clip(values, 0, None)) @ vectors.T
    return drawn
