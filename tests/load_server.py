"""The real dashboard for twenty people at once: `python -m tests.load_server --server.port N`.

There is no sign-in yet, so whoever is at the screen says so in the address (`?annotator=7`). That
is the one thing that is replaced; whoever says nothing is who they would be without this script.
"""

import sys

import streamlit as st
from streamlit.web.cli import main

from dashboard import access

ANNOTATOR = "load.annotator"
PARAMETER = "annotator"

_without_sign_in = access.current_person


def person_of(number: int) -> access.Person:
    """The annotator of this number."""
    return access.Person(f"load-{number:02}", f"Annotator {number}", access.Role.ANNOTATOR)


def current_person() -> access.Person:
    """The annotator whom the address named first in this browser session."""
    named = st.query_params.get(PARAMETER, "")
    number = st.session_state.get(ANNOTATOR) or (int(named) if named.isdigit() else None)
    if number is None:
        return _without_sign_in()
    st.session_state[ANNOTATOR] = number
    return person_of(number)


if __name__ == "__main__":
    access.current_person = current_person
    sys.argv[1:] = ["run", "dashboard/server.py", *sys.argv[1:]]
    main()
