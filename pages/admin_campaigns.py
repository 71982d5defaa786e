"""Campaigns: maintainers ask annotators for judgments, and see how far they are."""

import streamlit as st

from dashboard.components.campaigns import opened
from dashboard.components.campaigns.campaign_form import campaign_form
from dashboard.components.campaigns.campaign_list import campaign_list
from dashboard.components.campaigns.campaign_view import campaign_view
from dashboard.components.notices import show_empty_warehouse
from dashboard.components.rank.prompt_picker import rankable_prompts

st.title("Campaigns", anchor=False)
st.caption(
    "Ask annotators to rank a set of prompts, see how far each prompt and each annotator is, and "
    "stop when the best models are settled."
)

prompts = rankable_prompts()
if prompts.is_empty():
    show_empty_warehouse("pictures to rank")
    st.stop()
shown = opened.shown()
opened.told()
if shown.is_new:
    campaign_form(prompts)
elif shown.campaign_id:
    campaign_view(shown.campaign_id, prompts)
else:
    campaign_list()
