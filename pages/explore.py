"""Explore: filter, search and page through all pictures."""

import streamlit as st

from dashboard import profiles
from dashboard.access import Role, current_person
from dashboard.components.explore import empty, results, search
from dashboard.components.explore.facet_panel import facet_panel, take_choice
from dashboard.components.notices import show_empty_warehouse
from dashboard.data import explore as data

st.title("Explore", anchor=False)
st.caption(
    "All pictures, best first. Filter and search; open one for its scores, recipe and neighbours; "
    "tick some to compare or export them."
)

revision = profiles.scores_revision()
prompts = data.prompt_choices(revision)
if prompts.is_empty():
    show_empty_warehouse("prompts")
    st.stop()

take_choice()
results.adopt_link()
search.upload_error()
search.search_row()
view = results.current_view()
vector = search.search_vector()
tally = data.tally(revision, view.filters, vector)
view = results.current_view(tally.images)
results.share_link()
view = results.as_searched(view, vector)

filters, pictures = st.columns([1, 3.6], gap="medium")
with pictures:
    prompt = empty.one_prompt(view.filters, prompts)
    if prompt:
        empty.prompt_card(prompt)
    if vector is not None:
        search.searched_for()
    results.result_row(view, tally, vector)
    shown: list[str] = []
    if tally.images:
        shown = results.pictures(view, tally, vector)
    else:
        empty.nothing_matches(view, prompt, int(prompts["visible"].sum()))
with filters:
    facet_panel(
        data.facets(revision, view.filters, vector),
        data.ranges(revision, view.filters, vector),
        may_see_hidden=current_person().may(Role.MAINTAINER),
    )
results.open_linked(shown)
