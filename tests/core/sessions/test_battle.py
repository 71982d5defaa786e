"""The paper's battle against a slow account of it, and its odd ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sessions.battle import fewest_bouts, first_bout, most_bouts, next_bout
from core.sessions.events import Event, Skip, Vote
from tests.core.sessions.playing import OUTCOMES, a_session, voted

ANSWERS = st.lists(st.sampled_from([*OUTCOMES, "skip"]), min_size=1, max_size=10)


def told(shown: tuple[str, str], answer: str) -> Event:
    common = {"step": 0, "idempotency_key": "k", "shown_image_ids": shown}
    return Skip(**common) if answer == "skip" else Vote(**common, outcome=answer)


def slow_battle(candidates: list[str], answers: list[str]) -> list[list[str]]:
    """Pairs that are shown, longest-standing first; the first of a pair always stands left."""
    line, pair, pairs, number = list(candidates), [], [], 0
    pair = [line.pop(0), line.pop(0)]
    while True:
        pairs.append(list(pair))
        answer = answers[number % len(answers)]
        number += 1
        leaves = {
            "left": pair[1:],
            "right": pair[:1],
            "tie": pair[:1],
            "both_bad": list(pair),
            "skip": list(pair),
        }[answer]
        if not line:
            return pairs
        if len(leaves) > len(line):
            leaves = leaves[:1]
        pair = [picture for picture in pair if picture not in leaves]
        while len(pair) < 2:
            pair.append(line.pop(0))


@given(st.integers(2, 12), ANSWERS)
def test_it_goes_as_the_slow_account_says(count, answers):
    candidates = [f"c{number:02d}" for number in range(count)]
    bout, pairs = first_bout(candidates), []
    while bout:
        pairs.append(list(bout.pair))
        bout = next_bout(bout, told(bout.pair, answers[(len(pairs) - 1) % len(answers)]))
    assert pairs == slow_battle(candidates, answers)
    assert {picture for pair in pairs for picture in pair} == set(candidates)
    assert fewest_bouts(count - 2) <= len(pairs) <= most_bouts(count - 2)


@given(st.integers(2, 12), st.booleans())
def test_the_winner_stays_on_whichever_side_it_stands(count, swapped):
    bout = first_bout([f"c{number:02d}" for number in range(count)])
    while bout:
        shown = bout.pair[::-1] if swapped else bout.pair
        following = next_bout(bout, told(shown, "right"))
        if following:
            assert shown[1] == following.older
            assert following.newer == bout.waiting[0]
        bout = following


def pairs_shown(count: int, *answers: str) -> list[str]:
    state = voted(a_session(count), *answers)
    shown = ["".join(sorted(screen.image_ids)).replace("1", "") for screen in state.shown]
    return shown + (["over"] if state.is_over else [])


@pytest.mark.parametrize(
    ("count", "answers", "shown"),
    [
        (2, ["tie"], ["ab", "over"]),
        (2, ["both_bad"], ["ab", "over"]),
        (3, ["tie", "tie"], ["ab", "bc", "over"]),  # a came first, so it leaves
        (3, ["both_bad", "both_bad"], ["ab", "bc", "over"]),  # one waits: it meets the newer
        (3, ["skip", "skip"], ["ab", "bc", "over"]),
        (4, ["both_bad", "tie"], ["ab", "cd", "over"]),
        (5, ["skip", "both_bad", "tie"], ["ab", "cd", "de", "over"]),
        (5, ["tie", "tie", "tie", "tie"], ["ab", "bc", "cd", "de", "over"]),
    ],
)
def test_odd_ends(count, answers, shown):
    assert pairs_shown(count, *answers) == shown


def test_a_tie_sends_off_who_has_stood_longer_not_who_came_first_in_the_order():
    """a beats b, c and d; at the tie with d, a has stood longest."""
    bout = first_bout(["a", "b", "c", "d", "e"])
    bout = next_bout(bout, told(("b", "a"), "right"))
    bout = next_bout(bout, told(("a", "c"), "left"))
    assert bout.pair == ("a", "d")
    bout = next_bout(bout, told(("a", "d"), "tie"))
    assert bout.pair == ("d", "e")


def test_prompts_come_one_after_another():
    state = voted(a_session(2, 2), "left", "left")
    assert [screen.prompt_id for screen in state.shown] == [1, 2]
    assert state.is_over
