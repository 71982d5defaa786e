"""Homes for tests of the screen: empty, filled, and with nothing cached from another test."""

import shutil

import pytest
import streamlit as st
from hypothesis import settings

from tests import seeding

settings.register_profile("gemboard", deadline=None)  # nothing here is judged by the clock
settings.load_profile("gemboard")


@pytest.fixture(scope="session")
def seeded_home(tmp_path_factory):
    """One filled home for the whole run; tests take copies of it."""
    return seeding.filled_home(tmp_path_factory.mktemp("seeded"))


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home that the dashboard uses."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("GEMBOARD_HOME", str(folder))
    _forget()
    yield folder
    _forget()


@pytest.fixture
def filled_home(home, seeded_home):
    """A filled home that the dashboard uses; marked simulated throughout."""
    shutil.copytree(seeded_home, home, dirs_exist_ok=True)
    return home


def _forget():
    st.cache_data.clear()
    st.cache_resource.clear()
