"""Cached reads of a running session: the pictures of one prompt at a time."""

from dataclasses import dataclass

import streamlit as st

from dashboard.resources import warehouse
from warehouse.reads import ranking as reads


@dataclass(frozen=True)
class RankedPicture:
    """A picture that is judged; the model is for after the answer."""

    image_id: str
    prompt_id: int
    prompt: str | None
    sha256: str | None
    width: int | None
    height: int | None
    hidden: bool
    model_version_id: int
    model_name: str | None
    version_name: str | None


@st.cache_data(ttl=20, max_entries=512, show_spinner=False)
def ranked_pictures(image_ids: tuple[str, ...]) -> dict[str, RankedPicture]:
    """The candidates of a prompt by id, without those that are gone.

    Kept for seconds alone, since a picture that becomes hidden must go.
    """
    names = RankedPicture.__dataclass_fields__
    rows = reads.ranked_pictures(warehouse(), image_ids=image_ids).select(list(names))
    return {row["image_id"]: RankedPicture(**row) for row in rows.iter_rows(named=True)}
