"""Ranking in a browser: real drags, keys alone, undo, reload, haste, and a second tab."""

import json
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from core.sessions.session import Rules
from dashboard.access import LOCAL_PERSON
from tests.browser.server import serving
from warehouse.database import open_warehouse
from warehouse.ranking_start import start_session
from warehouse.selections import Picker

pytestmark = pytest.mark.browser

ME = Picker(LOCAL_PERSON.person_id, LOCAL_PERSON.name, "maintainer")
SETTLE_MS = 250
SESSIONS = {
    "dragged": ("sort", Rules()),
    "keys": ("sort", Rules()),
    "battle": ("battle", Rules()),
    "haste": ("battle", Rules()),
    "tabs": ("battle", Rules()),
    "touch": ("battle", Rules()),
    "plain": ("sort", Rules()),
    "cut": ("battle", Rules()),
}
PAINTED = """
window.painted = [];
document.addEventListener("gemboard-painted", (event) => window.painted.push(event.detail));
"""
ALL_TEXT = """
() => {
  const texts = [];
  const walk = (node) => {
    if (node.nodeType === 3) texts.push(node.data);
    for (const each of node.attributes || []) texts.push(each.value);
    if (node.shadowRoot) walk(node.shadowRoot);
    node.childNodes.forEach(walk);
  };
  walk(document.body);
  return texts.join("\\n");
}
"""


@dataclass
class Ranked:
    """A running server and the sessions that wait in it."""

    address: str
    home: Path
    sessions: dict
    copies: Path

    def link(self, name):
        return f"{self.address}/rank?session={self.sessions[name].session_id}"

    def candidates(self, name):
        return [image for pool in self.sessions[name].pools for image in pool.image_ids]

    def stored(self, name):
        """The session's events on disk, read from a copy: the server holds the file itself."""
        shutil.rmtree(self.copies, ignore_errors=True)
        self.copies.mkdir()
        for file in self.home.glob("gemboard.duckdb*"):
            shutil.copy(file, self.copies)
        warehouse = open_warehouse(self.copies)
        rows = warehouse.select(
            "select *, epoch_ms(created_at) as at from judgments where session_id = $id "
            "order by step",
            {"id": self.sessions[name].session_id},
        ).to_dicts()
        warehouse.close()
        return rows


def begun(seeded_home, folder):
    """Sessions of the person at the screen over prompts 2 and 3, begun while no server runs."""
    home = folder / "home"
    shutil.copytree(seeded_home, home)
    warehouse = open_warehouse(home)
    sessions = {
        name: start_session(
            warehouse,
            ME,
            (2, 3),
            mode=mode,
            rules=rules,
            session_id=f"0000000{place}-0000-4000-8000-000000000000",
            with_simulated=True,
        )
        for place, (name, (mode, rules)) in enumerate(SESSIONS.items())
    }
    warehouse.close()
    return Ranked("", home, sessions, folder / "copy")


@pytest.fixture(scope="module")
def ranked(chromium, seeded_home, tmp_path_factory):
    """A running server with sessions to answer; each test has one of its own."""
    waiting = begun(seeded_home, tmp_path_factory.mktemp("ranked"))
    with serving(waiting.home) as address:
        yield replace(waiting, address=address)


def ready(page, answered=None):
    """The stage once it takes an answer, after so many."""
    step = "" if answered is None else f"[data-step='{answered}']"
    stage = page.locator(f".root[data-ready=open]{step}")
    stage.wait_for(timeout=60_000)
    return stage


def shown(page):
    """What the browser calls the pictures on screen, in their places."""
    cards = page.locator(".root[data-ready] .arena .card")
    return [int(card.get_attribute("data-picture")) for card in cards.all()]


def drag(page, source, target, share=0.5):
    """Drag with the mouse in small steps to `share` of the target's width."""
    start, end = source.bounding_box(), target.bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    x, y = end["x"] + end["width"] * share, end["y"] + end["height"] / 2
    page.mouse.move(start["x"] + start["width"] / 2 + 8, start["y"] + start["height"] / 2)
    page.mouse.move(x + 12, y, steps=12)
    page.mouse.move(x, y, steps=4)
    page.wait_for_timeout(250)  # the pictures move aside
    page.mouse.up()
    page.wait_for_timeout(250)


def test_pictures_are_dragged_into_an_order_and_into_the_bin(ranked, page):
    page.goto(ranked.link("dragged"))
    ready(page, 0)
    batch = shown(page)
    names = [ranked.candidates("dragged")[place] for place in batch]
    cards = page.locator(".tray .card")
    drag(page, cards.nth(2), cards.nth(0), 0.25)
    a, b, c, d = batch
    assert shown(page) == [c, a, b, d]
    drag(page, cards.nth(3), page.locator(".bin"))
    assert page.locator(".bin .card").count() == 1
    assert page.locator(".tray .place").all_inner_texts() == ["1", "2", "3"]
    page.get_by_role("button", name="Submit this order").click()
    ready(page, 1)
    page.get_by_text("Your order").wait_for()
    (row,) = ranked.stored("dragged")
    assert row["kind"] == "order"
    assert row["shown_image_ids"] == names
    assert row["ranked_image_ids"] == [names[2], names[0], names[1]]
    assert row["rejected_image_ids"] == [names[3]]
    page.keyboard.press("u")
    ready(page, 2)
    assert shown(page) == batch, "as it was shown at first"
    assert [row["kind"] for row in ranked.stored("dragged")] == ["order", "undo"]
    assert page.errors == []


def test_a_batch_is_sorted_by_keys_alone(ranked, page):
    page.goto(ranked.link("keys"))
    ready(page, 0)
    a, b, c, d = shown(page)
    page.keyboard.press("Alt+ArrowRight")
    assert shown(page) == [b, a, c, d], "the first picture has the focus"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("1")
    assert shown(page) == [c, b, a, d]
    page.keyboard.press("x")
    assert page.locator(".bin .card").get_attribute("data-picture") == str(c)
    page.keyboard.press("Enter")
    ready(page, 1)
    (row,) = ranked.stored("keys")
    names = ranked.candidates("keys")
    assert row["ranked_image_ids"] == [names[b], names[a], names[d]]
    assert row["rejected_image_ids"] == [names[c]]
    assert page.errors == []


def test_a_battle_by_keys_with_undo_and_reload_names_no_model_before_the_vote(ranked, page):
    frames = []
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda payload: frames.append(payload)),
    )
    page.goto(ranked.link("battle"))
    ready(page, 0)
    sent = b"".join(frame if isinstance(frame, bytes) else frame.encode() for frame in frames)
    assert b"gemboard_rank_stage" in sent
    for told in (sent.decode("utf-8", "replace"), page.evaluate(ALL_TEXT)):
        assert not re.search(r"Model \d|p[23]-m\d|v\d\.0", told)
    first = shown(page)
    page.keyboard.press("ArrowLeft")
    ready(page, 1)
    stays, told = first[0], page.locator(".told").inner_text()
    assert stays in shown(page)
    names = dict(enumerate(ranked.candidates("battle")))
    loser = re.fullmatch(r"p2-m(\d)-s\d", names[first[1]])[1]
    winner = re.fullmatch(r"p2-m(\d)-s\d", names[first[0]])[1]
    assert ("<i>Model</i>" if loser == "1" else f"Model {loser}") in told
    if winner != loser:
        winner_name = "<i>Model</i>" if winner == "1" else f"Model {winner} "
        assert winner_name not in page.evaluate(ALL_TEXT), "it is still on screen"
    second = shown(page)
    page.keyboard.press("t")
    ready(page, 2)
    third = shown(page)
    page.keyboard.press("u")
    ready(page, 3)
    assert shown(page) == second
    page.keyboard.press("ArrowUp")
    ready(page, 4)
    assert shown(page) == third
    page.reload()
    ready(page, 4)
    assert shown(page) == third
    page.get_by_role("button", name="Comment").click()
    page.get_by_label("Comment").fill("Left hand: six fingers (t, u, s)")
    page.get_by_role("button", name="Add comment").click()
    ready(page, 5)
    assert shown(page) == third
    assert page.get_by_label("Comment").input_value() == ""
    page.get_by_label("Prompt").click()
    step = 5
    while True:
        page.keyboard.press("2" if step % 2 else "ArrowDown")
        step += 1
        page.locator(
            f".root[data-step='{step}']:is([data-ready=open], [data-ready=over])"
        ).wait_for()
        if page.locator(".root[data-ready=over]").count():
            break
    page.get_by_role("heading", name="All judged").wait_for()
    page.get_by_role("button", name="Another session").click()
    page.get_by_role("heading", name="Rank").wait_for()
    page.wait_for_url(re.compile(r"/rank$"))
    rows = ranked.stored("battle")
    assert [row["step"] for row in rows] == list(range(step))
    assert [row["outcome"] or row["kind"] for row in rows[:6]] == [
        "left", "tie", "undo", "tie", "comment", "right",
    ]  # fmt: skip
    assert rows[0]["shown_image_ids"] == [names[each] for each in first]
    assert rows[4]["comment"] == "Left hand: six fingers (t, u, s)"
    assert rows[4]["shown_image_ids"] == [names[each] for each in third]
    assert all(row["response_time_ms"] >= SETTLE_MS for row in rows if row["kind"] == "vote")
    assert page.errors == []


def test_ten_hasty_keys_make_no_vote_on_a_pair_that_was_not_seen(ranked, page):
    page.add_init_script(PAINTED)
    page.goto(ranked.link("haste"))
    ready(page, 0)
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(50)
    page.wait_for_timeout(1500)
    page.locator(".root:is([data-ready=open], [data-ready=over])").wait_for()
    painted = page.evaluate("window.painted")
    names = ranked.candidates("haste")
    seen = {tuple(names[int(place)] for place in each["shown"]): each["at"] for each in painted}
    rows = ranked.stored("haste")
    assert 1 <= len(rows) < 10
    for row in rows:
        assert seen[tuple(row["shown_image_ids"])] + SETTLE_MS <= row["at"]
        assert row["response_time_ms"] >= SETTLE_MS
    assert page.errors == []


def test_a_second_tab_that_is_late_is_told_and_shows_the_present_pair(ranked, page, chromium):
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    late = context.new_page()
    for tab in (page, late):
        tab.goto(ranked.link("tabs"))
        ready(tab, 0)
    page.keyboard.press("ArrowLeft")
    ready(page, 1)
    late.keyboard.press("ArrowRight")
    ready(late, 1)
    late.get_by_text("answered already").wait_for()
    assert shown(late) == shown(page)
    assert [row["outcome"] for row in ranked.stored("tabs")] == ["left"]
    late.keyboard.press("ArrowRight")
    ready(late, 2)
    assert late.get_by_text("answered already").count() == 0
    context.close()
    assert page.errors == []


def test_on_a_phone_both_pictures_are_in_view_and_a_tap_votes(ranked, chromium):
    context = chromium.new_context(viewport={"width": 420, "height": 800}, has_touch=True)
    phone = context.new_page()
    phone.goto(ranked.link("touch"))
    ready(phone, 0)
    upper, lower = (card.bounding_box() for card in phone.locator(".arena .card").all())
    for box in (upper, lower):
        assert box["y"] >= 0 and box["y"] + box["height"] <= 800
        assert box["width"] >= 180
    assert upper["y"] < lower["y"]
    phone.get_by_role("button", name="Upper is better").wait_for()
    phone.locator(".arena .card").nth(1).tap()
    ready(phone, 1)
    phone.get_by_text("Your answer: lower is better").wait_for()
    assert [row["outcome"] for row in ranked.stored("touch")] == ["right"]
    context.close()


def test_letters_are_sorted_by_keys_in_the_plain_mode(ranked, page):
    page.goto(ranked.link("plain"))
    ready(page, 0)
    names = [ranked.candidates("plain")[place] for place in shown(page)]
    page.get_by_text("Plain mode").click()
    page.get_by_role("img", name="Picture A").wait_for()
    letters = page.frame_locator("iframe[title*=sortables]").locator(".sortable-item")
    letters.nth(3).wait_for()
    assert [text.strip() for text in letters.all_inner_texts()] == ["A", "B", "C", "D"]
    letters.nth(0).focus()
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
        page.wait_for_timeout(300)
    page.get_by_role("button", name="Submit this order").click()
    page.get_by_text("Your order").wait_for()
    (row,) = ranked.stored("plain")
    assert row["shown_image_ids"] == names
    assert row["ranked_image_ids"] == [names[1], names[0], *names[2:]]
    assert page.errors == []


def test_an_answer_that_a_reload_cut_off_is_sent_again_and_stored_once(ranked, page):
    page.goto(ranked.link("cut"))
    ready(page, 0)
    session_id = ranked.sessions["cut"].session_id
    cut = {"id": "cut", "session": session_id, "step": 0, "kind": "vote", "outcome": "right"}
    cut |= {"shown": [str(place) for place in shown(page)], "ms": 900}
    page.evaluate(
        "([name, text]) => sessionStorage.setItem(name, text)",
        [f"gemboard.rank.{session_id}", json.dumps([cut])],
    )
    for _ in range(2):
        page.reload()
        ready(page, 1)
    assert [row["outcome"] for row in ranked.stored("cut")] == ["right"]
    assert page.evaluate("Object.keys(sessionStorage).filter((name) => /rank/.test(name))") == []
    assert page.errors == []


def test_an_answer_to_a_stopped_server_is_stored_once_when_it_runs_again(
    chromium, seeded_home, tmp_path, page
):
    waiting = begun(seeded_home, tmp_path)
    with serving(waiting.home) as address:
        there = replace(waiting, address=address)
        page.goto(there.link("cut"))
        ready(page, 0)
    page.keyboard.press("ArrowRight")
    page.get_by_text("Not stored yet").wait_for()
    page.keyboard.press("ArrowLeft")
    with serving(waiting.home, port=int(address.rsplit(":")[-1])):
        ready(page, 1)
        assert page.get_by_text("Not stored yet").count() == 0
    assert [row["outcome"] for row in there.stored("cut")] == ["right"]
