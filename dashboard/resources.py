"""What lives as long as the process: settings, the opened warehouse, features to search in."""

from collections import Counter
from pathlib import Path

import streamlit as st

from core.encoders import Encoder
from core.generation.local_devices import local_devices
from core.generation.safety import checker_place
from core.generation.token_count import TokenCounter, load_counter
from core.generation.worker_process import WorkerProcess
from core.settings import Settings, load_settings
from warehouse.database import Warehouse, open_warehouse
from warehouse.generation.service import GenerationService
from warehouse.map_jobs import MapJobs
from warehouse.picture_search import FeatureIndex
from warehouse.picture_search import feature_index as read_feature_index
from warehouse.search_encoder import search_encoder as load_search_encoder

SCORES, PROFILES = "scores", "profiles"  # kinds of weights_revisions


@st.cache_resource(max_entries=1, show_spinner=False)
def settings() -> Settings:
    """The settings in force. Raises SettingsError."""
    return load_settings()


@st.cache_resource(max_entries=1, show_spinner="Opening the warehouse", on_release=Warehouse.close)
def warehouse() -> Warehouse:
    """The one opened warehouse. Raises the errors of `open_warehouse`; a failure is not kept."""
    return open_warehouse(settings().home_path)


@st.cache_resource(max_entries=1, ttl=300, show_spinner=False)
def feature_index() -> FeatureIndex | None:
    """Features of the scoring encoder, to search pictures in; None where there are none."""
    return read_feature_index(warehouse())


@st.cache_resource(max_entries=1, show_spinner="Loading the encoder")
def search_encoder(key: str) -> Encoder:
    """The encoder stored under `key`. Raises EncoderError or MissingPackageError, not kept."""
    return load_search_encoder(warehouse(), key, settings())


@st.cache_resource(max_entries=8, show_spinner=False)
def token_counter(place: Path | None) -> TokenCounter:
    """What counts the tokens of a checkpoint's prompts. Raises what `load_counter` raises."""
    return load_counter(place)


@st.cache_resource(max_entries=1, show_spinner=False, on_release=MapJobs.close)
def map_jobs() -> MapJobs:
    """What draws large maps in the background."""
    return MapJobs(warehouse())


@st.cache_resource(max_entries=1, show_spinner=False, on_release=GenerationService.close)
def generation() -> GenerationService:
    """What makes pictures in the background. Raises SettingsError for devices that are none."""
    place = checker_place(settings())
    checker = None if place is None else str(place)
    names = local_devices(settings().generation_devices)
    return GenerationService(
        warehouse(),
        settings(),
        [WorkerProcess(name, checker) for name in names],
    )


@st.cache_resource(max_entries=1, show_spinner=False)
def selection_revisions() -> Counter[str]:
    """How often each person's selection changed in this process, to tell old answers from new."""
    return Counter()


@st.cache_resource(max_entries=1, show_spinner=False)
def weights_revisions() -> Counter[str]:
    """How often scores and profiles changed in this process, to tell old answers from new."""
    return Counter()


@st.cache_resource(max_entries=1, show_spinner=False)
def judgments_made() -> Counter[str]:
    """How often judgments were stored in this process, to tell old answers from new."""
    return Counter()


@st.cache_resource(max_entries=1, show_spinner=False)
def ranking_changes() -> Counter[str]:
    """How often campaigns changed and sessions began or ended in this process."""
    return Counter()
