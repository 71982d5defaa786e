"""Dialogs over the gallery: one picture in full, and the picked ones side by side."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.picture_sheet import picture_sheet
from dashboard.data import explore as data
from dashboard.state import explore as state

_OPENED = "explore.opened"


def open_picture(image_id: str, neighbours: Sequence[str]) -> None:
    """Show every fact about one picture; `neighbours` are the ids to step through."""
    st.session_state[_OPENED] = image_id
    _picture(list(neighbours))


@st.dialog("Picture", width="large", icon=":material/image:")
def _picture(neighbours: list[str]) -> None:
    image_id = st.session_state[_OPENED]
    place = neighbours.index(image_id) if image_id in neighbours else 0
    with st.container(horizontal=True, vertical_alignment="center"):
        _step("Previous", "Left", neighbours, place - 1)
        _step("Next", "Right", neighbours, place + 1)
        st.caption(f"{place + 1} of {len(neighbours)} on this page")
    images = data.image_details((image_id,))
    if images.is_empty():
        st.info("This picture is not in the warehouse any more, or it is hidden.")
        return
    picture_sheet(images, data.image_metric_details((image_id,)), key="explore.sheet")


def _step(label: str, shortcut: str, neighbours: list[str], place: int) -> None:
    inside = 0 <= place < len(neighbours)
    st.button(
        label,
        key=f"explore.{label.lower()}",
        shortcut=shortcut,
        disabled=not inside,
        on_click=_show,
        args=(neighbours[place] if inside else "",),
    )


def _show(image_id: str) -> None:
    st.session_state[_OPENED] = image_id


@st.dialog("Side by side", width="large", icon=":material/view_column:")
def compare_pictures() -> None:
    """Show the picked pictures beside each other with their scores."""
    picked = state.picks(st.session_state)
    images = data.image_details(picked)
    if images.height < 2:
        st.info("Pick two to four pictures that are not hidden.")
        return
    if images["prompt_id"].n_unique() > 1:
        st.caption("These pictures answer different prompts; q is relative to each own prompt.")
    picture_sheet(images, data.image_metric_details(picked), key="explore.comparison")
