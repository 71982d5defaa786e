"""The jobs of before as a short list, to open one."""

from typing import Any

import streamlit as st

from dashboard import formats, generation
from dashboard.access import Role, current_person
from dashboard.components.assets import script, style
from dashboard.components.generate.progress import STATES, count_words
from dashboard.media import thumbnail_url
from dashboard.state import generate_results as state
from dashboard.state.generate import ASKED
from warehouse.generation.job_views import JobView

MOST_LISTED = 20
EVERY_S = 4.0
THUMBS = 5
TITLE_WORDS = 110  # characters

_mount = st.components.v2.component(
    "gemboard_job_list",
    html='<div class="root"></div>',
    css=style("elements", "generate/job_list"),
    js=script("elements", "generate/job_list"),
)


def job_list(current: str | None) -> None:
    """The newest jobs of the person at the screen; maintainers may see everybody's."""
    st.subheader("Recent jobs", anchor=False)
    may_see_all = current_person().may(Role.MAINTAINER)
    if may_see_all:
        st.toggle("Of all people", key=state.RESULTS_EVERYBODY, persist_state="session")
    everybody = may_see_all and bool(st.session_state.get(state.RESULTS_EVERYBODY))
    running = any(not job.ended for job in generation.jobs(MOST_LISTED, everybody=everybody))
    st.fragment(_list, run_every=EVERY_S if running else None)(current, everybody)


def _list(current: str | None, everybody: bool) -> None:
    jobs = generation.jobs(MOST_LISTED, everybody=everybody)
    if not jobs:
        st.caption(
            "Nothing was asked for yet. Write a prompt, pick models and press Make pictures: the "
            "pictures appear here one by one, and the job stays in this list."
        )
        return
    listed = [job_line(job, everybody=everybody) for job in jobs]
    result = _mount(
        key=state.RESULTS_LIST,
        data={"jobs": listed, "current": current or ""},
        on_opened_change=lambda: None,
    )
    if result.opened in {job.job_id for job in jobs}:
        st.session_state[ASKED] = result.opened
        st.rerun(scope="app")


def job_line(job: JobView, *, everybody: bool) -> dict[str, Any]:
    """One job as the browser lists it."""
    facts = [count_words(job), formats.moment(job.created_at)]
    if everybody:
        facts.insert(0, job.person_name)
    stored = [  # what was discarded is no longer on the disk
        each.sha256
        for each in job.pictures
        if each.sha256 and not each.hidden and each.state != "discarded"
    ]
    return {
        "id": job.job_id,
        "title": _title(job),
        "state": job.state,
        "word": STATES[job.state],
        "reason": job.message if job.state == "failed" else "",
        "facts": "  ·  ".join(facts),
        "share": None if job.ended else round(job.share, 3),
        "thumbs": [thumbnail_url(sha256) for sha256 in stored[:THUMBS]],
    }


def _title(job: JobView) -> str:
    """The job's title or its first prompt; strangers' text."""
    if job.order is None:
        return "A job that cannot be read any more"
    words = job.order.title or job.order.pictures[0].request.prompt
    return formats.shortened(words, TITLE_WORDS)
