"""How far each prompt is, and how each annotator does."""

from collections.abc import Collection

import polars as pl
import streamlit as st

from dashboard import formats, terms
from warehouse.campaign_progress import CampaignProgress

MS = 1000


def prompt_table(told: CampaignProgress, prompts: pl.DataFrame) -> None:
    """A row for each prompt; those that wait come first."""
    words = dict(zip(prompts["prompt_id"], prompts["prompt"], strict=True))
    wanted = any(prompt.pairs_wanted for prompt in told.prompts)
    rows = [
        {
            "Prompt": formats.shortened(
                words.get(prompt.prompt_id) or f"Prompt {prompt.prompt_id}: nothing to rank", 120
            ),
            "Done": prompt.is_enough,
            "People": prompt.people,
            "Under way": prompt.holding,
            "Judgments": prompt.judgments,
            "Pairs judged": prompt.pairs,
            **({"Pairs wanted": round(prompt.pairs_wanted)} if wanted else {}),
        }
        for prompt in sorted(told.prompts, key=lambda prompt: prompt.is_enough)
    ]
    st.dataframe(
        pl.DataFrame(rows),
        hide_index=True,
        key="campaigns.prompt_table",
        column_config={
            "Prompt": st.column_config.TextColumn(width="medium"),
            "People": st.column_config.NumberColumn(help="How many different people judged it."),
            "Under way": st.column_config.NumberColumn(
                help="People who began a session with it within a day and judged nothing of it "
                "yet. They are counted on before others are asked."
            ),
            "Judgments": st.column_config.NumberColumn(
                help="Votes and sorted batches in force; attention checks left out."
            ),
            "Pairs judged": st.column_config.NumberColumn(
                help="A vote compares one pair, a sorted batch all of its pairs but those of two "
                "rejected pictures."
            ),
        },
    )


def annotator_table(told: CampaignProgress, real: Collection[str]) -> None:
    """A row for each annotator, the busiest first; `real` are those who are not simulated."""
    if not told.annotators:
        st.caption("Nobody has begun a session yet.")
        return
    marked = any(person.person_id not in real for person in told.annotators)
    rows = [
        {
            "Annotator": person.person_name,
            **({"Simulated": person.person_id not in real} if marked else {}),
            "Sessions": person.sessions,
            "Prompts": person.prompts,
            "Judgments": person.judgments,
            "Skips": person.skips,
            "Median time": None
            if person.response_time_ms is None
            else round(person.response_time_ms / MS, 1),
            "Passed": person.attention.passed,
            "Failed": person.attention.failed,
            "Unclear": person.attention.unclear,
            "Last seen": formats.moment(person.last_at),
        }
        for person in told.annotators
    ]
    st.dataframe(
        pl.DataFrame(rows, infer_schema_length=None),
        hide_index=True,
        key="campaigns.annotator_table",
        column_config={
            "Median time": st.column_config.NumberColumn(
                format="%.1f s", help="Median time from seeing the pictures to the answer."
            ),
            "Passed": st.column_config.NumberColumn(help=f"Attention checks. {terms.ATTENTION}"),
            "Failed": st.column_config.NumberColumn(
                help="Attention checks where the other picture was preferred the second time."
            ),
            "Unclear": st.column_config.NumberColumn(
                help="Attention checks answered by a tie, both bad or a skip."
            ),
        },
    )
