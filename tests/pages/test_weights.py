"""Weights: sliders, what a draft changes, agreement, fits, profiles; and what is missing."""

from functools import partial

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access, profiles
from dashboard.access import Person, Role
from dashboard.components.notices import literal
from dashboard.components.weights import draft as drafts
from dashboard.components.weights.profile_dialogs import activate_dialog
from dashboard.components.weights.save_form import save_dialog
from dashboard.state import simulated
from dashboard.state import weights as state
from dashboard.state.weights import Draft
from tests.judging import judge, judge_grid
from tests.pages.apps import components, opened
from tests.seeding import HIDDEN_ID, HOSTILE_MODEL
from warehouse.database import open_warehouse
from warehouse.profiles import save_profile

POPULAR = {"w.clip": "0", "w.mcos": "0", "w.pop": "1"}
HOSTILE_NAME = "**bold** <b>$x$</b> :smile:"


def changed(home, work):
    """Do `work` to the warehouse while no dashboard holds it."""
    warehouse = open_warehouse(home)
    try:
        return work(warehouse)
    finally:
        warehouse.close()


def rows(app):
    return {row["metric"]: row for row in components(app, "weight_sliders")[0]["rows"]}


def flow(app):
    return components(app, "rank_flow")[0]


def order(app, key="after"):
    shown = [model for model in flow(app)["models"] if model[key]]
    return [model["id"] for model in sorted(shown, key=lambda model: model[key])]


def words(app):
    elements = (*app.caption, *app.info, *app.markdown, *app.text)
    return "\n".join(element.value for element in elements)


def button(app, key):
    return next(found for found in app.button if found.key == key)


def click(app, key):
    return button(app, key).click().run()


def frame(app, *columns):
    """The first table with these columns."""
    return next(found.value for found in app.dataframe if set(columns) <= set(found.value.columns))


def dialog(work, *names):
    """An app that holds one dialog of profiles open: `work` gets the profiles of these names."""

    def script(work, names):
        from dashboard import profiles

        saved = {profile.name: profile for profile in profiles.weight_profiles()}
        work(*(saved[name] for name in names))

    return AppTest.from_function(script, default_timeout=30, args=(work, names)).run()


def as_role(monkeypatch, role):
    person = Person("someone", "Someone", role)
    for module in (access, profiles):
        monkeypatch.setattr(module, "current_person", lambda: person)


def test_the_sliders_stand_where_the_profile_in_force_does(filled_home):
    app = opened("weights")
    told = rows(app)
    assert {name: row["weight"] for name, row in told.items()} == {
        "clip": 1.0, "mcos": 0.8, "pop": 0.2
    }  # fmt: skip
    others = [other["metric"] for other in components(app, "weight_sliders")[0]["others"]]
    assert others == ["aesthetic", "nsfw", "sharpness"]
    assert all(sum(row["bins"]) > 0 and row["room"] for row in told.values())
    assert "lack it" in told["pop"]["warned"], "model 5 has no downloads"
    assert "The draft is the same" in words(app)
    assert order(app) == order(app, "before")


def test_a_draft_ranks_models_by_its_own_weights(filled_home):
    app = opened("weights", **POPULAR)
    assert not app.exception and not app.warning
    assert order(app) == ["4", "3", "2", "1"], "by downloads, and model 5 has none"
    assert rows(app)["mcos"]["was"] == "in force 0.8"
    first = next(model for model in flow(app)["models"] if model["id"] == "4")
    assert "1.000" in first["words"] and "of" in first["words"]
    assert any(model["name"] == HOSTILE_MODEL for model in flow(app)["models"])
    assert "leads" in rows(app)["pop"]["said"]


def test_pictures_of_the_prompt_stand_before_and_after(filled_home):
    app = opened("weights", prompt="1", **POPULAR)
    before, after = components(app, "before_after")[0]["rows"]
    assert after["pictures"][0]["id"] == "p1-m4-s1"
    assert [p["id"] for p in before["pictures"]] != [p["id"] for p in after["pictures"]]
    assert HIDDEN_ID not in str(after) + str(before)
    assert all(p["src"] is None or "/thumbnails/" in p["src"] for p in after["pictures"])


def test_a_metric_without_values_says_how_to_get_them_and_ranks_nothing(filled_home):
    app = opened("weights", **{"w.clip": "1", "w.sharpness": "1", "w.aesthetic": "0"})
    assert "score --metric sharpness" in rows(app)["sharpness"]["warned"]
    assert "GEMBOARD_AESTHETIC_HEAD" in rows(app)["aesthetic"]["warned"]
    assert rows(app)["aesthetic"]["without"] and not rows(app)["sharpness"]["without"]
    assert "nothing is ranked" in words(app)
    assert not app.exception


def test_all_weights_at_0_are_said(filled_home):
    assert "every score is 0" in words(opened("weights", **{"w.clip": "0"}))


def test_what_a_link_cannot_have_is_said(filled_home):
    app = opened("weights", **{"w.clip": "-3", "w.beauty": "1"})
    assert "not registered" in app.warning[0].value and "not a number" in app.warning[0].value
    assert rows(app)["clip"]["weight"] == 1.0


def test_the_draft_is_in_the_address_and_outlives_the_page(filled_home):
    app = opened("weights", normalisation="rank", **POPULAR)
    assert app.query_params["w.pop"] == "1"
    assert app.query_params["normalisation"] == "rank"
    draft = app.session_state[state.WEIGHTS_DRAFT]
    again = opened("weights", {state.WEIGHTS_DRAFT: draft, state.WEIGHTS_SETTLED: draft})
    assert order(again) == order(app)
    assert again.query_params["w.pop"] == "1"


def test_reset_goes_back_to_what_is_in_force(filled_home):
    app = click(opened("weights", **POPULAR), "weights.reset")
    assert "The draft is the same" in words(app)
    assert "w.pop" not in app.query_params


def test_another_normalisation_is_part_of_the_draft(filled_home):
    app = opened("weights")
    picker = next(g for g in app.button_group if g.key == state.WEIGHTS_NORMALISATION)
    app = picker.set_value("rank").run()
    assert "The draft differs" in words(app)
    assert app.query_params["normalisation"] == "rank"


def test_a_move_counts_once_and_only_known_metrics_and_numbers(filled_home, monkeypatch):
    moved = {"clip": 0.4, "pop": 1.0, "beauty": 3.0}
    monkeypatch.setattr(drafts, "reported", lambda: (moved, 7, False))
    app = opened("weights")
    assert app.session_state[state.WEIGHTS_DRAFT] == Draft((("clip", 0.4), ("pop", 1.0)))
    assert state.WEIGHTS_SETTLED not in app.session_state, "the slider is still held"
    assert "w.clip" not in app.query_params
    app.session_state[state.WEIGHTS_DRAFT] = None
    assert "The draft is the same" in words(app.run())


def test_without_judgments_it_says_what_to_do(filled_home):
    for view in ("agreement", "learn"):
        app = opened("weights", view=view)
        assert "No judgments yet" in [heading.value for heading in app.subheader]
        assert not app.exception


def test_agreement_has_the_draft_the_profile_in_force_and_single_metrics(filled_home):
    changed(filled_home, judge_grid)
    app = opened("weights", view="agreement", **{"w.clip": "1"})
    told = frame(app, "what", "share", "pairs")
    share = dict(zip(told["what"], told["share"], strict=True))
    assert share["Draft"] == share["CLIP score alone"] == 1.0
    assert share["In force: GEMRec default"] < 1.0
    pairs = dict(zip(told["what"], told["pairs"], strict=True))
    assert (pairs["Draft"], pairs["Popularity alone"]) == (24, 22)
    assert "Two people agree on 100.0%" in words(app)


@pytest.mark.parametrize(("split", "groups"), [("tag", 3), ("person", 2)])
def test_agreement_by_tag_and_by_annotator(filled_home, split, groups):
    changed(filled_home, judge_grid)
    app = opened("weights", {state.WEIGHTS_SPLIT: split}, view="agreement")
    told = frame(app, "group", "share")
    assert told["group"].nunique() == groups
    assert len(told) == 2 * groups
    assert not app.exception


def test_simulated_judgments_count_only_with_the_switch_and_are_marked(filled_home):
    changed(filled_home, lambda warehouse: judge_grid(warehouse, simulated=True))
    app = opened("weights", view="agreement")
    assert "No judgments yet" in [heading.value for heading in app.subheader]
    app = opened("weights", {simulated.SHOWN: True}, view="agreement")
    assert any("simulated: 24 of 24 pairs" in mark.value for mark in app.markdown)


def test_a_fit_shows_intervals_rivals_and_warnings_and_goes_into_the_sliders(filled_home):
    changed(filled_home, judge_grid)
    app = click(opened("weights", view="learn"), "weights.fit")
    assert not app.exception
    assert any(
        "24 pairs" in warning.value or "22 pairs" in warning.value for warning in app.warning
    )
    held = frame(app, "Weights", "As people")
    assert list(held["Weights"])[1].startswith("GEMRec’s default")
    assert " to " in frame(app, "Metric", "95 % interval")["95 % interval"].iloc[0]
    app = click(app, "weights.use_fit")
    assert max(row["weight"] for row in rows(app).values()) == 1.0
    assert "The draft differs" in words(app)


def test_judgments_of_one_person_are_a_warning(filled_home):
    changed(filled_home, lambda warehouse: judge_grid(warehouse, people=("ada",)))
    app = click(opened("weights", view="learn"), "weights.fit")
    assert any("one person" in warning.value for warning in app.warning)


def test_judgments_that_no_metric_follows_are_no_error(filled_home):
    changed(
        filled_home,
        lambda warehouse: judge(warehouse, "vote", ["p1-m2-s1", "p1-m3-s1"], outcome="tie"),
    )
    app = click(opened("weights", view="learn"), "weights.fit")
    assert not app.exception and not app.error
    assert "No metric orders these pictures" in words(app)


def test_a_draft_is_saved_under_a_name_with_a_note(filled_home):
    draft = Draft((("clip", 0.0), ("pop", 1.0)), "rank")

    def script(work, draft):
        work(draft)

    app = AppTest.from_function(script, default_timeout=30, args=(save_dialog, draft)).run()
    app = click(app, "weights.save_now")
    assert "needs a name" in app.error[0].value
    app.text_input(key=state.WEIGHTS_NAME).set_value(HOSTILE_NAME)
    app.text_input(key=state.WEIGHTS_NOTE).set_value("louder")
    app = click(app.run(), "weights.save_now")
    assert not app.exception
    saved = next(p for p in profiles.weight_profiles() if not p.active)
    assert (saved.name, saved.note, str(saved.normalisation)) == (HOSTILE_NAME, "louder", "rank")
    assert saved.lambdas == {"clip": 0.0, "pop": 1.0}
    again = click(app, "weights.save_now")
    assert "exists" in again.error[0].value


def test_activating_shows_what_changes_and_every_page_names_the_profile(filled_home):
    changed(filled_home, lambda warehouse: save_profile(warehouse, HOSTILE_NAME, {"pop": 1.0}))
    app = dialog(activate_dialog, HOSTILE_NAME, "GEMRec default")
    told = frame(app, "What", "From", "To")
    assert list(told["From"]) == ["1", "0.8", "0.2"]
    assert list(told["To"]) == ["0", "0", "1"]
    assert "Kendall’s tau" in words(app) and "among the first" in words(app)
    click(app, "weights.activate_now")
    assert profiles.active_profile().name == HOSTILE_NAME
    app = opened("weights", view="profiles")
    assert frame(app, "When", "By")["By"].iloc[0] == "Local person"
    assert frame(app, "Name", "Weights")["Name"].iloc[0] == HOSTILE_NAME
    for page, params in (("explore", {}), ("map", {}), ("home", {})):
        other = opened(page, **params)
        assert not other.exception and not other.error
        if page == "explore":
            assert literal(HOSTILE_NAME) in words(other)


def test_rolling_back_brings_back_what_was_in_force_before(filled_home):
    changed(filled_home, lambda warehouse: save_profile(warehouse, "mine", {"pop": 1.0}))
    profiles.activate("mine", expected="GEMRec default")
    app = opened("weights", view="profiles")
    assert not button(app, "weights.roll_back").disabled
    back = partial(activate_dialog, back=True)
    click(dialog(back, "GEMRec default", "mine"), "weights.activate_now")
    assert profiles.active_profile().name == "GEMRec default"


def test_an_activated_draft_follows_what_is_in_force_again(filled_home):
    changed(filled_home, lambda warehouse: save_profile(warehouse, "mine", {"pop": 1.0}))
    app = dialog(activate_dialog, "mine", "GEMRec default")
    app.session_state[state.WEIGHTS_DRAFT] = Draft((("pop", 1.0),))
    app = click(app, "weights.activate_now")
    assert app.session_state[state.WEIGHTS_DRAFT] is None


def test_who_is_late_is_told_and_keeps_the_draft(filled_home):
    changed(filled_home, lambda warehouse: save_profile(warehouse, "mine", {"clip": 1.0}))
    changed(filled_home, lambda warehouse: save_profile(warehouse, "theirs", {"pop": 1.0}))
    app = dialog(activate_dialog, "mine", "GEMRec default")
    kept = Draft((("pop", 0.5),))
    app.session_state[state.WEIGHTS_DRAFT] = kept
    profiles.activate("theirs", expected="GEMRec default")
    app = click(app, "weights.activate_now")
    assert len(app.error) == 1 and "theirs" in app.error[0].value
    assert "draft is kept" in words(app)
    assert app.session_state[state.WEIGHTS_DRAFT] == kept
    assert profiles.active_profile().name == "theirs"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANNOTATOR, Role.ANALYST])
def test_buttons_follow_the_role(filled_home, monkeypatch, role):
    changed(filled_home, lambda warehouse: save_profile(warehouse, "mine", {"clip": 1.0}))
    as_role(monkeypatch, role)
    app = opened("weights", {state.WEIGHTS_CHOSEN: "mine"}, view="profiles", **POPULAR)
    disabled = {found.key: found.disabled for found in app.button}
    assert disabled["weights.save"] == (role < Role.ANALYST)
    assert disabled["weights.activate"] and disabled["weights.roll_back"]


def test_a_scratched_profile_table_is_said_in_words(filled_home):
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        connection.execute("update weight_profiles set active = false")
    app = opened("weights")
    assert not app.exception
    assert "no weight profile" in app.error[0].value
