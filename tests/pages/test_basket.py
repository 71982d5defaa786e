"""The selection basket stands on every page and follows the person."""

import duckdb
import pytest

from dashboard import navigation
from dashboard.access import LOCAL_PERSON
from tests.pages.apps import PAGES, components, opened, page_file
from tests.seeding import HIDDEN_ID
from warehouse import selections
from warehouse.database import open_warehouse

PICKER = selections.Picker(LOCAL_PERSON.person_id, LOCAL_PERSON.name, "maintainer")


def picked_home(home, *image_ids):
    warehouse = open_warehouse(home)
    selections.pick(warehouse, PICKER, image_ids, page="explore")
    warehouse.close()
    return home


def basket(app):
    return components(app, "basket")[0]


@pytest.mark.parametrize("page", PAGES)
def test_the_basket_is_on_every_page(page, filled_home):
    picked_home(filled_home, "p1-m2-s1", "p2-m1-s1")
    data = basket(opened(page))
    assert [pick["id"] for pick in data["picks"]] == ["p1-m2-s1", "p2-m1-s1"]
    assert data["total"] == 2
    assert data["undo"] == "Take back: added 2 pictures"


def test_an_empty_basket_offers_nothing_to_do(filled_home):
    data = basket(opened("home"))
    assert (data["picks"], data["total"], data["undo"]) == ([], 0, "")


def test_a_new_session_finds_the_basket_as_it_was(filled_home):
    picked_home(filled_home, "p1-m2-s1")
    app = opened("explore", prompt="1")
    assert components(app, "gallery")[0]["picked"] == ["p1-m2-s1"]
    app.switch_page(page_file("home")).run()
    assert basket(app)["total"] == 1


def test_a_hidden_picture_is_never_in_the_basket(filled_home):
    picked_home(filled_home, "p1-m2-s1", HIDDEN_ID)
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        connection.execute("update images set nsfw_score = 1 where image_id = 'p1-m2-s1'")
    assert basket(opened("home"))["picks"] == []


def test_a_large_selection_sends_some_and_counts_the_others(filled_home):
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        connection.execute(
            "insert into images (image_id, prompt_id, model_version_id, source) "
            "select 'more-' || i, 1, 1, 'tests' from range(500) t(i)"
        )
    picked_home(filled_home, *(f"more-{i}" for i in range(500)))
    data = basket(opened("home"))
    assert (len(data["picks"]), data["total"]) == (40, 500)


def test_next_steps_appear_with_their_pages(filled_home, monkeypatch):
    picked_home(filled_home, "p1-m2-s1")
    (link,) = [x for x in opened("home").get("page_link") if x.label == "Generate more"]
    assert "start=picks" in str(link.proto)
    entries = tuple(entry for entry in navigation.PAGES if entry.url_path != "generate")
    monkeypatch.setattr(navigation, "PAGES", entries)
    assert "Generate more" not in {link.label for link in opened("home").get("page_link")}
