"""A person's models, best first: the headline, the chart, and the table with pictures."""

import polars as pl
import streamlit as st

from dashboard import formats
from dashboard.charts import summary as charts
from dashboard.components.pickers import segments
from dashboard.components.pictures.picture_dialogs import open_picture
from dashboard.components.summary.choice import Choice, tag_words
from dashboard.components.summary.favourite import Favourite, favourite
from dashboard.components.summary.standings_table import Line, standings_table
from dashboard.media import thumbnail_url
from dashboard.state import summary as state
from warehouse.summaries import Summary

FEW = 20  # judgments, below which most of a rating comes from everybody else
MOST_ROWS = 15
SETTLED = 0.9


def headline(chosen: Choice, told: Summary) -> None:
    """The favourite among the models judged, and how sure that is."""
    first = told.favourite
    if first is None:
        st.info(
            "Only ties so far: no picture was preferred to another yet.", icon=":material/info:"
        )
        return
    who = "You" if chosen.is_own else "They"
    pairs = (
        f"{who} preferred it in {first['preferred']} of {formats.counted(first['pairs'], 'pair')}"
    )
    ties = f" ({formats.counted(first['tied'], 'tie')})" if first["tied"] else ""
    sure = (
        f"{first['first']:.0%} sure that it is the best of the "
        f"{formats.counted(told.models.height, 'model')} judged"
    )
    sentences = [
        f"Wins about {of_ten(first['chance'])} against an average model "
        f"(95 % interval: {of_ten(first['lower'])} to {of_ten(first['upper'])}).",
        f"{pairs}{ties}; {sure}.{_settled(told)}",
    ]
    if told.judgments < FEW:
        sentences.append(
            f"Provisional, from {formats.counted(told.judgments, 'judgment')}: below {FEW} the "
            f"ratings stay close to {_start(told)}."
        )
    opened = favourite(
        Favourite(
            _title(chosen, provisional=told.judgments < FEW),
            first["model_name"],
            first["version_name"],
            sentences,
            first["image_id"],
            _thumbnail(first["sha256"]),
        ),
        key="summary.favourite",
    )
    if opened:
        open_picture(opened, _pictures(told))


def ranked_models(told: Summary) -> None:
    """The chart beside the table; a click on a picture opens it with its recipe."""
    rows = told.models
    if rows.height > MOST_ROWS:
        everything = st.toggle(
            f"Show all {formats.whole(rows.height)}",
            key=state.SUMMARY_ALL_ROWS,
            persist_state="session",
        )
        rows = rows if everything else rows.head(MOST_ROWS)
    left, right = st.columns([1, 1.25], gap="large")
    with_others = told.other_judgments > 0
    with left:
        chart = charts.standings(_drawn(rows), with_others=with_others)
        st.altair_chart(chart, key="summary.chart")
        st.caption(
            "Dot and line: this person, with a 95 % interval; hollow where they did not judge the "
            f"model.{' Tick: everybody else.' if with_others else ''} Dashed: the average of the "
            f"{formats.counted(told.rated_models, 'model')} that were judged."
        )
    with right:
        opened = standings_table(
            [_line(row) for row in rows.iter_rows(named=True)], key="summary.table"
        )
    if opened:
        open_picture(opened, _pictures(told))


def among_picker() -> str:
    """Which models are ranked: those that the person judged, or all that anybody did."""
    return segments("Models", state.AMONG, state.SUMMARY_AMONG, label_visibility="collapsed")


def of_ten(chance: float) -> str:
    """A chance as people say it; never as certain as 0 or 10 of 10."""
    times = round(10 * chance)
    if times < 1:
        return "fewer than 1 of 10"
    return "more than 9 of 10" if times > 9 else f"{times} of 10"


def _title(chosen: Choice, *, provisional: bool) -> str:
    where = [] if chosen.asked.tag is None else [tag_words(chosen.asked.tag)]
    where += ["this session"] if chosen.asked.session_id else []
    whose = "Your favourite" if chosen.is_own else f"The favourite of {chosen.name}"
    so_far = " so far" if provisional else ""
    return f"{whose}{so_far}" + "".join(f" · {part}" for part in where)


def _settled(told: Summary) -> str:
    if told.top_settled is None:
        return ""
    if told.top_settled >= SETTLED:
        return f" The top three are settled ({told.top_settled:.0%})."
    return f" The top three are not settled yet ({told.top_settled:.0%}, of {SETTLED:.0%} asked)."


def _start(told: Summary) -> str:
    """Where ratings start, in words."""
    if not told.other_judgments:
        return "where they start, with all models alike, since nobody else judged any"
    people = "1 other person" if told.other_people == 1 else f"{told.other_people} others"
    return f"what {formats.counted(told.other_judgments, 'judgment')} of {people} say"


def _drawn(rows: pl.DataFrame) -> pl.DataFrame:
    model = pl.concat_str("model_name", "version_name", separator=" ").str.strip_chars()
    return rows.with_columns(
        model.alias("model"),
        pl.concat_str(pl.col("rank").cast(pl.String), model, separator=". ").alias("line"),
    ).drop("model_name", "version_name", "image_id", "sha256")


def _line(row: dict[str, object]) -> Line:
    chance, lower, upper, top = (row[key] for key in ("chance", "lower", "upper", "among_top"))
    return Line(
        int(str(row["rank"])),
        str(row["model_name"]),
        str(row["version_name"]),
        f"{chance:.0%}",
        f"{lower:.0%} to {upper:.0%}",
        f"{top:.0%}",
        f"{row['preferred']} of {row['pairs']}" if row["pairs"] else "–",
        f"{row['tied']} tied" if row["tied"] else "",
        str(row["judgments"]),
        None if row["image_id"] is None else str(row["image_id"]),
        _thumbnail(row["sha256"]),
    )


def _thumbnail(sha256: object) -> str | None:
    return thumbnail_url(str(sha256)) if sha256 else None


def _pictures(told: Summary) -> list[str]:
    return told.models["image_id"].drop_nulls().to_list()
