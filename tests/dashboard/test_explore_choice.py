"""What the browser sends of the filters is taken as far as it is well formed."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.picture_filters import DateRange, PictureFilters, Range
from dashboard.state.explore_choice import chosen_texts, read_choice

NOTHING = PictureFilters()
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = ("tag", "prompt", "model", "gre", "added", "simulated", "hidden", "downloads", "x")


def test_a_choice_becomes_filters_and_keeps_the_words():
    chosen = {
        "tag": ["animal", ""],
        "prompt": ["3", "x", "-1", "9" * 30],
        "gre": ["0.5", ""],
        "added": ["2026-01-02", ""],
        "simulated": ["false"],
        "hidden": ["true"],
    }
    assert read_choice(chosen, PictureFilters(words=("tiger",), tags=("gone",))) == PictureFilters(
        words=("tiger",),
        tags=("animal", ""),
        prompt_ids=(3,),
        gre=Range(0.5, None),
        added=DateRange(date(2026, 1, 2), None),
        simulated=False,
        hidden=True,
    )


def test_no_choice_is_no_filter():
    assert read_choice({}, NOTHING) == NOTHING
    assert read_choice({"hidden": ["false"]}, NOTHING) == NOTHING


def test_what_is_told_to_the_browser_comes_back_the_same():
    filters = PictureFilters(
        tags=("",), prompt_ids=(3,), clip=Range(None, 30.25), added=DateRange(date(2026, 1, 2)),
        simulated=True, licences=("openrail",),
    )  # fmt: skip
    assert read_choice(chosen_texts(filters), NOTHING) == filters


@given(st.dictionaries(st.sampled_from(NAMES), JUNK))
def test_junk_never_raises(chosen):
    filters = read_choice(chosen, NOTHING)
    assert all(isinstance(number, int) for number in filters.prompt_ids)
    assert filters.gre.lower is None or abs(filters.gre.lower) < float("inf")
