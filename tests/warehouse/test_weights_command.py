"""`weights`: profiles on the command line, and a fit to judgments with known tastes."""

import numpy as np
import pytest

from tests import seeding
from tests.warehouse.test_judged_pairs import judge
from warehouse.database import open_warehouse


@pytest.fixture
def filled(command, home):
    """The command line on a seeded home."""
    with_pictures(home, lambda warehouse: None)
    return command


def with_pictures(home, change):
    warehouse = open_warehouse(home)
    if not warehouse.value("select count(*) from images"):
        seeding.fill(warehouse)
    change(warehouse)
    warehouse.close()


def vote_by_clip(warehouse, *, simulated=False):
    """Six people who mostly prefer the higher CLIP score."""
    rows = warehouse.select(
        "select image_id, prompt_id, q from scored_metrics where metric = 'clip' and q is not null"
    )
    random = np.random.default_rng(0)
    for prompt_id in rows["prompt_id"].unique(maintain_order=True):
        images = rows.filter(rows["prompt_id"] == prompt_id)
        for _ in range(40):
            one, other = random.choice(images.height, 2, replace=False)
            gap = images["q"][int(one)] - images["q"][int(other)]
            outcome = "left" if random.random() < 1 / (1 + np.exp(-6 * gap)) else "right"
            shown = [images["image_id"][int(one)], images["image_id"][int(other)]]
            judge(
                warehouse,
                "vote",
                shown,
                outcome=outcome,
                person=f"person {random.integers(6)}",
                prompt_id=prompt_id,
                simulated=simulated,
            )


def test_the_list_names_the_papers_profile_with_exactly_its_three_metrics(filled):
    assert filled("weights", "list", "--json").json == [
        {
            "name": "GEMRec default",
            "lambdas": {"clip": 1.0, "mcos": 0.8, "pop": 0.2},
            "active": True,
        }
    ]


def test_a_saved_profile_can_be_shown_and_activated(filled):
    assert filled("weights", "save", "mine", "clip=1", "pop=0.5").code == 0
    assert filled("weights", "show", "mine", "--json").json["lambdas"] == {"clip": 1, "pop": 0.5}
    assert filled("weights", "activate", "mine", "--json").json == {"name": "mine", "active": True}
    assert [p["name"] for p in filled("weights", "list", "--json").json if p["active"]] == ["mine"]
    assert "* mine: clip 1, pop 0.5" in filled("weights", "list").out


@pytest.mark.parametrize(
    ("weight", "said"),
    [
        ("clip=-1", "from 0 up"),
        ("clip=nan", "from 0 up"),
        ("clip=inf", "from 0 up"),
        ("clip=1e999", "from 0 up"),
        ("beauty=1", "no metric “beauty”"),
        ("clip", "not METRIC=WEIGHT"),
        ("clip=much", "not METRIC=WEIGHT"),
    ],
)
def test_a_bad_weight_is_refused_with_a_sentence(filled, weight, said):
    ran = filled("weights", "save", "mine", "--", weight)
    assert ran.code == 1
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_weights_that_are_all_zero_are_refused(filled):
    ran = filled("weights", "save", "mine", "clip=0", "pop=0")
    assert ran.code == 1
    assert "above 0" in ran.err


def test_an_unknown_profile_is_named(filled):
    for words in (("show", "nobody"), ("activate", "nobody")):
        ran = filled("weights", *words)
        assert ran.code == 1
        assert "nobody" in ran.err


def test_the_fit_finds_what_people_went_by_and_can_be_saved(filled, home):
    with_pictures(home, vote_by_clip)
    found = filled("weights", "fit", "--save", "fitted", "--json").json
    assert found["lambdas"]["clip"] == 1.0
    assert found["lambdas"]["mcos"] < 0.5
    assert found["pairs"] > 100
    assert found["people"] == 6
    assert found["agreements"]["clip"]["share"] > found["agreements"]["pop"]["share"]
    assert filled("weights", "show", "fitted", "--json").json["lambdas"] == found["lambdas"]
    assert "ordered as people did" in filled("weights", "fit").out


def test_intervals_come_with_any_sign(filled, home):
    with_pictures(home, vote_by_clip)
    found = filled("weights", "fit", "--any-sign", "--json").json
    assert found["lower"]["clip"] < found["weights"]["clip"] < found["upper"]["clip"]
    assert filled("weights", "fit", "--json").json["lower"]["clip"] is None


def test_simulated_judgments_are_left_out_unless_asked(filled, home):
    with_pictures(home, lambda warehouse: vote_by_clip(warehouse, simulated=True))
    ran = filled("weights", "fit")
    assert ran.code == 1
    assert "no judgments" in ran.err
    found = filled("weights", "fit", "--with-simulated", "--json").json
    assert found["simulated"] == found["pairs"] > 0


def test_a_fit_is_saved_with_the_normalisation_that_it_was_fitted_under(filled, home):
    with_pictures(home, vote_by_clip)
    filled("weights", "save", "ranks", "clip=1", "pop=1", "--normalisation", "rank")
    filled("weights", "activate", "ranks")
    assert filled("weights", "fit", "--save", "fitted").code == 0
    assert filled("weights", "show", "fitted", "--json").json["normalisation"] == "rank"


def test_a_note_and_a_normalisation_are_kept_and_shown(filled):
    words = ("--normalisation", "z-score", "--note", "for the fair")
    assert filled("weights", "save", "mine", "clip=1", *words).code == 0
    shown = filled("weights", "show", "mine", "--json").json
    assert (shown["normalisation"], shown["note"]) == ("z-score", "for the fair")
    assert "z-score" in filled("weights", "show", "mine").out
    assert "for the fair" in filled("weights", "show", "mine").out
    listed = filled("weights", "list", "--json").json
    assert all(set(profile) == {"name", "lambdas", "active"} for profile in listed)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("clip=1", "--normalisation", "sorted"), "known are min-max, rank, z-score"),
        (("clip=1", "clip=2"), "weighed twice"),
    ],
)
def test_other_wrong_words_are_refused_with_a_sentence(filled, words, said):
    ran = filled("weights", "save", "mine", *words)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert said in ran.err
    assert len(filled("weights", "list", "--json").json) == 1


def test_the_history_and_a_way_back(filled):
    assert filled("weights", "rollback").code == 1
    filled("weights", "save", "mine", "clip=1")
    filled("weights", "activate", "mine", "--note", "try it")
    newest, first = filled("weights", "history", "--json").json
    assert (newest["profile"], newest["previous"], newest["note"]) == (
        "mine",
        "GEMRec default",
        "try it",
    )
    assert newest["person_id"] == "command line"
    assert first["previous"] is None
    assert "mine after GEMRec default, by command line: try it" in filled("weights", "history").out
    back = filled("weights", "rollback", "--note", "worse", "--json").json
    assert back == {"name": "GEMRec default", "active": True}
    assert filled("weights", "history", "--json").json[0]["note"] == "worse"


def test_a_diff_names_what_changes(filled):
    filled("weights", "save", "mine", "clip=1", "pop=0.5", "--normalisation", "rank")
    assert filled("weights", "diff", "GEMRec default", "mine", "--json").json == [
        {"metric": "mcos", "before": 0.8, "after": 0.0},
        {"metric": "pop", "before": 0.2, "after": 0.5},
        {"metric": "normalisation", "before": "min-max", "after": "rank"},
    ]
    assert "pop: 0.2 -> 0.5" in filled("weights", "diff", "GEMRec default", "mine").out
    assert "alike" in filled("weights", "diff", "mine", "mine").out
    ran = filled("weights", "diff", "mine", "nobody")
    assert ran.code == 1
    assert "nobody" in ran.err


def test_activating_what_was_never_measured_says_what_to_do(filled):
    filled("weights", "save", "sharp", "sharpness=1")
    assert "python -m warehouse score" in filled("weights", "activate", "sharp").out
    scored = filled("score").out
    assert "sharpness: 15 of 16" in scored, "one picture is missing"
    assert "sharpness: 16 measured, 0 as they were" in scored
    assert "1 images have no picture to measure" in scored
    assert "sharpness: 0 measured, 16 as they were" in filled("score").out


def test_score_takes_metrics_that_nobody_weighs(filled):
    found = filled("score", "--metric", "sharpness", "--metric", "nsfw", "--json").json
    assert found["measured"]["sharpness"]["added"] == 16
    assert found["present"]["nsfw"] == 16
    ran = filled("score", "--metric", "beauty")
    assert ran.code == 1
    assert "no metric “beauty”" in ran.err
    assert "aesthetic is empty. No aesthetic head" in filled("score", "--metric", "aesthetic").out
