"""Simulated annotators judge by their tastes, by the rules of the two modes, always the same."""

from dataclasses import replace
from itertools import pairwise

from core.starter.annotators import (
    ANNOTATORS,
    CANDIDATES,
    OWN_PROMPTS,
    PANEL_PROMPTS,
    PICKS,
    Annotator,
    Candidate,
    simulate,
    utility,
)

TAGS = [("style", "ink"), ("style", "oil"), ("subject", "cat"), ("palette", "vivid")]


def grid(prompts: int = 8, models: int = 16) -> dict[int, list[Candidate]]:
    return {
        prompt: [
            Candidate(
                f"{prompt}-{model}", model, TAGS[model % 4], model % 5 / 4, model * 7 % 16 / 8
            )
            for model in range(models)
        ]
        for prompt in range(prompts)
    }


def test_the_same_seed_gives_the_same_sessions_and_another_one_others() -> None:
    assert simulate(grid()) == simulate(grid())
    assert simulate(grid(), seed=1) != simulate(grid(), seed=2)


def test_each_annotator_picks_for_a_session_of_their_own() -> None:
    sessions = [session for session in simulate(grid()) if session.kind == "own"]
    assert [session.person_id for session in sessions] == [a.person_id for a in ANNOTATORS]
    assert {session.mode for session in sessions} == {"sort", "battle"}
    for session in sessions:
        assert len(session.prompt_ids) == OWN_PROMPTS
        assert len(session.picks) == PICKS * OWN_PROMPTS
        assert len(set(session.candidate_image_ids)) == CANDIDATES * OWN_PROMPTS
        assert {c.image_id for _, c in session.picks} <= set(session.candidate_image_ids)


def test_the_panel_judges_the_same_pictures_of_different_models() -> None:
    sessions = [session for session in simulate(grid()) if session.kind == "panel"]
    assert [session.person_id for session in sessions] == [a.person_id for a in ANNOTATORS]
    assert len({(session.prompt_ids, session.candidate_image_ids) for session in sessions}) == 1
    assert len(sessions[0].prompt_ids) == PANEL_PROMPTS
    model_of = {c.image_id: c.model_version_id for found in grid().values() for c in found}
    for place in range(PANEL_PROMPTS):
        pool = sessions[0].candidate_image_ids[place * CANDIDATES : (place + 1) * CANDIDATES]
        assert len({model_of[image_id] for image_id in pool}) == CANDIDATES
    assert all(not session.picks for session in sessions)


def test_a_battle_keeps_the_winner_and_brings_candidates_by_rising_gre() -> None:
    battles = [session for session in simulate(grid()) if session.mode == "battle"]
    assert battles
    gre = {c.image_id: c.gre for candidates in grid().values() for c in candidates}
    for session in battles:
        for prompt_id in session.prompt_ids:
            votes = [vote for vote in session.judgments if vote.prompt_id == prompt_id]
            assert len(votes) == CANDIDATES - 1
            seen = list(votes[0].shown_image_ids)
            arrived = [min(seen, key=lambda image_id: (gre[image_id], image_id))]
            for before, after in pairwise(votes):
                stays = set(before.shown_image_ids) & set(after.shown_image_ids)
                assert len(stays) == 1
                if before.outcome != "tie":
                    winner = before.shown_image_ids[before.outcome == "right"]
                    assert stays == {winner}
                (new,) = set(after.shown_image_ids) - stays
                arrived.append(new)
            assert [gre[i] for i in arrived[1:]] == sorted(gre[i] for i in arrived[1:])


def test_a_sort_ranks_or_bins_each_of_a_batch_of_four_once() -> None:
    orders = [
        j for session in simulate(grid()) if session.mode == "sort" for j in session.judgments
    ]
    assert orders
    for order in orders:
        assert len(order.shown_image_ids) == 4
        told = [*order.ranked_image_ids, *order.rejected_image_ids]
        assert sorted(told) == sorted(order.shown_image_ids)


def test_without_noise_the_liked_model_wins() -> None:
    liker = Annotator("p", "Likes ink", {"ink": 1.0}, accuracy_weight=0.0, noise=0.0)
    ink, oil = (
        Candidate("a", 1, ("style", "ink"), 0, 0),
        Candidate("b", 2, ("style", "oil"), 0, 0),
    )
    assert utility(liker, ink) > utility(liker, oil)
    half = replace(ink, tags=("merge", "style", "ink", "palette", "autumn"))
    assert utility(liker, half) == utility(liker, ink) / 2


def test_votes_follow_tastes_more_often_than_not() -> None:
    tastes = {annotator.person_id: annotator for annotator in ANNOTATORS}
    candidates = {c.image_id: c for prompt in grid().values() for c in prompt}
    agreed = decided = 0
    for session in simulate(grid()):
        for vote in session.judgments:
            if vote.outcome not in ("left", "right"):
                continue
            left, right = (
                utility(tastes[session.person_id], candidates[i]) for i in vote.shown_image_ids
            )
            if abs(left - right) > 0.5:
                decided += 1
                agreed += (left > right) == (vote.outcome == "left")
    assert decided > 30
    assert agreed / decided > 0.75
