"""Campaigns: made, looked into, closed and reopened on screen; by maintainers alone."""

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import NotAllowedError
from dashboard import campaigns
from dashboard.access import Role
from dashboard.components.campaigns.campaign_view import annotators_link
from dashboard.components.campaigns.top_three import percent, sentence
from dashboard.components.notices import literal
from dashboard.resources import warehouse
from dashboard.state import campaigns as state
from dashboard.state import simulated
from tests.pages.apps import components, opened
from tests.pages.campaigns import HOSTILE_NAME, as_person, keyed, with_campaign, words
from tests.ranking import LEFT, RIGHT, SKIP, finished
from tests.ranking import begun as began
from warehouse.campaign_plans import Plan
from warehouse.campaigns import campaigns as stored
from warehouse.database import open_warehouse
from warehouse.judged_ratings import Leaders, Top
from warehouse.selections import Picker

PAGE = "admin_campaigns"


def filled_form(app, **values):
    """The form with these values, as somebody types them."""
    for key, value in values.items():
        field = getattr(state, key)
        found = next(
            element
            for kind in ("text_input", "number_input", "multiselect", "selectbox", "toggle",
                         "slider", "button_group")
            for element in getattr(app, kind)
            if element.key == field
        )  # fmt: skip
        app = found.set_value(value).run()
        assert not app.exception
    return app


def button(app, key):
    return next(found for found in app.button if found.key == key)


def frame(app, *columns):
    """The first table with these columns."""
    return next(found.value for found in app.dataframe if set(columns) <= set(found.value.columns))


def test_without_campaigns_it_says_what_they_are_for(filled_home):
    app = opened(PAGE)
    assert "No campaigns yet" in words(app)
    app = button(app, "campaigns.new").click().run()
    assert app.query_params["campaign"] in ("new", ["new"])
    assert button(app, "campaigns.create").disabled
    assert "a name and prompts" in words(app)


def test_a_campaign_is_made_as_it_was_asked_for(filled_home):
    app = opened(PAGE, campaign="new")
    app = filled_form(
        app, NAME=HOSTILE_NAME, TAGS=["animal"], PROMPTS=[3, 1], MODE="battle", PICTURES=4,
        SESSION_PROMPTS=2, PEOPLE=4, PER_PAIR=1.5, PER_PERSON=40, SETTLED=0.95,
        PAIRING="information", COMPARISONS=5, EXPLORATION=20, CHECKS=0.1,
    )  # fmt: skip
    assert app.metric[0].value == "40 to 44", "two prompts, four people, five comparisons"
    assert "2 prompts with 8 pictures, in 4 sessions of 2 prompts, by 4 annotators" in words(app)
    app = button(app, "campaigns.create").click().run()
    assert not app.exception and not app.error
    (made,) = stored(warehouse())
    assert (made.name, made.prompt_ids, made.mode, made.state) == (
        HOSTILE_NAME, (1, 3), "battle", "open"
    )  # fmt: skip
    rules = made.plan.rules
    assert (rules.pairing, rules.comparisons, rules.exploration, rules.check_every) == (
        "information", 5, 0.2, 9
    )  # fmt: skip
    assert made.plan == Plan(rules, 4, 2, 4, 1.5, 40, 0.95)
    assert literal(HOSTILE_NAME) in words(app)
    assert f"/rank?campaign={made.campaign_id}" in app.code[0].value
    form = button(button(app, "campaigns.back").click().run(), "campaigns.new").click().run()
    assert next(f for f in form.text_input if f.key == state.NAME).value == ""


def test_a_name_that_is_taken_is_said_and_what_was_typed_stays(filled_home):
    with_campaign(filled_home, name="Spring")
    app = filled_form(opened(PAGE, campaign="new"), NAME="Spring", PROMPTS=[2], MODE="sort")
    app = button(app, "campaigns.create").click().run()
    assert "exists" in app.error[0].value
    assert next(f for f in app.text_input if f.key == state.NAME).value == "Spring"
    assert len(stored(warehouse())) == 1


def test_the_estimate_follows_the_mode(filled_home):
    app = filled_form(opened(PAGE, campaign="new"), PROMPTS=[1, 2], PEOPLE=1)
    drawn = app.metric[0].value
    assert filled_form(app, MODE="sort").metric[0].value == "3"
    assert not [f for f in app.button_group if f.key == state.PAIRING], "no battles, no pairs"
    battle = filled_form(opened(PAGE, campaign="new"), PROMPTS=[1, 2], PEOPLE=1, MODE="battle")
    low, high = battle.metric[0].value.split(" to ")
    assert drawn == f"{min(3, int(low))} to {high}"
    assert "with fewer than 8 pictures" in words(battle)


def test_progress_is_in_the_list_and_in_full_in_the_view(filled_home):
    campaign_id = with_campaign(filled_home, LEFT, RIGHT, SKIP, name=HOSTILE_NAME)
    app = opened(PAGE)
    assert "2 judgments by 1 annotator" in words(app)
    assert app.get("progress")[0].proto.text == "0 of 2 prompts done"
    app = keyed(app.button, "campaigns.open")[0].click().run()
    assert not app.exception and not app.error
    assert app.query_params["campaign"] in (campaign_id, [campaign_id])
    person = frame(app, "Annotator").iloc[0]
    assert (person["Annotator"], person["Judgments"], person["Skips"]) == ("Ada", 2, 1)
    prompts = frame(app, "Prompt", "People")
    assert sorted(prompts["People"]) == [0, 1]
    assert sorted(prompts["Pairs judged"]) == [0, 2]
    assert list(frame(app, "What", "By")["What"]) == ["opened"]
    assert "Your top three are not settled at 90\u00a0% yet" in words(app)
    (first,) = (line for line in words(app).splitlines() if line.startswith("1.  "))
    assert "Model" in first
    facts = {fact["label"]: fact["value"] for fact in components(app, "fact_list")[0]["facts"]}
    assert facts["People per prompt"] == "2" and facts["Attention checks"] == "none"


def test_it_says_when_the_top_three_are_settled():
    found = Leaders((3, 1, 2), Top((2, 0, 1), 0.934), 120)
    assert sentence(found, 0.9) == (
        "Your top three are settled at 90\u00a0%. (93\u00a0% sure from 120 judgments.)"
    )
    assert sentence(found, 0.95) == (
        "Your top three are not settled at 95\u00a0% yet: 93\u00a0% sure from 120 judgments."
    )
    assert percent(0.9999) == "over 99\u00a0%"


def test_nothing_was_judged_yet(filled_home):
    campaign_id = with_campaign(filled_home)
    app = opened(PAGE, campaign=campaign_id)
    assert "Nobody has begun a session yet" in words(app)
    assert "that takes a judgment" in words(app)
    assert not app.exception


def dialog(campaign_id):
    """An app that holds the dialog of a campaign's state open."""

    def script(campaign_id):
        from dashboard import campaigns
        from dashboard.components.campaigns.state_dialog import state_dialog

        state_dialog(campaigns.campaign_of(campaign_id))

    return AppTest.from_function(script, default_timeout=30, args=(campaign_id,)).run()


def test_closing_and_reopening_with_a_note(filled_home):
    campaign_id = with_campaign(filled_home)
    app = button(opened(PAGE, campaign=campaign_id), "campaigns.state").click().run()
    assert "starts no more sessions" in words(app)
    app = dialog(campaign_id)
    next(f for f in app.text_input if f.key == state.CAMPAIGNS_NOTE).set_value("enough")
    app = button(app, "campaigns.state_now").click().run()
    assert not app.exception
    assert campaigns.campaign_of(campaign_id).state == "closed"
    app = opened(PAGE, campaign=campaign_id)
    history = frame(app, "What", "Note")
    assert (history["What"].iloc[0], history["Note"].iloc[0]) == ("closed", "enough")
    assert not app.code, "no link to a closed campaign"
    assert "No campaign is open" in words(opened(PAGE))
    button(dialog(campaign_id), "campaigns.state_now").click().run()
    assert campaigns.campaign_of(campaign_id).state == "open"


def test_a_campaign_that_is_not_there_is_said(filled_home):
    app = opened(PAGE, campaign="0" * 8 + "-0000-0000-0000-" + "0" * 12)
    assert not app.exception
    assert "no campaign" in app.error[0].value
    assert "names no campaign" in opened(PAGE, campaign="<b>").warning[0].value


def test_simulated_annotators_count_only_with_the_switch_and_are_marked(filled_home):
    campaign_id = with_campaign(filled_home, LEFT)
    at = open_warehouse(filled_home)
    with at.transaction() as cursor:
        cursor.execute("insert into people values ('bot', 'Bot', 'annotator', true, now())")
    bot = Picker("bot", "Bot", "annotator")
    judged = len(finished(at, began(at, bot, "choose", campaign=campaign_id)).answers)
    at.close()
    app = opened(PAGE, campaign=campaign_id)
    assert list(frame(app, "Annotator")["Annotator"]) == ["Ada"]
    app = opened(PAGE, {simulated.SHOWN: True}, campaign=campaign_id)
    told = frame(app, "Annotator", "Simulated")
    assert dict(zip(told["Annotator"], told["Simulated"], strict=True)) == {
        "Bot": True, "Ada": False
    }  # fmt: skip
    assert f"simulated: {judged} of {judged + 1} judgments" in words(app)
    assert "simulated ones too" in words(opened(PAGE, {simulated.SHOWN: True}))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANNOTATOR, Role.ANALYST])
def test_only_maintainers_run_campaigns(filled_home, monkeypatch, role):
    campaign_id = with_campaign(filled_home)
    campaign = campaigns.campaign_of(campaign_id)
    as_person(monkeypatch, role)
    for asked in (
        lambda: campaigns.create("Mine", [1], "sort", Plan()),
        lambda: campaigns.close(campaign_id),
        lambda: campaigns.reopen(campaign_id),
        lambda: campaigns.progress(campaign),
        lambda: campaigns.leaders(campaign),
        lambda: campaigns.history(campaign),
    ):
        with pytest.raises(NotAllowedError, match="maintainer"):
            asked()
    assert [each.state for each in stored(warehouse())] == ["open"]
    assert "Ada" not in words(opened(PAGE)), "the page is not theirs"


def test_the_link_has_the_host_that_the_maintainer_sees(monkeypatch):
    class Context:
        url = "https://gems.example:8443/admin_campaigns?x=1"

    monkeypatch.setattr("streamlit.context", Context)
    assert annotators_link("ID") == "https://gems.example:8443/rank?campaign=ID"
    Context.url = None
    assert annotators_link("ID") == "/rank?campaign=ID"
