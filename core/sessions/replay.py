"""The state machine of a session: events in, state out.

A session moves by answers (votes, orders, skips). The state keeps one moment for each answer in
force, so an undo goes back to exactly what was shown before it, sides included. What is drawn by
chance depends on the session's seed and on the number of answers in force alone: events that are
undone leave no trace but in the log.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.sessions.battle import Bout, first_bout, next_bout
from core.sessions.chance import draw
from core.sessions.checks import Attention, attention, due_check
from core.sessions.contest import Contest, first_contest, next_contest
from core.sessions.events import Comment, Event, Order, Skip, Undo, Vote
from core.sessions.refusals import (
    NotPossibleError,
    NotShownError,
    StepAheadError,
    StepOverError,
)
from core.sessions.session import BY_GRE, BY_INFORMATION, SORTED, Screen, Session
from core.sessions.sorting import Tray, first_tray, next_tray, order_fault

Stage = Tray | Bout | Contest
LONGEST_COMMENT = 2000  # characters


@dataclass(frozen=True)
class Moment:
    """Where the session stands after some answers."""

    pool: int  # which prompt, into the session's pools
    stage: Stage | None  # its next regular pictures; None when it is through
    screen: Screen | None  # what is shown, a check may come first; None when the session is over


@dataclass(frozen=True)
class State:
    """A session after its events so far."""

    session: Session
    events: tuple[Event, ...]  # all that were taken, as they are stored; the index is the step
    answers: tuple[Event, ...]  # votes, orders and skips in force
    moments: tuple[Moment, ...]  # one before each answer in force, and the present one

    @property
    def step(self) -> int:
        """The step that the next event must name."""
        return len(self.events)

    @property
    def screen(self) -> Screen | None:
        """What is shown now; None when the session is over."""
        return self.moments[-1].screen

    @property
    def is_over(self) -> bool:
        """Whether all candidates are through; undo and comments are still possible."""
        return self.screen is None

    @property
    def undoable(self) -> str | None:
        """Id of the judgment that an undo must name; None when there is none."""
        return self.answers[-1].judgment_id if self.answers else None

    @property
    def judgments(self) -> tuple[Event, ...]:
        """Votes and orders in force, oldest first."""
        return tuple(answer for answer in self.answers if not isinstance(answer, Skip))

    @property
    def shown(self) -> tuple[Screen, ...]:
        """What each answer in force was given to."""
        return tuple(moment.screen for moment in self.moments[:-1] if moment.screen)

    @property
    def attention(self) -> Attention:
        """How the attention checks in force went."""
        return attention(self.shown, self.answers)


def start(session: Session) -> State:
    """The state before any event."""
    return State(session, (), (), (_at_pool(session, 0, 0),))


def state_after(session: Session, events: Iterable[Event]) -> State:
    """The state after stored events in order of their steps; raises as `apply` does."""
    state = start(session)
    for event in events:
        state = apply(state, event)
    return state


def apply(state: State, event: Event) -> State:
    """The state after one more event; the very same object where the event was taken before.

    What was taken is `state.events[-1]`, with all that a row needs. Raises EventRefusedError with
    the present state: StepOverError, StepAheadError, NotShownError for pictures or places that are
    not on screen, NotPossibleError for what cannot be done now.
    """
    key = event.idempotency_key
    taken = next((each for each in state.events if each.idempotency_key == key), None)
    if taken and event.repeats(taken):
        return state
    if event.step < state.step:
        raise StepOverError(state, event.step)
    if event.step > state.step:
        raise StepAheadError(state, event.step)
    if taken:
        raise NotPossibleError(state, "The key of this event was used for another one.")
    _check(state, event)
    event = _completed(state, event)
    events = (*state.events, event)
    if isinstance(event, Comment):
        return replace(state, events=events)
    if isinstance(event, Undo):
        return State(state.session, events, state.answers[:-1], state.moments[:-1])
    answers = (*state.answers, event)
    moment = _moment_after(state, event)
    return State(state.session, events, answers, (*state.moments, moment))


def _check(state: State, event: Event) -> None:
    """Raise unless the event fits what is shown."""
    screen, rules = state.screen, state.session.rules
    shown = screen.image_ids if screen else ()
    about_nothing = isinstance(event, Comment) and not event.shown_image_ids
    if event.shown_image_ids != shown and not about_nothing:
        raise NotShownError(state)
    if screen and event.prompt_id not in (None, screen.prompt_id):
        raise NotShownError(state)
    fault = None
    if isinstance(event, Comment):
        if not 0 < len(event.comment.strip()) <= LONGEST_COMMENT:
            fault = f"A comment has 1 to {LONGEST_COMMENT} characters."
    elif isinstance(event, Undo):
        if event.undoes_judgment_id != state.undoable:
            fault = "Only the latest answer that is in force can be undone."
    elif screen is None:
        fault = "The session is over; its last answer can still be undone."
    elif isinstance(event, Vote) and state.session.mode != "battle":
        fault = "A batch is sorted, not voted on."
    elif isinstance(event, Order):
        fault = (
            order_fault(event, reject_bin=rules.reject_bin)
            if state.session.mode == "sort"
            else "A pair is voted on, not sorted."
        )
    if fault:
        raise NotPossibleError(state, fault)


def _completed(state: State, event: Event) -> Event:
    """The event with what it left to be filled in."""
    screen = state.screen
    if event.profile is None:
        event = replace(event, profile=state.session.profile)
    if screen is None or (isinstance(event, Comment) and not event.shown_image_ids):
        return event
    if event.pairing is None:
        event = replace(
            event, pairing=screen.pairing, pairing_probability=screen.pairing_probability
        )
    return replace(event, prompt_id=screen.prompt_id)


def _moment_after(state: State, answer: Event) -> Moment:
    session, moment = state.session, state.moments[-1]
    place = len(state.answers) + 1
    if moment.screen and moment.screen.repeats is not None:
        return _regular(session, moment.pool, moment.stage, place)
    stage = _next_stage(session, moment.stage, answer, place)
    if session.mode == "battle" and session.rules.check_every:
        screens = tuple(each.screen for each in state.moments if each.screen)
        upcoming = _pictures(stage) if stage else ()
        answers = (*state.answers, answer)
        check = due_check(screens, answers, upcoming, session.rules, session.seed)
        if check:
            return Moment(moment.pool, stage, check)
    return _regular(session, moment.pool, stage, place)


def _regular(session: Session, pool: int, stage: Stage | None, place: int) -> Moment:
    """The moment that shows the stage, or the next prompt, or the end."""
    if stage is None:
        return _at_pool(session, pool + 1, place)
    prompt_id, pictures = session.pools[pool].prompt_id, _pictures(stage)
    if isinstance(stage, Tray):
        return Moment(pool, stage, Screen(prompt_id, pictures, SORTED))
    if draw(session.seed, "sides", place) < 0.5:
        pictures = pictures[::-1]
    if isinstance(stage, Bout):
        return Moment(pool, stage, Screen(prompt_id, pictures, BY_GRE))
    choice = stage.choice
    return Moment(pool, stage, Screen(prompt_id, pictures, choice.how, choice.probability))


def _at_pool(session: Session, pool: int, place: int) -> Moment:
    if pool == len(session.pools):
        return Moment(pool, None, None)
    candidates, rules = session.pools[pool], session.rules
    if session.mode == "sort":
        stage: Stage = first_tray(candidates.image_ids, rules.batch_size)
    elif rules.pairing == BY_INFORMATION:
        stage = first_contest(candidates, rules, session.seed, place)
    else:
        stage = first_bout(candidates.image_ids)
    return _regular(session, pool, stage, place)


def _next_stage(session: Session, stage: Stage | None, answer: Event, place: int) -> Stage | None:
    match stage:
        case Tray():
            return next_tray(stage)
        case Bout():
            return next_bout(stage, answer)
        case Contest():
            return next_contest(stage, answer, session.rules, session.seed, place)
    return None


def _pictures(stage: Stage) -> tuple[str, ...]:
    return stage.batch if isinstance(stage, Tray) else stage.pair
