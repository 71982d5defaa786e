"""How far a session is, how long it may take still, and which pictures may come next."""

from dataclasses import dataclass
from math import comb
from statistics import median

from core.sessions.battle import Bout, fewest_bouts, most_bouts
from core.sessions.contest import Contest, comparisons_of
from core.sessions.events import OUTCOMES, Event, Skip, Vote
from core.sessions.replay import Stage, State, apply
from core.sessions.session import BY_INFORMATION, Pool, Session
from core.sessions.sorting import Tray, batches


@dataclass(frozen=True)
class Progress:
    """Answers given and left, the present one included; exact where both bounds agree."""

    answered: int
    fewest_left: int
    most_left: int
    response_time_ms: float | None  # median of the answers in force; None before the first

    @property
    def share(self) -> float:
        """How much is done, 0 to 1; never falls but by an undo."""
        return self.answered / (self.answered + self.most_left)

    @property
    def most_seconds_left(self) -> float | None:
        """Time left at the person's own pace; None before the first answer."""
        if self.response_time_ms is None:
            return None
        return self.most_left * self.response_time_ms / 1000


def progress(state: State) -> Progress:
    """Exact for drag and sort; for a battle bounds, since the answers decide.

    Both-bad and skip make it shorter, attention checks make it longer.
    """
    session, moment = state.session, state.moments[-1]
    fewest, most = _left_of_stage(moment.stage)
    for pool in session.pools[moment.pool + 1 :]:
        pool_fewest, pool_most = _left_of_pool(session, pool)
        fewest, most = fewest + pool_fewest, most + pool_most
    checking = state.screen is not None and state.screen.repeats is not None
    if session.mode == "battle" and session.rules.check_every and not state.is_over:
        since = 0 if checking else _since_check(state)
        most += (since + most) // session.rules.check_every
    times = [a.response_time_ms for a in state.answers if a.response_time_ms is not None]
    return Progress(
        len(state.answers),
        fewest + checking,
        most + checking,
        float(median(times)) if times else None,
    )


def pictures_next(state: State) -> tuple[str, ...]:
    """All pictures that the next screen may show and this one does not, to be loaded ahead."""
    if state.screen is None:
        return ()
    after = [apply(state, answer).screen for answer in _possible_answers(state)]
    coming = [image_id for screen in after if screen for image_id in screen.image_ids]
    return tuple(
        image_id for image_id in dict.fromkeys(coming) if image_id not in state.screen.image_ids
    )


def _possible_answers(state: State) -> list[Event]:
    """Answers with different consequences; none of them is ever stored."""
    assert state.screen
    shown, key = state.screen.image_ids, f"ahead of {state.step}"
    skip = Skip(step=state.step, idempotency_key=key, shown_image_ids=shown)
    if state.session.mode == "sort":
        return [skip]
    votes = [
        Vote(step=state.step, idempotency_key=key, shown_image_ids=shown, outcome=outcome)
        for outcome in OUTCOMES
    ]
    return [*votes, skip]


def _since_check(state: State) -> int:
    regular = [screen.repeats is None for screen in state.shown]
    return len(regular) if all(regular) else regular[::-1].index(False)


def _left_of_stage(stage: Stage | None) -> tuple[int, int]:
    """Fewest and most regular answers within a prompt, the present one included."""
    match stage:
        case Tray():
            left = 1 + len(stage.following)
            return left, left
        case Bout():
            return fewest_bouts(len(stage.waiting)), most_bouts(len(stage.waiting))
        case Contest():
            pairs = comb(len(stage.image_ids), 2) - len(stage.set_aside)
            return min(stage.left, pairs), stage.left
    return 0, 0


def _left_of_pool(session: Session, pool: Pool) -> tuple[int, int]:
    count = len(pool.image_ids)
    if session.mode == "sort":
        left = len(batches(pool.image_ids, session.rules.batch_size))
        return left, left
    if session.rules.pairing == BY_INFORMATION:
        left = comparisons_of(count, session.rules)
        return min(left, comb(count, 2)), left
    return fewest_bouts(count - 2), most_bouts(count - 2)
