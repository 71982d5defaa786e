"""What stands before a map: why there is none yet, its drawing, and how far to trust it."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import formats, maps
from dashboard.access import Role, current_person
from dashboard.components.map.controls import Choice
from dashboard.components.notices import literal
from dashboard.data import map as data
from warehouse.map_jobs import MapJob

EVERY_S = 1.0
EMBED = "python -m warehouse embed"
TRUST_HELP = (
    "Trustworthiness (Venna and Kaski): 1 means that pictures which stand together on the map are "
    "also nearest by their features; random places come out near 0.5. Distances between far groups "
    "mean little on any t-SNE map."
)


def shown_and_featured(choice: Choice, prompts: pl.DataFrame) -> tuple[int, int, int]:
    """Pictures that may be shown, those of them with features, and hidden ones."""
    rows = prompts.rows(named=True) if choice.prompt is None else [choice.prompt]
    counts = [sum(row[name] for row in rows) for name in ("shown", "featured", "hidden")]
    return counts[0], counts[1], counts[2]


def kept_map(choice: Choice, shown: int, featured: int) -> dict[str, Any] | None:
    """The kept map, drawn or brought up to date first where that is quick.

    None where there is nothing to show yet; why, and what to do, stands on the page then.
    """
    kept = data.map_projection(choice.encoder, choice.prompt_id)
    if not featured:
        _say_what_is_missing(choice, shown)
        return None
    if featured <= maps.AT_ONCE and (kept is None or kept["unplaced"]):
        with st.spinner(f"Finding places for {formats.whole(featured)} pictures"):
            maps.draw_at_once(choice.encoder, choice.prompt_id)
        kept = data.map_projection(choice.encoder, choice.prompt_id)
        if kept is None:
            st.info(
                "The stored features of these pictures are damaged: none of them has a direction. "
                "`python -m warehouse check` names them.",
                icon=":material/broken_image:",
            )
        return kept
    if kept is None or kept["unplaced"]:
        _offer_drawing(choice, kept, featured)
    return kept


def about(
    kept: dict[str, Any], points: pl.DataFrame, featured: int, shown: int, hidden: int
) -> None:
    """What the map of `points` (rows of map_points) shows, and how far to trust it."""
    on_map, without_file = points.height, points["sha256"].null_count()
    parts = [f"{formats.whole(on_map)} pictures"]
    if kept["method"] == "tsne":
        parts.append("t-SNE of their image features, after reducing them to 50 components")
    else:
        parts.append("too few different ones for t-SNE: the two main axes of their features")
    if kept["trustworthiness"] is not None:
        asked = kept["trust_sample"]
        sample = f", {formats.whole(asked)} of them asked" if asked < kept["fitted_images"] else ""
        parts.append(
            f"trustworthiness {kept['trustworthiness']:.3f} "
            f"(of {formats.whole(kept['fitted_images'])} drawn{sample}, "
            f"{kept['trust_neighbours']} neighbours)"
        )
    if kept["placed_later"]:
        parts.append(
            f"{formats.whole(kept['placed_later'])} placed later without moving the others"
        )
    if shown > featured:
        parts.append(f"{formats.whole(shown - featured)} have no features: `{EMBED}`")
    damaged = featured - on_map - kept["unplaced"]
    if damaged > 0:
        parts.append(f"{formats.whole(damaged)} with damaged features: `python -m warehouse check`")
    if without_file:
        parts.append(f"{formats.whole(without_file)} without a stored picture, a crossed frame")
    if hidden:
        parts.append(f"{formats.whole(hidden)} hidden as NSFW")
    st.caption("  ·  ".join(parts), help=TRUST_HELP)


def redraw_button(choice: Choice, featured: int) -> None:
    """Draw the map anew: every place changes, for everybody."""
    if not current_person().may(Role.ANALYST):
        return
    with st.popover("Draw anew", type="tertiary", icon=":material/restart_alt:"):
        st.write(
            "Pictures that came later lie where their neighbours are. A new drawing takes all of "
            "them into account, and every picture gets another place, for everybody."
        )
        if st.button("Draw this map anew", key="map.redraw"):
            if featured <= maps.AT_ONCE:
                maps.draw_at_once(choice.encoder, choice.prompt_id, redraw=True)
            else:
                maps.start_drawing(choice.encoder, choice.prompt_id, redraw=True)
            st.rerun()


def job_under_way(choice: Choice) -> None:
    """The job of this map with its progress, where one is under way or has just failed."""
    job = maps.drawing(choice.encoder, choice.prompt_id)
    if job is None:
        return
    if not job.ended:
        _progress(job)
    elif job.state == "failed":
        st.error(f"The map could not be drawn: {literal(job.message)}", icon=":material/error:")
    elif job.state == "cancelled":
        st.caption("The drawing was stopped; nothing of it was kept.")


def _say_what_is_missing(choice: Choice, shown: int) -> None:
    if not shown:
        what = "This prompt has no picture" if choice.prompt is not None else "There is no picture"
        st.info(
            f"{what} that can be shown yet. Bring some in with `python -m warehouse import`, or "
            "choose another prompt.",
            icon=":material/hide_image:",
        )
        return
    st.info(
        f"None of these {formats.whole(shown)} pictures has features of this encoder, and a map is "
        f"made of features. Stop the dashboard and run `{EMBED}`.",
        icon=":material/image_search:",
    )


def _offer_drawing(choice: Choice, kept: dict[str, Any] | None, featured: int) -> None:
    """A large map is drawn when somebody asks for it."""
    job = maps.drawing(choice.encoder, choice.prompt_id)
    if job is not None and not job.ended:
        return
    if kept is None:
        st.info(
            f"The map of these {formats.whole(featured)} pictures has not been drawn yet. It takes "
            f"about {maps.expected_words(featured)} of one processor and is kept then; the page "
            "can be used meanwhile. `python -m warehouse map` does it without the dashboard.",
            icon=":material/scatter_plot:",
        )
        label = "Draw the map"
    else:
        label = f"Place {formats.whole(kept['unplaced'])} new pictures"
    if st.button(label, type="primary", key="map.draw"):
        maps.start_drawing(choice.encoder, choice.prompt_id)
        st.rerun()


@st.fragment(run_every=EVERY_S)
def _progress(job: MapJob) -> None:
    """Redrawn by itself every second; the rest of the page stays as it is."""
    if job.ended:
        maps.forget()
        st.rerun(scope="app")
    left = job.left_s()
    words = "Waiting for another map" if job.state == "queued" else "Drawing the map"
    if left is not None:
        words += f", about {formats.whole(round(left))} s left"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(job.share, text=words)
        if job.stop:
            st.caption("Stopping", width="content")
        elif st.button("Stop", key="map.stop", width="content"):
            maps.stop_drawing(job)
