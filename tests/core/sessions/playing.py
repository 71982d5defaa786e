"""Sessions for tests, and somebody who clicks through them, rightly and wrongly."""

from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from core.sessions.events import Comment, Event, Order, Skip, Undo, Vote, step_key
from core.sessions.refusals import EventRefusedError
from core.sessions.replay import State, apply, start
from core.sessions.session import Pool, Rules, Session

OUTCOMES = ("left", "right", "tie", "both_bad")


def a_session(
    *sizes: int, mode: str = "battle", seed: int = 1, simulated: bool = False, **rules: object
) -> Session:
    """A session over prompts 1, 2, ... whose pictures are named 1a, 1b, ..., 2a, ..."""
    pools = tuple(
        Pool(prompt, tuple(f"{prompt}{chr(97 + place)}" for place in range(size)))
        for prompt, size in enumerate(sizes, start=1)
    )
    return Session("s", "p", mode, pools, "even", seed, Rules(**rules), simulated=simulated)


def an_answer(state: State, choice: int, key: str | None = None) -> Event:
    """One of the answers that fit what is shown; `choice` says which."""
    shown = state.screen.image_ids
    told = {
        "step": state.step,
        "idempotency_key": key or step_key("s", state.step),
        "shown_image_ids": shown,
        "response_time_ms": 100 + choice,
    }
    if choice % 7 == 6:
        return Skip(**told)
    if state.session.mode == "battle":
        return Vote(**told, outcome=OUTCOMES[choice % 7 % 4])
    turn = choice % len(shown)
    order = shown[turn:] + shown[:turn]
    bin_size = choice % 3 if state.session.rules.reject_bin else 0
    kept = len(order) - min(bin_size, len(order))
    return Order(**told, ranked_image_ids=order[:kept], rejected_image_ids=order[kept:])


def an_undo(state: State, judgment_id: str | None = None) -> Undo:
    return Undo(
        step=state.step,
        idempotency_key=step_key("s", state.step),
        shown_image_ids=state.screen.image_ids if state.screen else (),
        undoes_judgment_id=judgment_id or state.undoable or "none",
    )


def a_comment(state: State, words: str = "nice") -> Comment:
    return Comment(step=state.step, idempotency_key=step_key("s", state.step), comment=words)


def answered(session: Session, *choices: int) -> State:
    """The state after such answers, as far as the session goes."""
    state = start(session)
    for choice in choices:
        if not state.is_over:
            state = apply(state, an_answer(state, choice))
    return state


def voted(session: Session, *outcomes: str) -> State:
    """The state after such votes."""
    return answered(session, *(6 if one == "skip" else OUTCOMES.index(one) for one in outcomes))


def finished(state: State, choices: list[int]) -> State:
    """The state when all is through, the choices made over and over."""
    number = 0
    while not state.is_over:
        state = apply(state, an_answer(state, choices[number % len(choices)]))
        number += 1
        assert number < 500, "the session does not end"
    return state


@dataclass
class Player:
    """Makes gestures and keeps an account of its own of what is in force."""

    state: State
    in_force: list[Event] = field(default_factory=list)
    sent: list[Event] = field(default_factory=list)  # taken or not

    def send(self, event: Event) -> bool:
        """Send an event; whether it changed anything. A refusal must change nothing."""
        self.sent.append(event)
        before = self.state
        try:
            self.state = apply(before, event)
        except EventRefusedError as refusal:
            assert refusal.state is before
            return False
        return self.state is not before

    def gesture(self, kind: str, choice: int) -> None:
        state = self.state
        if kind == "answer" and not state.is_over:
            event = an_answer(state, choice)
            assert self.send(event)
            self.in_force.append(event)
        elif kind == "undo" and self.in_force:
            assert self.send(an_undo(state, self.in_force[-1].judgment_id))
            self.in_force.pop()
        elif kind == "comment":
            assert self.send(a_comment(state, f"number {choice}"))
        elif kind == "repeat" and state.events:
            event = state.events[choice % len(state.events)]
            assert not self.send(replace(event, response_time_ms=choice))
        elif kind == "stale" and state.events:  # another tab, at an earlier step
            step = choice % len(state.events)
            shown = state.events[step].shown_image_ids
            assert not self.send(
                Skip(step=step, idempotency_key=f"tab {choice}", shown_image_ids=shown)
            )
        elif kind == "twice" and state.events and not state.is_over:  # same step, another answer
            event = replace(an_answer(state, choice), step=state.step - 1)
            assert not self.send(event)
        elif kind == "ahead" and not state.is_over:
            event = replace(an_answer(state, choice), step=state.step + 1 + choice)
            assert not self.send(event)
        elif kind == "unseen" and not state.is_over:
            event = replace(an_answer(state, choice), shown_image_ids=state.screen.image_ids[::-1])
            assert not self.send(event)


GESTURES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "answer",
                "answer",
                "answer",
                "undo",
                "undo",
                "comment",
                "repeat",
                "stale",
                "twice",
                "ahead",
                "unseen",
            ]
        ),
        st.integers(0, 41),
    ),
    max_size=40,
)
CHOICES = st.lists(st.integers(0, 41), min_size=1, max_size=12)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """Any session, small."""
    sizes = draw(st.lists(st.integers(2, 7), min_size=1, max_size=3))
    return a_session(
        *sizes,
        mode=draw(st.sampled_from(["battle", "battle", "sort"])),
        seed=draw(st.integers(0, 2**53 - 1)),
        simulated=draw(st.booleans()),
        batch_size=draw(st.integers(2, 5)),
        reject_bin=draw(st.booleans()),
        pairing=draw(st.sampled_from(["gre ascending", "information"])),
        comparisons=draw(st.sampled_from([None, 3, 12])),
        exploration=draw(st.sampled_from([0.0, 0.3, 1.0])),
        check_every=draw(st.integers(0, 3)),
        check_gap=draw(st.integers(1, 3)),
    )


def played(session: Session, gestures: list[tuple[str, int]]) -> Player:
    """A player after such gestures."""
    player = Player(start(session))
    for kind, choice in gestures:
        player.gesture(kind, choice)
    return player
