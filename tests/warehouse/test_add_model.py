"""One's own weights become models: checked, hashed, brought whole or not at all, usable at once."""

import errno
import hashlib
import io
import json
import os
import pickle
import shutil

import pytest

from core.errors import FileFormatError
from core.generation.weights_files import UnfitWeightsError, weights_sha256
from core.starter.manifest import BASE_FOLDER, LORA_FOLDER
from tests.weights_on_disk import (
    diffusers_lora,
    folder_of,
    kohya_lora,
    ldm,
    write_safetensors,
)
from warehouse.generation import own_files
from warehouse.generation.adding import add_from_hub, add_model, add_uploaded
from warehouse.generation.catalogue import usable_models
from warehouse.generation.model_details import ModelDetails, ModelDetailsError
from warehouse.generation.own_files import BringError
from warehouse.importers.folder import OWN_MODEL_IDS_FROM
from warehouse.landing import land
from warehouse.records import ModelRecord


@pytest.fixture
def checkpoint(tmp_path):
    return write_safetensors(tmp_path / "data" / "dream.safetensors", ldm(768))


@pytest.fixture
def lora(tmp_path):
    return write_safetensors(tmp_path / "data" / "ink wash.safetensors", kohya_lora(768))


def models(warehouse):
    return {each.model_version_id: each for each in usable_models(warehouse)}


def own_folder(warehouse):
    folder = warehouse.home / "models" / "own"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_checkpoint_is_usable_at_once(warehouse, checkpoint):
    details = ModelDetails(
        version="v2",
        tags=("style", "style", " anime "),
        trained_words=("dreamy",),
        licence="MIT",
        downloads=5,
    )
    added = add_model(warehouse, checkpoint, details, person_id="ada")
    assert (added.is_new, added.kind, added.base_model) == (True, "checkpoint", "SD 1.5")
    assert (added.model_version_id, added.model_name) == (OWN_MODEL_IDS_FROM, "dream")
    assert added.path == f"models/own/{added.sha256[:12]}/dream.safetensors"
    model = models(warehouse)[added.model_version_id]
    assert (model.problem, model.version_name, model.downloads) == ("", "v2", 5)
    assert model.checkpoint.sha256 == weights_sha256(checkpoint)
    assert weights_sha256(model.places[added.sha256]) == added.sha256
    row = warehouse.select("select tags, trained_words, licence from models").row(0)
    assert row == (["style", "anime"], ["dreamy"], "MIT")
    told = warehouse.select(
        "select person_id, subject, after from audit where action = 'add model'"
    )
    assert told.row(0)[:2] == ("ada", str(added.model_version_id))
    assert json.loads(told.row(0)[2])["sha256"] == added.sha256


def test_models_of_weights(warehouse, empty, checkpoint):
    added = add_model(warehouse, checkpoint)
    rows = warehouse.frame("models_of_weights", sha256=added.sha256)
    assert rows.row(0, named=True) == {
        "model_version_id": added.model_version_id,
        "model_name": "dream",
        "version_name": None,
        "kind": "checkpoint",
        "base_model": "SD 1.5",
        "path": added.path,
        "sha256": added.sha256,
    }
    assert warehouse.frame("models_of_weights", sha256="0" * 64).is_empty()
    assert empty.frame("models_of_weights", sha256=added.sha256).is_empty()


def test_the_same_weights_again_change_nothing(warehouse, checkpoint, tmp_path):
    added = add_model(warehouse, checkpoint)
    other = shutil.copy(checkpoint, tmp_path / "other name.safetensors")
    assert models(warehouse)[added.model_version_id].downloads == 0, "no hub lists it"
    again = add_model(warehouse, tmp_path / other, ModelDetails(name="Other"))
    assert not again.is_new
    assert again.model_version_id == added.model_version_id
    assert again.model_name == "dream"
    counts = warehouse.table_counts()
    assert (counts["models"], counts["audit"]) == (1, 1)


def test_a_file_on_the_same_disk_takes_no_room(warehouse, checkpoint):
    added = add_model(warehouse, checkpoint)
    assert (warehouse.home / added.path).stat().st_ino == checkpoint.stat().st_ino


def no_links(monkeypatch):
    def refused(*_):
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refused)


def test_a_file_on_another_disk_is_copied(warehouse, checkpoint, monkeypatch):
    no_links(monkeypatch)
    shown = []
    added = add_model(warehouse, checkpoint, on_progress=lambda *told: shown.append(told))
    assert (warehouse.home / added.path).stat().st_ino != checkpoint.stat().st_ino
    assert weights_sha256(warehouse.home / added.path) == added.sha256
    assert [what for what, _, _ in shown] == ["hashing (MiB)", "bringing (MiB)"]


def test_a_folder_comes_whole_and_without_what_makes_no_picture(warehouse, tmp_path, monkeypatch):
    folder = folder_of(tmp_path / "Night Sky", 2048)
    plain = folder / "unet/diffusion_pytorch_model.safetensors"
    shutil.copy(plain, plain.with_name("diffusion_pytorch_model.fp16.safetensors"))
    shutil.copy(plain, folder / "night-sky-full.safetensors")
    for extra in ("README.md", "sample.png", ".cache/x.json", "safety_checker/config.json"):
        (folder / extra).parent.mkdir(exist_ok=True)
        (folder / extra).write_text("{}")
    (folder / "tokenizer").mkdir()
    (folder / "tokenizer/merges.txt").write_text("a b")
    no_links(monkeypatch)
    added = add_model(warehouse, folder)
    assert (added.model_name, added.base_model) == ("Night Sky", "SDXL 1.0")
    assert added.path == f"models/own/{added.sha256[:12]}"
    brought = warehouse.home / added.path
    assert sorted(p.relative_to(brought).as_posix() for p in brought.rglob("*") if p.is_file()) == [
        "model_index.json",
        "tokenizer/merges.txt",
        "unet/diffusion_pytorch_model.safetensors",
    ]
    assert weights_sha256(brought) == added.sha256
    assert models(warehouse)[added.model_version_id].problem == ""


def test_a_folder_of_half_precision_alone_keeps_it(warehouse, tmp_path):
    folder = folder_of(tmp_path / "half", 768)
    plain = folder / "unet/diffusion_pytorch_model.safetensors"
    plain.rename(plain.with_name("diffusion_pytorch_model.fp16.safetensors"))
    added = add_model(warehouse, folder)
    brought = warehouse.home / added.path / "unet/diffusion_pytorch_model.fp16.safetensors"
    assert brought.is_file()


class TestLoras:
    def test_a_lora_finds_the_base_that_it_fits(self, warehouse, checkpoint, lora, tmp_path):
        base = add_model(warehouse, checkpoint)
        add_model(warehouse, write_safetensors(tmp_path / "xl.safetensors", ldm(2048)))
        added = add_model(warehouse, lora)
        assert (added.kind, added.base_model, added.model_name) == ("lora", "SD 1.5", "ink wash")
        assert added.path.endswith("/ink-wash.safetensors")
        model = models(warehouse)[added.model_version_id]
        assert (model.problem, model.checkpoint.sha256) == ("", base.sha256)
        assert model.loras[0].sha256 == added.sha256

    def test_a_lora_without_its_base_is_refused_and_told_which_are_here(
        self, warehouse, lora, tmp_path
    ):
        with pytest.raises(UnfitWeightsError, match=r"made for SD 1 .* None is here yet"):
            add_model(warehouse, lora)
        add_model(warehouse, write_safetensors(tmp_path / "xl.safetensors", ldm(2048)))
        with pytest.raises(UnfitWeightsError, match=r"does not fit .* Here are: “SDXL 1.0”"):
            add_model(warehouse, lora)
        with pytest.raises(UnfitWeightsError, match=r"No checkpoint of “SD 1.5” is here"):
            add_model(warehouse, lora, ModelDetails(base="SD 1.5"))
        with pytest.raises(UnfitWeightsError, match=r"made for SD 1, not for “SDXL 1.0”"):
            add_model(warehouse, lora, ModelDetails(base="SDXL 1.0"))
        assert warehouse.table_counts()["models"] == 1
        assert len(own_folder(warehouse)) == 1

    def test_where_several_bases_fit_one_must_be_named(self, warehouse, checkpoint, lora, tmp_path):
        add_model(warehouse, checkpoint)
        other = write_safetensors(tmp_path / "b.safetensors", ldm(768), fill=1)
        add_model(warehouse, other, ModelDetails(base="Dreamland"))
        with pytest.raises(UnfitWeightsError, match=r"several bases \(“Dreamland”, “SD 1.5”\)"):
            add_model(warehouse, lora)
        assert add_model(warehouse, lora, ModelDetails(base="dreamland")).base_model == "Dreamland"

    def test_a_checkpoint_can_be_named_as_its_base(self, warehouse, checkpoint, lora, tmp_path):
        add_model(warehouse, checkpoint, ModelDetails(downloads=100))
        other = write_safetensors(tmp_path / "b.safetensors", ldm(768), fill=1)
        base = add_model(warehouse, other)
        added = add_model(warehouse, lora, ModelDetails(base=str(base.model_version_id)))
        assert added.base_model == "SD 1.5"
        assert models(warehouse)[added.model_version_id].checkpoint.sha256 == base.sha256

    def test_the_starters_own_can_be_added(self, warehouse):
        base = add_model(warehouse, BASE_FOLDER, ModelDetails(name="Gemboard Base 1.0"))
        assert base.base_model == "Gemboard Base 1.0"
        added = add_model(warehouse, LORA_FOLDER / "ink", ModelDetails(kind="merge"))
        assert (added.kind, added.base_model) == ("merge", "Gemboard Base 1.0")
        assert added.sha256 == weights_sha256(LORA_FOLDER / "ink")
        assert models(warehouse)[added.model_version_id].problem == ""


def test_weights_of_a_listed_model_go_to_its_row(warehouse, checkpoint):
    listed = ModelRecord(
        4711,
        "Dreamlike",
        version_name="v1",
        base_model="SD 1.5",
        downloads=9,
        sha256=weights_sha256(checkpoint),
    )
    land(warehouse, "test", "test", models=[listed])
    assert models(warehouse)[4711].problem
    added = add_model(warehouse, checkpoint)
    assert (added.is_new, added.model_version_id, added.model_name) == (True, 4711, "Dreamlike")
    model = models(warehouse)[4711]
    assert (model.problem, model.version_name, model.downloads) == ("", "v1", 9)


def test_adding_again_mends_damaged_weights(warehouse, checkpoint, monkeypatch):
    no_links(monkeypatch)
    added = add_model(warehouse, checkpoint)
    place = warehouse.home / added.path
    place.write_bytes(bytes(place.stat().st_size))
    mended = add_model(warehouse, checkpoint)
    assert mended.model_version_id == added.model_version_id
    assert weights_sha256(warehouse.home / mended.path) == added.sha256
    assert warehouse.table_counts()["models"] == 1


class TestRefused:
    def test_pickles_are_refused_and_nothing_is_left(self, warehouse, tmp_path):
        path = tmp_path / "model.ckpt"
        path.write_bytes(pickle.dumps({}))
        with pytest.raises(UnfitWeightsError, match="is a pickle"):
            add_model(warehouse, path)
        assert (own_folder(warehouse), warehouse.table_counts()["models"]) == ([], 0)

    def test_a_base_of_another_family_is_refused(self, warehouse, checkpoint):
        with pytest.raises(UnfitWeightsError, match=r"made for SD 1, not for “SDXL 1.0”"):
            add_model(warehouse, checkpoint, ModelDetails(base="SDXL 1.0"))
        assert add_model(warehouse, checkpoint, ModelDetails(base="SD 1.4")).base_model == "SD 1.4"

    @pytest.mark.parametrize(
        ("details", "words"),
        [
            ({"kind": "lora"}, "a single file, not a lora"),
            ({"kind": "painting"}, "take checkpoint, lora or merge"),
            ({"name": "x" * 501}, "longer than 500 characters"),
            ({"tags": ("a\x07b",)}, "cannot be shown"),
            ({"downloads": -1}, "give 0 or more"),
        ],
    )
    def test_what_is_said_must_make_sense(self, warehouse, checkpoint, details, words):
        with pytest.raises(ModelDetailsError, match=words):
            add_model(warehouse, checkpoint, ModelDetails(**details))

    def test_a_full_disk_is_told_before_anything_is_copied(
        self, warehouse, checkpoint, monkeypatch
    ):
        no_links(monkeypatch)
        usage = shutil.disk_usage(warehouse.home)._replace(free=1_000)
        monkeypatch.setattr(own_files.shutil, "disk_usage", lambda _: usage)
        with pytest.raises(BringError, match=r"There is no room: .* GEMBOARD_HOME"):
            add_model(warehouse, checkpoint)
        assert (own_folder(warehouse), warehouse.table_counts()["models"]) == ([], 0)

    def test_a_copy_that_breaks_off_leaves_nothing(self, warehouse, checkpoint, monkeypatch):
        no_links(monkeypatch)

        def full(*_):
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as broken:
            broken.setattr(own_files, "check_free", full)
            with pytest.raises(BringError, match="No space left on device"):
                add_model(warehouse, checkpoint)
        assert (own_folder(warehouse), warehouse.table_counts()["models"]) == ([], 0)
        assert add_model(warehouse, checkpoint).is_new

    def test_a_file_that_changes_meanwhile_is_refused(self, warehouse, checkpoint, monkeypatch):
        def swapped(*_):
            checkpoint.write_bytes(checkpoint.read_bytes()[:-1] + b"x")
            raise OSError(errno.EXDEV, "Invalid cross-device link")

        monkeypatch.setattr(os, "link", swapped)
        with pytest.raises(BringError, match="changed while it was read"):
            add_model(warehouse, checkpoint)
        assert own_folder(warehouse) == []


class TestUploads:
    def test_an_upload_is_added_under_its_own_name(self, warehouse, checkpoint):
        data = io.BytesIO(checkpoint.read_bytes())
        added = add_uploaded(warehouse, data, "C:\\x\\My Dream.safetensors", person_id="ada")
        assert added.model_name == "My Dream"
        assert added.path.endswith("/My-Dream.safetensors")
        assert weights_sha256(warehouse.home / added.path) == weights_sha256(checkpoint)
        assert own_folder(warehouse) == [added.sha256[:12]]

    @pytest.mark.parametrize("name", ["../../evil.ckpt", "model.safetensors", "", "..", "a/\0b.pt"])
    def test_a_pickle_is_refused_whatever_its_name(self, warehouse, name):
        data = io.BytesIO(pickle.dumps([1] * 1_000))
        with pytest.raises(UnfitWeightsError, match="is a pickle"):
            add_uploaded(warehouse, data, name, person_id="ada")
        assert own_folder(warehouse) == []
        assert not (warehouse.home.parent / "evil.ckpt").exists()

    def test_a_full_disk_ends_an_upload(self, warehouse, checkpoint, monkeypatch):
        usage = shutil.disk_usage(warehouse.home)._replace(free=1_000)
        monkeypatch.setattr(own_files.shutil, "disk_usage", lambda _: usage)
        with pytest.raises(BringError, match="is full"):
            add_uploaded(
                warehouse, io.BytesIO(checkpoint.read_bytes()), "a.safetensors", person_id="ada"
            )
        assert own_folder(warehouse) == []


class TestHub:
    def test_a_pipeline_is_fetched_by_its_parts(self, warehouse, tmp_path, monkeypatch):
        snapshot = tmp_path / "hub/models--ada--night/snapshots/12ab"
        folder_of(snapshot, 768)
        asked = []

        def fetched(name, repo_type, allow_patterns):
            asked.append((name, repo_type, allow_patterns))
            return str(snapshot)

        monkeypatch.setattr("huggingface_hub.snapshot_download", fetched)
        added = add_from_hub(warehouse, "ada/night")
        assert added.model_name == "night"
        assert asked[0] == ("ada/night", "model", ["model_index.json"])
        assert "unet/*.safetensors" in asked[1][2]
        assert not any("bin" in pattern or pattern == "*" for pattern in asked[1][2])

    def test_a_lora_is_fetched_with_its_links(
        self, warehouse, checkpoint, lora, tmp_path, monkeypatch
    ):
        add_model(warehouse, checkpoint)
        store = tmp_path / "hub/models--ada--ink"
        (store / "blobs").mkdir(parents=True)
        (store / "snapshots/12ab").mkdir(parents=True)
        shutil.copy(lora, store / "blobs/77")
        (store / "snapshots/12ab/ink.safetensors").symlink_to("../../blobs/77")
        monkeypatch.setattr(
            "huggingface_hub.snapshot_download", lambda *_, **__: str(store / "snapshots/12ab")
        )
        added = add_from_hub(warehouse, "ada/ink")
        assert added.sha256 == weights_sha256(lora)
        assert not (warehouse.home / added.path).is_symlink()

    def test_out_of_reach_is_one_sentence(self, warehouse, monkeypatch):
        def unreachable(*_, **__):
            raise OSError("Connection refused")

        monkeypatch.setattr("huggingface_hub.snapshot_download", unreachable)
        with pytest.raises(FileFormatError, match=r"cannot be fetched .*give the folder instead"):
            add_from_hub(warehouse, "ada/night")
        with pytest.raises(FileFormatError, match="hub id"):
            add_from_hub(warehouse, "no id at all")


class TestCommand:
    def test_adds_and_says_so(self, command, checkpoint, lora):
        ran = command("add", "model", checkpoint, "--name", "Dream", "--version", "v1")
        assert ran.code == 0
        assert "Dream v1 (checkpoint of SD 1.5) is model 1000000000, ready" in ran.out
        added = command(
            *("add", "model", lora, "--base", "SD 1.5", "--tag", "style", "--tag", "ink"),
            *("--licence", "MIT", "--downloads", 3, "--trained-word", "inkwash", "--json"),
        ).json
        assert (added["is_new"], added["kind"], added["base_model"]) == (True, "lora", "SD 1.5")
        assert added["sha256"] == hashlib.sha256(lora.read_bytes()).hexdigest()
        again = command("add", "model", lora)
        assert "is here already, as model 1000000001: nothing was changed." in again.out

    def test_errors_are_one_line(self, command, tmp_path, lora):
        for arguments in ((tmp_path / "gone.safetensors",), (lora,), (lora, "--kind", "x")):
            ran = command("add", "model", *arguments)
            assert (ran.code, ran.out) == (1, "")
            assert ran.err.startswith("Error: ")
            assert ran.err.count("\n") == 1


def test_diffusers_and_kohya_files_are_different_models(warehouse, checkpoint, lora, tmp_path):
    add_model(warehouse, checkpoint)
    one = add_model(warehouse, lora)
    two = add_model(warehouse, write_safetensors(tmp_path / "l.safetensors", diffusers_lora(768)))
    assert one.model_version_id != two.model_version_id
    assert two.is_new
