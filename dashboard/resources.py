"""What lives as long as the process: settings and the opened warehouse."""

import streamlit as st

from core.settings import Settings, load_settings
from warehouse.database import Warehouse, open_warehouse


@st.cache_resource(max_entries=1, show_spinner=False)
def settings() -> Settings:
    """The settings in force. Raises SettingsError."""
    return load_settings()


@st.cache_resource(max_entries=1, show_spinner="Opening the warehouse", on_release=Warehouse.close)
def warehouse() -> Warehouse:
    """The one opened warehouse. Raises the errors of `open_warehouse`; a failure is not kept."""
    return open_warehouse(settings().home_path)
