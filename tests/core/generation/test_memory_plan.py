"""What is chosen to fit a pipeline into a device's memory."""

import itertools

import pytest

from core.generation.memory import plan_memory

GIB = 2**30
SD15, SDXL = int(2.0 * GIB), int(6.5 * GIB)  # in half precision


def plan(total, weights=SD15, side=512, batch=1, free=None, kind="cuda"):
    total = int(total * GIB)
    free = total if free is None else int(free * GIB)
    return plan_memory(free, total, kind, weights, side, side, batch)


def test_a_large_gpu_needs_no_saving():
    chosen = plan(80, SDXL, 1024, 8)
    assert (chosen.offload, chosen.vae_slicing, chosen.vae_tiling) == ("none", False, False)
    assert (chosen.attention_slicing, chosen.precision) == (False, "float16")
    assert chosen.words == "everything fits into memory"


@pytest.mark.parametrize(
    ("total", "offload", "tiling"),
    [(24, "none", False), (12, "none", False), (10.5, "model", False), (7, "model", True)],
)
def test_xl_is_fitted_to_smaller_gpus_step_by_step(total, offload, tiling):
    chosen = plan(total, SDXL, 1024)
    assert (chosen.offload, chosen.vae_tiling) == (offload, tiling)


def test_a_batch_is_decoded_one_by_one_before_weights_are_moved():
    chosen = plan(8, SD15, 512, 12)
    assert (chosen.vae_slicing, chosen.offload) == (True, "none")
    assert "one by one" in chosen.words
    assert "because the whole would need about 13.2 GiB of 8.0 GiB" in chosen.words


def test_layers_are_moved_and_attention_sliced_only_where_nothing_else_fits():
    assert plan(1.5, SD15).offload == "sequential"
    assert not plan(1.5, SD15).attention_slicing
    last = plan(1, SDXL, 1024, 8)
    assert (last.offload, last.attention_slicing) == ("sequential", True)
    assert "may not do" in last.words


def test_a_cpu_computes_in_single_precision_and_keeps_its_weights():
    for total in (64, 4, 1):
        chosen = plan(total, SDXL, 1024, kind="cpu")
        assert (chosen.offload, chosen.precision) == ("none", "float32")


def test_what_is_free_moves_weights_and_never_changes_the_arithmetic():
    sizes = itertools.product((4, 8, 12, 24), (SD15, SDXL), (512, 1024), (1, 4, 12))
    offloads = set()
    for total, weights, side, batch in sizes:
        plans = [plan(total, weights, side, batch, total * share) for share in (1, 0.6, 0.2)]
        arithmetic = {
            (each.precision, each.attention_slicing, each.vae_slicing, each.vae_tiling)
            for each in plans
        }
        assert len(arithmetic) == 1
        offloads |= {tuple(each.offload for each in plans)}
    assert ("none", "none", "model") in offloads or ("none", "model", "sequential") in offloads


def test_more_memory_never_costs_more():
    order = ("none", "model", "sequential")
    for weights, side, batch in itertools.product((SD15, SDXL), (512, 1024), (1, 4, 12)):
        plans = [plan(total, weights, side, batch) for total in range(1, 81)]
        costs = [
            (each.attention_slicing, order.index(each.offload), each.vae_tiling, each.vae_slicing)
            for each in plans
        ]
        assert costs == sorted(costs, reverse=True)
