"""Lists on held-out prompts: their figures, and that nothing of such a prompt leaks into them."""

import numpy as np
import pytest

from core.recommendation import held_out
from core.recommendation.estimates import Combination
from core.recommendation.held_out import METHODS, evaluation
from core.recommendation.list_quality import (
    LISTED,
    chance_of_hit,
    expected_ndcg,
    hit,
    mean_over_prompts,
    ndcg,
)
from core.recommendation.nearness import PromptTexts
from tests.core.recommendation.worlds import evidence, two_topics, vote

GRID = (Combination(1.0, 1.0, 1.0), Combination(1.0, 1.0, 0.1))


def topics(prompts=12):
    """Texts and features of prompts that alternate between two topics."""
    noise = 0.05 * np.random.default_rng(1).standard_normal((prompts, 2))
    vectors = np.array([(1, 0), (0, 1)] * (prompts // 2)) + noise
    words = ("a cat", "a city") * (prompts // 2)
    return PromptTexts(tuple(range(prompts)), words, (None,) * prompts, vectors.astype(np.float32))


def evaluated(known, texts, downloads=None, **options):
    given = np.zeros(known.models) if downloads is None else downloads
    return evaluation(known, texts, given, rule=Combination(), grid=GRID, **options)


def test_quality_of_a_list():
    gains = np.array([0.1, 0.9, 0.5, 0.2, 0.3, 0.4, 0.6])
    best = np.argsort(-gains)
    assert hit(best, gains) == 1 and ndcg(best, gains) == pytest.approx(1)
    worst = best[::-1]
    assert hit(worst, gains) == 0 and 0 < ndcg(worst, gains) < 1
    swapped = best[[1, 0, 2, 3, 4, 5, 6]]
    assert hit(swapped, gains) == 1 and ndcg(worst, gains) < ndcg(swapped, gains) < 1


def test_what_chance_would_give_is_what_many_drawn_orders_give():
    gains = np.array([0.1, 0.9, 0.5, 0.9, 0.3, 0.4, 0.6, 0.0, 0.0])
    random = np.random.default_rng(0)
    orders = [random.permutation(len(gains)) for _ in range(4000)]
    assert chance_of_hit(gains) == pytest.approx(np.mean([hit(o, gains) for o in orders]), abs=0.02)
    assert expected_ndcg(gains) == pytest.approx(
        np.mean([ndcg(o, gains) for o in orders]), abs=0.01
    )
    assert chance_of_hit(np.array([0.1, 0.2])) == 1


def test_a_mean_has_an_interval_and_no_prompts_have_none():
    mean = mean_over_prompts(np.array([0.0, 1.0] * 20))
    assert mean.value == 0.5 and 0.3 < mean.lower < 0.5 < mean.upper < 0.7
    assert np.isnan(mean_over_prompts(np.zeros(0)).value)


def test_where_taste_differs_by_topic_votes_on_prompts_alike_beat_all_votes():
    found = evaluated(two_topics(), topics())
    assert (found.prompts, found.models, found.judged_models) == (12, 8, 8)
    assert found.judgments == 12 * 40
    near, overall = (found.among_judged[name] for name in ("recommendation", "global rating"))
    assert near.ndcg.value > overall.ndcg.value + 0.1
    assert overall.ndcg_ahead.lower > 0.05 and near.ndcg_ahead.value == 0
    assert set(found.among_all) == set(METHODS)


def test_features_that_say_nothing_of_taste_do_no_better_than_all_votes():
    texts = topics()
    mixed = np.repeat(texts.vectors[:6], 2, axis=0)  # half of what is near is of the other topic
    found = evaluated(two_topics(), PromptTexts(texts.prompt_ids, ("x",) * 12, texts.tags, mixed))
    near, overall = (found.among_judged[name] for name in ("recommendation", "global rating"))
    assert near.ndcg.value < overall.ndcg.value + 0.05


def test_nothing_of_a_held_out_prompt_reaches_its_list(monkeypatch):
    """Prompts whose votes contradict all the others: a list that knew them would be right."""
    rows = [
        vote(prompt, *((m, n) if (prompt != 0) == (m < n) else (n, m)))
        for prompt in range(6)
        for m in range(8)
        for n in range(m + 1, 8)
    ]
    known = evidence(rows, prompts=6, models=8)
    texts = PromptTexts(tuple(range(6)), ("x",) * 6, (None,) * 6, None)
    seen = []
    estimates = held_out.estimates

    def watched(evidence, nearness, rule):
        seen.append((evidence, nearness))
        return estimates(evidence, nearness, rule)

    monkeypatch.setattr(held_out, "estimates", watched)
    found = evaluated(known, texts)
    assert found.prompts == 6
    for part, nearness in seen:
        assert not nearness[part.judgments == 0].any(), "what is held out is not near either"
        assert (part.judgments == 0).sum() >= 1
    assert found.among_judged["recommendation"].ndcg.lower < 1


def test_prompts_with_five_judged_models_or_fewer_tell_nothing():
    few = evidence([vote(p, m, m + 1) for p in range(8) for m in range(LISTED - 1)], prompts=8,
                   models=8)  # fmt: skip
    assert evaluated(few, topics(8)) is None


def test_progress_ends_where_it_said():
    told = []
    evaluated(two_topics(), topics(), on_progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]
