"""Page config, access, navigation and errors of ours; tests run this file, `server.py` wraps it."""

from pathlib import Path

import streamlit as st

from core.errors import GemboardError
from dashboard import access, generation, navigation
from dashboard.components.basket import basket
from dashboard.components.notices import show_error
from dashboard.state.navigation import CURRENT_PAGE

LOGO = Path(__file__).with_name("logo.svg")

st.set_page_config(
    page_title="Gemboard",
    page_icon=LOGO,
    layout="wide",
    initial_sidebar_state=220,
    menu_items={"About": "Gemboard: which text-to-image model for this person and this prompt?"},
)
st.logo(LOGO, size="large")
page = st.navigation(navigation.pages_for(access.current_person()))
st.session_state[CURRENT_PAGE] = page.url_path or navigation.PAGES[0].url_path
try:
    generation.begin()
    basket()
    page.run()
except GemboardError as error:
    show_error(error)
