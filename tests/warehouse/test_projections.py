"""Maps are drawn once and kept; later pictures join them without moving any."""

import numpy as np
import pytest

from core.maps.tsne import ProjectionSettings
from tests import seeding
from tests.features import DIMENSION, ENCODER, give_features
from tests.seeding import HIDDEN_ID
from warehouse.database import open_in_memory
from warehouse.projections import find_places, map_work, store_places, update_map
from warehouse.reads import map as reads

SHORT = ProjectionSettings(exaggerated_iterations=25, iterations=50)


@pytest.fixture
def filled(tmp_path):
    warehouse = open_in_memory(tmp_path)
    seeding.fill(warehouse, prompts=3, models=12)
    yield warehouse
    warehouse.close()


def update(warehouse, prompt_id=1, **more):
    return update_map(warehouse, ENCODER, prompt_id, settings=SHORT, **more)


def places(warehouse, prompt_id=1, encoder=ENCODER):
    """Place of each picture on the kept map, hidden ones included."""
    kept = reads.map_projection(warehouse, encoder=encoder, prompt_id=prompt_id)
    rows = warehouse.select(
        "select image_id, x, y, placed_later from projection_points "
        "where projection_id = $id order by image_id",
        {"id": kept["projection_id"][0]},
    )
    return {row[0]: row[1:] for row in rows.iter_rows()}


def add_feature(warehouse, image_id, vector):
    with warehouse.transaction() as cursor:
        cursor.execute(
            "insert into image_features values ($image_id, $encoder, $vector)",
            {
                "image_id": image_id,
                "encoder": ENCODER,
                "vector": [float(number) for number in vector],
            },
        )


def unplaced(warehouse, prompt_id=1):
    kept = reads.map_projection(warehouse, encoder=ENCODER, prompt_id=prompt_id)
    return reads.map_unplaced(
        warehouse,
        encoder=ENCODER,
        prompt_id=prompt_id,
        projection_id=kept["projection_id"][0],
    )["images"][0]


def test_a_map_is_drawn_once_and_kept(filled):
    give_features(filled)
    first = update(filled)
    before = places(filled)
    second = update(filled)
    assert (first.drawn, first.placed, first.method) == (12, 0, "tsne")
    assert (second.drawn, second.placed, second.kept) == (0, 0, 12)
    assert places(filled) == before
    kept = reads.map_projection(filled, encoder=ENCODER, prompt_id=1).row(0, named=True)
    assert kept["trustworthiness"] == first.trustworthiness
    assert (kept["fitted_images"], kept["trust_neighbours"], kept["trust_sample"]) == (12, 5, 12)


def test_hidden_pictures_are_on_no_map(filled):
    give_features(filled)
    update(filled)
    update(filled, None)
    assert HIDDEN_ID not in places(filled)
    assert HIDDEN_ID not in places(filled, None)


def test_new_pictures_join_without_moving_the_old(filled):
    late = ("p1-m3-s1", "p1-m4-s1")
    given = give_features(filled, without=late)
    update(filled)
    before = places(filled)
    assert len(before) == 10
    for image_id in late:
        add_feature(filled, image_id, given["p1-m6-s1"])
    assert unplaced(filled) == 2
    report = update(filled)
    assert (report.drawn, report.placed, report.kept) == (0, 2, 10)
    after = places(filled)
    assert {image_id: after[image_id] for image_id in before} == before
    assert [after[image_id][2] for image_id in late] == [True, True]
    assert after[late[0]][:2] == after[late[1]][:2], "the same features, the same place"
    assert unplaced(filled) == 0
    assert update(filled).placed == 0


def test_a_second_helping_is_placed_by_the_drawn_ones_not_by_those_placed_later(filled):
    late = ("p1-m3-s1", "p1-m4-s1")
    given = give_features(filled, without=late)
    update(filled)
    add_feature(filled, late[0], given["p1-m6-s1"])
    update(filled)
    add_feature(filled, late[1], given["p1-m6-s1"])
    update(filled)
    after = places(filled)
    assert after[late[0]][:2] == after[late[1]][:2]


def test_a_picture_that_is_hidden_later_still_places_new_ones(filled):
    given = give_features(filled, without=("p1-m3-s1",))
    update(filled)
    before = places(filled)
    with filled.transaction() as cursor:
        cursor.execute("update images set nsfw_score = 1 where image_id = 'p1-m6-s1'")
    add_feature(filled, "p1-m3-s1", given["p1-m6-s1"])
    assert update(filled).placed == 1
    after = places(filled)
    assert {image_id: after[image_id] for image_id in before} == before
    kept = reads.map_projection(filled, encoder=ENCODER, prompt_id=1)["projection_id"][0]
    shown = reads.map_points(filled, projection_id=kept)["image_id"].to_list()
    assert "p1-m6-s1" not in shown
    assert "p1-m3-s1" in shown


def test_damaged_features_are_left_out_and_counted(filled):
    give_features(filled, zero=("p1-m3-s1",), short=("p1-m4-s1",))
    add = np.full(DIMENSION, np.nan, dtype=np.float32)
    with filled.transaction() as cursor:
        cursor.execute("delete from image_features where image_id = 'p1-m5-s1'")
    add_feature(filled, "p1-m5-s1", add.tolist())
    report = update(filled)
    assert (report.drawn, report.damaged) == (9, 2)
    assert unplaced(filled) == 0
    again = update(filled)
    assert (again.drawn, again.placed, again.kept, again.damaged) == (0, 0, 9, 2)


def test_without_features_nothing_is_kept(filled):
    report = update(filled)
    assert (report.drawn, report.kept, report.method) == (0, 0, None)
    assert reads.map_projection(filled, encoder=ENCODER, prompt_id=1).is_empty()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_one_two_or_three_pictures_make_a_map_that_grows(filled, count):
    ids = [f"p2-m{m}-s1" for m in range(1, 13)]
    given = give_features(filled, without=(*ids[count:], "p2-m1-s2"))
    report = update(filled, 2)
    assert (report.drawn, report.method) == (count, "axes")
    before = places(filled, 2)
    add_feature(filled, ids[-1], given[ids[0]])
    assert update(filled, 2).placed == 1
    after = places(filled, 2)
    assert {image_id: after[image_id] for image_id in before} == before
    np.testing.assert_allclose(after[ids[-1]][:2], before[ids[0]][:2], atol=1e-4)


def test_each_encoder_and_prompt_has_a_map_of_its_own(filled):
    give_features(filled)
    give_features(filled, encoder="other", seed=9)
    update(filled)
    update(filled, None)
    update_map(filled, "other", 1, settings=SHORT)
    assert filled.table_counts()["projections"] == 3
    assert places(filled) != places(filled, encoder="other")
    assert len(places(filled, None)) == 37


def test_a_map_drawn_anew_replaces_the_old_one(filled):
    give_features(filled, without=("p1-m3-s1",))
    update(filled)
    update(filled, 2)
    old = reads.map_projection(filled, encoder=ENCODER, prompt_id=1)["projection_id"][0]
    add_feature(filled, "p1-m3-s1", [1.0, 2, 3, 4, 5, 6, 7, 8])
    assert update(filled, redraw=True).drawn == 12
    new = reads.map_projection(filled, encoder=ENCODER, prompt_id=1)["projection_id"][0]
    assert new != old
    assert not any(place[2] for place in places(filled).values())
    assert filled.table_counts()["projections"] == 2
    assert (
        len(places(filled)) + len(places(filled, 2)) == filled.table_counts()["projection_points"]
    )


def test_two_who_place_the_same_picture_at_once_store_it_once(filled):
    give_features(filled, without=("p1-m3-s1",))
    update(filled)
    add_feature(filled, "p1-m3-s1", [1.0, 2, 3, 4, 5, 6, 7, 8])
    work = map_work(filled, ENCODER, 1)
    result = find_places(work, SHORT)
    store_places(filled, work, result, SHORT)
    before = places(filled)
    store_places(filled, work, result, SHORT)
    assert places(filled) == before


def test_places_for_a_map_that_was_replaced_meanwhile_are_dropped(filled):
    give_features(filled, without=("p1-m3-s1",))
    update(filled)
    add_feature(filled, "p1-m3-s1", [1.0, 2, 3, 4, 5, 6, 7, 8])
    work = map_work(filled, ENCODER, 1)
    update(filled, redraw=True)
    before = filled.table_counts()["projection_points"]
    store_places(filled, work, find_places(work, SHORT), SHORT)
    assert filled.table_counts()["projection_points"] == before


def test_the_same_features_give_the_same_map_in_another_warehouse(filled, tmp_path):
    other = open_in_memory(tmp_path / "other")
    seeding.fill(other, prompts=3, models=12)
    for warehouse in (filled, other):
        give_features(warehouse)
        update(warehouse)
    assert places(filled) == places(other)
    other.close()


def test_ties_in_gre_are_drawn_in_one_order(filled):
    give_features(filled)
    update(filled)
    with filled.transaction() as cursor:
        cursor.execute("update scored_metrics set q = 0.5 where q is not null")
    kept = reads.map_projection(filled, encoder=ENCODER, prompt_id=1)["projection_id"][0]
    rows = reads.map_points(filled, projection_id=kept)
    tied = rows.filter(rows["gre"] == rows["gre"].max())["image_id"].to_list()
    assert len(tied) > 5
    assert tied == sorted(tied, reverse=True), "the smallest id lies on top"
