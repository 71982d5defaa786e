"""The best three models of a campaign, and how sure that is."""

import streamlit as st

from dashboard import campaigns, formats, terms
from dashboard.data.campaigns import model_names
from warehouse.campaigns import Campaign
from warehouse.judged_ratings import Leaders

USUAL_LEVEL = 0.9  # where the campaign names none


def top_three(campaign: Campaign) -> None:
    """Names of the three, best first, and one sentence on them."""
    level = campaign.plan.settled_level or USUAL_LEVEL
    st.subheader("Top three models", anchor=False, help=terms.TOP_THREE)
    found = campaigns.leaders(campaign)
    if found is None:
        st.caption(
            "Nothing to say yet: that takes a judgment, and four models or more that take part."
        )
        return
    settled = found.top.is_settled(level)
    names = model_names()
    with st.container(border=True, gap="xsmall"):
        for place, model in enumerate(found.model_version_ids, 1):
            st.text(f"{place}.  {names.get(model, f'Model {model} (not in the roster)')}")
    (st.success if settled else st.info)(
        sentence(found, level),
        icon=":material/check_circle:" if settled else ":material/hourglass_empty:",
    )


def sentence(found: Leaders, level: float) -> str:
    """Whether the top three are settled at a level, or else how sure they are."""
    counted = formats.counted(found.judgments, "judgment")
    sure = f"{percent(found.top.probability)} sure from {counted}"
    if found.top.is_settled(level):
        return f"Your top three are settled at {percent(level)}. ({sure[0].upper()}{sure[1:]}.)"
    return f"Your top three are not settled at {percent(level)} yet: {sure}."


def percent(share: float) -> str:
    """A probability in words; 100 % is said of certainty alone, and these never are."""
    return "over 99\u00a0%" if share >= 0.995 else f"{100 * share:.0f}\u00a0%"
