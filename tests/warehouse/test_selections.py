"""The selection basket: append-only, in order, undone by an event, one for each person."""

import threading

import pytest

from tests import seeding
from warehouse import selections
from warehouse.database import open_in_memory, open_warehouse
from warehouse.reads import selection as reads
from warehouse.selections import Picker

ADA, BEN = Picker("ada", "Ada", "analyst"), Picker("ben", "Ben", "viewer")
ONE, TWO, THREE = "p1-m2-s1", "p2-m1-s1", "p1-m3-s1"


@pytest.fixture
def filled(tmp_path):
    warehouse = open_in_memory(tmp_path)
    seeding.fill(warehouse)
    yield warehouse
    warehouse.close()


def basket(warehouse, picker=ADA):
    return reads.basket(warehouse, person_id=picker.person_id)["image_id"].to_list()


def events(warehouse):
    return (
        warehouse.value("select count(*) from selections"),
        warehouse.value("select count(*) from selection_gestures"),
    )


def test_a_basket_keeps_the_order_of_picking(filled):
    assert selections.pick(filled, ADA, [TWO, ONE], page="map") == 2
    assert selections.pick(filled, ADA, [THREE], page="explore") == 1
    assert basket(filled) == [TWO, ONE, THREE]


def test_each_person_has_a_basket_of_their_own(filled):
    selections.pick(filled, ADA, [ONE], page="explore")
    selections.pick(filled, BEN, [TWO], page="explore")
    assert (basket(filled), basket(filled, BEN)) == ([ONE], [TWO])
    assert not selections.unpick(filled, BEN, [ONE], page="explore")
    assert basket(filled) == [ONE]


def test_picking_twice_is_picking_once(filled):
    selections.pick(filled, ADA, [ONE, ONE], page="explore")
    before = events(filled)
    assert selections.pick(filled, ADA, [ONE], page="explore") == 0
    assert selections.pick(filled, ADA, [], page="explore") == 0
    assert selections.unpick(filled, ADA, [TWO], page="explore") == 0
    assert (basket(filled), events(filled)) == ([ONE], before)


def test_undo_takes_back_gesture_by_gesture_and_deletes_nothing(filled):
    selections.pick(filled, ADA, [ONE, TWO], page="map")
    selections.pick(filled, ADA, [THREE], page="explore")
    selections.unpick(filled, ADA, [ONE, THREE], page="home")
    states = [basket(filled)]
    while selections.undo(filled, ADA, page="home"):
        states.append(basket(filled))
    assert states == [[TWO], [ONE, TWO, THREE], [ONE, TWO], []]
    assert events(filled) == (5, 6), "three gestures and three undos, all of them kept"
    assert filled.value("select count(*) from selections where picked") == 3


def test_what_was_undone_can_be_picked_again(filled):
    selections.pick(filled, ADA, [ONE], page="explore")
    selections.undo(filled, ADA, page="explore")
    assert selections.pick(filled, ADA, [ONE], page="explore") == 1
    assert basket(filled) == [ONE]


def test_nobody_undoes_what_another_did(filled):
    selections.pick(filled, ADA, [ONE], page="explore")
    assert not selections.undo(filled, BEN, page="explore")
    assert basket(filled) == [ONE]


def test_who_when_where_and_what_was_on_screen_is_kept(filled):
    shown = [f"shown {i}" for i in range(selections.MOST_SHOWN + 5)]
    selections.pick(filled, ADA, [ONE], page="map", shown_image_ids=shown)
    row = filled.select(
        "select * from selections inner join selection_gestures as gesture using (gesture_id)"
    ).row(0, named=True)
    assert (row["person_id"], row["page"], row["image_id"]) == ("ada", "map", ONE)
    assert (row["prompt_id"], row["model_version_id"]) == (1, 2)
    assert row["created_at"] is not None
    assert row["shown_image_ids"] == shown[: selections.MOST_SHOWN]
    assert row["shown_count"] == len(shown), "how many it really were"


def test_a_pick_of_a_drawn_picture_is_real_and_a_simulated_persons_is_not(filled):
    with filled.cursor() as cursor:
        cursor.execute(
            "insert into people (person_id, name, role, simulated) "
            "values ('robot', 'Robot', 'annotator', true)"
        )
    selections.pick(filled, ADA, [ONE], page="explore")
    selections.pick(filled, Picker("robot", "Robot", "annotator"), [ONE], page="explore")
    for table in ("selections", "selection_gestures"):
        marks = filled.select(f"select person_id, simulated from {table} order by 1").rows()
        assert marks == [("ada", False), ("robot", True)]


def test_hidden_pictures_are_not_picked_and_leave_the_basket_when_hidden(filled):
    assert selections.pick(filled, ADA, [seeding.HIDDEN_ID, ONE], page="explore") == 1
    with filled.cursor() as cursor:
        cursor.execute("update images set nsfw_score = 1 where image_id = $id", {"id": ONE})
    assert basket(filled) == []


def test_the_person_is_known_afterwards_so_that_check_is_content(filled):
    selections.pick(filled, ADA, [ONE], page="explore")
    assert filled.select("select name, role from people").rows() == [("Ada", "analyst")]
    problems = filled.frame("find_dangling")["problem"].to_list()
    assert not any("selections" in problem for problem in problems)


def test_many_tabs_at_once_lose_nothing(tmp_path):
    warehouse = open_warehouse(tmp_path)
    seeding.fill(warehouse)
    ids = warehouse.select("select image_id from images where nsfw_score < 0.5 order by 1")[
        "image_id"
    ].to_list()
    start = threading.Barrier(len(ids))
    failures = []

    def work(image_id):
        start.wait()
        try:
            selections.pick(warehouse, ADA, [image_id], page="explore")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(image_id,)) for image_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(basket(warehouse)) == ids
    warehouse.close()


def test_a_basket_outlives_the_process(tmp_path):
    warehouse = open_warehouse(tmp_path)
    seeding.fill(warehouse)
    selections.pick(warehouse, ADA, [ONE, TWO], page="explore")
    warehouse.close()
    warehouse = open_warehouse(tmp_path)
    assert basket(warehouse) == [ONE, TWO]
    warehouse.close()
