"""Who takes part, in which order; who gets which mode."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from core.sessions.candidates import Candidate, assigned_mode, candidate_pool

GRE = st.one_of(st.none(), st.just(float("nan")), st.sampled_from([0.0, 0.5, 0.5, 1.25, 2.0]))
PICTURES = st.lists(
    st.builds(
        Candidate,
        st.text("abcdef", min_size=1, max_size=3),
        GRE,
        st.booleans(),
        st.booleans(),
        st.one_of(st.none(), st.integers(1, 4)),
    ),
    unique_by=lambda picture: picture.image_id,
    max_size=14,
)


def known(picture: Candidate) -> bool:
    return picture.gre is not None and picture.gre == picture.gre


def slow_pool(pictures: list[Candidate], mode: str, fewest: int) -> list[str]:
    """Takes one picture at a time, looking through all that are left."""

    def comes_first(left: list[Candidate], sign: int) -> Candidate:
        with_gre = [picture for picture in left if known(picture)]
        if with_gre:
            extreme = max(sign * picture.gre for picture in with_gre)
            left = [picture for picture in with_gre if sign * picture.gre == extreme]
        return min(left, key=lambda picture: picture.image_id)

    shown = [picture for picture in pictures if not picture.hidden]
    pool = [picture for picture in shown if picture.picked]
    while len(pool) < fewest and len(pool) < len(shown):
        left = [picture for picture in shown if picture not in pool]
        there = {picture.model for picture in pool}
        new = [picture for picture in left if picture.model is None or picture.model not in there]
        pool.append(comes_first(new or left, 1))
    order = []
    while pool:
        order.append(comes_first(pool, 1 if mode == "sort" else -1))
        pool.remove(order[-1])
    return [picture.image_id for picture in order]


@given(PICTURES, st.sampled_from(["sort", "battle"]), st.integers(0, 10), st.randoms())
def test_the_pool_is_what_the_slow_account_says_in_whatever_order_it_comes(
    pictures, mode, fewest, random
):
    expected = slow_pool(pictures, mode, fewest)
    random.shuffle(pictures)
    assert list(candidate_pool(pictures, mode, fewest=fewest)) == expected


def test_picks_come_in_before_better_unpicked_ones_and_hidden_ones_never():
    pictures = [
        Candidate("low", 0.1, picked=True),
        Candidate("best", 2.0),
        Candidate("good", 1.0),
        Candidate("untold", None, picked=True),
        Candidate("hidden", 1.9, picked=True, hidden=True),
    ]
    assert candidate_pool(pictures, "sort", fewest=3) == ("best", "low", "untold")
    assert candidate_pool(pictures, "battle", fewest=3) == ("low", "best", "untold")
    assert candidate_pool(pictures, "battle", fewest=1) == ("low", "untold")


def test_equal_scores_go_by_image_id_in_both_modes():
    pictures = [Candidate(name, 1.0) for name in "cab"]
    assert candidate_pool(pictures, "sort") == candidate_pool(pictures, "battle") == ("a", "b", "c")


def test_modes_are_balanced_and_neither_is_the_first_for_everybody():
    firsts = Counter(assigned_mode(f"person {number}", {}) for number in range(400))
    assert 150 < firsts["sort"] < 250
    given_modes: Counter[str] = Counter()
    for number in range(101):
        given_modes[assigned_mode(f"person {number}", given_modes)] += 1
        assert abs(given_modes["sort"] - given_modes["battle"]) <= 1


def test_a_person_keeps_their_mode_and_a_campaign_sets_it():
    counts = {"sort": 0, "battle": 9}
    assert assigned_mode("p", counts) == "sort"
    assert assigned_mode("p", counts, earlier="battle") == "battle"
    assert assigned_mode("p", counts, earlier="battle", campaign="sort") == "sort"
    assert assigned_mode("p", {}) == assigned_mode("p", {})


def test_models_that_are_not_there_fill_up_before_second_seeds():
    pictures = [
        Candidate("a1", 9.0, model=1),
        Candidate("a2", 8.0, model=1),
        Candidate("b1", 3.0, model=2),
        Candidate("c1", 1.0, picked=True, model=3),
        Candidate("c2", 7.0, model=3),
    ]
    assert candidate_pool(pictures, "sort", fewest=3) == ("a1", "b1", "c1")
    assert candidate_pool(pictures, "sort", fewest=4) == ("a1", "a2", "b1", "c1")
