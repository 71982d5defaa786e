"""Metrics are found by lying in the package, and say of themselves what a profile needs."""

import sys

import pytest

import core.metrics
from core.errors import ScoreError
from core.gre import DEFAULT_LAMBDAS
from core.metrics.metric import GridMetric, Scope
from core.metrics.registry import registered_metrics

FILE = """
from core.metrics.metric import PictureMetric
METRIC = PictureMetric(name="{name}", label="L", description="D", measure=lambda picture: 1.0)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """One more folder that the package reads."""
    monkeypatch.setattr(core.metrics, "__path__", [*core.metrics.__path__, str(tmp_path)])
    yield tmp_path
    for module in tmp_path.glob("*.py"):
        sys.modules.pop(f"core.metrics.{module.stem}", None)


def test_the_papers_three_and_three_more_are_there():
    found = registered_metrics()
    assert set(found) >= {*DEFAULT_LAMBDAS, "nsfw", "sharpness", "aesthetic"}
    assert {name for name, metric in found.items() if not metric.larger_is_better} == {
        "mcos",
        "nsfw",
    }
    assert found["pop"].scope == Scope.MODELS


def test_a_file_is_enough(folder):
    (folder / "toy_w1.py").write_text(FILE.format(name="toy"))
    assert registered_metrics()["toy"].label == "L"


def test_a_file_without_a_metric_is_no_metric(folder):
    before = set(registered_metrics())
    (folder / "nothing_w1.py").write_text("METRIC = 'sharpness'\n")
    assert set(registered_metrics()) == before


def test_two_files_cannot_share_a_name(folder):
    (folder / "other_sharpness_w1.py").write_text(FILE.format(name="sharpness"))
    with pytest.raises(ScoreError, match="Two files define a metric named “sharpness”"):
        registered_metrics()


def test_the_origin_names_metric_version_and_what_else_it_depends_on():
    plain = GridMetric(name="toy", label="", description="", compute=lambda p: p.nsfw_scores)
    assert plain.origin == "toy 1"
    other = GridMetric(
        name="toy",
        label="",
        description="",
        version=2,
        depends_on=lambda: "abc",
        compute=lambda p: p.nsfw_scores,
    )
    assert other.origin == "toy 2 abc"
