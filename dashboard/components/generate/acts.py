"""What the browser asked to do with jobs and their pictures, each thing done once."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.errors import GemboardError
from core.generation.request import SEED_HIGH
from dashboard import generation, navigation, selection
from dashboard.components.generate.picture_grid import shown_pictures
from dashboard.state import generate as form_state
from dashboard.state import generate_results as state
from warehouse.generation.job_views import JobView
from warehouse.generation.orders import Order, OrderedPicture


def take_acts(job_ids: Collection[str]) -> bool:
    """Do what is new; returns whether the rest of the page must hear of it.

    By every run, not by a callback: Streamlit gives a callback up where the next click comes while
    it runs. Steps only rise, and each report holds those before it, so none is lost or done twice.
    """
    session = st.session_state
    acts = (session.get(state.RESULTS_GRID) or {}).get("acts")
    told = False
    for act in acts if isinstance(acts, list) else ():
        step = act.get("step") if isinstance(act, dict) else None
        if type(step) is not int or step <= session.get(state.RESULTS_TAKEN, 0):
            continue
        session[state.RESULTS_TAKEN] = step
        session[state.RESULTS_SAID] = ""
        if act.get("job") not in job_ids:
            continue
        try:
            told = _do(act) or told
        except GemboardError as error:
            session[state.RESULTS_SAID] = str(error)
    return told


def _do(act: Mapping[str, Any]) -> bool:
    """Do one thing. Raises what `dashboard.generation` raises."""
    job_id, kind = str(act["job"]), act.get("act")
    places = [place for place in act.get("places") or () if type(place) is int]
    if kind == "stop":
        generation.cancel(job_id)
    elif kind in ("retry", "rest"):
        _open(job_id, generation.retry(job_id))
        return True
    elif kind in ("keep", "keep_all"):
        generation.keep(job_id, places if kind == "keep" else _places(job_id, ("fresh",)))
        return True
    elif kind in ("discard", "discard_all"):
        all_made = ("fresh", "kept")
        generation.discard(job_id, places if kind == "discard" else _places(job_id, all_made))
        return True
    elif kind in ("pick", "unpick", "seed", "remix", "rank"):
        job = generation.job(job_id)
        return job is not None and _do_with(job, kind, places, act)
    return False


def _do_with(job: JobView, kind: str, places: list[int], act: Mapping[str, Any]) -> bool:
    session = st.session_state
    if kind == "rank":
        selection.pick(shown_pictures(job), navigation.current_path(), shown_pictures(job))
        session[state.RESULTS_RANK] = True
        return True
    if kind in ("pick", "unpick"):
        shown = set(shown_pictures(job))
        wanted = [view.image_id for view in job.pictures if view.place in places]
        ids = [image_id for image_id in wanted if image_id in shown]
        if ids and kind == "pick":
            selection.pick(ids, navigation.current_path(), shown_pictures(job))
        elif ids:
            selection.unpick(ids, navigation.current_path())
        return bool(ids)
    if job.order is None or len(places) != 1 or not 0 <= places[0] < len(job.order.pictures):
        return False
    picture = job.order.pictures[places[0]]
    if kind == "remix":
        form_state.remix(session, form_state.draft_of(picture.request, picture.model_version_id))
        return True
    seed = act.get("seed")
    if type(seed) is not int or not 0 <= seed <= SEED_HIGH:
        return False
    row = job.order.rows[places[0] // len(job.order.columns)]
    again = generation.ask(_with_seed(job.order, picture, row, seed))
    state.add_more(session, _board_of(job.job_id), again)
    return True


def _with_seed(order: Order, picture: OrderedPicture, row: str, seed: int) -> Order:
    """The order of one picture again with another seed.

    The browser draws the seed: an action that comes twice, as after a restart, asks for the same.
    """
    again = replace(picture, request=replace(picture.request, seed=seed))
    return Order((again,), (row,), (f"Seed {seed}",), order.keep, title=order.title)


def _open(job_id: str, next_id: str) -> None:
    """Show a job where another stood."""
    first = _board_of(job_id)
    if first == job_id:
        st.session_state[form_state.ASKED] = next_id
    else:
        state.add_more(st.session_state, first, next_id)


def _board_of(job_id: str) -> str:
    """The job on top of the screen, where this one was asked from a cell of it."""
    for first, more in st.session_state.get(state.RESULTS_MORE, {}).items():
        if job_id in more:
            return str(first)
    return job_id


def _places(job_id: str, states: Collection[str]) -> list[int]:
    job = generation.job(job_id)
    return [view.place for view in job.pictures if view.state in states] if job else []
