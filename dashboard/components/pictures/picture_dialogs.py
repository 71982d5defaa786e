"""Dialogs of pictures, for every page: one in full with what is like it, and some side by side."""

from collections.abc import Sequence

import streamlit as st

from dashboard import navigation, profiles, selection
from dashboard.components.pictures.picture_sheet import picture_sheet
from dashboard.components.pictures.picture_strip import picture_strip
from dashboard.data import explore as data
from dashboard.state import explore as explore_state
from dashboard.state import picture as state

MOST_COMPARED = 8
STRIP = 12
SCOPES = {"all": "Among all pictures", "prompt": "Within its prompt"}
LINK = "image"  # parameter of Explore's address
NO_FEATURES = (
    "No neighbours: this picture has no features of the scoring encoder yet. "
    "Stop the dashboard and run `python -m warehouse embed`."
)


def open_picture(image_id: str, neighbours: Sequence[str]) -> None:
    """Show every fact about one picture; `neighbours` are the ids to step through."""
    st.session_state[state.PICTURE_OPENED] = image_id
    st.session_state[state.PICTURE_STEPS] = tuple(neighbours)
    _picture()


def linked_picture() -> str | None:
    """The picture that the address asks for, unless it is open or was closed a moment ago.

    The browser may ask for a run before it has heard that its address changed.
    """
    image_id = st.query_params.get(LINK)
    if not image_id:
        st.session_state.pop(state.PICTURE_CLOSED, None)
        return None
    known = (st.session_state.get(key) for key in (state.PICTURE_OPENED, state.PICTURE_CLOSED))
    return None if image_id in known else image_id


def _closed() -> None:
    st.session_state[state.PICTURE_CLOSED] = st.session_state.pop(state.PICTURE_OPENED, None)
    st.query_params.pop(LINK, None)


@st.dialog("Picture", width="large", icon=":material/image:", on_dismiss=_closed)
def _picture() -> None:
    image_id = st.session_state.get(state.PICTURE_OPENED, "")
    if st.query_params.get(LINK) != image_id and navigation.current_path() == "explore":
        st.query_params[LINK] = image_id
    _steps(image_id, st.session_state.get(state.PICTURE_STEPS, ()))
    revision = profiles.scores_revision()
    images = data.image_details(revision, (image_id,))
    if images.is_empty():
        st.info("This picture is not in the warehouse any more, or it is hidden.")
        return
    _actions(image_id)
    metrics = data.image_metric_details(revision, (image_id,))
    picture_sheet(images, metrics, key=state.PICTURE_SHEET)
    _siblings(image_id)
    _neighbours(image_id)


def _steps(image_id: str, steps: Sequence[str]) -> None:
    """Back and forth through the page's pictures, where there are any."""
    if len(steps) < 2:
        return
    inside = image_id in steps
    place = steps.index(image_id) if inside else -1
    with st.container(horizontal=True, vertical_alignment="center"):
        _step("Previous", "Left", steps, place - 1 if inside else -1)
        _step("Next", "Right", steps, place + 1 if inside else 0)
        st.caption(f"{place + 1} of {len(steps)} on this page" if inside else "From elsewhere")


def _step(label: str, shortcut: str, steps: Sequence[str], place: int) -> None:
    inside = 0 <= place < len(steps)
    st.button(
        label,
        key=f"picture.{label.lower()}",
        shortcut=shortcut,
        disabled=not inside,
        on_click=_show,
        args=(steps[place] if inside else "",),
    )


def _actions(image_id: str) -> None:
    """What can be done with the picture."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if image_id in selection.picked():
            st.button(
                "Take out of the selection",
                icon=":material/check_circle:",
                key="picture.unpick",
                on_click=selection.unpick,
                args=((image_id,), navigation.current_path()),
            )
        else:
            st.button(
                "Select",
                icon=":material/add_circle:",
                key="picture.pick",
                on_click=selection.pick,
                args=((image_id,), navigation.current_path(), (image_id,)),
            )
        if data.image_vector(image_id) is not None and st.button(
            "More like this", icon=":material/image_search:", key="picture.more"
        ):
            more_like(image_id)
        generate = navigation.entry("generate")
        if generate:
            st.page_link(
                generate.page(),
                label="Remix",
                icon=generate.icon,
                query_params={"remix": image_id},
            )


def more_like(image_id: str) -> None:
    """Search Explore by this picture, without the filters of before."""
    example = explore_state.Example(image_id=image_id)
    explore_state.keep_view(st.session_state, explore_state.ExploreView().with_example(example))
    _closed()
    explore = navigation.entry("explore")
    if explore and navigation.current_path() != "explore":
        st.switch_page(explore.page())
    st.query_params.clear()
    st.rerun()


def _siblings(image_id: str) -> None:
    siblings = data.cell_siblings(image_id)
    if siblings:
        st.subheader("Other seeds of this prompt by this model", anchor=False)
        rows = data.image_details(profiles.scores_revision(), siblings).rows(named=True)
        notes = [(row["image_id"], f"seed {row['seed']}") for row in rows]
        picture_strip(notes, _show, key="picture.siblings")


def _neighbours(image_id: str) -> None:
    st.subheader(
        "Nearest and farthest",
        anchor=False,
        help="By the cosine of the image features of the encoder that is scored. 1 is the same "
        "direction.",
    )
    scope = st.segmented_control(
        "Where to look",
        list(SCOPES),
        format_func=SCOPES.__getitem__,
        default="all",
        required=True,
        key=state.PICTURE_SCOPE,
        label_visibility="collapsed",
    )
    nearest = data.image_neighbours(image_id, STRIP, True, scope == "prompt")
    farthest = data.image_neighbours(image_id, STRIP, False, scope == "prompt")
    if nearest is None or farthest is None:
        st.info(NO_FEATURES, icon=":material/image_search:")
        return
    if not nearest:
        st.caption("There is no other picture with features to compare it with.")
        return
    for found, key in ((nearest, "nearest"), (farthest, "farthest")):
        st.caption("Nearest first" if key == "nearest" else "Farthest first")
        notes = [(n.image_id, f"cosine {n.cosine:.3f}") for n in found]
        picture_strip(notes, _show, key=f"picture.{key}")


def _show(image_id: str) -> None:
    st.session_state[state.PICTURE_OPENED] = image_id


@st.dialog("Side by side", width="large", icon=":material/view_column:")
def compare_pictures(image_ids: Sequence[str]) -> None:
    """Show pictures beside each other with their scores and facts."""
    revision = profiles.scores_revision()
    images = data.image_details(revision, tuple(image_ids[:MOST_COMPARED]))
    if images.height < 2:
        st.info("Select two or more pictures that are not hidden.")
        return
    if len(image_ids) > MOST_COMPARED:
        st.caption(f"The first {MOST_COMPARED} of {len(image_ids)}.")
    if images["prompt_id"].n_unique() > 1:
        st.caption("These pictures answer different prompts; q is relative to each own prompt.")
    shown = tuple(images["image_id"])
    metrics = data.image_metric_details(revision, shown)
    picture_sheet(images, metrics, key=state.PICTURE_COMPARISON)
