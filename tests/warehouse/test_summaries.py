"""Summaries of one person: who counts, what is ranked, which picture stands for a model, files."""

import csv
import io
import math

import polars as pl
import pytest

from core.errors import NotFoundError
from tests import seeding
from tests.judging import judge
from tests.ranking import ADA, BEN, LEFT, answered, begun
from tests.seeding import HIDDEN_ID
from warehouse.exporters.summaries import judgment_rows, rating_rows
from warehouse.exporters.tables import csv_file, parquet_file
from warehouse.summaries import MODEL_COLUMNS, Asked, owner_of, summaries_by_tag, summary

ME = Asked("ada")


@pytest.fixture
def filled(warehouse):
    seeding.fill(warehouse)
    return warehouse


def vote(warehouse, first, second, *, person="ada", outcome="left", prompt=1, **more):
    shown = [f"p{prompt}-m{first}-s1", f"p{prompt}-m{second}-s1"]
    judge(warehouse, "vote", shown, person=person, outcome=outcome, prompt_id=prompt, **more)


def models(told):
    return {row["model_version_id"]: row for row in told.models.iter_rows(named=True)}


def csv_lines(rows):
    return list(csv.DictReader(io.StringIO(csv_file(rows).decode("utf-8-sig"))))


def test_without_judgments_nothing_is_ranked(filled):
    vote(filled, 2, 3, person="ben")
    told = summary(filled, ME)
    assert told.models.is_empty() and list(told.models.columns) == list(MODEL_COLUMNS)
    assert (told.judgments, told.other_judgments, told.other_people) == (0, 1, 1)
    assert math.isnan(told.with_scores.share) and told.top_settled is None
    first = summary(filled, ME, unjudged=True).models.row(0, named=True)
    assert first["model_version_id"] == 2
    assert first["chance"] == pytest.approx(first["by_others"])


def test_one_vote_ranks_its_two_models_around_what_others_say(filled):
    for _ in range(20):
        vote(filled, 4, 3, person="ben")
    vote(filled, 3, 2)
    found = models(summary(filled, ME))
    assert set(found) == {2, 3}, "model 4 was judged by Ben alone"
    assert found[3]["by_others"] < found[3]["chance"] < 0.5, "one vote against twenty"
    for _ in range(20):
        vote(filled, 3, 2)
    assert models(summary(filled, ME))[3]["rank"] == 1
    row = found[3]
    assert 0 < row["lower"] < row["chance"] < row["upper"] < 1
    assert (row["judgments"], row["pairs"], row["preferred"], row["tied"]) == (1, 1, 1, 0)
    assert row["image_id"] == "p1-m3-s1" and row["sha256"]
    assert found[2]["image_id"] is None, "it was never preferred"
    assert set(models(summary(filled, ME, unjudged=True))) == {2, 3, 4}


def test_the_favourite_is_the_best_of_those_preferred_whatever_others_say(filled):
    vote(filled, 2, 3, outcome="tie")
    assert summary(filled, ME).favourite is None
    for _ in range(20):
        vote(filled, 2, 3, person="ben")
    vote(filled, 3, 2)
    told = summary(filled, ME)
    assert told.models["model_version_id"].to_list() == [2, 3], "one vote against twenty"
    assert told.favourite["model_version_id"] == 3


def test_counts_of_ties_sorts_and_both_bad(filled):
    vote(filled, 2, 3, outcome="tie")
    vote(filled, 2, 3, outcome="both_bad")
    order = [f"p2-m{m}-s1" for m in (4, 3, 2)]
    judge(filled, "order", sorted(order), prompt_id=2, ranked_image_ids=order[:2],
          rejected_image_ids=order[2:])  # fmt: skip
    told = summary(filled, ME)
    found = models(told)
    assert told.judgments == 3
    assert (found[2]["pairs"], found[2]["preferred"], found[2]["tied"]) == (3, 0, 1)
    assert (found[4]["judgments"], found[4]["preferred"]) == (1, 2)
    assert (told.with_scores.pairs, told.with_scores.undecided) == (3, 1)


def test_the_picture_preferred_most_often_stands_for_a_model_and_a_hidden_one_never(filled):
    vote(filled, 2, 3)
    vote(filled, 2, 3, prompt=2)
    vote(filled, 2, 4, prompt=2)
    judge(filled, "vote", [HIDDEN_ID, "p1-m5-s1"], outcome="left")
    found = models(summary(filled, ME))
    assert found[2]["image_id"] == "p2-m2-s1"
    assert found[1]["preferred"] == 1 and found[1]["image_id"] is None
    assert found[1]["sha256"] is None


def test_two_pictures_of_one_model_say_nothing_of_models(filled):
    judge(filled, "vote", ["p2-m1-s1", "p2-m1-s2"], prompt_id=2, outcome="left")
    told = summary(filled, ME)
    assert told.models.is_empty() and told.judgments == 1


def test_simulated_judgments_count_only_when_asked_for(filled):
    vote(filled, 2, 3)
    vote(filled, 3, 2, person="sim", simulated=True)
    assert summary(filled, ME).other_judgments == 0
    asked = Asked("ada", with_simulated=True)
    assert summary(filled, asked).other_judgments == 1
    assert summary(filled, Asked("sim")).judgments == 0
    told = summary(filled, Asked("sim", with_simulated=True))
    assert (told.judgments, told.simulated) == (1, 1)


def test_a_tag_and_a_session_count_by_themselves(filled):
    vote(filled, 2, 3)
    vote(filled, 4, 2, prompt=3)
    vote(filled, 3, 2, person="ben", prompt=3)
    by_tag = summaries_by_tag(filled, ME)
    assert list(by_tag) == ["", "animal"]
    assert (by_tag[""].judgments, by_tag[""].other_judgments) == (1, 1)
    assert by_tag["animal"].other_judgments == 0
    untagged = summary(filled, Asked("ada", tag=""))
    assert untagged.models.equals(by_tag[""].models)
    answered(filled, begun(filled, ADA, (2,), session_id="ada-1"), LEFT)
    told = summary(filled, Asked("ada", "ada-1"))
    assert (told.judgments, told.other_judgments) == (1, 1)


def test_a_session_of_somebody_else_is_not_ones_own(filled):
    answered(filled, begun(filled, BEN, (2,), session_id="ben-1"), LEFT)
    assert owner_of(filled, "ben-1") == "ben" and owner_of(filled, "nowhere") is None
    for session_id in ("ben-1", "nowhere"):
        with pytest.raises(NotFoundError):
            summary(filled, Asked("ada", session_id))
        with pytest.raises(NotFoundError):
            summaries_by_tag(filled, Asked("ada", session_id))


def test_agreement_with_others_is_on_the_same_pictures(filled):
    vote(filled, 2, 3)
    vote(filled, 3, 4)
    for person in ("ben", "cat"):
        vote(filled, 3, 2, person=person, outcome="right")
        vote(filled, 2, 3, person=person, prompt=2)
    told = summary(filled, ME).with_others
    assert (told.share, told.pairs, told.unknown, told.people) == (1.0, 1, 1, 2)


def test_the_files_are_whole_and_no_text_in_the_csv_is_a_formula(filled):
    with filled.transaction() as cursor:
        cursor.execute("update models set model_name = '=cmd()' where model_version_id = 2")
    vote(filled, 2, 3)
    judge(filled, "comment", [], comment="@SUM(A1)")
    for rows, column, text in (
        (judgment_rows(filled, ME), "comment", "@SUM(A1)"),
        (rating_rows(summary(filled, ME), ME), "model_name", "=cmd()"),
    ):
        parquet = pl.read_parquet(io.BytesIO(parquet_file(rows)))
        assert parquet.equals(rows) and text in parquet[column].to_list()
        read = csv_lines(rows)
        assert len(read) == rows.height == 2
        assert f"'{text}" in [line[column] for line in read]
    lists = [line["shown_image_ids"] for line in csv_lines(judgment_rows(filled, ME))]
    assert lists == ['["p1-m2-s1", "p1-m3-s1"]', "[]"]
    assert "sha256" not in rating_rows(summary(filled, ME), ME).columns
