"""Cached reads of Similarity; `revision` (`profiles.scores_revision()`) keeps weights apart."""

import polars as pl
import streamlit as st

from core.similarity.cosine import PromptSimilarity
from dashboard.resources import warehouse
from warehouse import similarity
from warehouse.reads import similarity as reads


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def feature_encoders() -> pl.DataFrame:
    """Encoders with image features, the scoring one first."""
    return reads.feature_encoders(warehouse())


@st.cache_data(ttl=300, max_entries=4, show_spinner=False)
def compared_prompts(encoder: str) -> pl.DataFrame:
    """Every prompt with its shown and hidden images, and how many of the shown have features."""
    return reads.compared_prompts(warehouse(), encoder=encoder)


@st.cache_data(ttl=300, max_entries=4, show_spinner=False)
def compared_models(encoder: str) -> pl.DataFrame:
    """Models with at least one shown image that has features, with what names and orders them."""
    return reads.compared_models(warehouse(), encoder=encoder)


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def model_gre(revision: int) -> dict[int, float]:
    """Mean GRE-Score of each model over its shown images, by model id."""
    rows = reads.model_gre(warehouse())
    return dict(zip(rows["model_version_id"], rows["gre"], strict=True))


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def prompt_cells(revision: int, prompt_id: int) -> pl.DataFrame:
    """Models with a shown image of the prompt: mean GRE-Score there, and the best picture."""
    return reads.prompt_cells(warehouse(), prompt_id=prompt_id)


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def prompt_similarity(encoder: str, prompt_id: int) -> PromptSimilarity:
    """Similarities of one prompt's pictures, model by model."""
    return similarity.prompt_similarity(warehouse(), encoder, prompt_id)


@st.cache_data(ttl=3600, max_entries=2, show_spinner="Comparing the pictures of all prompts")
def survey(encoder: str, shown: int, featured: int) -> similarity.Survey:
    """All prompts under one encoder; the counts make it anew when pictures or features come."""
    return similarity.survey(warehouse(), encoder)


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def pair_similarity(encoder: str, first_model: int, second_model: int) -> pl.DataFrame:
    """Entry of two models prompt by prompt, most alike first."""
    return similarity.pair_similarity(warehouse(), encoder, first_model, second_model)


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def pair_images(revision: int, prompt_id: int, first_model: int, second_model: int) -> pl.DataFrame:
    """Shown images of two models for one prompt, the best GRE-Score of each model first."""
    return reads.pair_images(
        warehouse(), prompt_id=prompt_id, first_model=first_model, second_model=second_model
    )
