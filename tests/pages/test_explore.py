"""Explore filters, searches and pages, says what is missing, and is restored by its link."""

import duckdb
import pytest

from core.picture_filters import PictureFilters
from dashboard.state import explore as state
from tests.pages.apps import cards, components, opened, page_file
from tests.seeding import HIDDEN_ID, HOSTILE_MODEL, HOSTILE_PROMPTS, MISSING_ID, UNSCORED_ID

EVERYTHING = 16  # images that are not hidden


def ids(app):
    return [card["id"] for card in cards(app)]


def words(app):
    return " ".join(element.value for element in [*app.caption, *app.info, *app.text])


def facets(app):
    return {facet["name"]: facet for facet in components(app, "facet_panel")[0]["facets"]}


def remaining(app, name):
    return {option["label"]: option["remaining"] for option in facets(app)[name]["options"]}


def change(home, *statements):
    with duckdb.connect(str(home / "gemboard.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)


def test_without_filters_all_pictures_are_there(filled_home):
    app = opened("explore")
    assert len(ids(app)) == EVERYTHING
    assert HIDDEN_ID not in str(components(app, "gallery"))
    assert "16 pictures of 3 prompts by 5 models" in words(app)


def test_a_link_restores_filters_order_and_layout(filled_home):
    app = opened("explore", tag="animal", sort="clip", view="table")
    assert not app.warning
    assert len(ids(app)) == 5
    assert components(app, "gallery")[0]["layout"] == "table"
    assert components(app, "facet_panel")[0]["chosen"] == {"tag": ["animal"]}
    assert app.query_params["tag"] in ("animal", ["animal"])


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"prompt": "99"}, "prompt"),
        ({"prompt": "1; drop table prompts"}, "prompt"),
        ({"prompt": "-1"}, "prompt"),
        ({"prompt": "9" * 30}, "prompt"),
        ({"prompt": "١"}, "prompt"),
        ({"tag": "no such tag"}, "tag"),
        ({"model": "99"}, "model"),
        ({"sort": "downloads"}, "order"),
        ({"sort": "nearest"}, "order"),
        ({"view": "cinema"}, "view"),
        ({"gre": "2..1"}, "range of the GRE-Score"),
        ({"gre": "nan.."}, "range of the GRE-Score"),
        ({"added": "yesterday.."}, "range of days"),
        ({"page": "0"}, "page"),
        ({"page": "two"}, "page"),
        ({"per": "1000000"}, "page size"),
        ({"prompt": "", "sort": "", "page": ""}, "prompt"),
    ],
)
def test_a_wrong_link_is_said_and_something_is_shown(filled_home, params, complaint):
    app = opened("explore", **params)
    assert not app.exception
    assert not app.error
    assert complaint in app.warning[0].value
    assert cards(app)
    assert not app.run().warning, "said once"


def test_a_page_beyond_the_last_shows_the_last(filled_home):
    app = opened("explore", prompt="1", page="7")
    assert "page" not in app.query_params
    assert cards(app)


def test_each_option_says_how_many_would_remain(filled_home):
    app = opened("explore", tag="animal", kind="lora")
    assert remaining(app, "tag")["(no tag)"] == 3, "of the other tags, under the other filters"
    assert remaining(app, "kind") == {"LoRA": 2, "Checkpoint": 1, "Merge": 2}
    assert len(ids(app)) == 2


def test_words_narrow_by_prompt(filled_home):
    app = opened("explore")
    app.text_input(key="explore.words").set_value("TIGER cartoon").run()
    assert {card["id"][:2] for card in cards(app)} == {"p3"}
    assert app.query_params["words"] in ("TIGER cartoon", ["TIGER cartoon"])
    app.text_input(key="explore.words").set_value("tiger nowhere").run()
    assert "No picture fits all of these filters" in words(app)
    app.button[-1].click().run()
    assert len(ids(app)) == EVERYTHING


@pytest.mark.parametrize("sort", state.SORTS)
def test_the_best_stands_first_and_missing_scores_last(filled_home, sort):
    shown = cards(opened("explore", prompt="1", sort=sort))
    scored = [card["scored"] for card in shown]
    assert scored == sorted(scored, reverse=True)
    assert [card["rank"] for card in shown if card["scored"]][:2] == ["1", "2"]


def test_a_picture_without_a_score_says_so_and_how_to_get_one(filled_home):
    app = opened("explore", prompt="1")
    last = cards(app)[-1]
    assert (last["id"], last["score"], last["rank"]) == (UNSCORED_ID, "no score yet", "–")
    assert "python -m warehouse score" in words(app)


def test_an_image_without_a_picture_says_so(filled_home):
    data = components(opened("explore", prompt="1"), "gallery")[0]
    card = next(card for card in data["cards"] if card["id"] == MISSING_ID)
    assert card["src"] is None
    assert "only its metadata" in data["placeholder"]


def test_cards_carry_marks_and_thumbnails_by_url(filled_home):
    card = next(card for card in cards(opened("explore", prompt="2")) if card["id"] == "p2-m1-s2")
    assert card["badges"] == ["synthetic", "2 seeds"]
    assert card["src"].startswith("/thumbnails/")
    assert len(card["src"]) == len("/thumbnails/") + 64


def test_texts_of_strangers_stay_letters(filled_home):
    app = opened("explore", prompt="1")
    assert app.text[0].value == HOSTILE_PROMPTS[0]
    assert HOSTILE_MODEL in {card["name"] for card in cards(app)}
    assert "<b>tag</b> $t$" in remaining(opened("explore"), "tag")
    assert not any("tag" in caption.value for caption in app.caption[1:])


def test_prompts_of_the_same_words_are_told_apart(filled_home):
    change(filled_home, "update prompts set prompt = 'the same words'")
    options = facets(opened("explore"))["prompt"]["options"]
    assert {option["label"] for option in options} == {"the same words"}
    assert len({option["under"] for option in options}) == 3


def test_what_was_looked_at_survives_a_page_change(filled_home):
    app = opened("explore", prompt="1", sort="clip", view="matrix")
    app.switch_page(page_file("home")).run()
    assert not app.exception
    app.query_params.clear()
    app.switch_page(page_file("explore")).run()
    assert components(app, "gallery")[0]["layout"] == "matrix"
    assert app.query_params["prompt"] in ("1", ["1"])


def test_the_matrix_has_prompts_down_models_across_and_gaps(filled_home):
    data = components(opened("explore", view="matrix"), "gallery")[0]
    assert len(data["prompts"]) == 3
    assert len(data["models"]) == 5
    assert len(data["cells"]) == 14
    assert "3|5" not in data["cells"]
    assert {"no tag · 3"} == {row["tag"] for row in data["prompts"] if row["id"] == "3"}


def test_more_than_a_page_is_paged(filled_home):
    change(
        filled_home,
        "insert into images (image_id, prompt_id, model_version_id, source) "
        "select 'more-' || i, 1, 1, 'tests' from range(120) t(i)",
    )
    app = opened("explore", prompt="1", page="2")
    assert len(cards(app)) == 50
    pager = app.pagination[0]
    assert pager.value == 2
    pager.set_value(3).run()
    assert len(cards(app)) == 25
    assert app.query_params["page"] in ("3", ["3"])
    app.selectbox(key=state.EXPLORE_PAGE_SIZE).set_value(200).run()
    assert len(cards(app)) == 125
    assert "page" not in app.query_params
    app.switch_page(page_file("home")).run()
    app.query_params.clear()
    app.switch_page(page_file("explore")).run()
    assert len(cards(app)) == 125


def test_a_prompt_whose_pictures_are_all_hidden_says_so(filled_home):
    change(filled_home, "update images set nsfw_score = 1 where prompt_id = 1")
    app = opened("explore", prompt="1")
    assert not app.exception
    assert "6 are hidden as NSFW" in words(app)
    assert not components(app, "gallery")


def test_a_prompt_without_pictures_says_so_and_what_to_do(filled_home):
    change(filled_home, "insert into prompts (prompt_id, prompt, source) values (9, 'new', 'me')")
    app = opened("explore", prompt="9")
    assert not app.exception
    assert not app.warning
    assert "No picture of this prompt is in the warehouse yet" in words(app)
    assert "(no tag)" in words(app)


def test_prompts_without_any_picture_say_how_to_get_some(filled_home):
    change(filled_home, "delete from images")
    app = opened("explore")
    assert not app.exception
    assert "--images DIR" in words(app)
    assert not components(app, "gallery")


@pytest.mark.parametrize(
    "statement",
    [
        "delete from images where model_version_id <> 2",
        "delete from images where image_id <> 'p1-m2-s1'",
    ],
)
@pytest.mark.parametrize("layout", state.LAYOUTS)
def test_one_model_or_one_picture_is_enough(filled_home, statement, layout):
    change(filled_home, statement, "delete from models where model_version_id <> 2")
    app = opened("explore", view=layout)
    assert not app.exception
    assert not app.error
    assert components(app, "gallery")
    assert " by 1 model." in words(app)


def test_missing_pictures_are_all_cards_without_a_source(filled_home):
    change(filled_home, "update images set path = null, sha256 = null")
    assert {card["src"] for card in cards(opened("explore"))} == {None}


def test_a_search_without_features_says_how_to_get_them(filled_home):
    app = opened("explore", text="a red fox")
    assert not app.exception
    assert "python -m warehouse embed" in words(app)


def test_hidden_pictures_are_shown_to_maintainers_as_facts_alone(filled_home):
    app = opened("explore", hidden="yes")
    (card,) = cards(app)
    assert card["id"] == HIDDEN_ID
    assert card["src"] is None
    assert card["hidden"].startswith("Hidden as NSFW")


def test_others_than_maintainers_never_see_what_is_hidden(filled_home, monkeypatch):
    from dashboard import access

    monkeypatch.setattr(access, "LOCAL_PERSON", access.Person("v", "V", access.Role.VIEWER))
    app = opened("explore", hidden="yes")
    assert "maintainers" in app.warning[0].value
    assert HIDDEN_ID not in str(components(app, "gallery"))
    assert "hidden" not in facets(app)
    app = opened("explore", {state.EXPLORE_VIEW: state.ExploreView(PictureFilters(hidden=True))})
    assert HIDDEN_ID not in ids(app)


def test_what_is_filtered_is_exported_and_too_many_pictures_are_told(filled_home, monkeypatch):
    from warehouse.exporters import pictures as exporters

    def dialog(app):
        next(button for button in app.button if button.label == "Export").click()
        app.run()
        assert not app.exception
        return words(app) + " ".join(element.value for element in app.markdown)

    told = dialog(opened("explore", tag="animal"))
    assert "5 pictures: all that match the filters" in told
    assert "1 of them have no picture" in told
    monkeypatch.setattr(exporters, "MOST_PICTURES", 2)
    assert "There is no zip" in dialog(opened("explore"))


def test_an_address_that_was_just_replaced_does_not_bring_its_view_back(filled_home):
    app = opened("explore", tag="animal")
    app.text_input(key="explore.words").set_value("nowhere").run()
    assert "words" in app.query_params
    app.query_params.clear()
    app.query_params["tag"] = "animal"  # what a browser sends that has not heard of the new one
    app.run()
    assert "No picture fits all of these filters" in words(app)
    app.query_params.clear()
    app.query_params["kind"] = "lora"  # whereas this one is new
    app.run()
    assert components(app, "facet_panel")[0]["chosen"] == {"kind": ["lora"]}
