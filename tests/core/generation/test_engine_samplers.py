"""Every sampler makes pictures with the starter's base, which predicts velocity."""

import numpy as np
import pytest

from core.generation.samplers import SAMPLERS
from tests.core.generation.starter_engine import ask, digest, load, make

STEPS = 5


@pytest.mark.parametrize("sampler", [sampler.name for sampler in SAMPLERS])
def test_a_sampler_makes_a_picture_that_shows_something(sampler):
    request = ask(7, sampler=sampler, steps=STEPS)
    load(request)
    picture = np.asarray(make(request)[0], float)
    assert picture.shape == (64, 64, 3)
    assert 20 < picture.std() < 110  # 0 is one colour, 127 black and white dots
    # Dots of noise differ from their neighbours as much as from any other.
    assert np.abs(np.diff(picture, axis=1)).mean() < picture.std() / 2


@pytest.mark.parametrize("sampler", ["Euler a", "DPM2 a", "DPM++ 2M SDE", "DPM++ SDE", "LCM"])
def test_samplers_that_draw_noise_draw_it_by_the_picture_s_seed(sampler):
    request = ask(7, sampler=sampler, steps=3)
    load(request)
    first = make(request, ask(8, sampler=sampler, steps=3))
    again = make(request, ask(9, sampler=sampler, steps=3))
    assert digest(first[0]) == digest(again[0])
    assert digest(first[1]) != digest(again[1])
