"""Which devices make pictures, as the setting names them."""

import pytest

from core.errors import SettingsError
from core.generation import local_devices as module
from core.generation.local_devices import local_devices


@pytest.fixture
def cards(tmp_path, monkeypatch):
    """A machine with two cards."""
    for name in ("0000:01:00.0", "0000:02:00.0"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(module, "NVIDIA", tmp_path)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


def test_all_cards_are_taken_and_without_any_the_processor(cards, tmp_path, monkeypatch):
    assert local_devices() == ("cuda:0", "cuda:1")
    monkeypatch.setattr(module, "NVIDIA", tmp_path / "nothing")
    assert local_devices("auto") == ("cpu",)


@pytest.mark.parametrize(
    ("visible", "names"), [("", ("cpu",)), ("-1", ("cpu",)), ("1", ("cuda:0",))]
)
def test_cards_that_are_not_visible_are_left_alone(cards, monkeypatch, visible, names):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert local_devices() == names


def test_devices_are_taken_as_named():
    assert local_devices("cuda, cuda:1,cpu") == ("cuda:0", "cuda:1", "cpu")


@pytest.mark.parametrize("wrong", ["tpu", "cuda:x", "cpu,,cuda:0", "cpu;rm", "cuda:0,cuda"])
def test_what_is_no_device_is_refused(wrong):
    with pytest.raises(SettingsError, match="GEMBOARD_GENERATION_DEVICES"):
        local_devices(wrong)
