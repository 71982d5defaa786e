"""Whose batch comes next on a device: people take turns, and weights stay loaded for a while."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

QUANTUM_S = 8.0  # loading a checkpoint takes seconds: changing hands at each batch would waste them


@dataclass(frozen=True)
class Waiting:
    """A batch that could be made now: the first one of a job, or of a job's present weights."""

    job_id: str
    person_id: str
    asked_at: float  # of the job, any clock
    weights: Hashable


@dataclass
class Turns:
    """Who was served when, and what each device has loaded."""

    _served_at: dict[str, float] = field(default_factory=dict)  # person -> end of their last turn
    _holds: dict[str, tuple[str, Hashable, float]] = field(default_factory=dict)

    def next(self, device: str, waiting: Sequence[Waiting], now_s: float) -> Waiting | None:
        """The batch that `device` takes; None where nobody waits.

        The person who waits longest since their last turn, of theirs the oldest job; but a turn
        lasts QUANTUM_S while its job has batches for the same weights, or as long as nobody else
        waits.
        """
        if not waiting:
            return None
        person, weights, since_s = self._holds.get(device, ("", None, now_s))
        same = [each for each in waiting if each.person_id == person and each.weights == weights]
        alone = all(each.person_id == person for each in waiting)
        if same and (alone or now_s - since_s < QUANTUM_S):
            chosen = min(same, key=_age)
        else:
            chosen = min(
                waiting,
                key=lambda each: (self._served_at.get(each.person_id, -1.0), *_age(each)),
            )
        if (chosen.person_id, chosen.weights) != (person, weights):
            since_s = now_s
        self._holds[device] = chosen.person_id, chosen.weights, since_s
        self._served_at[chosen.person_id] = now_s
        return chosen


def _age(each: Waiting) -> tuple[float, str]:
    return each.asked_at, each.job_id
