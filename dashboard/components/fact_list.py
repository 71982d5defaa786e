"""A short list of facts as literal text."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from dashboard.components.assets import script, style

_mount = st.components.v2.component(
    "gemboard_fact_list",
    html='<div class="root"></div>',
    css=style("elements", "fact_list"),
    js=script("elements", "fact_list"),
)


@dataclass(frozen=True)
class Fact:
    """One line: `share` in [0, 1] draws a bar, `href` makes a link where it is a web address."""

    label: str
    value: str | None
    help: str | None = None
    href: str | None = None
    mono: bool = False
    share: float | None = None


def fact_list(facts: Sequence[Fact], *, key: str) -> None:
    """Show `facts`, one to a line."""
    _mount(key=key, data={"facts": [asdict(fact) for fact in facts]})
