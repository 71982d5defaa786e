"""The prompts of the starter's grid."""

from core.starter.prompts import (
    QUERY_SEEDS,
    SPECIFICATION_PROMPTS,
    grid_prompts,
    query_prompts,
)
from core.starter.roster import roster
from core.starter.train.tokens import caption_words


def test_the_grid_is_as_large_as_promised() -> None:
    prompts = grid_prompts()
    assert len(prompts) >= 36
    assert len({prompt.tag for prompt in prompts}) >= 8
    assert {prompt.note for prompt in prompts} == {"simple", "extended"}
    assert len(query_prompts()) == 14
    assert len(QUERY_SEEDS) == 3


def test_prompts_differ_and_queries_are_not_in_the_grid() -> None:
    everything = [prompt.prompt for prompt in (*grid_prompts(), *query_prompts())]
    assert len(set(everything)) == len(everything)
    ids = [prompt.prompt_id for prompt in (*grid_prompts(), *query_prompts())]
    assert len(set(ids)) == len(ids)


def test_twelve_models_of_the_roster_bring_prompts_of_their_own() -> None:
    assert len(SPECIFICATION_PROMPTS) == 12
    assert set(SPECIFICATION_PROMPTS) <= {entry.slug for entry in roster()}


def test_prompts_use_words_that_the_models_have_read() -> None:
    words = set(caption_words())
    asked = [prompt.prompt for prompt in (*grid_prompts(), *query_prompts())]
    asked += [prompt for prompts in SPECIFICATION_PROMPTS.values() for prompt in prompts]
    for prompt in asked:
        assert set(prompt.replace(",", " ").replace("-", " ").split()) <= words, prompt
