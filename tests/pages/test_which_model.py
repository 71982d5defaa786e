"""“Which model?” on Home: prompts, tags, filters, reasons, the basket, links, strangers' texts."""

import pytest

from dashboard.state import recommendation as state
from dashboard.state import simulated
from tests.features import ENCODER, give_features
from tests.judging import judge
from tests.pages.apps import components, opened
from tests.seeding import HIDDEN_ID, HOSTILE_MODEL, HOSTILE_PROMPTS
from warehouse.database import open_warehouse
from warehouse.recommendation_questions import Question


def changed(home, work):
    """Do `work` to the warehouse while no dashboard holds it."""
    warehouse = open_warehouse(home)
    try:
        work(warehouse)
    finally:
        warehouse.close()


def voted(**columns):
    """What makes five votes for model 4's picture of prompt 1 over model 2's."""

    def work(warehouse):
        for _ in range(5):
            judge(warehouse, "vote", ["p1-m4-s1", "p1-m2-s1"], outcome="left", **columns)

    return work


def cards(app):
    return components(app, "model_cards")[0]["cards"]


def names(app):
    return [card["name"] for card in cards(app)]


def words(app):
    elements = (*app.caption, *app.info, *app.markdown, *app.text, *app.warning)
    return "\n".join(element.value for element in elements)


def picker(app, label):
    return next(found for found in app.selectbox if found.label == label)


def button(app, label):
    return next((found for found in app.button if found.label == label), None)


def test_unasked_it_says_what_it_does_and_shows_no_models(filled_home):
    app = opened("home")
    assert "Five models, each with a reason" in words(app)
    assert not components(app, "model_cards")
    assert app.query_params == {}


def test_a_typed_prompt_gets_five_models_with_reasons_and_an_address(filled_home):
    app = opened("home")
    app.text_input[0].set_value("  a cartoon   tiger ").run()
    assert not app.exception and not app.error
    assert len(cards(app)) == 5
    assert [card["rank"] for card in cards(app)] == [1, 2, 3, 4, 5]
    assert all(card["reason"].startswith("Nobody has voted") for card in cards(app))
    assert app.query_params == {"prompt": "a cartoon tiger"}
    assert "shared words" in words(app) and "warehouse embed" in words(app)
    assert HOSTILE_MODEL in names(app)


def test_votes_lead_and_their_number_is_said(filled_home):
    changed(filled_home, voted())
    app = opened("home", tag="animal")
    first = cards(app)[0]
    assert first["name"] == "Model 4"
    assert first["reason"].startswith("Preferred in 5 of 5 comparisons on 1 prompt of this tag")
    assert 0 < first["lower"] < first["chance"] < first["upper"] < 1
    assert "5 of 5 judgments on them" in words(app)


def test_simulated_votes_count_with_the_switch_alone(filled_home):
    changed(filled_home, voted(simulated=True))
    app = opened("home", tag="animal")
    assert names(app)[0] != "Model 4" and "nobody has voted" in words(app)
    app.toggle[0].set_value(True).run()
    assert names(app)[0] == "Model 4" and "simulated ones too" in words(app)
    app = opened("home", {simulated.SHOWN: True}, tag="animal")
    assert names(app)[0] == "Model 4"


def test_a_tag_takes_the_place_of_a_prompt_and_back(filled_home):
    app = opened("home", prompt="a tiger")
    app.pills[0].set_value("<b>tag</b> $t$").run()
    assert app.text_input[0].value == "" and app.query_params == {"tag": "<b>tag</b> $t$"}
    assert "1 prompt of this tag" in words(app).replace("\\", "")
    app.text_input[0].set_value("a cat").run()
    assert app.pills[0].value is None and app.query_params == {"prompt": "a cat"}


def test_many_tags_are_a_list_to_choose_from(filled_home, monkeypatch):
    from dashboard.components.recommendation import question

    monkeypatch.setattr(question, "MOST_PILLS", 1)
    app = opened("home", tag="animal")
    assert not app.pills and picker(app, "Or a tag").value == "animal"
    picker(app, "Or a tag").set_value("<b>tag</b> $t$").run()
    assert app.query_params == {"tag": "<b>tag</b> $t$"} and len(cards(app)) == 5
    picker(app, "Or a tag").set_value("").run()
    assert app.query_params == {} and not components(app, "model_cards")


def test_filters_narrow_and_stand_in_the_address(filled_home):
    app = opened("home", prompt="a tiger")
    picker(app, "Base model").set_value("SD 1.5").run()
    assert names(app) == [n for n in names(app) if n in (HOSTILE_MODEL, "Model 3", "Model 5")]
    assert app.query_params == {"prompt": "a tiger", "base": "SD 1.5"}
    again = opened("home", prompt="a tiger", base="SD 1.5", licence="openrail")
    assert picker(again, "Licence").value == "openrail" and len(cards(again)) == 3


def test_filters_that_nothing_passes_say_what_to_do(filled_home):
    def work(warehouse):
        with warehouse.transaction() as cursor:
            cursor.execute("update models set licence = 'MIT' where model_version_id = 2")

    changed(filled_home, work)
    app = opened("home", prompt="a tiger", base="SD 1.5", licence="MIT")
    assert "No model with a picture passes both filters" in words(app)
    assert not components(app, "model_cards")


def test_what_a_link_cannot_have_is_said(filled_home):
    app = opened("home", prompt="a tiger", base="nope")
    assert "base model" in app.warning[0].value and len(cards(app)) == 5
    app = opened("home", tag="nope")
    assert "tag" in app.warning[0].value and not components(app, "model_cards")


def test_strangers_texts_stay_texts(filled_home):
    app = opened("home", prompt=HOSTILE_PROMPTS[0])
    assert app.pills[0].options[0] == r"\<b\>tag\</b\> \$t\$", "a pill's words are Markdown"
    assert not app.exception and len(cards(app)) == 5
    for element in (*app.caption, *app.markdown, *app.info):
        assert "<img" not in element.value and "<i>" not in element.value
    shown = [example["prompt"] for card in cards(app) for example in card["examples"]]
    assert any(HOSTILE_PROMPTS[0] in prompt for prompt in shown)


def test_hidden_pictures_are_no_examples_and_synthetic_ones_are_marked(filled_home):
    app = opened("home", tag="animal")
    shown = [example for card in cards(app) for example in card["examples"]]
    assert HIDDEN_ID not in [example["image_id"] for example in shown]
    assert all(example["prompt"].endswith("(synthetic picture)") for example in shown)
    assert all("/thumbnails/" in example["src"] for example in shown if example["src"])


def test_rank_these_collects_the_pictures_and_opens_rank(filled_home):
    app = opened("home", tag="animal")
    ids = [example["image_id"] for card in cards(app) for example in card["examples"]]
    app = button(app, "Rank these").click().run()
    assert not app.exception and not app.error
    assert app.title[0].value == "Rank"
    picked = components(app, "basket")[0]
    assert [pick["id"] for pick in picked["picks"]] == ids
    back = opened("home", tag="animal")
    assert all(card["picked"] for card in cards(back))


def test_text_features_find_prompts_by_meaning(filled_home, monkeypatch):
    def work(warehouse):
        give_features(warehouse)
        with warehouse.transaction() as cursor:
            for prompt_id in (1, 2, 3):
                vector = [float(prompt_id == place) for place in range(8)]
                cursor.execute(
                    "insert into prompt_features values ($prompt_id, $encoder, $vector)",
                    {"prompt_id": prompt_id, "encoder": ENCODER, "vector": vector},
                )

    changed(filled_home, work)
    app = opened("home", prompt="nothing shared")
    assert "came without their encoder" in words(app), "what is missing is said, and how to get it"
    from dashboard.components.recommendation import answer

    monkeypatch.setattr(answer, "text_vector", lambda encoder, text: (0.0, 0.0, 2.0, *(0.0,) * 5))
    app = opened("home", prompt="nothing shared")
    assert "by text features of tests" in words(app) and not app.info
    assert app.dataframe[0].value["Nearness"].iloc[0] == pytest.approx(1)
    first = [card["examples"][0]["image_id"] for card in cards(app)]
    assert all(image_id.startswith("p2-") for image_id in first)


def test_prompts_without_pictures_leave_the_question_out(filled_home):
    def work(warehouse):
        with warehouse.transaction() as cursor:
            cursor.execute("delete from images")

    changed(filled_home, work)
    app = opened("home", prompt="a tiger")
    assert not app.exception and not app.error and not app.text_input


@pytest.mark.parametrize(
    "asked",
    [
        Question("a cat", base_model="SD 1.5"),
        Question(tag="animals", licence="MIT"),
        Question("x" * state.LONGEST_PROMPT),
    ],
)
def test_a_link_restores_the_question(asked):
    known = {"tag": ["animals"], "base": ["SD 1.5"], "licence": ["MIT"]}
    assert state.read_link(state.link_parameters(asked), known) == (asked, [])


def test_filters_alone_are_no_link():
    assert state.link_parameters(Question(base_model="SD 1.5")) == {}
