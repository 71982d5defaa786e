"""Whether the board can be relied on: the first place, sides, agreement, each annotator."""

import polars as pl
import streamlit as st

from core.leaderboards.reliability import Share, first_stays, side_bias
from dashboard import formats, terms
from dashboard.components.leaderboard.choice import Choice, open_votes
from dashboard.components.leaderboard.names import in_one, model_names, people_names
from dashboard.data import leaderboard as data
from dashboard.state.leaderboard import Behind

HALF = 0.5


def trust(chosen: Choice) -> None:
    """Five answers, each with its count and its interval."""
    _first_place(chosen)
    sides, places, agreement = st.columns(3, gap="medium")
    with sides:
        _sides(chosen)
    with places:
        _places(chosen)
    with agreement:
        _agreement(chosen)
    _annotators(chosen)


def _first_place(chosen: Choice) -> None:
    found = data.first_place(chosen.revision, chosen.chosen)
    with st.container(border=True):
        st.subheader("How firm is the first place?", anchor=False, help=terms.FRAGILITY)
        if found is None:
            st.write(
                "No set of judgments was found whose removal would put another model first: the "
                "first place holds, or there is nobody to take it."
            )
            return
        names, count = model_names(), len(found.numbers)
        st.text(
            f"Without {count:,} of the {formats.counted(found.judgments, 'judgment')} "
            f"({_percent(count / found.judgments)}) {in_one(names, found.challenger)} would stand "
            f"first, and not {in_one(names, found.model)}."
        )
        st.caption(
            "By Bradley-Terry. Found by taking away the judgments that hold up the first place "
            "most and fitting anew; fewer may do."
        )
        if st.button(
            "Show this judgment" if count == 1 else f"Show these {count:,} judgments",
            icon=":material/list:",
            key="leaderboard.first_place",
        ):
            open_votes(Behind())


def _sides(chosen: Choice) -> None:
    share = side_bias(chosen.judged.judgments["outcome"].drop_nulls())
    with st.container(border=True):
        st.metric("Left preferred", _share(share), help=terms.SIDE_BIAS)
        if share is None:
            st.caption("No vote for left or right: sorted batches have no sides.")
            return
        if share.lower <= HALF <= share.upper:
            told = "No sign that the side matters: half lies within the interval."
        else:
            side = "left" if share.share > HALF else "right"
            told = f"People prefer the {side} picture more often than drawn sides explain."
        st.caption(
            f"{_interval(share, 'vote for left or right', 'votes for left or right')} {told}"
        )


def _places(chosen: Choice) -> None:
    orders = chosen.judged.judgments.filter(pl.col("kind") == "order")
    found = first_stays(orders.select("shown_image_ids", "ranked_image_ids").iter_rows())
    with st.container(border=True):
        st.metric(
            "Shown first, ranked first",
            _share(None if found is None else found[0]),
            help=terms.PLACE_BIAS,
        )
        if found is None:
            st.caption("No batch was sorted.")
            return
        share, by_chance = found
        told = _interval(share, "sorted batch", "sorted batches")
        st.caption(
            f"{told} Chance: {by_chance:.0%}. Batches are shown by falling GRE-Score, which "
            "explains a part."
        )


def _agreement(chosen: Choice) -> None:
    found = data.shared_opinions(chosen.revision, chosen.chosen)
    with st.container(border=True):
        st.metric(
            "Agreement between annotators (alpha)",
            "–" if found is None else formats.decimal(found.alpha, 2),
            help=terms.ALPHA,
        )
        if found is None:
            st.caption(
                "Not known: no two people compared the same two pictures, or all of them gave "
                "one answer. A campaign with overlap brings it."
            )
            return
        st.caption(
            f"95 % interval {found.lower:.2f} to {found.upper:.2f}, over "
            f"{formats.counted(found.pairs, 'pair')} of pictures that two or more of "
            f"{found.people} people compared."
        )


def _annotators(chosen: Choice) -> None:
    found = data.reliability(chosen.revision, chosen.chosen)
    people = people_names(
        chosen.revision, chosen.judged.judgments["person_id"].unique(maintain_order=True).to_list()
    )
    st.subheader("Annotators", anchor=False, help=terms.RELIABILITY)
    if len(found) < 2:
        st.caption("One person judged, so there is nobody to compare them with.")
        return
    st.caption(
        "Each beside ratings that are fitted to everybody else's judgments. Half is chance; "
        "a low share may be carelessness, or a taste of one's own."
    )
    st.dataframe(
        pl.DataFrame(
            [
                {
                    "Annotator": people[each.judge],
                    "Judgments": each.judgments,
                    "With the others": None
                    if each.agreement is None
                    else 100 * each.agreement.share,
                    "95 % interval": _ends(each.agreement),
                    "Decided": 0 if each.agreement is None else each.agreement.judgments,
                }
                for each in found
            ],
            schema={
                "Annotator": pl.String,
                "Judgments": pl.Int64,
                "With the others": pl.Float64,
                "95 % interval": pl.String,
                "Decided": pl.Int64,
            },
        ),
        hide_index=True,
        key="leaderboard.annotators",
        column_config={
            "With the others": st.column_config.ProgressColumn(
                format="%.0f%%", min_value=0, max_value=100, help=terms.RELIABILITY
            ),
            "Decided": st.column_config.NumberColumn(
                help="Judgments that preferred one of two models that the others rate apart"
            ),
        },
    )


def _share(share: Share | None) -> str:
    return "–" if share is None else f"{share.share:.0%}"


def _interval(share: Share, one: str, more: str) -> str:
    counted = f"{share.judgments:,} {one if share.judgments == 1 else more}"
    return f"95 % interval {share.lower:.0%} to {share.upper:.0%}, over {counted}."


def _ends(share: Share | None) -> str:
    return "" if share is None else f"{share.lower:.0%} to {share.upper:.0%}"


def _percent(share: float) -> str:
    return f"{share:.1%}" if share < 0.1 else f"{share:.0%}"
