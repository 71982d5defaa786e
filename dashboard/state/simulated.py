"""Whether simulated judgments are shown: one switch for every page, off at first."""

from collections.abc import Mapping
from typing import Any

SHOWN = "simulated.shown"


def shown(session: Mapping[Any, Any]) -> bool:
    """Whether this browser session counts simulated judgments too."""
    return bool(session.get(SHOWN, False))
