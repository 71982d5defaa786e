"""Why an event is not taken; each refusal carries the state as it is, to show it again."""

from typing import TYPE_CHECKING

from core.errors import GemboardError

if TYPE_CHECKING:
    from core.sessions.replay import State


class SessionError(GemboardError):
    """A session or an event cannot be made from what is given."""


class EventRefusedError(GemboardError):
    """An event that is not taken; nothing changed."""

    def __init__(self, state: "State", reason: str) -> None:
        self.state = state
        super().__init__(reason)


class StepOverError(EventRefusedError):
    """The step was answered before, otherwise or from elsewhere."""

    def __init__(self, state: "State", step: int) -> None:
        super().__init__(
            state,
            f"Step {step + 1} of this session is answered already (a second tab, or keys pressed "
            "twice); this answer was not taken. Go on with what is shown now.",
        )


class StepAheadError(EventRefusedError):
    """The step has not come yet: something before it is missing."""

    def __init__(self, state: "State", step: int) -> None:
        super().__init__(
            state,
            f"Step {step + 1} of this session has not come yet, the next is {state.step + 1}; "
            "this answer was not taken. Go on with what is shown now.",
        )


class NotShownError(EventRefusedError):
    """The event was made on other pictures than those on screen."""

    def __init__(self, state: "State") -> None:
        super().__init__(
            state,
            "The answer was given to other pictures than those that are shown; it was not taken. "
            "Go on with what is shown now.",
        )


class NotPossibleError(EventRefusedError):
    """The event makes no sense at this point of the session; the reason says why."""
