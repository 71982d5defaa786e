"""What a campaign will ask for, told before it is made: judgments, sessions and people."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, comb

from core.sessions.progress import progress
from core.sessions.replay import start
from core.sessions.session import MODES, Mode, Pool, Rules, Session
from core.sessions.sorting import batches
from warehouse.campaign_plans import ModePolicy, Plan


@dataclass(frozen=True)
class Estimate:
    """Bounds from the rules alone; a settled top three may end it earlier."""

    fewest_judgments: int
    most_judgments: int  # attention checks included
    sessions: int  # where everybody ranks all that a session offers
    people: int  # fewest who can do it


def estimate(plan: Plan, mode: ModePolicy, pictures: Sequence[int]) -> Estimate:
    """What prompts with so many `pictures` each will ask for.

    Battles end sooner where both pictures are bad or skipped, so their number has bounds. Where the
    mode is drawn for each person, the bounds span both modes. Prompts of fewer than two pictures
    ask for nothing.
    """
    sizes = [min(count, plan.pictures_per_prompt) for count in pictures if count > 1]
    if not sizes:
        return Estimate(0, 0, 0, 0)
    modes: tuple[Mode, ...] = MODES if mode == "random" else (mode,)
    told = [_in_one_mode(plan, each, sizes) for each in modes]
    return Estimate(
        min(each.fewest_judgments for each in told),
        max(each.most_judgments for each in told),
        max(each.sessions for each in told),
        max(each.people for each in told),
    )


def answers(mode: Mode, sizes: Sequence[int], rules: Rules) -> tuple[int, int]:
    """Fewest and most answers of a session with prompts of so many pictures, by the rules."""
    pools = tuple(
        Pool(place, tuple(f"{place}/{number}" for number in range(size)))
        for place, size in enumerate(sizes)
    )
    ahead = progress(start(Session("estimate", "nobody", mode, pools, "none", 0, rules)))
    return ahead.fewest_left, ahead.most_left


def _in_one_mode(plan: Plan, mode: Mode, sizes: Sequence[int]) -> Estimate:
    rules = replace(plan.rules, check_every=0)
    counts = {size: answers(mode, [size], rules) for size in set(sizes)}
    people = [
        max(
            plan.people_per_prompt,
            ceil(plan.pairs_wanted(size) / _pairs(mode, size, counts[size][1], rules)),
        )
        for size in sizes
    ]
    each = list(zip(sizes, people, strict=True))
    most = sum(count * counts[size][1] for size, count in each)
    enough = max(max(people), ceil(most / (plan.judgments_per_person or most)))
    if mode == "battle" and plan.rules.check_every:
        most += most // plan.rules.check_every
    return Estimate(
        sum(count * counts[size][0] for size, count in each),
        most,
        ceil(sum(people) / plan.prompts_per_session),
        enough,
    )


def _pairs(mode: Mode, size: int, most: int, rules: Rules) -> int:
    """Pairs that one person judges of a prompt at most; a sorted batch judges all of its own."""
    if mode == "battle":
        return most
    image_ids = [str(number) for number in range(size)]
    return sum(comb(len(batch), 2) for batch in batches(image_ids, rules.batch_size))
