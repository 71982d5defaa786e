"""Similarity shows maps, domains and near-duplicates with their counts, or says what is missing."""

import base64

import duckdb
import numpy as np
import pytest

from core import reference
from dashboard.state import similarity as state
from tests import seeding
from tests.features import ENCODER, give_features
from tests.pages.apps import components, opened
from tests.seeding import HIDDEN_ID, HOSTILE_MODEL
from warehouse.database import open_warehouse


def featured(home, **damage):
    """Features for the filled home; returns them by image id."""
    warehouse = open_warehouse(home)
    try:
        return give_features(warehouse, **damage)
    finally:
        warehouse.close()


def changed(home, sql):
    with duckdb.connect(str(home / "gemboard.duckdb")) as connection:
        connection.execute(sql)


def words(app):
    """All that stands on the page, but for widgets."""
    elements = (*app.caption, *app.info, *app.markdown, *app.text)
    return "\n".join(element.value for element in elements)


def values(sent):
    count = len(sent["axis"])
    matrix = np.zeros((count, count))
    matrix[np.triu_indices(count)] = np.frombuffer(base64.b64decode(sent["values"]), "<f4")
    return np.maximum(matrix, matrix.T)


def test_the_map_carries_every_model_and_the_cosines_of_the_reference(filled_home):
    vectors = featured(filled_home)
    app = opened("similarity", prompts="1")
    assert not app.exception
    (sent,) = components(app, "heat_map")
    assert [entry["id"] for entry in sent["axis"]] == ["4", "3", "2", "1", "5"], "by downloads"
    assert HOSTILE_MODEL in {entry["name"] for entry in sent["axis"]}
    cosine = reference.cosine(vectors["p1-m4-s1"].astype(float), vectors["p1-m3-s1"].astype(float))
    assert values(sent)[0, 1] == pytest.approx(cosine, abs=1e-5)
    assert sent["scale"] == [0, 1]
    assert HIDDEN_ID not in str(sent)


def test_aps_and_rank_stand_beside_the_map_with_their_counts(filled_home):
    vectors = featured(filled_home)
    app = opened("similarity", prompts="2")
    aps = {
        prompt: reference.aps([v.astype(float) for i, v in vectors.items()
                               if i.startswith(f"p{prompt}-") and i != HIDDEN_ID])
        for prompt in (1, 2, 3)
    }  # fmt: skip
    rank = sorted(aps.values()).index(aps[2]) + 1
    told = {metric.label: metric.value for metric in app.metric}
    assert told == {"APS": f"{aps[2]:.3f}", "Rank, most diverse first": f"{rank} of 3"}
    assert "6 pictures by 5 models, 15 pairs" in words(app)
    assert ENCODER in words(app).replace("\\", "")


def test_prompts_with_the_same_pictures_share_their_rank(filled_home):
    featured(filled_home)
    changed(
        filled_home,
        "update image_features set vector = (select b.vector from image_features b "
        "where b.image_id = replace(image_features.image_id, 'p2-', 'p1-')) "
        "where image_id like 'p2-%'; update images set nsfw_score = 0",
    )
    app = opened("similarity", prompts="1-2")
    assert words(app).count("= of 3") == 2


@pytest.mark.parametrize("order", state.ORDERS)
def test_four_prompts_stand_beside_each_other_on_one_scale_and_axis(filled_home, order):
    featured(filled_home)
    app = opened("similarity", prompts="1-2-3", order=order, scale="stretched")
    sent = components(app, "heat_map")
    assert [one["name"] for one in sent] == ["prompt-1", "prompt-2", "prompt-3"]
    assert len({tuple(one["scale"]) for one in sent}) == 1
    assert len({tuple(entry["id"] for entry in one["axis"]) for one in sent}) == 1
    assert len({len(one["axis"]) for one in sent}) == 1
    turned = components(opened("similarity", prompts="3-1", order=order), "heat_map")
    assert [len(one["axis"]) for one in turned] == [5, 5], "models of the other prompt too"
    apart = components(opened("similarity", prompts="1-3", order=order, together="0"), "heat_map")
    assert [len(one["axis"]) for one in apart] == [5, 4], "prompt 3 has no picture of model 5"


def test_a_link_restores_the_view_and_the_address_carries_it(filled_home):
    featured(filled_home)
    asked = {"view": "prompts", "prompts": "3-1", "order": "gre", "together": "0",
             "scale": "stretched"}  # fmt: skip
    app = opened("similarity", **asked)
    assert app.multiselect(key=state.SIMILARITY_PROMPTS).value == [3, 1]
    assert dict(app.query_params) == asked
    app = opened("similarity", view="models", threshold="0.35")
    assert app.slider(key=state.SIMILARITY_THRESHOLD).value == 0.35
    assert app.query_params["threshold"] == "0.35"


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"prompts": "99"}, "prompts"),
        ({"prompts": "1-2-3-1-2"}, "too many"),
        ({"view": "x"}, "view"),
        ({"order": "random"}, "order"),
        ({"scale": ""}, "scale"),
        ({"threshold": "2"}, "threshold"),
        ({"encoder": "<b>"}, "encoder"),
    ],
)
def test_a_wrong_link_is_said_once_and_something_is_shown(filled_home, params, complaint):
    featured(filled_home)
    app = opened("similarity", **params)
    assert not app.exception
    assert complaint in app.warning[0].value
    assert components(app, "heat_map")
    assert not app.run().warning


def test_domains_tell_the_mean_of_each_tag_and_rank_all_prompts(filled_home):
    featured(filled_home)
    app = opened("similarity", view="domains")
    assert not app.exception
    tags, prompts = (frame.value for frame in app.dataframe)
    assert sorted(tags["tag"]) == ["<b>tag</b> $t$", "animal", "no tag"]
    assert tags["prompts"].tolist() == [1, 1, 1]
    assert tags["low"].isna().all(), "one prompt gives no interval"
    assert prompts["rank"].tolist() == [1, 2, 3]
    assert prompts["aps"].tolist() == sorted(prompts["aps"])
    assert "3 prompts from 16 pictures" in words(app), "the hidden one does not count"


def test_models_tell_near_duplicates_above_the_threshold(filled_home):
    featured(filled_home)
    changed(
        filled_home,
        "update image_features set vector = (select b.vector from image_features b "
        "where b.image_id = replace(image_features.image_id, '-m3-', '-m2-')) "
        "where image_id like '%-m3-%'",
    )
    app = opened("similarity", view="models", threshold="0.99")
    (table,) = (frame.value for frame in app.dataframe)
    assert [(row["first"], row["second"]) for _, row in table.iterrows()] == [
        ("Model 2 · v2.0", "Model 3")
    ]
    assert table["mean"].tolist() == pytest.approx([1.0])
    assert table["prompts"].tolist() == [3]
    assert components(app, "heat_map")[0]["name"] == "mean"


def test_no_pair_above_the_threshold_names_the_nearest(filled_home):
    featured(filled_home)
    app = opened("similarity", view="models", threshold="1.0")
    assert "No two models are that alike" in app.info[0].value


def test_a_second_encoder_can_be_chosen_and_is_named(filled_home):
    featured(filled_home)
    featured(filled_home, encoder="tests-other", seed=9)
    app = opened("similarity", prompts="1", encoder="tests-other")
    assert app.selectbox(key=state.SIMILARITY_ENCODER).value == "tests-other"
    assert "tests-other" in words(app).replace("\\", "")
    first = components(opened("similarity", prompts="1", encoder=ENCODER), "heat_map")
    assert components(app, "heat_map")[0]["values"] != first[0]["values"]


VIEWS = pytest.mark.parametrize("view", state.VIEWS)


@VIEWS
def test_without_any_features_the_command_is_told(filled_home, view):
    app = opened("similarity", view=view)
    assert not app.exception
    assert "python -m warehouse embed" in app.code[0].value
    assert not app.get("bidi_component")[1:], "no map"


@VIEWS
def test_one_model_alone_is_said(filled_home, view):
    featured(filled_home)
    changed(filled_home, "delete from images where model_version_id <> 1")
    app = opened("similarity", view=view, prompts="2")
    assert not app.exception
    assert not components(app, "heat_map")
    if view == "prompts":
        assert "Only one model" in words(app)
        assert app.metric[0].label == "APS", "its own two seeds have one"
    elif view == "models":
        assert "of two models" in words(app)


@VIEWS
def test_one_picture_alone_is_said(filled_home, view):
    featured(filled_home)
    changed(filled_home, "delete from images where image_id <> 'p1-m2-s1'")
    app = opened("similarity", view=view, prompts="1")
    assert not app.exception
    assert not components(app, "heat_map")
    assert {"prompts": "Only one picture", "domains": "no APS", "models": "two models"}[
        view
    ] in words(app)


def test_a_prompt_without_pictures_is_said_beside_one_that_has_some(filled_home):
    featured(filled_home)
    changed(filled_home, "delete from images where prompt_id = 3")
    app = opened("similarity", prompts="3-1")
    assert "No model has a picture of this prompt yet" in words(app)
    assert [one["name"] for one in components(app, "heat_map")] == ["prompt-1"]


def test_a_prompt_whose_pictures_are_all_hidden_is_said(filled_home):
    featured(filled_home)
    changed(filled_home, "update images set nsfw_score = 1 where prompt_id = 1")
    assert "hidden as NSFW" in words(opened("similarity", prompts="1"))


def test_missing_and_damaged_features_are_counted_with_what_to_do(filled_home):
    featured(filled_home, without=["p2-m2-s1"], zero=["p2-m3-s1"], short=["p2-m4-s1"])
    app = opened("similarity", prompts="2")
    assert not app.exception
    assert "1 picture without features: run `python -m warehouse embed`" in words(app)
    assert "2 pictures whose stored features are damaged" in words(app)
    assert "python -m warehouse check" in words(app)
    assert len(components(app, "heat_map")[0]["axis"]) == 2


def test_a_prompt_without_features_among_others_says_how_to_get_them(filled_home):
    featured(filled_home)
    changed(filled_home, "delete from image_features where image_id like 'p3-%'")
    assert "None of the 5 pictures of this prompt has features" in words(
        opened("similarity", prompts="3")
    )


def test_no_prompt_chosen_asks_for_one(filled_home):
    featured(filled_home)
    app = opened("similarity")
    app.multiselect(key=state.SIMILARITY_PROMPTS).set_value([]).run()
    assert not app.exception
    assert "Choose one to four prompts" in app.info[0].value


def test_a_roster_without_pictures_says_so(home):
    warehouse = open_warehouse(home)
    seeding.fill(warehouse)
    give_features(warehouse)
    warehouse.close()
    changed(home, "delete from images")
    app = opened("similarity")
    assert not app.exception
    assert "No model has a picture of this prompt yet" in words(app)
