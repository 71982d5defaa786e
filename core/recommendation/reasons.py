"""Why a model is recommended, in words that follow from its numbers."""

from dataclasses import dataclass

LIKE_YOURS, OF_THE_TAG = "like yours", "of this tag"
WIDE = 0.6  # width of a 95 % interval from which on little is known
AVERAGE, NEAR_AVERAGE = 0.5, 0.1


@dataclass(frozen=True)
class Record:
    """A model's comparisons on some prompts: pairs of pictures, its own and another model's."""

    pairs: int
    preferred: int
    tied: int
    prompts: int  # on which there are any

    def words(self, where: str) -> str:
        """In how many it was preferred; `where` says on which prompts."""
        ties = f" ({_counted(self.tied, 'tie')})" if self.tied else ""
        return (
            f"in {self.preferred} of {_counted(self.pairs, 'comparison')}{ties} "
            f"on {_counted(self.prompts, where)}"
        )


@dataclass(frozen=True)
class Score:
    """A model's mean GRE-Score and its place among all models that have one."""

    value: float
    place: int
    among: int


def reason(
    near: Record, elsewhere: Record, score: Score | None, *, kind: str, near_prompts: int
) -> str:
    """What speaks for a model, votes first; what there is none of is said.

    `score` is that on near prompts, or over all where there are none near (`near_prompts` 0).
    """
    if near.pairs and elsewhere.pairs:
        votes = f"Preferred {near.words('prompt')} {kind}, and {elsewhere.words('other')}"
    elif near.pairs:
        votes = f"Preferred {near.words('prompt')} {kind}; no votes on others"
    elif not elsewhere.pairs:
        votes = "Nobody has voted on it yet"
    elif near_prompts:
        votes = f"No votes on prompts {kind}; preferred {elsewhere.words('other')}"
    else:
        votes = f"Preferred {elsewhere.words('prompt')}"
    where = "there" if near_prompts else "on average"
    if score is None:
        return f"{votes}; no GRE-Score {where}."
    return f"{votes}; GRE-Score {score.value:.2f} {where}, place {score.place} of {score.among}."


def certainty(chance: float, lower: float, upper: float) -> str:
    """What is known of a chance of being preferred to the average model, from its 95 % interval."""
    if lower > AVERAGE:
        return "surely better than average"
    if upper < AVERAGE:
        return "surely worse than average"
    if upper - lower > WIDE:
        return "hardly known yet"
    if abs(chance - AVERAGE) <= NEAR_AVERAGE:
        return "about average"
    side = "better" if chance > AVERAGE else "worse"
    return f"probably {side} than average"


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"
