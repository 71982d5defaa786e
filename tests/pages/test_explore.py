"""Explore shows one prompt's pictures in order, literally, and remembers what was chosen."""

import duckdb
import pytest

from dashboard.state import explore as state
from tests.pages.apps import cards, components, opened, page_file
from tests.seeding import HIDDEN_ID, HOSTILE_MODEL, HOSTILE_PROMPTS, MISSING_ID, UNSCORED_ID


def test_the_prompt_of_the_link_is_shown(filled_home):
    app = opened("explore", prompt="1", sort="clip", page="1")
    assert app.selectbox(key=state.EXPLORE_PROMPT).value == 1
    assert app.session_state[state.EXPLORE_SORT] == "clip"
    assert not app.warning


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"prompt": "99"}, "prompt"),
        ({"prompt": "1; drop table prompts"}, "prompt"),
        ({"prompt": "-1"}, "prompt"),
        ({"prompt": "9" * 30}, "prompt"),
        ({"prompt": "١"}, "prompt"),
        ({"sort": "downloads"}, "order"),
        ({"page": "0"}, "page"),
        ({"page": "two"}, "page"),
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
    assert app.query_params["page"] == "1"
    assert cards(app)


def test_the_address_carries_the_choice(filled_home):
    app = opened("explore", prompt="1")
    app.selectbox(key=state.EXPLORE_PROMPT).set_value(3).run()
    assert app.query_params["prompt"] == "3"
    assert app.query_params["sort"] == "gre"


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
    assert "python -m warehouse score" in " ".join(caption.value for caption in app.caption)


def test_a_hidden_picture_is_nowhere_and_counted(filled_home):
    app = opened("explore", {state.EXPLORE_PICKS: (HIDDEN_ID, "p1-m2-s1")}, prompt="1")
    data = components(app, "gallery")[0]
    assert HIDDEN_ID not in str(data)
    assert len(data["cards"]) == 5
    assert "1 hidden as NSFW" in " ".join(caption.value for caption in app.caption)


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
    app.selectbox(key=state.EXPLORE_TAG).set_value("<b>tag</b> $t$").run()
    assert "<b>tag</b> $t$" in {text.value for text in app.text}
    assert not any("tag" in caption.value for caption in app.caption[1:])


def test_a_tag_narrows_the_prompts(filled_home):
    app = opened("explore", prompt="1")
    app.selectbox(key=state.EXPLORE_TAG).set_value("<b>tag</b> $t$").run()
    assert app.selectbox(key=state.EXPLORE_PROMPT).value == 2
    assert len(app.selectbox(key=state.EXPLORE_PROMPT).options) == 1
    assert not app.exception


def test_picks_and_pickers_survive_a_page_change(filled_home):
    app = opened(
        "explore", {state.EXPLORE_PICKS: ("p1-m2-s1", "p1-m3-s1")}, prompt="1", sort="clip"
    )
    app.switch_page(page_file("home")).run()
    assert not app.exception
    app.query_params.clear()
    app.switch_page(page_file("explore")).run()
    data = components(app, "gallery")[0]
    assert [pick["id"] for pick in data["picks"]] == ["p1-m2-s1", "p1-m3-s1"]
    assert app.selectbox(key=state.EXPLORE_PROMPT).value == 1
    assert app.session_state[state.EXPLORE_SORT] == "clip"


def test_more_than_a_page_is_paged(filled_home):
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        connection.execute(
            "insert into images (image_id, prompt_id, model_version_id, source) "
            "select 'more-' || i, 1, 1, 'tests' from range(120) t(i)"
        )
    app = opened("explore", prompt="1", page="2")
    assert len(cards(app)) == 50
    pager = app.pagination[0]
    assert pager.value == 2
    pager.set_value(3).run()
    assert len(cards(app)) == 25
    assert app.query_params["page"] == "3"
    app.selectbox(key=state.EXPLORE_PAGE_SIZE).set_value(200).run()
    assert len(cards(app)) == 125
    assert app.query_params["page"] == "1"
    app.switch_page(page_file("home")).run()
    app.query_params.clear()
    app.switch_page(page_file("explore")).run()
    assert len(cards(app)) == 125


def test_a_prompt_whose_pictures_are_all_hidden_says_so(filled_home):
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        connection.execute("update images set nsfw_score = 1 where prompt_id = 1")
    app = opened("explore", prompt="1")
    assert not app.exception
    assert "No picture of this prompt" in app.info[0].value
    assert not app.get("bidi_component")
