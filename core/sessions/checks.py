"""Attention checks: an earlier pair comes again, sides swapped, to see who still looks."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.sessions.chance import draw
from core.sessions.events import Event, Vote
from core.sessions.session import CHECK, Rules, Screen

DECIDED = ("left", "right")


@dataclass(frozen=True)
class Attention:
    """How a session's attention checks went."""

    passed: int  # the same picture was preferred
    failed: int  # the other one was
    unclear: int  # a tie, both bad or a skip

    @property
    def asked(self) -> int:
        """All checks that were answered."""
        return self.passed + self.failed + self.unclear


def due_check(
    screens: Sequence[Screen],
    answers: Sequence[Event],
    upcoming: Sequence[str],
    rules: Rules,
    seed: int,
) -> Screen | None:
    """The check to show after these answers (answers[i] to screens[i]); None where none is due.

    Due when `check_every` answers lie between it and the last check. It repeats a pair of the same
    prompt that was decided, not repeated before, has `check_gap` other pairs between, and is
    neither the pair just shown nor the `upcoming` one; which one of several, chance decides.
    """
    if not rules.check_every or not screens:
        return None
    checks = [place for place, screen in enumerate(screens) if screen.repeats is not None]
    since = len(screens) - 1 - checks[-1] if checks else len(screens)
    if since < rules.check_every:
        return None
    taken = {screens[place].repeats for place in checks}
    near = ({*screens[-1].image_ids}, {*upcoming})
    fitting = [
        place
        for place in range(len(screens) - rules.check_gap)
        if place not in taken
        and screens[place].repeats is None
        and screens[place].prompt_id == screens[-1].prompt_id
        and _winner(answers[place]) is not None
        and {*screens[place].image_ids} not in near
    ]
    if not fitting:
        return None
    place = fitting[int(draw(seed, "check", len(screens)) * len(fitting))]
    left, right = screens[place].image_ids
    return Screen(screens[place].prompt_id, (right, left), CHECK, 1 / len(fitting), place)


def attention(screens: Sequence[Screen], answers: Sequence[Event]) -> Attention:
    """How the checks among these answers went (answers[i] to screens[i])."""
    results = [
        None if _winner(answer) is None else _winner(answer) == _winner(answers[screen.repeats])
        for screen, answer in zip(screens, answers, strict=True)
        if screen.repeats is not None
    ]
    return Attention(results.count(True), results.count(False), results.count(None))


def _winner(answer: Event) -> str | None:
    if not isinstance(answer, Vote) or answer.outcome not in DECIDED:
        return None
    return answer.shown_image_ids[DECIDED.index(answer.outcome)]
