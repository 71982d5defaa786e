"""Map: pictures where their features lie, alike ones together."""

import streamlit as st

from dashboard import profiles
from dashboard.components.encoder_note import encoder_note, encoders_and_prompts
from dashboard.components.map import controls, drawing
from dashboard.components.map.view import map_view
from dashboard.components.pictures.picture_dialogs import open_picture
from dashboard.components.profile_note import profile_note
from dashboard.data import map as data
from dashboard.data import similarity as features

st.title("Map", anchor=False)
st.caption(
    "Alike pictures lie together; where they overlap, the one with the higher GRE-Score is on top. "
    "Click or circle pictures to select them."
)

encoders, prompts = encoders_and_prompts()
models = data.map_models()
controls.adopt_link(prompts, models, encoders)
encoder = controls.picked_encoder(encoders)
prompts = features.compared_prompts(encoder)
choice = controls.choice(prompts, models, encoder)
controls.share_link(choice, encoders)

shown, featured, hidden = drawing.shown_and_featured(choice, prompts)
drawing.job_under_way(choice)
kept = drawing.kept_map(choice, shown, featured)
if kept is None:
    st.stop()
points = data.map_points(profiles.scores_revision(), kept["projection_id"], kept["placed_later"])
if points.is_empty():
    st.info("Every picture of this map is hidden now.", icon=":material/hide_image:")
    st.stop()
opened = map_view(choice, kept, points, models, prompts)
drawing.about(kept, points, featured, shown, hidden)
drawing.redraw_button(choice, featured)
encoder_note(encoders, encoder)
profile_note()
if opened:
    open_picture(opened, points["image_id"].reverse().head(500).to_list())
