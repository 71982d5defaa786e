"""The builder's plan: whatever stops it, the same pictures in the same company, none twice."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.generation.cells import (
    AskedModel,
    AskedPrompt,
    Cell,
    PlanError,
    deal,
    model_loads,
    plan_grid,
)

ids = st.integers(1, 10**6)
some_models = st.lists(
    st.builds(AskedModel, ids, st.sampled_from(["", "a", "b"])),
    min_size=1,
    max_size=5,
    unique_by=lambda model: model.model_version_id,
)
some_prompts = st.lists(
    st.builds(AskedPrompt, ids, st.sampled_from([512, 768]), st.just(512)),
    min_size=1,
    max_size=12,
    unique_by=lambda prompt: prompt.prompt_id,
)
sizes = st.integers(1, 5)
THREE = [AskedModel(model) for model in (30, 10, 20)]
SEVEN = [AskedPrompt(prompt, 512, 512) for prompt in range(7, 0, -1)]


def grid(models, prompts):
    pairs = product(models, prompts)
    return {Cell(model.model_version_id, prompt.prompt_id) for model, prompt in pairs}


def company(batches):
    """What decides the bits of each cell: the prompts at all places, and its own place."""
    return {
        cell: (batch.prompt_ids, batch.width, batch.height, place)
        for batch in batches
        for place, cell in enumerate(batch.cells)
        if cell in batch.missing
    }


@given(some_models, some_prompts, sizes)
def test_a_plan_has_each_cell_once_in_full_batches_of_one_model_and_size(models, prompts, size):
    batches = plan_grid(models, prompts, size)
    missing = [cell for batch in batches for cell in batch.missing]
    assert len(missing) == len(set(missing))
    assert set(missing) == grid(models, prompts)
    size_of = {prompt.prompt_id: (prompt.width, prompt.height) for prompt in prompts}
    for batch in batches:
        assert len(batch.prompt_ids) == size
        assert {size_of[prompt_id] for prompt_id in batch.prompt_ids} == {
            (batch.width, batch.height)
        }
        assert {cell.model_version_id for cell in batch.cells} == {batch.model_version_id}
        assert set(batch.prompt_ids[batch.filled :]) <= {batch.prompt_ids[batch.filled - 1]}


@given(some_models, some_prompts, sizes)
def test_each_model_is_loaded_once_and_each_base_too(models, prompts, size):
    batches = plan_grid(models, prompts, size)
    assert model_loads(batches) == len(models)
    base_of = {model.model_version_id: model.base for model in models}
    bases = [base_of[batch.model_version_id] for batch in batches]
    assert bases == sorted(bases)


@given(some_models, some_prompts, sizes, st.data())
def test_a_run_stopped_anywhere_makes_what_an_undisturbed_one_makes(models, prompts, size, data):
    whole = plan_grid(models, prompts, size)
    undisturbed = company(whole)
    made = []
    for _ in range(3):  # stopped twice, at any cell
        shuffled = data.draw(st.permutations(models)), data.draw(st.permutations(prompts))
        rest = plan_grid(*shuffled, size, done=set(made))
        assert company(rest).items() <= undisturbed.items()
        cells = [cell for batch in rest for cell in batch.missing]
        made += cells[: data.draw(st.integers(0, len(cells)))]
    made += [
        cell for batch in plan_grid(models, prompts, size, done=set(made)) for cell in batch.missing
    ]
    assert len(made) == len(set(made))
    assert set(made) == grid(models, prompts)
    assert plan_grid(models, prompts, size, done=set(made)) == ()


@given(some_models, some_prompts, sizes, st.integers(1, 4))
def test_devices_share_the_work_by_whole_models(models, prompts, size, devices):
    batches = plan_grid(models, prompts, size)
    dealt = deal(batches, devices)
    assert len(dealt) == devices
    assert sorted(map(hash, batches)) == sorted(hash(batch) for part in dealt for batch in part)
    assert sum(model_loads(part) for part in dealt) == len(models)
    lengths = [len(part) for part in dealt]
    assert max(lengths) - min(lengths) <= len(batches) // len(models)  # all models are as long


def test_a_small_plan():
    batches = plan_grid(THREE, SEVEN, 4, done={Cell(10, 6), Cell(20, 1), Cell(20, 2)})
    assert [(batch.model_version_id, batch.prompt_ids, batch.filled) for batch in batches] == [
        (model, *row) for model in (10, 20, 30) for row in (((1, 2, 3, 4), 4), ((5, 6, 7, 7), 3))
    ]
    assert batches[1].missing == (Cell(10, 5), Cell(10, 7))
    assert batches[2].missing == (Cell(20, 3), Cell(20, 4))


def test_a_batch_that_is_whole_is_left_out():
    done = {Cell(10, prompt) for prompt in (1, 2, 3, 4)}
    assert len(plan_grid(THREE, SEVEN, 4, done)) == 5


def test_pictures_of_two_sizes_share_no_batch():
    prompts = [AskedPrompt(1, 512, 512), AskedPrompt(2, 768, 512), AskedPrompt(3, 512, 512)]
    batches = plan_grid(THREE[:1], prompts, 4)
    assert [batch.prompt_ids for batch in batches] == [(1, 3, 3, 3), (2, 2, 2, 2)]


@pytest.mark.parametrize(
    ("models", "prompts", "size", "says"),
    [
        (THREE, SEVEN, 0, "Batches of 0 pictures cannot be made: take 1 to 256."),
        (THREE * 2, SEVEN, 2, "Model version 10 is asked for twice: name it once."),
        (THREE, SEVEN * 2, 2, "Prompt 1 is asked for twice: name it once."),
    ],
)
def test_what_cannot_be_planned_is_refused(models, prompts, size, says):
    with pytest.raises(PlanError, match=says):
        plan_grid(models, prompts, size)
    with pytest.raises(PlanError, match="0 devices make no pictures"):
        deal((), 0)
