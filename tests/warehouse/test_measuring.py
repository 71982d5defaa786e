"""Metrics read from picture files: once per content, kept, and none the worse for broken files."""

import re
import sys

import pytest
from PIL import Image

import core.metrics
from core.errors import ScoreError
from core.metrics.metric import PictureMetric
from core.metrics.sharpness import laplacian_variance
from tests.warehouse.grids import ROOT, image_id
from warehouse import measuring
from warehouse.database import open_warehouse
from warehouse.importers.gemrec import import_gemrec
from warehouse.measuring import measure
from warehouse.profiles import activate_profile, save_profile
from warehouse.scoring import score, scores_current

DOCS = (ROOT / "docs/weights.md").read_text(encoding="utf-8")
(TOY,) = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)


@pytest.fixture
def filled(grid, home, settings):
    """Six pictures on disk and in a warehouse."""
    warehouse = open_warehouse(home)
    import_gemrec(warehouse, grid.roster, grid.promptset, grid.images, settings)
    yield warehouse
    warehouse.close()


class Counting:
    """A metric that counts its calls: the width of a picture."""

    def __init__(self, version=1):
        self.calls = 0
        self.metric = PictureMetric(
            name="toy", label="Toy", description="Width", version=version, measure=self.width
        )

    def width(self, picture):
        self.calls += 1
        return float(picture.width)


def values(warehouse, metric="toy"):
    return dict(
        warehouse.select(
            "select image_id, value from image_metrics where metric = $metric order by 1",
            {"metric": metric},
        ).iter_rows()
    )


def picture_path(warehouse, image):
    path = warehouse.value("select path from images where image_id = $i", {"i": image})
    return warehouse.home / path


def test_each_picture_is_measured_once_and_kept_with_name_and_version(filled):
    counting, shown = Counting(), []
    report = measure(filled, counting.metric, on_progress=lambda *told: shown.append(told))
    assert (report.added, report.already, report.unreadable) == (6, 0, [])
    assert counting.calls == 6
    assert values(filled) == {image_id(p, m): 24.0 for p in (1, 2) for m in (1, 2, 3)}
    assert filled.value("select distinct origin from image_metrics where metric = 'toy'") == "toy 1"
    assert shown == [("Toy", done, 6) for done in range(1, 7)]
    again = measure(filled, counting.metric)
    assert (again.added, again.already, counting.calls) == (0, 6, 6)


def test_a_picture_of_several_images_is_measured_once(filled):
    with filled.cursor() as cursor:
        cursor.execute(
            "update images set path = one.path, sha256 = one.sha256 "
            "from (select path, sha256 from images where image_id = $one) as one "
            "where prompt_id = 2",
            {"one": image_id(1, 1)},
        )
    counting = Counting()
    assert measure(filled, counting.metric).added == 6
    assert counting.calls == 3
    with filled.cursor() as cursor:
        cursor.execute(
            "insert into images (image_id, prompt_id, model_version_id, path, sha256, source) "
            "select 'twin', 1, 2, path, sha256, 'tests' from images where image_id = $one",
            {"one": image_id(1, 2)},
        )
    assert measure(filled, counting.metric).added == 1, "known from its twin"
    assert counting.calls == 3
    assert values(filled)["twin"] == 24


def test_missing_and_broken_files_stay_empty_and_are_told(filled):
    picture_path(filled, image_id(1, 1)).unlink()
    picture_path(filled, image_id(1, 2)).write_bytes(b"\x89PNG\r\n\x1a\nnot really")
    with filled.cursor() as cursor:
        cursor.execute(
            "update images set path = null, sha256 = null where image_id = $i",
            {"i": image_id(2, 1)},
        )
    report = measure(filled, Counting().metric)
    assert (report.added, report.without_picture) == (3, 1)
    assert dict(report.unreadable).keys() == {image_id(1, 1), image_id(1, 2)}
    assert "does not exist" in dict(report.unreadable)[image_id(1, 1)]
    assert len(values(filled)) == 3


def test_a_metric_without_a_number_for_a_picture_is_told_too(filled):
    nothing = PictureMetric(
        name="toy", label="Toy", description="None", measure=lambda picture: float("nan")
    )
    report = measure(filled, nothing)
    assert report.added == 0
    assert {why for _, why in report.unreadable} == {"has no toy"}
    assert values(filled) == {}


def test_a_new_version_is_measured_anew_and_what_a_dataset_brought_stands(filled):
    measure(filled, Counting().metric)
    with filled.cursor() as cursor:
        cursor.execute(
            "update image_metrics set value = -1, origin = 'dataset' "
            "where metric = 'toy' and image_id = $i",
            {"i": image_id(1, 1)},
        )
    newer = Counting(version=2)
    report = measure(filled, newer.metric)
    assert (report.added, report.already, newer.calls) == (5, 1, 5)
    assert values(filled)[image_id(1, 1)] == -1
    origins = filled.select("select distinct origin from image_metrics where metric = 'toy'")
    assert set(origins["origin"]) == {"toy 2", "dataset"}


def test_what_was_measured_is_kept_when_the_work_breaks_off(filled):
    counting = Counting()

    def interrupted(what, done, total):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure(filled, counting.metric, workers=1, on_progress=interrupted)
    assert len(values(filled)) == 4
    assert measure(filled, counting.metric).added == 2


def test_values_land_as_they_come(filled, monkeypatch):
    landed = []
    land = measuring._land
    monkeypatch.setattr(
        measuring, "_land", lambda w, names, rows: (landed.append(len(rows)), land(w, names, rows))
    )
    measure(filled, Counting().metric, commit_s=0)
    assert landed == [1] * 6 + [0]
    assert len(values(filled)) == 6


def test_sharpness_is_measured_only_where_it_is_asked_for_or_weighed(filled):
    assert score(filled).measured == {}
    assert set(score(filled).present) == {"clip", "mcos", "pop"}
    asked = score(filled, metrics=["sharpness"])
    assert asked.measured["sharpness"].added == 6
    assert asked.present["sharpness"] == 6
    with Image.open(picture_path(filled, image_id(2, 3))) as picture:
        expected = laplacian_variance(picture.convert("RGB"))
    assert values(filled, "sharpness")[image_id(2, 3)] == expected
    later = score(filled)
    assert (later.measured, later.present["sharpness"]) == ({}, 6), "kept, and not read again"
    save_profile(filled, "sharp", {"sharpness": 1})
    assert score(filled).measured["sharpness"].already == 6


def test_hidden_pictures_are_measured_and_enter_no_normalisation(filled):
    with filled.cursor() as cursor:
        cursor.execute(
            "update images set nsfw_score = 0.99 where image_id = $i", {"i": image_id(1, 2)}
        )
    report = score(filled, metrics=["sharpness"])
    assert (report.measured["sharpness"].added, report.present["sharpness"]) == (6, 5)
    hidden = filled.select(
        "select value, q from scored_metrics where metric = 'sharpness' and image_id = $i",
        {"i": image_id(1, 2)},
    ).row(0)
    assert hidden[0] is not None
    assert hidden[1] is None


def test_an_unknown_metric_is_refused_before_anything_is_done(filled):
    with pytest.raises(ScoreError, match=r"no metric “beauty”; known are aesthetic, clip"):
        score(filled, metrics=["beauty"])
    assert filled.value("select count(*) from score_runs") == 0


def test_nsfw_scores_can_be_weighed(filled):
    save_profile(filled, "safe", {"nsfw": 1})
    with filled.cursor() as cursor:
        cursor.execute("update images set nsfw_score = model_version_id / 10")
    score(filled)
    activate_profile(filled, "safe")
    rows = filled.select(
        "select model_version_id, gre from image_scores where prompt_id = 1 order by 1"
    )
    assert rows["gre"].to_list() == pytest.approx([1, 0.5, 0])


def test_an_aesthetic_score_without_a_head_is_empty_and_says_what_it_lacks(filled, monkeypatch):
    monkeypatch.delenv("GEMBOARD_AESTHETIC_HEAD", raising=False)
    report = score(filled, metrics=["aesthetic"])
    assert "GEMBOARD_AESTHETIC_HEAD" in report.unavailable["aesthetic"]
    assert (report.present["aesthetic"], report.present["clip"]) == (0, 6)


def test_the_table_of_metrics_says_what_the_files_say(filled):
    told = filled.select("select * from metrics order by metric").rows()
    score(filled)
    assert filled.select("select * from metrics order by metric").rows() == told
    with filled.cursor() as cursor:
        cursor.execute("update metrics set label = 'old' where metric = 'sharpness'")
    score(filled)
    assert filled.select("select * from metrics order by metric").rows() == told


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """The metric of docs/weights.md, in a folder that the package reads too."""
    folder = tmp_path / "metrics"
    folder.mkdir()
    (folder / "redness.py").write_text(TOY, encoding="utf-8")
    monkeypatch.setattr(core.metrics, "__path__", [*core.metrics.__path__, str(folder)])
    yield
    sys.modules.pop("core.metrics.redness", None)


def test_a_metric_of_one_file_scores_and_is_in_metrics_profiles_and_gre(filled, toy):
    score(filled)
    save_profile(filled, "red", {"redness": 2, "clip": 1})
    assert filled.select("select label, scope from metrics where metric = 'redness'").rows() == [
        ("Redness", "prompt")
    ]
    assert not scores_current(filled), "a profile weighs what was never measured"
    assert score(filled).present["redness"] == 6
    activate_profile(filled, "red")
    red = {(10 * p + m) * 37 % 256: image_id(p, m) for p in (1, 2) for m in (1, 2, 3)}
    assert values(filled, "redness") == {image: float(shade) for shade, image in red.items()}
    for prompt in (1, 2):
        of_prompt = {i: v for i, v in values(filled, "redness").items() if i in ids(prompt)}
        low, high = min(of_prompt.values()), max(of_prompt.values())
        rows = filled.select(
            "select image_id, q_clip, gre from image_scores where prompt_id = $p", {"p": prompt}
        )
        for image, q_clip, gre in rows.iter_rows():
            assert gre == pytest.approx(q_clip + 2 * (of_prompt[image] - low) / (high - low))


def ids(prompt):
    return {image_id(prompt, model) for model in (1, 2, 3)}
