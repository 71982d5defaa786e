"""A PNG dropped in gives its prompt and settings back."""

import streamlit as st

from core.generation.png import FILE_LIMIT_BYTES
from dashboard.components.notices import literal
from dashboard.state import generate as state


def png_drop() -> None:
    """The place to drop it; what it tells is taken over by the next run."""
    with st.expander("From a picture’s file", icon=":material/image:", key="generate.png_box"):
        st.file_uploader(
            "A PNG by Gemboard or by a web UI such as AUTOMATIC1111’s",
            "png",
            key=state.PNG,
            max_upload_size=FILE_LIMIT_BYTES // 1024**2,
        )
        error = st.session_state.get(state.PNG_ERROR)
        if error:
            st.caption(f":red[{literal(error)}]")
