"""How long pictures will take: from what was measured here, else a guess that says so."""

import pytest

from core.generation.batches import plan_batches
from tests.warehouse.making import an_order
from warehouse.generation.estimates import LANDING_S, batch_size, expected_s, speed_of


def batches(count, size=64, **changes):
    order = an_order(seeds=range(count), **changes)
    return plan_batches((each.request for each in order.pictures), size)


def measured(warehouse, *runs, device="cpu"):
    """Runs of the first model at 64 px and 4 steps: (pictures, load_s, make_s)."""
    (batch,) = batches(1)
    with warehouse.transaction() as cursor:
        for pictures, load_s, make_s in runs:
            cursor.execute(
                "insert into generation_runs (device, model_sha256, loras, pictures, width, "
                "height, steps, load_s, make_s) values ($1, $2, 0, $3, 64, 64, 4, $4, $5)",
                [device, batch.requests[0].model.sha256, pictures, load_s, make_s],
            )


def seconds(warehouse, count, **changes):
    (batch,) = batches(count, **changes)
    request = batch.requests[0]
    speed = speed_of(warehouse, "cpu", batch)
    return speed.batch_s * request.width * request.height * request.steps


def test_without_any_run_it_is_a_guess(warehouse):
    total, sure = expected_s(warehouse, "cpu", batches(2))
    assert total > 0
    assert not sure


def test_between_sizes_that_were_measured_it_is_interpolated(warehouse):
    measured(warehouse, (1, 0.5, 1.0), (4, 0.0, 2.5), (4, 0.0, 2.5), (4, 0.0, 90.0))
    assert seconds(warehouse, 1) == pytest.approx(1.0)
    assert seconds(warehouse, 2) == pytest.approx(1.5)
    assert seconds(warehouse, 4) == pytest.approx(2.5)
    assert seconds(warehouse, 8) == pytest.approx(5.0)  # beyond, in proportion
    assert seconds(warehouse, 4, steps=8) == pytest.approx(5.0)


def test_each_load_and_each_landing_counts(warehouse):
    measured(warehouse, (1, 0.5, 1.0))
    total, sure = expected_s(warehouse, "cpu", batches(2, size=1))
    assert total == pytest.approx(0.5 + 2 * (1.0 + LANDING_S))
    assert sure


def test_other_checkpoints_are_better_than_a_guess_and_other_devices_are_not(warehouse):
    measured(warehouse, (1, 0.5, 1.0))
    assert expected_s(warehouse, "cpu", batches(1, models=(12,))) == (
        pytest.approx(1.5 + LANDING_S),
        False,
    )
    assert expected_s(warehouse, "cuda:0", batches(1))[1] is False


@pytest.mark.parametrize(
    ("device", "side", "at_once", "size"),
    [
        ("cpu", 128, True, 4),
        ("cpu", 128, False, 12),
        ("cpu", 512, False, 1),
        ("cuda:1", 512, False, 8),
        ("cuda:1", 512, True, 2),
        ("cuda:1", 2048, True, 1),
        ("cuda:1", 64, False, 32),
    ],
)
def test_batches_fit_the_device_and_are_smaller_where_somebody_waits(device, side, at_once, size):
    assert batch_size(device, side, side, at_once=at_once) == size
