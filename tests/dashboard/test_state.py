"""Links are typed and checked; picks are few, unique and in order."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.state import explore as state


def test_a_good_link_is_read():
    link = state.read_explore_link({"prompt": "7", "sort": "clip", "page": "3"}, [5, 7])
    assert link == state.ExploreLink(7, "clip", 3, [])


def test_an_empty_link_asks_nothing():
    assert state.read_explore_link({}, [1]) == state.ExploreLink()


@given(st.text(), st.text(), st.text())
def test_no_link_gets_past_the_checks(prompt, sort, page):
    link = state.read_explore_link({"prompt": prompt, "sort": sort, "page": page}, [1, 2])
    assert link.prompt_id in (None, 1, 2)
    assert link.sort in (None, *state.SORTS)
    assert link.page is None or link.page >= 1
    assert len(link.complaints) == [link.prompt_id, link.sort, link.page].count(None)


def test_picks_are_unique_and_at_most_four():
    session = {}
    state.keep_picks(session, ["a", "b", "a", "c", "d", "e"], 3)
    assert state.picks(session) == ("a", "b", "c", "d")
    assert session[state.EXPLORE_PICKS_VERSION] == 3


def test_no_picks_is_an_empty_tuple():
    assert state.picks({}) == ()


def test_pages_cover_all_cards():
    assert [state.pages(total, 50) for total in (0, 1, 50, 51, 200)] == [1, 1, 1, 2, 4]
