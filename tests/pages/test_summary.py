"""Summary: from no judgment to many, whose it is, who may look, simulated people, links, files."""

import pytest

from dashboard import access, summaries
from dashboard.access import LOCAL_PERSON, Person, Role
from dashboard.components.summary import choice as controls
from dashboard.state import simulated
from dashboard.state import summary as state
from tests.judging import judge, judge_grid
from tests.pages.apps import components, opened
from tests.ranking import BEN, LEFT, TIE, Picker, answered, begun, sent, undo_of
from tests.seeding import HOSTILE_MODEL
from warehouse.database import open_warehouse

LOCAL = Picker(LOCAL_PERSON.person_id, LOCAL_PERSON.name, "maintainer")


def changed(home, work):
    """Do `work` to the warehouse while no dashboard holds it."""
    warehouse = open_warehouse(home)
    try:
        return work(warehouse)
    finally:
        warehouse.close()


def own_session(*choices, prompt=2):
    """What makes a session of the person at the screen with such answers."""
    return lambda warehouse: answered(
        warehouse, begun(warehouse, LOCAL, (prompt,), session_id=f"mine-{prompt}"), *choices
    )


def bens_session(warehouse):
    return answered(warehouse, begun(warehouse, BEN, (2,), session_id="bens"), LEFT, LEFT)


def headings(app):
    return [heading.value for heading in app.subheader]


def lines(app):
    return components(app, "standings")[0]["lines"]


def favourite(app):
    return components(app, "favourite")[0]


def words(app):
    elements = (*app.caption, *app.info, *app.markdown, *app.text, *app.warning)
    return "\n".join(element.value for element in elements)


def frame(app, *columns):
    return next(found.value for found in app.dataframe if set(columns) <= set(found.value.columns))


def picker(app, label):
    return next((found for found in app.selectbox if found.label == label), None)


def as_role(monkeypatch, role, person_id=LOCAL_PERSON.person_id):
    person = Person(person_id, "Someone", role)
    for module in (access, summaries, controls):
        monkeypatch.setattr(module, "current_person", lambda: person)


def test_without_judgments_it_leads_to_rank(filled_home):
    app = opened("summary")
    assert headings(app) == ["No judgments yet"]
    assert not app.exception and not app.error
    assert any("Rank some pictures" in str(link.proto) for link in app.get("page_link"))


def test_one_vote_gives_a_provisional_favourite_with_intervals(filled_home):
    changed(filled_home, own_session(LEFT))
    app = opened("summary")
    assert not app.exception and not app.error
    assert headings(app) == ["Models", "Agreement", "By tag", "Download", "Sessions"]
    told = favourite(app)
    assert told["title"] == "Your favourite so far"
    assert "Provisional, from 1 judgment" in told["sentences"][-1]
    assert "You preferred it in 1 of 1 pair" in told["sentences"][1]
    assert len(lines(app)) == 2
    assert [line["pairs"] for line in lines(app)] == ["1 of 1", "0 of 1"]
    assert lines(app)[0]["src"] is None or "/thumbnails/" in lines(app)[0]["src"]
    assert lines(app)[1]["image_id"] is None
    assert words(app).count("Not enough overlap") == 2


def test_many_judgments_are_a_summary_with_agreement(filled_home):
    def work(warehouse):
        judge_grid(warehouse, people=("local", "ben", "cat"))
        judge_grid(warehouse, people=("local",))

    changed(filled_home, work)
    app = opened("summary")
    assert favourite(app)["title"] == "Your favourite"
    assert not any("Provisional" in sentence for sentence in favourite(app)["sentences"])
    assert HOSTILE_MODEL in [line["name"] for line in lines(app)]
    shares = {metric.label: metric.value for metric in app.metric}
    assert shares["With other people"] == "100%"
    assert shares["With the GRE-Score"] != "–"
    by_tag = frame(app, "Tag", "Favourite")
    assert list(by_tag["Tag"]) == ["no tag", "<b>tag</b> $t$", "animal"]
    assert not app.exception and not app.error and not app.warning


def test_only_ties_are_no_favourite_and_no_error(filled_home):
    changed(filled_home, own_session(TIE))
    app = opened("summary")
    assert "Only ties so far" in words(app)
    assert not components(app, "favourite") and not app.exception


def test_all_models_are_ranked_on_request(filled_home):
    def work(warehouse):
        own_session(LEFT)(warehouse)
        judge_grid(warehouse, people=("ben",))

    changed(filled_home, work)
    assert len(lines(opened("summary"))) == 2
    app = opened("summary", models="all")
    assert len(lines(app)) == 5
    assert [line["pairs"] for line in lines(app)].count("–") == 3
    assert app.query_params["models"] == "all"


def test_a_tag_and_a_session_stand_in_the_address(filled_home):
    def work(warehouse):
        own_session(LEFT, LEFT)(warehouse)
        own_session(LEFT, prompt=3)(warehouse)

    changed(filled_home, work)
    app = opened("summary", session="mine-2")
    assert "2 judgments" in favourite(app)["sentences"][-1]
    assert favourite(app)["title"].endswith("this session")
    assert app.query_params["session"] == "mine-2"
    app = opened("summary", tag="")
    assert favourite(app)["title"].endswith("no tag") and "By tag" not in headings(app)
    assert "1 judgment:" in favourite(app)["sentences"][-1]
    app = picker(app, "Tag").set_value(controls.ALL).run()
    assert "3 judgments" in favourite(app)["sentences"][-1]
    assert "tag" not in app.query_params


def test_the_history_counts_what_was_done_and_marks_a_session(filled_home):
    def work(warehouse):
        after = own_session(LEFT, LEFT)(warehouse)
        sent(warehouse, after, undo_of(after))

    changed(filled_home, work)
    rows = frame(opened("summary"), "Begun", "Mode")
    assert list(rows["Mode"]) == ["Battle"]
    assert (rows["Judgments"].iloc[0], rows["Undone"].iloc[0]) == (1, 1)


def test_a_maintainer_sees_another_person_and_their_session(filled_home):
    changed(filled_home, bens_session)
    app = opened("summary", person="ben")
    assert favourite(app)["title"] == "The favourite of Ben so far"
    assert "They preferred it" in favourite(app)["sentences"][1]
    assert app.query_params["person"] == "ben"
    app = opened("summary", session="bens")
    assert app.query_params["person"] == "ben" and favourite(app)["sentences"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANNOTATOR, Role.ANALYST])
@pytest.mark.parametrize(
    ("asked", "said"), [({"person": "ben"}, "maintainer"), ({"session": "bens"}, "somebody else")]
)
def test_who_is_no_maintainer_is_refused_other_people(filled_home, monkeypatch, role, asked, said):
    changed(filled_home, bens_session)
    as_role(monkeypatch, role)
    app = opened("summary", **asked)
    assert said in app.error[0].value
    assert not components(app, "standings") and not app.dataframe
    app = opened("summary", {state.SUMMARY_PERSON: "ben"})
    assert headings(app) == ["No judgments yet"] and picker(app, "Person") is None


def test_the_server_refuses_whatever_the_screen_shows(filled_home, monkeypatch):
    from core.errors import NotAllowedError
    from warehouse.summaries import Asked

    changed(filled_home, bens_session)
    as_role(monkeypatch, Role.ANALYST)
    asked = Asked("ben")
    for work in (
        lambda: summaries.summary(asked),
        lambda: summaries.by_tag(asked),
        lambda: summaries.comments(asked),
        lambda: summaries.sessions("ben", with_simulated=False),
        lambda: summaries.judgments_file(asked, "csv"),
        lambda: summaries.ratings_file(asked, "csv", unjudged=False),
        lambda: summaries.people(with_simulated=False),
    ):
        with pytest.raises(NotAllowedError):
            work()


def test_an_annotator_sees_their_own(filled_home, monkeypatch):
    changed(filled_home, bens_session)
    as_role(monkeypatch, Role.ANNOTATOR, "ben")
    app = opened("summary", session="bens")
    assert favourite(app)["title"].startswith("Your favourite so far")
    assert summaries.judgments_file(controls.Asked("ben"), "csv")().startswith(b"\xef\xbb\xbf")


def test_what_a_link_cannot_have_is_said(filled_home):
    changed(filled_home, own_session(LEFT))
    for asked, said in (
        ({"session": "nowhere"}, "not in this warehouse"),
        ({"session": "<script>"}, "names no session"),
        ({"person": "nobody"}, "without judgments"),
        ({"models": "best"}, "neither"),
    ):
        app = opened("summary", **asked)
        assert said in app.warning[0].value
        assert favourite(app)["title"].startswith("Your favourite")


def test_simulated_people_are_there_with_the_switch_alone_and_marked(filled_home):
    def work(warehouse):
        judge(warehouse, "vote", ["p1-m2-s1", "p1-m3-s1"], person="sim", simulated=True,
              outcome="left")  # fmt: skip
        own_session(LEFT)(warehouse)

    changed(filled_home, work)
    app = opened("summary")
    assert picker(app, "Person") is None, "there is nobody else to choose"
    assert "nobody else" in favourite(app)["sentences"][-1]
    app = opened("summary", person="sim")
    assert "switch" in app.warning[0].value
    app = opened("summary", {simulated.SHOWN: True}, person="sim")
    assert favourite(app)["title"] == "The favourite of sim so far"
    assert any("simulated: 1 of 1 judgment" in mark.value for mark in app.markdown)
    app = opened("summary", {simulated.SHOWN: True})
    assert "1 judgment of 1 other person" in favourite(app)["sentences"][-1]
