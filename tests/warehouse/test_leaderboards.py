"""Leaderboards over the warehouse: which judgments count, files of pairs, the command line."""

import json
from datetime import UTC, datetime

import polars as pl
import pytest

from core.errors import FileFormatError, RowError
from tests import seeding
from tests.judging import judge
from warehouse.database import open_warehouse
from warehouse.leaderboards import METHODS, Slice, judged, rated
from warehouse.pair_files import pairs_frame, read_pairs, write_pairs
from warehouse.reads import leaderboards as reads

ONE, TWO, THREE, FOUR = "p1-m1-s2", "p1-m2-s1", "p1-m3-s1", "p1-m4-s1"


@pytest.fixture
def filled(warehouse):
    seeding.fill(warehouse)
    return warehouse


def ratings(found):
    return {
        standing.model: standing.rating for standing in rated(found.comparisons, "bradley-terry")
    }


def test_rated_judgments(filled, empty):
    kept = judge(filled, "vote", [ONE, TWO], outcome="left")
    undone = judge(filled, "vote", [ONE, TWO], outcome="right")
    judge(filled, "undo", [], undoes_judgment_id=undone)
    judge(filled, "vote", [TWO, ONE], outcome="right", pairing="check")
    judge(filled, "skip", [ONE, TWO])
    other = judge(
        filled, "vote", ["p2-m1-s1", "p2-m2-s1"], outcome="tie", prompt_id=2, person="bob"
    )
    drawn = judge(filled, "vote", [ONE, TWO], outcome="left", simulated=True)
    with filled.transaction() as cursor:
        cursor.execute(
            "insert into people (person_id, name, role) values ('bob', 'Bob', 'maintainer')"
        )

    def ids(**told):
        rows = reads.rated_judgments(filled, **{"with_simulated": False} | told)
        return rows["judgment_id"].to_list()

    assert ids() == [kept, other]
    assert ids(with_simulated=True) == [kept, other, drawn]
    assert ids(tag="animal") == [kept]
    assert ids(prompt_ids=[2]) == ids(role="maintainer") == ids(person_id="bob") == [other]
    assert ids(campaign="none such") == []
    assert ids(since=datetime(2999, 1, 1, tzinfo=UTC)) == []
    assert ids(until=datetime(2999, 1, 1, tzinfo=UTC)) == [kept, other]
    assert reads.rated_judgments(empty, with_simulated=True).is_empty()


def test_judged_models(filled, empty):
    judge(filled, "order", [ONE, THREE], ranked_image_ids=[ONE, THREE])
    assert reads.judged_models(filled).rows() == [(ONE, 1, "SD 1.5"), (THREE, 3, "SD 1.5")]
    assert reads.judged_models(empty).is_empty()


def test_model_names(filled, empty):
    names = dict(reads.model_names(filled).iter_rows())
    assert names[2] == "Model 2 v2.0"
    assert names[3] == "Model 3", "a model without a version has its name alone"
    assert reads.model_names(empty).is_empty()


def test_votes_and_orders_become_comparisons_of_models(filled):
    judge(filled, "vote", [ONE, TWO], outcome="right")
    judge(filled, "vote", [ONE, TWO], outcome="both_bad")
    judge(
        filled, "order", [ONE, TWO, THREE], ranked_image_ids=[THREE, TWO], rejected_image_ids=[ONE]
    )
    found = judged(filled, Slice())
    assert found.comparisons.judgments == 2
    assert found.both_bad.rows() == [(1, 1, 2)]
    order = sorted(ratings(found), key=ratings(found).__getitem__)
    assert order == [1, 2, 3]


def test_a_base_model_keeps_its_models_and_their_order(filled):
    judge(filled, "order", [ONE, TWO, THREE], ranked_image_ids=[THREE, TWO, ONE])
    judge(filled, "vote", [ONE, TWO], outcome="right")
    found = judged(filled, Slice(base_model="SD 1.5"))
    assert set(ratings(found)) == {1, 3}
    assert found.comparisons.judgments == 1


def test_pairs_written_and_read_again_rate_alike(filled, tmp_path):
    for outcome in ("left", "left", "right", "tie", "both_bad"):
        judge(filled, "vote", [ONE, TWO], outcome=outcome)
    judge(filled, "vote", [TWO, THREE], outcome="left")
    judge(filled, "vote", [TWO, THREE], outcome="right")
    found = judged(filled, Slice())
    rows = pairs_frame(found)
    assert rows["winner"].to_list() == [
        *("model_a", "model_a", "model_b", "tie", "both_bad"),
        *("model_a", "model_b"),
    ]
    for name in ("pairs.csv", "pairs.parquet"):
        write_pairs(tmp_path / name, found)
        again = rated(read_pairs(tmp_path / name), "bradley-terry")
        assert {int(each.model): each.rating for each in again} == pytest.approx(ratings(found))


def test_a_sorted_batch_is_exported_as_its_pairs_under_one_judgment(filled):
    kept = judge(
        filled, "order", [ONE, TWO, THREE], ranked_image_ids=[TWO], rejected_image_ids=[ONE, THREE]
    )
    rows = pairs_frame(judged(filled, Slice()))
    assert rows.select("model_a", "model_b", "winner", "judgment_id").rows() == [
        (2, 1, "model_a", kept),
        (2, 3, "model_a", kept),
    ]


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("model_a,model_b\nx,y\n", FileFormatError, "lacks the column winner"),
        ("model_a,model_b,winner\nx,y,model_a\nx,y,X\n", RowError, "row 3, column winner"),
        ("model_a,model_b,winner\nx,,tie\n", RowError, "row 2, column model_b"),
        ("", FileFormatError, "no CSV or Parquet file"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_row(tmp_path, text, error, said):
    path = tmp_path / "pairs.csv"
    path.write_text(text)
    with pytest.raises(error, match=said):
        read_pairs(path)


def test_other_columns_and_arenas_word_for_both_bad_are_taken(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text("judge,model_a,model_b,winner\n1,x,y,tie (bothbad)\n2,x,y,model_b\n3,x,x,tie\n")
    comparisons = read_pairs(path)
    assert comparisons.models == ("x", "y")
    assert comparisons.outcomes.tolist() == [0.0]


@pytest.mark.parametrize("method", METHODS)
def test_the_command_rates_a_file_without_a_warehouse(command, home, tmp_path, method):
    path = tmp_path / "pairs.csv"
    path.write_text(
        "model_a,model_b,winner\n" + "good,bad,model_a\n" * 8 + "bad,good,model_a\n" * 2
    )
    ran = command("leaderboard", "--pairs", path, "--method", method, "--json")
    assert (ran.code, ran.err) == (0, "")
    rows = json.loads(ran.out)
    assert [row["model"] for row in rows] == ["good", "bad"]
    assert list(rows[0]) == ["model", "rating", "lower", "upper", "rank", "votes"]
    assert rows[0]["votes"] == 10
    assert rows[0]["lower"] < rows[0]["rating"] < rows[0]["upper"]
    assert not (home / "gemboard.duckdb").exists()


def test_the_command_rates_the_warehouse_without_simulated_judgments_unless_asked(
    command, home, tmp_path
):
    warehouse = open_warehouse(home)
    seeding.fill(warehouse)
    judge(warehouse, "vote", [ONE, TWO], outcome="right", simulated=True)
    warehouse.close()
    assert json.loads(command("leaderboard", "--json").out) == []
    rows = json.loads(command("leaderboard", "--with-simulated", "--json").out)
    assert [row["model"] for row in rows] == [2, 1]
    written = tmp_path / "out.parquet"
    said = command("leaderboard", "--with-simulated", "--export", written).out
    assert "Model 2 v2.0" in said
    assert "1 judgment of 1 person" in said
    assert pl.read_parquet(written).height == 1


def test_an_unknown_method_is_wrong_usage(command):
    ran = command("leaderboard", "--method", "best")
    assert ran.code == 2
    assert "bradley-terry, elo, win-rate, plackett-luce" in ran.err
