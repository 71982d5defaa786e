"""The engine on a CUDA device: bits that stay, weights that move, memory that ends."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.generation.devices import DeviceMemoryError
from core.generation.engine import Engine
from core.generation.memory import MemoryPlan
from tests.core.generation.starter_engine import ask, digest, load, made, make, starter_lora

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device here"),
]


@pytest.fixture(scope="module")
def gpu():
    return Engine("cuda")


def test_a_gpu_is_named_and_computes_in_half_precision(gpu):
    load(ask(), into=gpu)
    assert gpu.device_name == torch.cuda.get_device_name(0)
    assert gpu.precision == "float16"
    assert gpu.words == f"{gpu.device_name}, float16; everything fits into memory"


def test_the_same_request_gives_the_same_bits(gpu):
    request = ask(width=128, height=128, steps=8)
    first = made(request, into=gpu)
    made(ask(sampler="Euler a", loras=(starter_lora("ink"),)), into=gpu)
    assert made(request, into=gpu) == first
    assert made(request, into=Engine("cuda")) == first


def test_company_does_not_matter_and_neither_do_previews(gpu):
    load(ask(), into=gpu)
    one = make(ask(), ask(2), ask(3), into=gpu)[0]
    other = make(ask(), ask(4, "a blue fish"), ask(5), into=gpu, on_step=lambda _, __, see: see())
    assert digest(one) == digest(other[0])


def test_a_gpu_draws_what_the_cpu_draws(gpu):
    request = ask(width=128, height=128, steps=8)
    load(request)
    load(request, into=gpu)
    far = np.asarray(make(request)[0], int) - np.asarray(make(request, into=gpu)[0], int)
    assert np.abs(far).mean() < 6


@pytest.mark.parametrize("offload", ["model", "sequential"])
def test_moving_weights_changes_no_bit(gpu, offload):
    moving = Engine("cuda", memory=MemoryPlan("float16", offload=offload))
    ink = ask(loras=(starter_lora("ink"),))
    for request in (ask(), ink, replace(ink, loras=(starter_lora("neon", 0.5),)), ask()):
        assert made(request, into=moving) == made(request, into=gpu)


def test_a_batch_that_does_not_fit_is_one_sentence_and_the_next_is_made(gpu):
    before = made(ask(), into=gpu)
    _, total = torch.cuda.mem_get_info()
    torch.cuda.set_per_process_memory_fraction(min(1.0, 600 * 2**20 / total))
    try:
        large = [ask(seed, width=1024, height=1024) for seed in range(32)]
        with pytest.raises(DeviceMemoryError, match="does not hold 32 pictures of 1024 x 1024 px"):
            make(*large, into=gpu)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert made(ask(), into=gpu) == before
