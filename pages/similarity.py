"""Similarity: which models make alike pictures, prompt by prompt and over all of them."""

import streamlit as st

from dashboard.components.encoder_note import encoder_note, encoders_and_prompts
from dashboard.components.profile_note import profile_note
from dashboard.components.similarity import controls
from dashboard.components.similarity.domains import domains
from dashboard.components.similarity.model_map import model_map
from dashboard.components.similarity.prompt_maps import prompt_maps
from dashboard.data import similarity as data

st.title("Similarity", anchor=False)
st.caption(
    "Which models make alike pictures, and which prompts bring out their differences. "
    "Bright is alike; point at a cell for its two models, click it for their pictures."
)

encoders, prompts = encoders_and_prompts()
controls.adopt_link(prompts, encoders)
choice = controls.choice(prompts, encoders)
controls.share_link(choice, encoders)
prompts = data.compared_prompts(choice.encoder)

if choice.view == "prompts":
    prompt_maps(choice, prompts)
elif choice.view == "domains":
    domains(choice.encoder, prompts)
else:
    model_map(choice, prompts)
encoder_note(encoders, choice.encoder)
if choice.order == "gre":
    profile_note()
