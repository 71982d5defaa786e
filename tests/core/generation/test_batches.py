"""Batches: whatever stops a run, the same pictures in the same company, none twice."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.generation.batches import PlanError, deal, model_loads, plan_batches
from core.generation.recipe import identity
from core.generation.request import Lora, Weights
from tests.core.generation.asking import a_request

BASES = [Weights(name, name * 64) for name in "ab"]
LORAS = [(), (Lora("ink", "1" * 64),), (Lora("ink", "1" * 64, 0.5),), (Lora("oil", "2" * 64),)]
some_requests = st.lists(
    st.builds(
        lambda base, loras, width, prompt, seed: a_request(
            model=base, loras=loras, width=width, prompt=prompt, seed=seed
        ),
        st.sampled_from(BASES),
        st.sampled_from(LORAS),
        st.sampled_from([512, 768]),
        st.sampled_from(["a cat", "a dog", "a fox"]),
        st.integers(1, 4),
    ),
    min_size=1,
    max_size=30,
)
sizes = st.integers(1, 5)
FIVE = [a_request(seed=seed) for seed in range(5)]


def wanted(batches):
    return [identity(batch.requests[place]) for batch in batches for place in batch.missing]


def company(batches):
    """What decides the bits of each picture: the requests at all places, and its own place."""
    return {
        identity(batch.requests[place]): (batch.requests, place)
        for batch in batches
        for place in batch.missing
    }


@given(some_requests, sizes, st.booleans())
def test_a_plan_has_each_picture_once_and_each_batch_is_one_call(requests, size, pad):
    batches = plan_batches(requests, size, pad=pad)
    assert sorted(wanted(batches)) == sorted({identity(request) for request in requests})
    for batch in batches:
        calls = {(each.model, each.loras, each.width, each.steps) for each in batch.requests}
        assert len(calls) == 1
        assert batch.filled <= len(batch.requests) <= size
        assert pad or len(batch.requests) == batch.filled
        assert set(batch.requests[batch.filled :]) <= {batch.requests[batch.filled - 1]}


@given(some_requests, sizes)
def test_weights_are_loaded_once_each_and_checkpoints_stand_together(requests, size):
    batches = plan_batches(requests, size)
    assert model_loads(batches) == len({(each.model, each.loras) for each in requests})
    bases = [batch.requests[0].model.sha256 for batch in batches]
    changes = sum(a != b for a, b in pairwise(bases))
    assert changes == len(set(bases)) - 1
    assert bases[0] == requests[0].model.sha256


@given(some_requests, sizes, st.booleans(), st.data())
def test_a_run_stopped_anywhere_makes_what_an_undisturbed_one_makes(requests, size, pad, data):
    undisturbed = company(plan_batches(requests, size, pad=pad))
    made = []
    for _ in range(3):  # stopped twice, at any picture
        rest = plan_batches(requests, size, pad=pad, done=set(made))
        assert company(rest).items() <= undisturbed.items()
        left = wanted(rest)
        made += left[: data.draw(st.integers(0, len(left)))]
    made += wanted(plan_batches(requests, size, pad=pad, done=set(made)))
    assert len(made) == len(set(made))
    assert set(made) == undisturbed.keys()
    assert plan_batches(requests, size, pad=pad, done=set(made)) == ()


@given(some_requests, sizes, st.integers(1, 4))
def test_devices_share_the_work_by_whole_models(requests, size, devices):
    batches = plan_batches(requests, size)
    dealt = deal(batches, devices)
    assert len(dealt) == devices
    assert sorted(map(hash, batches)) == sorted(hash(batch) for part in dealt for batch in part)
    assert sum(model_loads(part) for part in dealt) == model_loads(batches)


def test_a_small_plan_keeps_company_when_part_of_it_is_done():
    first, second = plan_batches(FIVE, 4, pad=True, done={identity(FIVE[0])})
    assert first.requests == tuple(FIVE[:3])  # 3 and 2 rather than 4 and 1
    assert (first.filled, first.missing) == (3, (1, 2))
    assert second.requests == (FIVE[3], FIVE[4], FIVE[4])
    assert (second.filled, second.missing) == (2, (0, 1))


def test_what_cannot_be_planned_is_refused():
    with pytest.raises(PlanError, match=r"Batches of 0 pictures cannot be made: take 1 to 256\."):
        plan_batches(FIVE, 0)
    with pytest.raises(PlanError, match="0 devices make no pictures"):
        deal((), 0)
