"""Links of Explore are typed and checked, and restore the very view they were made from."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.picture_filters import DateRange, PictureFilters, Range
from dashboard.state import explore as state
from dashboard.state.explore_link import PARAMETERS, Known, read_view, view_parameters

OPTIONS = {
    "tag": ("", "animal", "a & b", "<b>", "(brackets)"),
    "prompt": ("1", "2", "9223372036854775807"),
    "model": ("7", "8"),
    "base_model": ("", "SD 1.5"),
    "kind": ("checkpoint", "lora"),
    "model_tag": ("style", "2.5d"),
    "licence": ("", "openrail"),
    "source": ("tests",),
}
KNOWN = Known(OPTIONS, ("0123456789abcdef",), may_see_hidden=True)


def some(name, kind=str):
    return st.lists(st.sampled_from(OPTIONS[name]), unique=True).map(lambda v: tuple(map(kind, v)))


def ends(values):
    def ordered(pair):
        lower, upper = pair
        return (upper, lower) if None not in pair and lower > upper else pair

    return st.tuples(st.none() | values, st.none() | values).map(ordered)


RANGES = ends(st.floats(-1e6, 1e9, allow_nan=False).map(lambda x: float(f"{x:.6f}"))).map(
    lambda pair: Range(*(None if e is None else float(f"{e:.12g}") for e in pair))
)
DAYS = ends(st.dates(date(1970, 1, 1), date(2100, 1, 1))).map(lambda pair: DateRange(*pair))
WORDS = st.lists(
    st.text(st.characters(blacklist_categories=("Cs", "Cc", "Z")), min_size=1, max_size=8),
    max_size=3,
).map(lambda words: tuple(" ".join(words).split()))
FILTERS = st.builds(
    PictureFilters,
    words=WORDS,
    tags=some("tag"),
    prompt_ids=some("prompt", int),
    model_version_ids=some("model", int),
    base_models=some("base_model"),
    kinds=some("kind"),
    model_tags=some("model_tag"),
    licences=some("licence"),
    sources=some("source"),
    simulated=st.sampled_from([None, True, False]),
    hidden=st.booleans(),
    downloads=RANGES,
    gre=RANGES,
    clip=RANGES,
    distinctiveness=RANGES,
    added=DAYS,
)
EXAMPLES = st.sampled_from(
    [
        state.Example(),
        state.Example(text="a red fox"),
        state.Example(image_id="39digits"),
        state.Example(upload="0123456789abcdef"),
    ]
)
VIEWS = st.builds(
    state.ExploreView,
    filters=FILTERS,
    example=EXAMPLES,
    layout=st.sampled_from(list(state.LAYOUTS)),
    sort=st.sampled_from(list(state.SORTS)),
    page=st.integers(1, 10**6),
    page_size=st.sampled_from(state.PAGE_SIZES),
    models_page=st.integers(1, 99),
)


@given(VIEWS)
def test_a_link_restores_the_view_it_was_made_from(view):
    restored, complaints = read_view(view_parameters(view), KNOWN)
    assert restored == view
    assert complaints == []


@given(VIEWS)
def test_a_search_is_nearest_first_unless_told_otherwise(view):
    searching = view.with_example(state.Example(text="fox"))
    assert (searching.sort, searching.page) == (state.NEAREST, 1)
    assert read_view(view_parameters(searching), KNOWN)[0] == searching
    assert searching.with_example(state.Example()).sort == "gre"


@given(st.dictionaries(st.sampled_from(PARAMETERS), st.lists(st.text(), min_size=1, max_size=3)))
def test_whatever_a_link_says_the_view_is_sound(parameters):
    view, complaints = read_view(parameters, Known(OPTIONS))
    filters = view.filters
    assert set(filters.tags) <= set(OPTIONS["tag"])
    assert {str(number) for number in filters.prompt_ids} <= set(OPTIONS["prompt"])
    assert view.sort in (*state.SORTS, state.NEAREST)
    assert view.layout in state.LAYOUTS
    assert view.page_size in state.PAGE_SIZES
    assert view.page >= 1
    assert not filters.hidden
    assert all(complaint.startswith("names a ") for complaint in complaints)
    again, none = read_view(view_parameters(view), Known(OPTIONS))
    assert (again, none) == (view, []), "what was taken is taken again"


def test_an_empty_link_asks_for_the_start():
    assert read_view({}, KNOWN) == (state.ExploreView(), [])
    assert view_parameters(state.ExploreView()) == {}


def test_hidden_pictures_are_for_maintainers():
    view, complaints = read_view({"hidden": ["yes"]}, Known(OPTIONS))
    assert not view.filters.hidden
    assert "maintainers" in complaints[0]


def test_a_link_cannot_carry_an_uploaded_picture():
    view, complaints = read_view({"upload": ["fedcba9876543210"]}, KNOWN)
    assert not view.example
    assert "uploaded" in complaints[0]


def test_a_change_of_filters_begins_at_the_first_page():
    session = {}
    view = state.ExploreView(page=7, models_page=3, layout="table")
    state.keep_view(session, view.with_filters(PictureFilters(tags=("animal",))))
    kept = state.view(session)
    assert (kept.page, kept.models_page, kept.layout) == (1, 1, "table")


def test_pages_cover_all_cards():
    assert [state.pages(total, 50) for total in (0, 1, 50, 51, 200)] == [1, 1, 1, 2, 4]
