"""One person's ratings: from everybody's to their own, with intervals that hold what they say."""

import numpy as np
import pytest
from scipy.special import expit

from core.errors import ScoreError
from core.ratings.bradley_terry import fitted_ratings
from core.ratings.standings import personal_ratings, standings, top_three
from core.sessions.ratings import ratings_of

MODELS = 8


def judged(random, tastes, votes):
    """Wins (n, n) of someone who votes by their tastes on pairs drawn at random."""
    count = len(tastes)
    first = random.integers(count, size=votes)
    second = (first + random.integers(1, count, size=votes)) % count
    won = random.random(votes) < expit(tastes[first] - tastes[second])
    wins = np.zeros((count, count))
    np.add.at(wins, (np.where(won, first, second), np.where(won, second, first)), 1)
    return wins


def crowd(random, tastes, people=30, votes=40):
    """Wins of people whose tastes lie around `tastes`."""
    return sum(
        judged(random, tastes + random.standard_normal(len(tastes)), votes) for _ in range(people)
    )


def ranked(own, others):
    return standings(personal_ratings(own, others), range(len(own)))


def test_without_a_vote_it_is_everybodys_with_wide_intervals():
    random = np.random.default_rng(0)
    others = crowd(random, np.linspace(-1, 1, MODELS))
    personal = personal_ratings(np.zeros((MODELS, MODELS)), others)
    means, covariance = personal.own.arrays()
    by_others, unsure = personal.others.arrays()
    assert means == pytest.approx(by_others)
    assert covariance == pytest.approx(unsure + np.eye(MODELS))
    for standing in standings(personal, range(MODELS)):
        assert standing.chance == pytest.approx(standing.by_others)
        assert standing.upper - standing.lower > 0.4


@pytest.mark.parametrize("votes", [0, 1, 2])
def test_intervals_are_finite_and_sensible_from_the_first_vote_on(votes):
    own = np.zeros((MODELS, MODELS))
    own[0, 1] = votes  # never lost
    before = {s.place: s for s in ranked(np.zeros_like(own), np.zeros_like(own))}
    for standing in ranked(own, np.zeros_like(own)):
        assert 0.01 < standing.lower < standing.chance < standing.upper < 0.99
        assert 0 <= standing.first <= standing.among_top <= 1
        if standing.place > 1:
            assert standing.chance == pytest.approx(0.5), "nobody judged it"
        elif votes:
            width, wide = (s.upper - s.lower for s in (standing, before[standing.place]))
            assert width < wide
            assert (standing.chance > 0.5) == (standing.place == 0)


def test_one_vote_moves_less_than_two_and_the_crowd_more_than_either():
    tastes = np.array([2.0, 0.0, 0.0, -2.0])
    others = crowd(np.random.default_rng(1), tastes)
    own = np.zeros((4, 4))
    chances = []
    for _ in range(3):
        chances.append({s.place: s.chance for s in ranked(own, others)})
        own[3, 0] += 1
    assert chances[0][0] > chances[1][0] > chances[2][0] > chances[2][3] > chances[1][3]


def test_with_many_votes_ones_own_taste_wins_over_the_crowds():
    random = np.random.default_rng(2)
    taste = np.linspace(-2, 2, MODELS)
    others = crowd(random, -taste)
    few = [s.place for s in ranked(judged(random, taste, 2), others)]
    many = [s.place for s in ranked(judged(random, taste, 3000), others)]
    assert few[0] < 2, "the crowd's favourites"
    assert many[:3] == [7, 6, 5]
    assert [s.place for s in ranked(judged(random, taste, 3000), np.zeros_like(others))] == many


@pytest.mark.parametrize("people", [0, 3, 100])
@pytest.mark.parametrize("votes", [0, 2, 20, 200])
def test_the_interval_holds_the_true_chance_about_as_often_as_it_says(votes, people):
    """People whose tastes lie around the crowd's as the prior says, however many judged."""
    random = np.random.default_rng(votes + people)
    met = []
    for _ in range(40):
        common = random.standard_normal(MODELS)
        taste = common + random.standard_normal(MODELS)
        true = expit(taste - taste.mean())
        own = judged(random, taste, votes)
        others = crowd(random, common, people) if people else np.zeros_like(own)
        met += [s.lower <= true[s.place] <= s.upper for s in ranked(own, others)]
    assert 0.9 < np.mean(met) < 0.99


def test_chances_are_against_the_average_of_all_whichever_are_ranked():
    random = np.random.default_rng(3)
    personal = personal_ratings(judged(random, np.arange(6.0), 50), np.zeros((6, 6)))
    everything = {s.place: s for s in standings(personal, range(6))}
    some = standings(personal, [1, 4])
    assert [s.place for s in some] == [4, 1]
    for standing in some:
        other = everything[standing.place]
        assert (standing.chance, standing.lower) == (other.chance, other.lower)
        assert standing.among_top == 1.0
    assert sum(s.first for s in some) == pytest.approx(1)
    assert sum(s.among_top for s in everything.values()) == pytest.approx(3)


def test_the_top_three_are_named_by_their_places():
    wins = np.zeros((6, 6))
    wins[np.ix_([5, 2, 4], [0, 1, 3])] = 400
    wins[5, 2] = wins[2, 4] = 400
    personal = personal_ratings(wins, np.zeros((6, 6)))
    top = top_three(personal, [0, 2, 3, 4, 5])
    assert top.places == (5, 2, 4) and top.is_settled()
    assert top_three(personal, [2, 4, 5]) is None


def test_a_prior_moves_the_centre_and_its_sureness_says_how_far_votes_go():
    wins = np.array([[0.0, 3.0], [1.0, 0.0]])
    plain, spread = fitted_ratings(wins, variance=2.0).arrays()
    moved, same = fitted_ratings(wins, prior=ratings_of(np.full(2, 5.0), 2 * np.eye(2))).arrays()
    assert moved == pytest.approx(plain + 5) and same == pytest.approx(spread)
    sure, _ = fitted_ratings(wins, prior=ratings_of(np.zeros(2), 0.01 * np.eye(2))).arrays()
    assert 0 < sure[0] < 0.05 < plain[0]
    with pytest.raises(ScoreError):
        fitted_ratings(wins, prior=ratings_of(np.zeros(3), np.eye(3)))
