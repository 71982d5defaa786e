"""What Explore shows: its link, order and layout, and the pages of pictures."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from dashboard import formats, links, profiles, terms
from dashboard.access import Role, current_person
from dashboard.components.notices import UNSCORED_HINT, literal, show_link_complaints
from dashboard.components.pictures import gallery
from dashboard.components.pictures.export_dialog import export_pictures
from dashboard.components.pictures.picture_dialogs import LINK, linked_picture, open_picture
from dashboard.components.profile_note import profile_words
from dashboard.data import explore as data
from dashboard.state import explore as state
from dashboard.state.explore_link import PARAMETERS, Known, read_view, view_parameters

ICONS = {
    "grid": ":material/grid_view:",
    "table": ":material/table_rows:",
    "matrix": ":material/apps:",
}


def adopt_link() -> None:
    """Take what the address asks for, once; say what could not be taken."""
    session = st.session_state
    asked = links.asked_parameters(PARAMETERS, state.EXPLORE_LINK)
    if not asked:
        return
    upload = session.get(state.EXPLORE_UPLOAD)
    known = Known(
        data.known_options(profiles.scores_revision()),
        (upload.sha256[:16],) if upload else (),
        current_person().may(Role.MAINTAINER),
    )
    view, complaints = read_view(asked, known)
    state.keep_view(session, view)
    show_link_complaints(complaints)


def share_link() -> None:
    """Write the view into the address, so that the address restores it.

    An open picture stands there too, until the page runs anew and closes it.
    """
    image = linked_picture()
    links.write_parameters(
        view_parameters(state.view(st.session_state)),
        state.EXPLORE_LINK,
        {LINK: image} if image else None,
    )


def current_view(total: int | None = None) -> state.ExploreView:
    """The view in force: hidden pictures for maintainers alone, the page within what there is."""
    view = state.view(st.session_state)
    if view.filters.hidden and not current_person().may(Role.MAINTAINER):
        view = replace(view, filters=replace(view.filters, hidden=False))
    if total is not None and view.layout != "matrix":
        view = replace(view, page=min(view.page, state.pages(total, view.page_size)))
    if view != state.view(st.session_state):
        st.session_state[state.EXPLORE_VIEW] = view
    return view


def as_searched(view: state.ExploreView, vector: data.Vector | None) -> state.ExploreView:
    """The view as it can be shown: nothing is nearest where the search failed."""
    failed = view.sort == state.NEAREST and vector is None
    return replace(view, sort="gre") if failed else view


def result_row(view: state.ExploreView, tally: data.Tally, vector: data.Vector | None) -> None:
    """How much there is, in which order and layout, and the export."""
    st.session_state[state.EXPLORE_SORT] = view.sort
    st.session_state[state.EXPLORE_LAYOUT] = view.layout
    sorts = state.SORTS | ({} if vector is None else {state.NEAREST: "Nearest"})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            "Order",
            list(sorts),
            format_func=sorts.__getitem__,
            required=True,
            key=state.EXPLORE_SORT,
            on_change=_take_sort,
            wrap=True,
            help=terms.SORT_HELP,
        )
        st.segmented_control(
            "View",
            list(state.LAYOUTS),
            format_func=lambda name: f"{ICONS[name]} {state.LAYOUTS[name]}",
            required=True,
            key=state.EXPLORE_LAYOUT,
            on_change=_take_layout,
            help="Grid: cards. Table: all scores. Matrix: prompts down, models across.",
        )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_counted(tally), width="stretch")
        exporting = st.button(
            "Export", icon=":material/download:", type="tertiary", disabled=not tally.images
        )
    if exporting:
        ids = data.matching_ids(profiles.scores_revision(), view.filters, vector, view.sort)
        export_pictures(ids, "all that match the filters, in the order shown")


def pictures(view: state.ExploreView, tally: data.Tally, vector: data.Vector | None) -> list[str]:
    """One page of what matches, and its pager; returns the ids shown."""
    if view.layout == "matrix":
        return _matrix(view, tally, vector)
    skip = (view.page - 1) * view.page_size
    revision = profiles.scores_revision()
    images = data.page(revision, view.filters, vector, view.sort, skip, view.page_size)
    if view.layout == "table":
        wish = gallery.table(images, view.sort)
    else:
        wish = gallery.grid(images, view.sort, one_prompt=tally.prompts == 1)
    _pager(tally.images, view.page_size, view.page, "page")
    shown: list[str] = images["image_id"].to_list()
    _grant(wish, shown)
    return shown


def open_linked(shown: Sequence[str]) -> None:
    """Open the picture that the address asks for; `shown` are the ids to step through."""
    linked = linked_picture()
    if linked:
        open_picture(linked, shown)


def _matrix(view: state.ExploreView, tally: data.Tally, vector: data.Vector | None) -> list[str]:
    prompts, models = state.MATRIX_PROMPTS, state.MATRIX_MODELS
    page = min(view.page, state.pages(tally.prompts, prompts))
    models_page = min(view.models_page, state.pages(tally.models, models))
    cells = data.matrix(
        profiles.scores_revision(), view.filters, vector, view.sort,
        (page - 1) * prompts, prompts, (models_page - 1) * models, models,
    )  # fmt: skip
    st.caption("The best picture of each cell by the order above; models best on average first.")
    _pager(tally.models, models, models_page, "models_page", "Models")
    shown: list[str] = cells["image_id"].to_list()
    wish = gallery.matrix(cells, view.sort)
    _pager(tally.prompts, prompts, page, "page", "Prompts")
    _grant(wish, shown)
    return shown


def _grant(wish: gallery.Wish, shown: Sequence[str]) -> None:
    """Do what a click on a picture or a heading asks."""
    if wish.image_id:
        open_picture(wish.image_id, shown)
        return
    view = state.view(st.session_state)
    if wish.prompt_id is not None:
        filters = replace(view.filters, prompt_ids=(wish.prompt_id,))
    elif wish.model_version_id is not None:
        filters = replace(view.filters, model_version_ids=(wish.model_version_id,))
    else:
        return
    state.keep_view(st.session_state, replace(view.with_filters(filters), layout="grid"))
    st.rerun()


def _pager(total: int, page_size: int, page: int, attribute: str, what: str = "") -> None:
    """Page numbers where all does not fit; the page size where cards are paged."""
    matrix = bool(what)
    if total <= (page_size if matrix else state.PAGE_SIZES[0]):
        return
    number = st.session_state.get(state.EXPLORE_PAGER, 0)
    key = f"{state.EXPLORE_PAGER}.{attribute}.{number}"  # a new widget where the view was changed
    with st.container(horizontal=True, vertical_alignment="center"):
        if what:
            st.caption(what, width="content")
        st.pagination(
            state.pages(total, page_size),
            default=page,
            max_visible_pages=9,
            key=key,
            on_change=_turn_page,
            args=(key, attribute),
        )
        if not matrix:
            st.space("stretch")
            st.session_state[state.EXPLORE_PAGE_SIZE] = page_size
            st.selectbox(
                "Per page",
                state.PAGE_SIZES,
                key=state.EXPLORE_PAGE_SIZE,
                on_change=_take_page_size,
                label_visibility="collapsed",
                format_func=lambda size: f"{size} a page",
                width=130,
            )


def _counted(tally: data.Tally) -> str:
    """How much matches, and why some of it has no score."""
    words = (
        f"{formats.counted(tally.images, 'picture')} of "
        f"{formats.counted(tally.prompts, 'prompt')} by {formats.counted(tally.models, 'model')}"
    )
    if tally.unscored:
        words += f". No GRE-Score for {formats.whole(tally.unscored)} of these: {UNSCORED_HINT}"
    return f"{words}. {literal(profile_words())}."


def _take_sort() -> None:
    view = state.view(st.session_state)
    changed = replace(view, sort=st.session_state[state.EXPLORE_SORT], page=1, models_page=1)
    state.keep_view(st.session_state, changed)


def _take_layout() -> None:
    view = state.view(st.session_state)
    changed = replace(view, layout=st.session_state[state.EXPLORE_LAYOUT], page=1, models_page=1)
    state.keep_view(st.session_state, changed)


def _take_page_size() -> None:
    view = state.view(st.session_state)
    changed = replace(view, page_size=st.session_state[state.EXPLORE_PAGE_SIZE], page=1)
    state.keep_view(st.session_state, changed)


def _turn_page(key: str, attribute: str) -> None:
    view = state.view(st.session_state)
    st.session_state[state.EXPLORE_VIEW] = replace(view, **{attribute: st.session_state[key]})
