"""Explore: filter, search and page through all pictures."""

import streamlit as st

from dashboard.access import Role, current_person
from dashboard.components import explore_empty, explore_search, explore_view
from dashboard.components.facet_panel import facet_panel, take_choice
from dashboard.components.notices import show_empty_warehouse
from dashboard.data import explore as data

st.title("Explore", anchor=False)
st.caption(
    "All pictures, best first. Filter and search; open one for its scores, recipe and neighbours; "
    "tick some to compare or export them."
)

prompts = data.prompt_choices()
if prompts.is_empty():
    show_empty_warehouse("prompts")
    st.stop()

take_choice()
explore_view.adopt_link()
explore_search.upload_error()
explore_search.search_row()
view = explore_view.current_view()
vector = explore_search.search_vector()
tally = data.tally(view.filters, vector)
view = explore_view.current_view(tally.images)
explore_view.share_link()
view = explore_view.as_searched(view, vector)

filters, results = st.columns([1, 3.6], gap="medium")
with results:
    prompt = explore_empty.one_prompt(view.filters, prompts)
    if prompt:
        explore_empty.prompt_card(prompt)
    if vector is not None:
        explore_search.searched_for()
    explore_view.result_row(view, tally, vector)
    shown: list[str] = []
    if tally.images:
        shown = explore_view.pictures(view, tally, vector)
    else:
        explore_empty.nothing_matches(view, prompt, int(prompts["visible"].sum()))
with filters:
    facet_panel(
        data.facets(view.filters, vector),
        data.ranges(view.filters, vector),
        may_see_hidden=current_person().may(Role.MAINTAINER),
    )
explore_view.open_linked(shown)
