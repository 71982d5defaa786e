"""What became of what was asked for: pictures as they appear, and the jobs of before."""

import streamlit as st

from dashboard import generation, navigation, selection
from dashboard.components.generate.acts import take_acts
from dashboard.components.generate.job_list import job_list
from dashboard.components.generate.picture_grid import Offers, picture_grid, shown_pictures
from dashboard.components.pictures.picture_dialogs import open_picture
from dashboard.state import generate_results as state
from dashboard.state.generate import ASKED
from dashboard.state.picture import PICTURE_OPENED
from warehouse.generation.job_views import JobView

EVERY_S = 0.5
LARGE_EVERY_S = 1.5  # where so much is shown that telling it costs more
LARGE = 150  # pictures


def results(job_id: str | None) -> None:
    """Show the job and the ones asked from its cells; without one, the newest under way."""
    _go_on()
    shown = job_id or _under_way()
    if shown:
        jobs = _jobs(shown)
        running = any(not job.ended for job in jobs)
        pictures = sum(len(job.pictures) for job in jobs)
        every_s = LARGE_EVERY_S if pictures > LARGE else EVERY_S
        st.fragment(_watched, run_every=every_s if running else None)(shown, running)
    job_list(shown)


def _watched(job_id: str, is_watched: bool) -> None:
    """The pictures; drawn again by itself while more are to come."""
    session = st.session_state
    if take_acts([job_id, *state.more_ids(session, job_id)]):
        st.rerun(scope="app")
    jobs = _jobs(job_id)
    if not jobs:
        st.caption("This job is not in the warehouse any more.")
        return
    offers = Offers(generation.may_generate(), navigation.entry("rank") is not None)
    opened = picture_grid(
        jobs,
        set(selection.picked()),
        offers,
        taken=session.get(state.RESULTS_TAKEN, 0),
        said=session.get(state.RESULTS_SAID, ""),
    )
    if opened:
        _ask_to_open(jobs, *opened)
    is_open = PICTURE_OPENED in session  # running the page again would close the picture
    if is_watched != any(not job.ended for job in jobs) and not is_open:
        st.rerun(scope="app")


def _go_on() -> None:
    """Open what the pictures asked for; here, since the fragment is drawn again all the time."""
    session = st.session_state
    if session.pop(state.RESULTS_RANK, False):
        rank = navigation.entry("rank")
        if rank:
            st.switch_page(rank.page(), query_params={"start": "picks"})
    asked = session.pop(state.RESULTS_OPEN, None)
    if asked:
        open_picture(*asked)


def _ask_to_open(jobs: list[JobView], job_id: str, place: int) -> None:
    for job in jobs:
        shown = shown_pictures(job)
        for picture in job.pictures:
            if (job.job_id, picture.place) == (job_id, place) and picture.image_id in shown:
                st.session_state[state.RESULTS_OPEN] = (picture.image_id, shown)
                st.rerun(scope="app")


def _jobs(job_id: str) -> list[JobView]:
    ids = (job_id, *state.more_ids(st.session_state, job_id))
    return [job for job in map(generation.job, ids) if job is not None]


def _under_way() -> str | None:
    """After a reload the page goes on with what is being made."""
    newest = next((job.job_id for job in generation.jobs(5) if not job.ended), None)
    if newest:
        st.session_state[ASKED] = newest
    return newest
