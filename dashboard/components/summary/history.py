"""A person's ranking sessions and comments."""

import polars as pl
import streamlit as st

from dashboard import formats, navigation, profiles, summaries
from dashboard.components.summary.choice import ALL, MODES, Choice
from dashboard.data import dataset
from dashboard.state import summary as state

TABLE = "summary.sessions"


def history(chosen: Choice) -> None:
    """Sessions with what was done in them, the one touched last first, and what was written."""
    rows = chosen.sessions
    campaign = pl.col("campaign_name").fill_null("").alias("Campaign")
    st.caption("Mark a line to see that session alone.")
    st.dataframe(
        rows.select(
            pl.col("created_at").map_elements(formats.moment, pl.String).alias("Begun"),
            pl.col("mode").replace_strict(MODES).alias("Mode"),
            *([campaign] if rows["campaign_name"].count() else []),
            pl.col("prompts").alias("Prompts"),
            pl.col("judgments").alias("Judgments"),
            pl.col("skips").alias("Skipped"),
            pl.col("undone").alias("Undone"),
            pl.col("checks").alias("Checks"),
            pl.col("response_time_s").alias("Median time"),
            pl.col("comments").alias("Comments"),
        ),
        hide_index=True,
        key=TABLE,
        on_select=_show_marked,
        selection_mode="single-row",
        column_config={
            "Median time": st.column_config.NumberColumn(
                format="%.1f s", help="Half of the answers took less, from shown to answered"
            ),
            "Undone": st.column_config.NumberColumn(help="Answers taken back"),
            "Checks": st.column_config.NumberColumn(help="Attention checks answered"),
        },
    )
    st.session_state[state.SUMMARY_LISTED] = tuple(rows["session_id"])
    _comments(chosen)


def _show_marked() -> None:
    marked = st.session_state[TABLE]["selection"]["rows"]
    listed = st.session_state.get(state.SUMMARY_LISTED, ())
    chosen = listed[marked[0]] if marked and marked[0] < len(listed) else ALL
    st.session_state[state.SUMMARY_SESSION] = chosen


def _comments(chosen: Choice) -> None:
    written = summaries.comments(chosen.asked)
    if written.is_empty():
        return
    with st.expander(formats.counted(written.height, "comment"), icon=":material/comment:"):
        st.dataframe(
            written.select(
                pl.col("created_at").map_elements(formats.moment, pl.String).alias("When"),
                pl.col("comment").alias("Comment"),
                pl.col("prompt_id").cast(pl.String).alias("Prompt"),
                pl.col("shown_image_ids").list.join(", ").alias("Pictures"),
            ),
            hide_index=True,
            key="summary.comments",
        )


def nothing_judged(chosen: Choice) -> None:
    """Why there is nothing to rank, and the next step."""
    simulated = dataset.dataset_counts(profiles.scores_revision())["simulated_judgments"]
    with st.container(border=True):
        st.subheader("No judgments yet", anchor=False)
        if not chosen.is_own:
            st.write("This person has ranked no pictures.")
        elif chosen.asked.session_id:
            st.write("Nothing was decided in this session yet.")
        else:
            st.write(
                "Rank some pictures, and your favourite models stand here from the first vote on."
            )
        if simulated and summaries.may_see_others():
            st.write("To look at simulated people, count them with the switch and choose a person.")
        rank = navigation.entry("rank")
        if rank and chosen.is_own:
            going_on = {"session": chosen.asked.session_id} if chosen.asked.session_id else None
            st.page_link(
                rank.page(),
                label="Go on with the session" if going_on else "Rank some pictures",
                icon=rank.icon,
                query_params=going_on,
            )
