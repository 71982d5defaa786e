"""Rosters drawn by popularity: every bin by its share, every model once, the seed decides."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.generation.popularity import Bin, Candidate, DrawError, draw_roster, quotas

downloads = st.one_of(st.integers(0, 50), st.integers(0, 10**7), st.just(10**12))


@st.composite
def draws(draw):
    numbers = draw(st.lists(downloads, min_size=1, max_size=60))
    candidates = [Candidate(1_000 + place, number) for place, number in enumerate(numbers)]
    n = draw(st.integers(1, len(candidates)))
    keep = draw(
        st.sets(st.sampled_from([each.model_version_id for each in candidates]), max_size=n)
    )
    return candidates, n, keep, draw(st.integers(0, 2**32)), draw(st.integers(1, 12))


@given(draws(), st.randoms(use_true_random=False))
def test_a_roster_has_n_models_each_once_and_depends_on_the_seed_alone(asked, random):
    candidates, n, keep, seed, per_decade = asked
    drawn = draw_roster(candidates, n, seed, keep=keep, bins_per_decade=per_decade)
    ids = drawn.model_version_ids
    assert len(ids) == len(set(ids)) == n
    assert keep <= set(ids) <= {each.model_version_id for each in candidates}
    turned = random.sample(candidates, len(candidates))
    assert draw_roster(turned, n, seed, keep=sorted(keep), bins_per_decade=per_decade) == drawn


@given(draws())
def test_bins_tell_what_they_hold(asked):
    candidates, n, keep, seed, per_decade = asked
    drawn = draw_roster(candidates, n, seed, keep=keep, bins_per_decade=per_decade)
    number_of = {each.model_version_id: each.downloads for each in candidates}
    free = [number for model, number in number_of.items() if model not in keep]
    chosen = [number_of[model] for model in drawn.model_version_ids if model not in keep]
    for each in drawn.bins:
        assert each.models == sum(each.low <= number <= each.high for number in free) > 0
        assert each.drawn == sum(each.low <= number <= each.high for number in chosen)
    assert sum(each.models for each in drawn.bins) == len(free)
    assert all(a.high < b.low for a, b in zip(drawn.bins, drawn.bins[1:], strict=False))


@given(st.lists(st.integers(1, 500), min_size=1, max_size=12), st.data())
def test_quotas_keep_the_shares(sizes, data):
    n = data.draw(st.integers(0, sum(sizes)))
    given_ = quotas(sizes, n)
    assert sum(given_) == n
    assert all(0 <= places <= size for places, size in zip(given_, sizes, strict=True))
    exact = [n * size / sum(sizes) for size in sizes]
    if n >= len(sizes):
        assert min(given_) >= 1
    if n < len(sizes) or min(exact) >= 1:
        for places, share in zip(given_, exact, strict=True):
            assert abs(places - share) < 1


def test_a_hub_of_a_long_tail_is_drawn_in_its_own_proportions():
    sizes = {0: 40, 5: 300, 50: 1_000, 500: 600, 5_000: 250, 50_000: 60, 500_000: 2}
    numbers = [number for number, models in sizes.items() for _ in range(models)]
    hub = [Candidate(place, number) for place, number in enumerate(numbers)]
    drawn = draw_roster(hub, 197, seed=1)
    assert drawn.bins == (
        Bin(0, 8, 340, 30),
        Bin(9, 98, 1_000, 87),
        Bin(99, 998, 600, 52),
        Bin(999, 9_998, 250, 22),
        Bin(9_999, 99_998, 60, 5),
        Bin(99_999, 999_998, 2, 1),
    )


def test_within_a_bin_all_models_are_equally_likely():
    hub = [Candidate(place, 100 + place) for place in range(10)]
    random = Random(5)
    counts = [0] * 10
    for _ in range(2_000):
        for model in draw_roster(hub, 3, random.getrandbits(32)).model_version_ids:
            counts[model] += 1
    assert all(abs(count - 600) < 100 for count in counts)  # 5 standard deviations of 20


@pytest.mark.parametrize(
    ("numbers", "n", "options", "says"),
    [
        ([1, 2], 3, {}, "A roster of 3 models cannot be drawn from 2: take 1 to 2."),
        ([1, 2], 0, {}, "A roster of 0 models"),
        ([1, -2], 1, {}, "Model version 1 has -2 downloads"),
        ([1, 2], 1, {"keep": [7]}, "Model version “7” is to be kept but is not listed"),
        ([1, 2], 1, {"keep": [0, 1]}, "2 models are to be kept in a roster of 1"),
        ([1, 2], 1, {"bins_per_decade": 0}, "0 bins for each power of ten are too few"),
    ],
)
def test_what_cannot_be_drawn_is_refused(numbers, n, options, says):
    hub = [Candidate(place, number) for place, number in enumerate(numbers)]
    with pytest.raises(DrawError, match=says):
        draw_roster(hub, n, 1, **options)


def test_a_model_that_is_listed_twice_is_refused():
    with pytest.raises(DrawError, match="Model version 1 is listed twice"):
        draw_roster([Candidate(1, 5), Candidate(1, 6)], 1, 1)
