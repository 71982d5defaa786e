"""Events of a ranking session, one for each row of `judgments`; none is ever changed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Literal, get_args

from core.sessions.refusals import SessionError

Outcome = Literal["left", "right", "tie", "both_bad"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
LISTS = ("shown_image_ids", "ranked_image_ids", "rejected_image_ids")


@dataclass(frozen=True, kw_only=True)
class Event:
    """What every event tells: its step, its key and the pictures it was made on.

    A page gives the first four; what is None (profile, prompt, how the pictures were chosen) is
    filled in when the event is taken (`replay.apply`). Raises SessionError for values that no
    event can have.
    """

    kind: ClassVar[str]

    step: int  # of the session, from 0; rises by one with each event
    idempotency_key: str  # as `step_key` makes it, or any other that a repetition shares
    shown_image_ids: tuple[str, ...] = ()  # in their places on screen, left to right
    response_time_ms: int | None = None  # from shown to answered; of the last showing, if resumed
    prompt_id: int | None = None
    profile: str | None = None
    pairing: str | None = None  # how the pictures were chosen
    pairing_probability: float | None = None  # where chance was involved
    judgment_id: str = ""  # the key, where none is given

    def __post_init__(self) -> None:
        if self.step < 0 or (self.response_time_ms or 0) < 0:
            raise SessionError("Steps and response times of an event begin at 0.")
        if not self.idempotency_key:
            raise SessionError("An event needs an idempotency key.")
        if not self.judgment_id:
            object.__setattr__(self, "judgment_id", self.idempotency_key)

    def repeats(self, earlier: "Event") -> bool:
        """Whether this is `earlier` sent again: same key, step and answer, whatever the time."""
        return _told(self) == _told(earlier)


@dataclass(frozen=True, kw_only=True)
class Vote(Event):
    """An answer to a pair."""

    kind = "vote"
    outcome: Outcome

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.outcome not in OUTCOMES:
            raise SessionError(f"A vote is one of {', '.join(OUTCOMES)}.")


@dataclass(frozen=True, kw_only=True)
class Order(Event):
    """A sorted batch, best first, and what was put into the reject bin."""

    kind = "order"
    ranked_image_ids: tuple[str, ...]
    rejected_image_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Skip(Event):
    """No answer: the next pictures, please."""

    kind = "skip"


@dataclass(frozen=True, kw_only=True)
class Undo(Event):
    """Takes back the latest answer that is in force."""

    kind = "undo"
    undoes_judgment_id: str


@dataclass(frozen=True, kw_only=True)
class Comment(Event):
    """Free words, on the pictures shown or (without pictures) on the session; moves nothing."""

    kind = "comment"
    comment: str


KINDS: dict[str, type[Event]] = {kind.kind: kind for kind in (Vote, Order, Skip, Undo, Comment)}
COLUMNS = tuple(
    dict.fromkeys(["kind", *(field.name for kind in KINDS.values() for field in fields(kind))])
)


def step_key(session_id: str, step: int) -> str:
    """The key to send with a step: since keys are unique, the table cannot hold a step twice."""
    return f"{session_id}/{step}"


def event_row(event: Event) -> dict[str, Any]:
    """The event's columns of `judgments`; those that its kind has not are None or empty."""
    row: dict[str, Any] = {name: [] if name in LISTS else None for name in COLUMNS}
    for field in fields(event):
        value = getattr(event, field.name)
        row[field.name] = list(value) if isinstance(value, tuple) else value
    return row | {"kind": event.kind}


def event_of_row(row: Mapping[str, Any]) -> Event:
    """The event that a row of `judgments` holds; columns of the session are left aside.

    Raises SessionError for a kind that is unknown or a value that the kind needs and is missing.
    """
    kind = KINDS.get(row["kind"])
    if kind is None:
        raise SessionError(f"There is no kind of event “{row['kind']}”.")
    values = {}
    for field in fields(kind):
        value = row[field.name]
        if field.name in LISTS:
            value = tuple(value or ())
        elif value is None and field.name in ("outcome", "undoes_judgment_id", "comment"):
            raise SessionError(f"Event {row['judgment_id']} ({kind.kind}) lacks its {field.name}.")
        values[field.name] = value
    return kind(**values)


def _told(event: Event) -> Event:
    """The event without what its sender does not decide."""
    return replace(
        event,
        response_time_ms=None,
        prompt_id=None,
        profile=None,
        pairing=None,
        pairing_probability=None,
        judgment_id=event.idempotency_key,
    )
