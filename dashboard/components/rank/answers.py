"""What the browser answered, brought into the session: each step once, however often it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.sessions.events import Comment, Event, Order, Skip, Undo, Vote, step_key
from core.sessions.refusals import EventRefusedError, SessionError
from core.sessions.replay import State
from dashboard import ranking


@dataclass(frozen=True)
class Taken:
    """The state after the answers, and what was not taken."""

    state: State
    refused: tuple[str, ...] = ()  # the sender's ids of answers
    reason: str = ""


def candidates(state: State) -> tuple[str, ...]:
    """All pictures of the session. The browser knows them by their places here.

    Image ids often name the model, which nobody may see before the answer.
    """
    return tuple(image_id for pool in state.session.pools for image_id in pool.image_ids)


def take_answers(state: State, answers: object) -> Taken:
    """Store what is new in `answers`; what is stored already changes nothing.

    What cannot be taken is left, with the reason. Raises what `ranking.record` raises but for
    refusals.
    """
    refused: list[str] = []
    reason = ""
    for answer in answers if isinstance(answers, list) else ():
        if not isinstance(answer, dict) or answer.get("session") != state.session.session_id:
            continue
        try:
            event = _event(answer, state)
            if not _is_stored(event, state):
                state = ranking.record(state.session.session_id, event)
        except EventRefusedError as error:
            state, reason = error.state, str(error)
            refused.append(str(answer.get("id", "")))
        except SessionError as error:
            reason = str(error)
            refused.append(str(answer.get("id", "")))
    return Taken(state, tuple(refused), reason)


def take_event(state: State, event: Event) -> Taken:
    """Store one event that was made here."""
    try:
        return Taken(ranking.record(state.session.session_id, event))
    except EventRefusedError as error:
        return Taken(error.state, (event.idempotency_key,), str(error))


def _is_stored(event: Event, state: State) -> bool:
    return event.step < state.step and event.repeats(state.events[event.step])


def _event(answer: Mapping[str, Any], state: State) -> Event:
    """The event of an answer from a browser. Raises SessionError where it makes none."""
    step, ms, kind = answer.get("step"), answer.get("ms"), answer.get("kind")
    if type(step) is not int:
        raise SessionError("An answer came without its step.")
    images = candidates(state)
    told: dict[str, Any] = {
        "step": step,
        "idempotency_key": step_key(state.session.session_id, step),
        "shown_image_ids": _image_ids(answer.get("shown"), images),
        "response_time_ms": ms if type(ms) is int else None,
    }
    match kind:
        case "vote":
            return Vote(outcome=answer.get("outcome"), **told)  # type: ignore[arg-type]
        case "order":
            return Order(
                ranked_image_ids=_image_ids(answer.get("ranked"), images),
                rejected_image_ids=_image_ids(answer.get("rejected"), images),
                **told,
            )
        case "skip":
            return Skip(**told)
        case "undo":
            return Undo(undoes_judgment_id=str(answer.get("undoes")), **told)
        case "comment":
            return Comment(comment=str(answer.get("comment") or ""), **told)
    raise SessionError("An answer came that is of no known kind.")


def _image_ids(places: object, images: tuple[str, ...]) -> tuple[str, ...]:
    """Image ids of places as the browser knows them; what is no place names no picture."""
    texts = [str(place) for place in places] if isinstance(places, list) else []
    return tuple(
        images[int(text)] if text.isdecimal() and int(text) < len(images) else "" for text in texts
    )
