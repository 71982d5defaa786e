"""Map shows pictures at their places, with their counts, or says what is missing and what to do."""

import base64
import time

import duckdb
import numpy as np
import pytest
import streamlit as st

from dashboard import maps, selection
from dashboard.resources import warehouse
from dashboard.state import map as state
from tests import seeding
from tests.features import ENCODER, give_features
from tests.pages.apps import components, opened
from tests.seeding import HIDDEN_ID, HOSTILE_MODEL, MISSING_ID
from warehouse.database import open_warehouse


def featured(home, *, models=None, **damage):
    """Features for the filled home, and more models if asked."""
    store = open_warehouse(home)
    try:
        if models:
            seeding.fill(store, models=models)
        return give_features(store, **damage)
    finally:
        store.close()


def changed(home, *statements):
    with duckdb.connect(str(home / "gemboard.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)


def asked(sql):
    """First value of the answer of the warehouse that the app has open."""
    return warehouse().value(sql)


def words(app):
    elements = (*app.caption, *app.info, *app.markdown, *app.text)
    return "\n".join(element.value for element in elements)


def shown(app):
    """What the canvas and the points beside it were given."""
    (canvas,), (points,) = components(app, "picture_map"), components(app, "map_points")
    assert canvas["token"] == points["token"]
    return canvas, points


def column(points, name, kind):
    return np.frombuffer(base64.b64decode(points[name]), kind)


def test_every_visible_picture_of_the_prompt_is_on_the_map(filled_home):
    featured(filled_home)
    app = opened("map", prompt="1")
    assert not app.exception
    canvas, points = shown(app)
    assert points["count"] == 5, "six pictures, one of them hidden"
    assert np.isfinite(column(points, "x", "<f4")).all()
    gre = column(points, "gre", "<f4")
    assert np.isnan(gre[0]), "without a score: beneath all"
    assert gre[1:].tolist() == sorted(gre[1:].tolist()), "the highest is drawn last"
    assert HOSTILE_MODEL in {model["name"] for model in points["models"]}
    assert HIDDEN_ID not in str(canvas) + str(points)
    assert ENCODER in words(app).replace("\\", "")
    assert "1 hidden as NSFW" in words(app)


def test_a_picture_without_a_file_is_marked_as_such(filled_home):
    featured(filled_home)
    app = opened("map", prompt="1")
    _, points = shown(app)
    marks = column(points, "marks", "u1")
    assert (marks & 1).sum() == 4, f"{MISSING_ID} has none"
    assert (marks & 2).all(), "all of them are simulated"
    assert "1 without a stored picture" in words(app)


def test_places_are_kept_from_visit_to_visit(filled_home):
    featured(filled_home, models=12)
    _, first = shown(opened("map", prompt="2"))
    _, again = shown(opened("map", prompt="2"))
    assert first == again
    assert asked("select count(*) from projections") == 1


def test_what_came_later_is_placed_and_moves_nothing(filled_home):
    featured(filled_home, models=12, without=("p2-m4-s1",))
    app = opened("map", prompt="2")
    _, before = shown(app)
    assert "1 have no features" in words(app)
    with warehouse().transaction() as cursor:
        cursor.execute(
            "insert into image_features values ('p2-m4-s1', $encoder, [1, 2, 3, 4, 5, 6, 7, 9])",
            {"encoder": ENCODER},
        )
    maps.forget()
    app.run()
    _, after = shown(app)
    assert "1 placed later" in words(app)
    assert after["count"] == before["count"] + 1
    old = set(zip(column(before, "x", "<f4"), column(before, "y", "<f4"), strict=True))
    assert old < set(zip(column(after, "x", "<f4"), column(after, "y", "<f4"), strict=True))


def test_all_pictures_share_one_map_with_its_trustworthiness(filled_home):
    featured(filled_home, models=12)
    app = opened("map", prompt="all", colour="tag")
    canvas, points = shown(app)
    assert points["count"] == 37
    assert len(points["prompts"]) == 3
    assert canvas["colour"]["by"] == "prompt"
    trust = asked("select trustworthiness from projections where prompt_id is null")
    assert f"trustworthiness {trust:.3f} (of 37 drawn, 10 neighbours)" in words(app)


def test_the_address_carries_the_choice_and_restores_the_window(filled_home):
    featured(filled_home)
    app = opened("map", prompt="2", colour="base", x="1.5", y="-2", zoom="3")
    canvas, _ = shown(app)
    assert {k: canvas["goto"][k] for k in ("x", "y", "zoom")} == {"x": 1.5, "y": -2.0, "zoom": 3.0}
    assert not app.warning
    assert dict(app.query_params) == {
        "prompt": "2", "colour": "base", "x": "1.500", "y": "-2.000", "zoom": "3.000"
    }  # fmt: skip
    app.selectbox(key=state.MAP_PROMPT).set_value(3).run()
    assert app.query_params["prompt"] == "3"
    assert "zoom" not in app.query_params, "another map is seen whole at first"


@pytest.mark.parametrize("params", [{"prompt": "99"}, {"colour": "loud"}, {"x": "1"}])
def test_a_wrong_link_is_said_once_and_something_is_shown(filled_home, params):
    featured(filled_home)
    app = opened("map", **params)
    assert not app.exception
    assert "showing what comes closest" in app.warning[0].value
    assert shown(app)
    assert not app.run().warning


def test_what_is_in_the_basket_is_marked_on_the_map(filled_home):
    featured(filled_home)
    selection.pick(("p1-m2-s1", "p2-m2-s1"), "explore")
    canvas, _ = shown(opened("map", prompt="1"))
    assert len(canvas["picked"]) == 1


class TestWhatIsMissing:
    def test_no_features_at_all(self, filled_home):
        app = opened("map")
        assert "No features yet" in [heading.value for heading in app.subheader]
        assert "python -m warehouse embed" in app.code[0].value

    def test_no_features_of_this_prompt(self, filled_home):
        featured(filled_home, without=[f"p2-m{m}-s{s}" for m in range(1, 6) for s in (1, 2)])
        app = opened("map", prompt="2")
        assert not app.exception
        assert "None of these 6 pictures has features" in words(app)
        assert "python -m warehouse embed" in words(app)

    def test_a_prompt_without_pictures(self, filled_home):
        featured(filled_home)
        changed(
            filled_home,
            "insert into prompts (prompt_id, prompt, source) values (9, 'nothing yet', 'tests')",
        )
        app = opened("map", prompt="9")
        assert not app.exception
        assert "This prompt has no picture" in words(app)
        assert "another prompt" in words(app)

    def test_features_of_other_lengths_and_of_zeros(self, filled_home):
        featured(filled_home, zero=("p3-m1-s1",), short=("p3-m2-s1",))
        app = opened("map", prompt="3")
        assert not app.exception
        _, points = shown(app)
        assert points["count"] == 3
        assert "1 with damaged features: `python -m warehouse check`" in words(app)
        assert "1 have no features" in words(app)

    def test_nothing_but_damaged_features(self, filled_home):
        ids = [f"p3-m{m}-s{s}" for m in range(1, 6) for s in (1, 2)]
        featured(filled_home, zero=ids)
        app = opened("map", prompt="3")
        assert not app.exception
        assert "none of them has a direction" in words(app)
        assert not components(app, "picture_map")

    @pytest.mark.parametrize("count", [1, 2])
    def test_one_or_two_pictures(self, filled_home, count):
        ids = [f"p3-m{m}-s{s}" for m in range(1, 6) for s in (1, 2)]
        featured(filled_home, without=[i for i in ids if i not in ids[: 2 * count : 2]])
        app = opened("map", prompt="3")
        assert not app.exception
        _, points = shown(app)
        assert points["count"] == count
        assert "too few different ones for t-SNE" in words(app)
        assert "trustworthiness" not in words(app)

    def test_a_map_whose_pictures_are_all_hidden_now(self, filled_home):
        featured(filled_home)
        opened("map", prompt="2").run()
        with warehouse().transaction() as cursor:
            cursor.execute("update images set nsfw_score = 1 where prompt_id = 2")
        st.cache_data.clear()
        app = opened("map", prompt="2")
        assert not app.exception
        assert "no picture that can be shown" in words(app).replace("This prompt has ", "")

    def test_a_model_that_is_not_in_the_roster(self, filled_home):
        featured(filled_home)
        changed(filled_home, "delete from models where model_version_id = 2")
        app = opened("map", prompt="1", colour="model_tag")
        assert not app.exception
        _, points = shown(app)
        assert "Model 2 (not in the roster)" in {model["name"] for model in points["models"]}


def test_a_large_map_is_drawn_when_asked_and_can_be_stopped(filled_home, monkeypatch):
    featured(filled_home, models=12)
    monkeypatch.setattr(maps, "AT_ONCE", 20)
    app = opened("map", prompt="all")
    assert "has not been drawn yet" in words(app)
    assert not components(app, "picture_map")
    app.button(key="map.draw").click().run()
    job = maps.drawing(ENCODER, None)
    assert job is not None
    while not job.ended:
        time.sleep(0.05)
    assert job.state == "done", job.message
    maps.forget()
    app.run()
    assert shown(app)[1]["count"] == 37
