"""Embedding: what is missing is computed once, lands whole batches, and survives being killed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer import Typer
from typer.testing import CliRunner

from core.encoders import EncoderIdentity
from core.errors import EncoderError, NotFoundError
from tests.seeding import drawn_picture
from warehouse.commands.embed import embed as embed_command
from warehouse.database import Warehouse, open_in_memory, open_read_only, open_warehouse
from warehouse.embedding import embed
from warehouse.encoder_registry import scoring_encoder, set_scoring_encoder
from warehouse.landing import land
from warehouse.pictures import store_picture
from warehouse.records import ImageRecord, ModelRecord, PromptRecord

ROOT = Path(__file__).resolve().parents[2]


class FakeEncoder:
    """Mean colours and text lengths as features; raises after `batches` batches of pictures."""

    def __init__(self, name: str = "fake", batches: int | None = None, dimension: int = 4) -> None:
        self.identity = EncoderIdentity(name, "0" * 64, "squash", dimension)
        self.batches = batches
        self.seen: list[tuple[int, int]] = []
        self.batch_sizes: list[int] = []
        self.texts: list[str] = []

    def encode_images(self, images):
        if self.batches is not None and len(self.batch_sizes) == self.batches:
            raise RuntimeError("killed")
        self.batch_sizes.append(len(images))
        self.seen += [image.size for image in images]
        means = [np.asarray(image).reshape(-1, 3).mean(0) for image in images]
        rows = [[*mean, 1.5][: self.identity.dimension] for mean in means]
        return np.array(rows, np.float32)

    def encode_texts(self, texts):
        self.texts += texts
        return np.array([[len(text), 0.25, 0, 0] for text in texts], np.float32)


def fill(warehouse: Warehouse, pictures: int = 7, prompts: int = 2) -> list[bytes]:
    """`pictures` images with a picture each, one more without."""
    random = np.random.default_rng(3)
    data = [drawn_picture(random, 48, 32) for _ in range(pictures)]
    stored = [store_picture(one, f"{n}.png", warehouse.home, 1.0, 32) for n, one in enumerate(data)]
    images = [
        ImageRecord(f"i{n}", 1 + n % prompts, 1, "tests", path=one.path, sha256=one.sha256)
        for n, one in enumerate(stored)
    ]
    images.append(ImageRecord("bare", 1, 1, "tests"))
    land(
        warehouse,
        "import",
        "tests",
        models=[ModelRecord(1, "m")],
        prompts=[PromptRecord(p, "x" * p, "tests") for p in range(1, prompts + 1)],
        images=images,
    )
    return data


@pytest.fixture
def warehouse(tmp_path):
    opened = open_in_memory(tmp_path)
    yield opened
    opened.close()


def features(warehouse: Warehouse, kind: str = "image") -> dict:
    rows = warehouse.select(f"select {kind}_id, encoder, vector from {kind}_features").rows()
    return {id_: (encoder, vector) for id_, encoder, vector in rows}


def test_every_picture_and_prompt_gets_the_features_of_its_own_original(warehouse):
    data = fill(warehouse)
    encoder = FakeEncoder()
    report = embed(warehouse, encoder, batch_size=3)
    assert (report.images_added, report.prompts_added) == (7, 2)
    assert (report.images_already, report.prompts_already) == (0, 0)
    assert (report.images_without_picture, report.skipped) == (1, [])
    assert encoder.batch_sizes == [3, 3, 1]
    assert set(encoder.seen) == {(48, 32)}, "originals, not thumbnails"
    found = features(warehouse)
    assert set(found) == {f"i{n}" for n in range(7)}
    for number, one in enumerate(data):
        path = warehouse.home / "original.png"
        path.write_bytes(one)
        with Image.open(path) as image:
            expected = np.asarray(image.convert("RGB")).reshape(-1, 3).mean(0)
        key, vector = found[f"i{number}"]
        assert key == encoder.identity.key
        assert vector[:3] == pytest.approx(expected, abs=1e-4)
        assert vector[3] == 1.5
    assert features(warehouse, "prompt") == {
        1: (encoder.identity.key, [1, 0.25, 0, 0]),
        2: (encoder.identity.key, [2, 0.25, 0, 0]),
    }
    assert encoder.texts == ["x", "xx"]
    assert warehouse.select("select * exclude created_at from encoders").rows() == [
        (encoder.identity.key, "fake", "0" * 64, "squash", 4)
    ]


def test_embedding_again_computes_nothing(warehouse):
    fill(warehouse)
    embed(warehouse, FakeEncoder())
    again = FakeEncoder(batches=0)
    report = embed(warehouse, again)
    assert (report.images_added, report.images_already) == (0, 7)
    assert (report.prompts_added, report.prompts_already) == (0, 2)
    assert not again.texts
    assert warehouse.value("select count(*) from audit where action = 'embed'") == 1


def test_a_second_encoder_stands_beside_the_first(warehouse):
    fill(warehouse)
    first, second = FakeEncoder("first"), FakeEncoder("second")
    embed(warehouse, first)
    assert embed(warehouse, second).images_added == 7
    assert warehouse.value("select count(*) from image_features") == 14
    assert scoring_encoder(warehouse) == first.identity.key, "the first stays the scoring one"
    set_scoring_encoder(warehouse, second.identity.key)
    assert scoring_encoder(warehouse) == second.identity.key
    set_scoring_encoder(warehouse, second.identity.key)
    assert warehouse.select(
        "select before->>'encoder', after->>'encoder' from audit "
        "where action = 'set scoring encoder'"
    ).rows() == [(first.identity.key, second.identity.key)]
    with pytest.raises(NotFoundError, match="unknown"):
        set_scoring_encoder(warehouse, "unknown")


@pytest.mark.parametrize("batches", [0, 1, 2])
@pytest.mark.parametrize("commit_s", [0, 1000])
def test_a_run_that_fails_after_some_batches_keeps_them_and_the_next_goes_on(
    batches, commit_s, warehouse
):
    fill(warehouse)
    with pytest.raises(RuntimeError, match="killed"):
        embed(warehouse, FakeEncoder(batches=batches), batch_size=3, commit_s=commit_s)
    assert len(features(warehouse)) == 3 * batches
    rest = FakeEncoder()
    report = embed(warehouse, rest, batch_size=3)
    assert report.images_already == 3 * batches
    assert sum(rest.batch_sizes) == report.images_added == 7 - 3 * batches
    assert len(features(warehouse)) == 7


def test_a_process_killed_while_embedding_leaves_whole_batches(tmp_path):
    home = tmp_path / "home"
    opened = open_warehouse(home)
    fill(opened, pictures=9)
    opened.close()
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from tests.warehouse.test_embedding import FakeEncoder, embed, open_warehouse\n"
        "class Killed(FakeEncoder):\n"
        "    def encode_images(self, images):\n"
        "        if len(self.batch_sizes) == 2: os.kill(os.getpid(), signal.SIGKILL)\n"
        "        return super().encode_images(images)\n"
        "embed(open_warehouse(Path(sys.argv[1])), Killed(), batch_size=2, commit_s=0)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(home)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    )
    assert ended.returncode == -signal.SIGKILL
    opened = open_warehouse(home)
    assert len(features(opened)) == 4
    assert embed(opened, FakeEncoder(), batch_size=2).images_added == 5
    opened.close()


def test_batches_land_together_by_time_and_by_number(warehouse, monkeypatch):
    fill(warehouse)
    landed: list[int] = []

    def count_landed(what: str, done: int, total: int) -> None:
        if what == "images":
            landed.append(warehouse.value("select count(*) from image_features"))

    embed(warehouse, FakeEncoder("a"), batch_size=2, on_progress=count_landed)
    assert landed == [0, 0, 0, 0]
    landed.clear()
    embed(warehouse, FakeEncoder("b"), batch_size=2, commit_s=0, on_progress=count_landed)
    assert landed == [9, 11, 13, 14]
    landed.clear()
    monkeypatch.setattr("warehouse.embedding.COMMIT_ROWS", 4)
    embed(warehouse, FakeEncoder("c"), batch_size=2, on_progress=count_landed)
    assert landed == [14, 18, 18, 18]
    assert warehouse.value("select count(*) from image_features") == 21


def test_pictures_that_cannot_be_read_are_named_and_the_others_land(warehouse):
    fill(warehouse)
    paths = dict(warehouse.select("select image_id, path from images").rows())
    (warehouse.home / paths["i0"]).unlink()
    (warehouse.home / paths["i1"]).write_bytes(b"\x89PNG\r\n\x1a\n broken")
    with warehouse.transaction() as cursor:
        cursor.execute("update images set path = '../outside.png' where image_id = 'i2'")
    report = embed(warehouse, FakeEncoder(), batch_size=2)
    assert report.images_added == 4
    reasons = dict(report.skipped)
    assert set(reasons) == {"i0", "i1", "i2"}
    assert reasons["i0"] == "does not exist"
    assert "cut off" in reasons["i1"]
    assert "leads out" in reasons["i2"]
    assert set(features(warehouse)) == {"i3", "i4", "i5", "i6"}


def test_pictures_are_seen_upright_and_on_white(warehouse):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = warehouse.home / "turned.jpg"
    Image.new("RGB", (48, 32)).save(path, exif=exif)
    turned = store_picture(path.read_bytes(), "a.jpg", warehouse.home, 1, 32)
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(warehouse.home / "clear.png")
    clear = store_picture((warehouse.home / "clear.png").read_bytes(), "a", warehouse.home, 1, 32)
    land(
        warehouse,
        "import",
        "tests",
        images=[
            ImageRecord("clear", 1, 1, "tests", path=clear.path),
            ImageRecord("turned", 1, 1, "tests", path=turned.path),
        ],
    )
    encoder = FakeEncoder()
    embed(warehouse, encoder)
    assert encoder.seen == [(40, 40), (32, 48)]
    assert features(warehouse)["clear"][1][:3] == [255, 255, 255]


def test_progress_counts_pictures_and_prompts_to_the_end(warehouse):
    fill(warehouse)
    seen = []
    embed(warehouse, FakeEncoder(), batch_size=3, on_progress=lambda *now: seen.append(now))
    assert seen == [("prompts", 2, 2), ("images", 3, 7), ("images", 6, 7), ("images", 7, 7)]


def test_features_of_another_length_are_refused(warehouse):
    fill(warehouse)
    wrong = FakeEncoder()
    wrong.identity = EncoderIdentity("fake", "0" * 64, "squash", 5)
    with pytest.raises(EncoderError, match="shape"):
        embed(warehouse, wrong)
    assert not features(warehouse)
    assert scoring_encoder(warehouse) is None
    embed(warehouse, FakeEncoder())
    with pytest.raises(EncoderError, match="5 dimensions here and 4"):
        embed(warehouse, wrong)


def test_an_empty_warehouse_registers_nothing(warehouse):
    report = embed(warehouse, FakeEncoder())
    assert (report.images_added, report.prompts_added) == (0, 0)
    assert scoring_encoder(warehouse) is None
    assert not warehouse.value("select count(*) from encoders")


def test_the_command_prints_one_line_of_json_and_scores_with_the_first_encoder(
    tmp_path, monkeypatch
):
    from tests.tiny_encoder import make_tiny_encoder

    home = tmp_path / "home"
    opened = open_warehouse(home)
    fill(opened)
    opened.close()
    monkeypatch.setenv("GEMBOARD_HOME", str(home))
    monkeypatch.setenv("GEMBOARD_DEVICE", "cpu")
    first = make_tiny_encoder(tmp_path / "tiny")
    second = make_tiny_encoder(tmp_path / "other", seed=1)
    app = Typer()
    app.command()(embed_command)

    def run(*arguments: str) -> dict:
        result = CliRunner().invoke(app, ["--json", *arguments], catch_exceptions=False)
        assert result.exit_code == 0
        [line] = result.stdout.splitlines()
        return json.loads(line)

    told = run("--encoder", first)
    assert told["encoder"].startswith("tiny@")
    assert (told["images_added"], told["prompts_added"], told["skipped"]) == (7, 2, [])
    assert told["scoring_encoder"] == told["encoder"]
    other = run("--encoder", f"{second}+crop", "--batch-size", "2")
    assert other["encoder"].endswith("+crop")
    assert other["scoring_encoder"] == told["encoder"]
    assert run("--encoder", f"{second}+crop", "--scoring")["scoring_encoder"] == other["encoder"]

    text = CliRunner().invoke(app, ["--encoder", first], catch_exceptions=False).stdout
    assert "7 as they were" in text
    assert "--scoring changes that" in text
    opened = open_read_only(home)
    assert opened.value("select count(*) from image_features where len(vector) = 16") == 14
    opened.close()
