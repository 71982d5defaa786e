"""Drag and sort: batches without single pictures, one order each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sessions.events import Order
from core.sessions.refusals import NotPossibleError
from core.sessions.replay import apply, start
from core.sessions.sorting import batches
from tests.core.sessions.playing import a_session, an_answer, an_undo, answered


@given(st.integers(2, 60), st.integers(2, 9))
def test_batches_keep_the_order_and_none_has_a_single_picture(count, size):
    pictures = tuple(map(str, range(count)))
    made = batches(pictures, size)
    assert tuple(picture for batch in made for picture in batch) == pictures
    sizes = [len(batch) for batch in made]
    assert min(sizes) >= 2
    assert max(sizes) <= max(size, 3)
    assert all(each == size for each in sizes[:-2])


@pytest.mark.parametrize(
    ("count", "size", "sizes"),
    [
        (2, 4, [2]),
        (4, 4, [4]),
        (5, 4, [3, 2]),
        (6, 4, [4, 2]),
        (8, 4, [4, 4]),
        (9, 4, [4, 3, 2]),
        (3, 2, [3]),
        (5, 2, [2, 3]),
        (4, 3, [2, 2]),
    ],
)
def test_the_last_batches(count, size, sizes):
    assert [len(batch) for batch in batches("abcdefghi"[:count], size)] == sizes


def test_a_session_goes_from_batch_to_batch_and_undo_goes_back():
    state = start(a_session(6, 3, mode="sort"))
    assert state.screen.image_ids == ("1a", "1b", "1c", "1d")
    state = apply(state, an_answer(state, 1))
    assert state.screen.image_ids == ("1e", "1f")
    back = apply(state, an_undo(state))
    assert back.screen.image_ids == ("1a", "1b", "1c", "1d")
    assert back.judgments == ()
    state = apply(state, an_answer(state, 6))  # a skip
    assert state.screen.image_ids == ("2a", "2b", "2c")
    assert len(state.judgments) == 1
    assert apply(state, an_answer(state, 0)).is_over


def ordered(ranked: str, rejected: str = "", **rules: bool) -> None:
    state = start(a_session(3, mode="sort", **rules))
    order = Order(
        step=0,
        idempotency_key="k",
        shown_image_ids=state.screen.image_ids,
        ranked_image_ids=tuple(f"1{letter}" for letter in ranked),
        rejected_image_ids=tuple(f"1{letter}" for letter in rejected),
    )
    apply(state, order)


@pytest.mark.parametrize(
    ("ranked", "rejected"),
    [("ab", ""), ("abca", ""), ("aab", ""), ("abd", ""), ("abc", "c"), ("", ""), ("ab", "z")],
)
def test_an_order_that_is_no_order_of_its_batch_is_refused(ranked, rejected):
    with pytest.raises(NotPossibleError):
        ordered(ranked, rejected)


def test_the_reject_bin_takes_any_number_where_there_is_one():
    ordered("cab")
    ordered("c", "ab")
    ordered("", "bca")
    ordered("cab", reject_bin=False)
    with pytest.raises(NotPossibleError):
        ordered("ca", "b", reject_bin=False)


def test_an_order_is_one_judgment():
    (order,) = answered(a_session(4, mode="sort"), 0).judgments
    assert order.ranked_image_ids == ("1a", "1b", "1c", "1d")
