"""One judgment in full: what was said, and its pictures with their recipes."""

from typing import Any

import streamlit as st

from dashboard import profiles
from dashboard.components.leaderboard.outcomes import mark_of, pictures_of
from dashboard.components.leaderboard.vote_list import Vote
from dashboard.components.pictures.picture_dialogs import MOST_COMPARED
from dashboard.components.pictures.picture_sheet import picture_sheet
from dashboard.data import explore as data


@st.dialog("Judgment", width="large", icon=":material/how_to_vote:")
def open_judgment(row: dict[str, Any], vote: Vote) -> None:
    """Show a row of rated_judgments, as `vote` tells it."""
    st.text(f"{vote.headline} · {vote.person} · {vote.when} · {vote.kind}")
    image_ids = pictures_of(row)[:MOST_COMPARED]
    revision = profiles.scores_revision()
    images = data.image_details(revision, tuple(image_ids))
    visible = images["image_id"].to_list()
    if not visible:
        st.info("Its pictures are hidden, or they are not in the warehouse any more.")
        return
    marks = ", ".join(mark_of(row, image_id) for image_id in visible)
    st.caption(f"From the left: {marks}.")
    if len(visible) < len(image_ids):
        st.caption(
            f"{len(image_ids) - len(visible)} of {len(image_ids)} pictures are hidden, or not in "
            "the warehouse any more."
        )
    metrics = data.image_metric_details(revision, tuple(visible))
    picture_sheet(images, metrics, key="leaderboard.sheet")
