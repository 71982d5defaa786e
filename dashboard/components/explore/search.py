"""Search of Explore: words of the prompt, and pictures by text or by an example picture."""

import hashlib
from dataclasses import replace

import streamlit as st

from core.errors import GemboardError, PictureError
from dashboard import profiles
from dashboard.components.notices import show_error
from dashboard.components.pictures.gallery import model_title
from dashboard.data import explore as data
from dashboard.resources import feature_index, search_encoder, settings
from dashboard.state import explore as state
from dashboard.state.explore import Example, Upload
from warehouse.picture_content import open_picture

NO_FEATURES = (
    "Pictures cannot be searched yet: they have no features. Stop the dashboard and run "
    "`python -m warehouse embed`."
)
EXAMPLE_TYPES = ("png", "jpg", "jpeg", "webp")


def search_row() -> None:
    """Fields to search in; what is asked goes into the view."""
    view = state.view(st.session_state)
    st.session_state[state.EXPLORE_WORDS] = " ".join(view.filters.words)
    st.session_state[state.EXPLORE_TEXT] = view.example.text
    words, text, example = st.columns([5, 5, 2], vertical_alignment="bottom")
    words.text_input(
        "Words in the prompt",
        key=state.EXPLORE_WORDS,
        type="search",
        placeholder="tiger watercolour",
        max_chars=500,
        on_change=_take_words,
        help="Pictures whose prompt holds all of these words, in any order.",
    )
    text.text_input(
        "Pictures that look like",
        key=state.EXPLORE_TEXT,
        type="search",
        placeholder="a red fox in the snow",
        max_chars=500,
        on_change=_take_text,
        help="Nearest first by the cosine of their features with those of your words. "
        "The number on each card is that cosine.",
    )
    with example.popover("By example", icon=":material/image_search:", width="stretch"):
        st.file_uploader(
            "A picture to search by",
            type=EXAMPLE_TYPES,
            key=state.EXPLORE_UPLOADER,
            on_change=_take_upload,
            max_upload_size=20,
            help="Only its features are kept, for this session; a link cannot carry them.",
        )
        st.caption("Any picture here has “More like this” on its page, too.")


def search_vector() -> data.Vector | None:
    """Features to search by; None without a search, or where it failed, which is said."""
    view = state.view(st.session_state)
    if not view.example:
        return None
    index = feature_index()
    if index is None:
        st.info(NO_FEATURES, icon=":material/image_search:")
        return None
    try:
        return _vector(view.example, index.encoder)
    except GemboardError as error:
        show_error(error)
        st.caption(
            "Without it, “More like this” on a picture's page still finds pictures like that one."
        )
        return None


def searched_for() -> None:
    """What the pictures are nearest to, with a way out."""
    example = state.view(st.session_state).example
    index = feature_index()
    if not example or index is None:
        return
    upload = st.session_state.get(state.EXPLORE_UPLOAD)
    if example.text:
        what = f"“{example.text}”"
    elif example.image_id:
        details = data.image_details(profiles.scores_revision(), (example.image_id,))
        rows = details.rows(named=True)
        what = f"a picture by {model_title(rows[0])}" if rows else "a picture"
    else:
        what = upload.name if upload else "your picture"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text(f"Nearest first to {what}, by features of {index.encoder}", width="content")
        st.button("Stop searching", type="tertiary", icon=":material/close:", on_click=_stop)


def _vector(example: Example, encoder: str) -> data.Vector | None:
    if example.text:
        return data.text_vector(encoder, example.text)
    if example.image_id:
        vector = data.image_vector(example.image_id)
        if vector is None:
            st.info(
                "That picture has no features to search by: it is not in this warehouse, it is "
                "hidden, or `python -m warehouse embed` has not seen it yet.",
                icon=":material/image_search:",
            )
        return vector
    upload = st.session_state.get(state.EXPLORE_UPLOAD)
    return upload.vector if upload and upload.encoder == encoder else None


def _take_words() -> None:
    view = state.view(st.session_state)
    words = tuple(dict.fromkeys(st.session_state[state.EXPLORE_WORDS].split()))
    state.keep_view(st.session_state, view.with_filters(replace(view.filters, words=words)))


def _take_text() -> None:
    text = st.session_state[state.EXPLORE_TEXT].strip()
    view = state.view(st.session_state)
    state.keep_view(st.session_state, view.with_example(Example(text=text)))


def _take_upload() -> None:
    """Features of the uploaded picture; errors are told on the page by the next line."""
    file = st.session_state[state.EXPLORE_UPLOADER]
    if file is None:
        return
    content = file.getvalue()
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        index = feature_index()
        if index is None:
            return
        picture = open_picture(content, file.name, settings().picture_limit_mpx).upright()
        vector = tuple(search_encoder(index.encoder).encode_images([picture])[0].tolist())
    except PictureError as error:
        st.session_state[state.EXPLORE_UPLOAD_ERROR] = PictureError(f"{file.name} {error}.")
        return
    except GemboardError as error:
        st.session_state[state.EXPLORE_UPLOAD_ERROR] = error
        return
    st.session_state[state.EXPLORE_UPLOAD] = Upload(sha256, file.name, index.encoder, vector)
    view = state.view(st.session_state)
    state.keep_view(st.session_state, view.with_example(Example(upload=sha256[:16])))


def upload_error() -> None:
    """Why an example picture could not be taken, said once."""
    error = st.session_state.pop(state.EXPLORE_UPLOAD_ERROR, None)
    if isinstance(error, GemboardError):
        show_error(error)


def _stop() -> None:
    view = state.view(st.session_state)
    state.keep_view(st.session_state, view.with_example(Example()))
