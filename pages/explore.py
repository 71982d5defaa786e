"""Explore: every model's picture for one prompt, best first."""

import streamlit as st

from dashboard.components import explore_filters as filters
from dashboard.components.gallery import gallery
from dashboard.components.notices import UNSCORED_HINT, show_empty_warehouse
from dashboard.components.picture_dialogs import compare_pictures, open_picture
from dashboard.data import explore as data

st.title("Explore", anchor=False)
st.caption(
    "Every model's picture for one prompt, best first. "
    "Open a picture for all its facts; pick two to four to see them side by side."
)

prompts = data.prompt_choices()
if prompts.is_empty():
    show_empty_warehouse("prompts")
    st.stop()

filters.adopt_link(prompts)
choice = filters.explore_filters(prompts)
prompt_id, visible = choice.prompt["prompt_id"], choice.prompt["visible"]
filters.prompt_card(choice.prompt)

page = filters.current_page(visible, choice.page_size)
filters.share_link(prompt_id, choice.sort, page)
if not visible:
    st.info("No picture of this prompt can be shown yet.", icon=":material/hide_image:")
    st.stop()
if choice.prompt["unscored"]:
    st.caption(f"No GRE-Score for {choice.prompt['unscored']} of these: {UNSCORED_HINT}.")

skip = (page - 1) * choice.page_size
images = data.prompt_gallery(prompt_id, choice.sort, skip, choice.page_size)
opened, comparing = gallery(images, choice.sort)
filters.page_picker(visible, choice.page_size)

if opened:
    open_picture(opened, images["image_id"].to_list())
elif comparing:
    compare_pictures()
