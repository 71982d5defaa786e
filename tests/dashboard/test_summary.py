"""Summary's links, its words and its chart."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts.summary import standings
from dashboard.components.summary.ranking import of_ten
from dashboard.state.summary import AMONG, SummaryLink, link_parameters, read_summary_link

IDS = st.one_of(st.none(), st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True))


@given(
    st.builds(SummaryLink, IDS, IDS, st.none() | st.text(), st.none() | st.sampled_from([*AMONG]))
)
def test_a_link_reads_back_as_it_was_written(link):
    assert read_summary_link(link_parameters(link)) == link


@pytest.mark.parametrize("name", ["person", "session", "models"])
@pytest.mark.parametrize("value", ["", "a b", "../x", "x" * 65, "<script>", "é"])
def test_what_is_no_id_is_complained_of_and_not_taken(name, value):
    link = read_summary_link({name: value})
    assert len(link.complaints) == 1
    assert (link.person_id, link.session_id, link.among) == (None, None, None)


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.0, "fewer than 1 of 10"),
        (0.26, "3 of 10"),
        (0.74, "7 of 10"),
        (0.96, "more than 9 of 10"),
    ],
)
def test_a_chance_is_told_in_tenths_and_never_as_certain(chance, words):
    assert of_ten(chance) == words


@pytest.mark.parametrize("with_others", [True, False])
def test_the_chart_has_a_line_a_model_and_ticks_only_where_others_judged(with_others):
    facts = ("chance", "lower", "upper", "by_others", "among_top", "judgments", "pairs",
             "preferred", "tied")  # fmt: skip
    row = {"model": "<b>x</b>", **dict.fromkeys(facts, 0.5)}
    rows = pl.DataFrame([{"line": f"{rank}. <b>x</b>", **row} for rank in (1, 2)])
    told = standings(rows, with_others=with_others).to_dict()
    marks = [layer["mark"]["type"] for layer in told["layer"]]
    assert ("tick" in marks) == with_others
    assert {"rule", "circle", "point"} <= set(marks)
    named = {layer["encoding"]["y"]["field"] for layer in told["layer"] if "y" in layer["encoding"]}
    assert named == {"line"}
