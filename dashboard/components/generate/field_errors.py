"""What is wrong with a field, in a sentence under it."""

from typing import Any

import streamlit as st

from core.errors import GemboardError
from core.generation.request import Request, Weights
from dashboard.components.notices import error_words

_ANY = Weights("any", "0" * 64)


def field_error(error: GemboardError) -> None:
    """One of our errors, small and red."""
    st.caption(f":red[{error_words(error)}]")


def fault(name: str, value: Any) -> GemboardError | None:
    """Why no request can have this value; None where one can."""
    try:
        Request(**{"prompt": "any", "model": _ANY, "seed": 0, name: value})
    except GemboardError as error:
        return error
    return None


def fits(name: str, value: Any) -> bool:
    """Whether a request can have this value; says under the field why it cannot."""
    error = fault(name, value)
    if error is not None:
        field_error(error)
    return error is None
