"""Words to the person: errors with the way out, the empty warehouse, and strangers' texts."""

import re
from collections.abc import Sequence

import streamlit as st

from core.errors import GemboardError

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~:^=&])")
_LIVE = re.compile(
    r"(?<=www)(?=\.)|(?<=:)(?=//|[a-z])|(?=@)|(?<=-)(?=>)|(?<=<)(?=-)", re.IGNORECASE
)
_JOINER = "\u2060"  # invisible, has no width

UNSCORED_HINT = (
    "a metric that the weights ask for is missing. CLIP score and distinctiveness come from "
    "`python -m warehouse embed`, then `python -m warehouse score`; popularity comes from the "
    "roster's downloads"
)
STARTER_COMMAND = ".venv/bin/python -m warehouse starter"
IMPORT_COMMAND = (
    ".venv/bin/python -m warehouse import gemrec "
    "--roster roster.csv --prompts promptset_v6.csv --images DIR"
)


def literal(text: str) -> str:
    """`text` written so that Streamlit's Markdown shows it letter by letter.

    Backslashes alone leave addresses, icons and arrows, which are made after unescaping: there a
    word joiner keeps the letters apart.
    """
    return _SPECIAL.sub(r"\\\1", _LIVE.sub(_JOINER, text))


def error_words(error: GemboardError) -> str:
    """One of our errors as Markdown; what stands between backticks is shown as code."""
    parts = str(error).split("`")
    paired = len(parts) % 2 == 1
    return "".join(f"`{p}`" if paired and i % 2 else literal(p) for i, p in enumerate(parts))


def show_error(error: GemboardError) -> None:
    """One of our errors, in its own words."""
    st.error(error_words(error), icon=":material/error:")


def show_link_complaints(complaints: Sequence[str]) -> None:
    """What a shared link asked for and could not get, if anything."""
    if complaints:
        st.warning(
            f"The link {' and '.join(complaints)}; showing what comes closest.",
            icon=":material/link_off:",
        )


def show_empty_warehouse(what: str) -> None:
    """Why there is nothing to see yet, and the commands that change it."""
    with st.container(border=True):
        st.subheader("Nothing here yet", anchor=False)
        st.write(
            f"The warehouse holds no {what}. Stop the dashboard, load the starter world (small "
            "models and their pictures, which come with Gemboard), then start it again:"
        )
        st.code(STARTER_COMMAND, language=None, wrap_lines=True)
        st.write("Or bring in a roster of models and a set of prompts of your own:")
        st.code(IMPORT_COMMAND, language=None, wrap_lines=True)
        st.write(
            "`--images` takes pictures in GEMRec's own layout and may be left out. "
            "Afterwards `python -m warehouse embed` and `python -m warehouse score` fill in scores."
        )
