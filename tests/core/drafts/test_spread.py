"""Spreads: what is counted, and what counts as telling nothing."""

import numpy as np
import pytest

from core.drafts.spread import BINS, spread

STARTS = np.array([0, 4])


def test_every_known_picture_is_in_a_bin():
    found = spread(np.array([0.0, 1.0, 0.5, np.nan, 0.2, 0.2, 0.2, 0.2]), STARTS)
    assert (found.known, found.pictures, found.bins.sum(), len(found.bins)) == (7, 8, 7, BINS)
    assert found.bins[0] == found.bins[-1] == 1
    assert found.distinct == 4


def test_prompts_of_one_value_are_flat_and_single_pictures_are_no_prompt():
    q = np.array([0.0, 1.0, 0.5, 0.1, 0.3, 0.3, np.nan, 0.3])
    assert (spread(q, STARTS).flat, spread(q, STARTS).prompts) == (1, 2)
    alone = spread(np.array([0.0, 1.0, 0.5, 0.1, 0.3, np.nan, np.nan, np.nan]), STARTS)
    assert (alone.flat, alone.prompts) == (0, 1)


def test_an_outlier_crowds_the_others_together():
    q = np.append(np.linspace(0, 0.05, 99), 1.0)
    found = spread(q, np.array([0]))
    assert found.crowd == pytest.approx((0.0, 0.1))
    assert found.crowd_share == pytest.approx(0.99)
    assert spread(np.linspace(0, 1, 100), np.array([0])).crowd is None


def test_nothing_known_is_nothing():
    found = spread(np.full(3, np.nan), np.array([0]))
    assert (found.known, found.distinct, found.flat, found.crowd) == (0, 0, 0, None)
    assert spread(np.zeros(0), np.zeros(0, np.int64)).pictures == 0
