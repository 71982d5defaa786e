"""Heat maps of one to four prompts, with APS and rank beside each."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.similarity.cosine import PromptSimilarity, expanded
from dashboard import formats, profiles, terms
from dashboard.components.pictures.pair_dialog import open_pair
from dashboard.components.similarity import maps
from dashboard.components.similarity.controls import Choice
from dashboard.components.similarity.heat_map import HeatMap, heat_map
from dashboard.components.similarity.matrix_export import matrix_button
from dashboard.data import similarity as data
from warehouse.similarity import Survey

PROMPT_PX = 54  # height of a prompt's words, which scroll where they are longer
EMBED = "`python -m warehouse embed`"


@dataclass(frozen=True)
class _Panel:
    """One prompt and what is known of it."""

    prompt: dict[str, Any]  # a row of compared_prompts
    found: PromptSimilarity
    cells: pl.DataFrame  # rows of prompt_cells

    @property
    def name(self) -> str:
        """Tells its map from the others."""
        return f"prompt-{self.prompt['prompt_id']}"

    @property
    def comparable(self) -> bool:
        """Whether there are two models to compare."""
        return len(self.found.models) > 1


def prompt_maps(choice: Choice, prompts: pl.DataFrame) -> None:
    """The maps of the chosen prompts; APS ranks need all prompts and are written last."""
    if not choice.prompts:
        st.info("Choose one to four prompts above.", icon=":material/arrow_upward:")
        return
    panels = [_panel(choice.encoder, prompt) for prompt in choice.prompts]
    drawn = {told.name: told for told in _draw([p for p in panels if p.comparable], choice)}
    waiting, opened = [], None
    with st.grid(len(panels), min_column_width=360, gap="large"):
        for panel in panels:
            with st.container():
                above, below = _places(panel, alone=len(panels) == 1)
                waiting.append(above)
                told = drawn.get(panel.name)
                if told is None:
                    continue
                with below:
                    clicked = heat_map(told, key=f"similarity.map.{panel.name}", group="prompts")
                    opened = (panel, clicked) if clicked else opened
                    matrix_button(told, choice.encoder)
    if opened:
        open_pair(choice.encoder, opened[1], [opened[0].prompt])
    whole = data.survey(choice.encoder, int(prompts["shown"].sum()), int(prompts["featured"].sum()))
    for place, panel in zip(waiting, panels, strict=True):
        with place:
            _figures(panel, whole, alone=len(panels) == 1)
            _left_out(panel)


def _places(panel: _Panel, *, alone: bool) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Where the figures and the map of a prompt go: beside each other where it stands alone."""
    if alone and panel.comparable:
        right, left = st.columns([5, 3], gap="large")
    else:
        left, right = st.container(), st.container()
    with left:
        with st.container(height="content" if alone else PROMPT_PX, border=False):
            st.text(panel.prompt["prompt"])
        return st.container(), right


def _panel(encoder: str, prompt: dict[str, Any]) -> _Panel:
    prompt_id = prompt["prompt_id"]
    cells = data.prompt_cells(profiles.scores_revision(), prompt_id)
    return _Panel(prompt, data.prompt_similarity(encoder, prompt_id), cells)


def _draw(panels: Sequence[_Panel], choice: Choice) -> list[HeatMap]:
    """Each panel's map, all on one colour scale, and on one axis where that is asked for."""
    if not panels:
        return []
    downloads = maps.known_downloads(data.compared_models(choice.encoder))
    groups = [panels] if choice.together else [[panel] for panel in panels]
    orders = [
        maps.ordered_models(
            [panel.found for panel in group],
            choice.order,
            downloads,
            maps.mean_gre(panel.cells for panel in group),
        )
        for group in groups
    ]
    axes = itertools.repeat(orders[0], len(panels)) if choice.together else orders
    told = [(panel, models, *expanded(panel.found, models))
            for panel, models in zip(panels, axes, strict=True)]  # fmt: skip
    values = [entry[2] for entry in told]
    scale = maps.scale_of(values, [entry[3] for entry in told], choice.scale)
    words = maps.scale_words(values, choice.scale)
    return [_map(*entry, choice, scale, words) for entry in told]


def _map(
    panel: _Panel,
    models: npt.NDArray[np.int64],
    values: npt.NDArray[np.float64],
    pairs: npt.NDArray[np.int64],
    choice: Choice,
    scale: tuple[float, float],
    words: str,
) -> HeatMap:
    named = [panel.cells, data.compared_models(choice.encoder)]
    names = pl.concat(named, how="diagonal")
    return HeatMap(
        name=panel.name,
        label=f"Similarities of {len(models)} models for prompt {panel.prompt['prompt_id']}",
        axis=maps.axis(models, names.unique("model_version_id", keep="first")),
        values=values,
        behind=pairs,
        words=maps.PROMPT_WORDS,
        scale=scale,
        scale_words=words,
        ends=maps.ENDS[choice.order],
    )


def _figures(panel: _Panel, whole: Survey, *, alone: bool) -> None:
    """APS and rank with their counts."""
    pictures = int(panel.found.pictures.sum())
    if pictures < 2:
        _too_few(panel, pictures)
        return
    aps, rank = formats.decimal(panel.found.aps), _rank(panel.prompt["prompt_id"], whole)
    if alone:
        st.metric("APS", aps, help=terms.APS, width="content")
        st.metric("Rank, most diverse first", rank, help=terms.APS_RANK, width="content")
    else:
        st.markdown(f"APS **{aps}** · rank **{rank}**, most diverse first", help=terms.APS)
    models = len(panel.found.models)
    pairs = pictures * (pictures - 1) // 2
    st.caption(
        f"{formats.counted(pictures, 'picture')} by {formats.counted(models, 'model')}, "
        f"{formats.counted(pairs, 'pair')}"
    )
    if not panel.comparable:
        st.info(
            "Only one model has pictures with features for this prompt, so there is no other to "
            "compare it with. The APS is that of its own seeds. Import or generate pictures of "
            "more models.",
            icon=":material/info:",
        )


def _rank(prompt_id: int, whole: Survey) -> str:
    """Rank among all prompts that have an APS."""
    ranked = whole.prompts.drop_nulls("rank")
    own = ranked.filter(pl.col("prompt_id") == prompt_id)["rank"]
    if own.is_empty():
        return "–"
    tied = "=" if (ranked["rank"] == own[0]).sum() > 1 else ""
    return f"{own[0]}{tied} of {ranked.height}"


def _too_few(panel: _Panel, pictures: int) -> None:
    """Why there is no map, and what to do."""
    prompt = panel.prompt
    if not prompt["shown"] and not prompt["hidden"]:
        words = "No model has a picture of this prompt yet. Import or generate some."
    elif not prompt["shown"]:
        words = (
            f"All {prompt['hidden']} pictures of this prompt are hidden as NSFW. Choose another "
            "prompt, or have a maintainer raise the threshold."
        )
    elif pictures:
        words = (
            "Only one picture of this prompt has features, and a similarity takes two. Import or "
            f"generate more pictures, then run {EMBED} to compute what is missing."
        )
    else:
        words = (
            f"None of the {prompt['shown']} pictures of this prompt has features that can be "
            f"compared. Stop the dashboard and run {EMBED}; it computes what is missing."
        )
    st.info(words, icon=":material/info:")


def _left_out(panel: _Panel) -> None:
    """Pictures that are shown elsewhere but count nowhere here, and what to do about them."""
    prompt = panel.prompt
    damaged = prompt["misfits"] + panel.found.undirected
    missing = prompt["shown"] - prompt["featured"] - prompt["misfits"]
    parts = []
    if missing and prompt["featured"]:
        parts.append(f"{formats.counted(missing, 'picture')} without features: run {EMBED}")
    if damaged:
        parts.append(
            f"{formats.counted(damaged, 'picture')} whose stored features are damaged: "
            "`python -m warehouse check` names them"
        )
    if parts:
        st.caption(f"Left out: {'; '.join(parts)}.")
