"""Weights are what their hash says, and their headers tell what they are."""

import hashlib
import json
import os
import pickle
import shutil
import zipfile

import pytest

from core.generation import weights_hash
from core.generation.devices import WrongWeightsError
from core.generation.families import USUAL_BASES, family_of_base
from core.generation.safetensors_header import read_header
from core.generation.weights_files import (
    UnfitWeightsError,
    check_weights,
    describe_weights,
    weights_sha256,
)
from core.starter.manifest import BASE_FOLDER, LORA_FOLDER, MANIFEST, read_manifest
from core.starter.manifest import weights_sha256 as manifest_sha256
from tests.weights_on_disk import (
    DIFFUSERS_TO_K,
    INPUT,
    TO_K,
    UNET,
    diffusers_lora,
    folder_of,
    kohya_lora,
    kohya_lora_of_ldm_names,
    ldm,
    lora,
    old_diffusers_lora,
)
from tests.weights_on_disk import write_safetensors as write


class TestHash:
    def test_of_a_file_is_its_own(self, tmp_path):
        (tmp_path / "a.safetensors").write_bytes(b"weights")
        expected = hashlib.sha256(b"weights").hexdigest()
        assert weights_sha256(tmp_path / "a.safetensors") == expected
        assert weights_sha256(tmp_path) == expected, "a folder's only file"

    def test_of_a_folder_is_that_of_its_list(self, tmp_path):
        for name in ("b/x.json", "a.json", "b-c.json"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(name)
        listing = "".join(
            f"{hashlib.sha256(name.encode()).hexdigest()}  {name}\n"
            for name in ("a.json", "b-c.json", "b/x.json")
        )
        assert weights_sha256(tmp_path) == hashlib.sha256(listing.encode()).hexdigest()
        moved = shutil.copytree(tmp_path, tmp_path.with_name("moved"))
        assert weights_sha256(moved) == weights_sha256(tmp_path)

    @pytest.mark.skipif(not MANIFEST.exists(), reason="no pictures are packed yet")
    def test_of_the_starter_is_what_its_manifest_gives(self):
        files = read_manifest()
        expected = "987d432fe2b54644a88a9851d6eee3b9211dafe13f932789af383da441ec6af6"
        assert weights_sha256(BASE_FOLDER) == manifest_sha256(files, "base") == expected
        assert weights_sha256(LORA_FOLDER / "ink") == manifest_sha256(files, "loras/ink")

    def test_tells_how_many_bytes_were_read(self, tmp_path):
        (tmp_path / "a").write_bytes(bytes(10_000_000))
        (tmp_path / "b").write_bytes(bytes(5))
        read = []
        weights_sha256(tmp_path, read.append)
        assert sum(read) == 10_000_005

    def test_follows_no_link_out_of_the_folder(self, tmp_path):
        outside = tmp_path / "outside"
        outside.write_text("secret")
        folder = tmp_path / "model"
        folder.mkdir()
        (folder / "a").write_text("a")
        (folder / "link").symlink_to(outside)
        with pytest.raises(WrongWeightsError, match=r"“link” .* leads out of the folder"):
            weights_sha256(folder)
        (folder / "link").unlink()
        (folder / "link").symlink_to(tmp_path)
        with pytest.raises(WrongWeightsError, match="leads out"):
            weights_sha256(folder)
        (folder / "link").unlink()
        (folder / "link").symlink_to(folder / "a")
        assert len(weights_sha256(folder)) == 64

    def test_takes_the_hubs_own_links(self, tmp_path):
        snapshot = tmp_path / "models--a--b/snapshots/1234"
        blobs = tmp_path / "models--a--b/blobs"
        blobs.mkdir(parents=True)
        snapshot.mkdir(parents=True)
        (blobs / "ab12").write_text("weights")
        (snapshot / "model.safetensors").symlink_to("../../blobs/ab12")
        assert weights_sha256(snapshot) == hashlib.sha256(b"weights").hexdigest()

    def test_of_nothing_is_refused_with_the_way_out(self, tmp_path):
        (tmp_path / "empty").mkdir()
        with pytest.raises(WrongWeightsError, match="holds no files"):
            weights_sha256(tmp_path / "empty")
        with pytest.raises(WrongWeightsError, match="add the model anew"):
            weights_sha256(tmp_path / "gone")


class TestCheck:
    def test_a_changed_file_is_refused_by_name(self, tmp_path):
        path = tmp_path / "model.safetensors"
        path.write_bytes(b"right")
        sha256 = weights_sha256(path)
        check_weights(path, sha256)
        path.write_bytes(b"wrong")  # as long as before
        with pytest.raises(WrongWeightsError, match=r"“model\.safetensors” .*Put the right file"):
            check_weights(path, sha256)
        path.write_bytes(b"right")
        check_weights(path, sha256)

    def test_a_file_swapped_with_its_time_kept_is_refused(self, tmp_path):
        path = tmp_path / "model.safetensors"
        path.write_bytes(b"right")
        check_weights(path, weights_sha256(path))
        stat, sha256 = path.stat(), weights_sha256(path)
        path.write_bytes(b"wrong")
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        with pytest.raises(WrongWeightsError):
            check_weights(path, sha256)

    def test_a_file_is_hashed_once(self, tmp_path, monkeypatch):
        folder = tmp_path / "model"
        folder.mkdir()
        for name in "ab":
            (folder / name).write_text(name)
        sha256, hashed = weights_sha256(folder), []
        real = weights_hash._file_sha256

        def counted(path, on_bytes):
            hashed.append(path.name)
            return real(path, on_bytes)

        monkeypatch.setattr(weights_hash, "_file_sha256", counted)
        for _ in range(3):
            check_weights(folder, sha256)
        assert hashed == ["a", "b"]
        (folder / "c").write_text("c")
        with pytest.raises(WrongWeightsError, match="hash begins"):
            check_weights(folder, sha256)

    def test_a_missing_file_is_refused(self, tmp_path):
        with pytest.raises(WrongWeightsError, match="There are no weights at"):
            check_weights(tmp_path / "gone", "0" * 64)


class TestDescription:
    @pytest.mark.parametrize(
        ("width", "family"), [(768, "SD 1"), (1024, "SD 2"), (2048, "SDXL"), (128, "own")]
    )
    def test_cross_attention_tells_the_family(self, tmp_path, width, family):
        single = write(tmp_path / "a.safetensors", ldm(width))
        told = describe_weights(single)
        assert (told.layout, told.family, told.is_lora) == ("single file", family, False)
        assert told.bytes == single.stat().st_size
        folder = describe_weights(folder_of(tmp_path / "folder", width))
        assert (folder.layout, folder.family, folder.is_lora) == ("folder", family, False)
        assert dict(folder.attention) == dict(told.attention)
        for number, (make, layout) in enumerate(
            [
                (diffusers_lora, "diffusers LoRA"),
                (old_diffusers_lora, "diffusers LoRA"),
                (kohya_lora, "Kohya LoRA"),
                (kohya_lora_of_ldm_names, "Kohya LoRA"),
            ]
        ):
            adapter = describe_weights(write(tmp_path / f"{number}.safetensors", make(width)))
            assert (adapter.layout, adapter.family, adapter.is_lora) == (layout, family, True)
            assert len(adapter.attention) == 3
            assert adapter.fits(told)
            assert adapter.fits(folder)

    def test_a_lora_of_another_base_does_not_fit(self, tmp_path):
        base = describe_weights(write(tmp_path / "base.safetensors", ldm(768)))
        other = describe_weights(write(tmp_path / "a.safetensors", kohya_lora(2048)))
        assert not other.fits(base)
        assert not base.fits(base)
        deeper = {f"unet.{DIFFUSERS_TO_K.replace('.0.', '.7.')}": (8, 768)}
        missing = describe_weights(
            write(tmp_path / "b.safetensors", lora(deeper, "lora_A", "lora_B"))
        )
        assert missing.family == "SD 1"
        assert not missing.fits(base)

    def test_the_starters_loras_fit_the_starters_base(self):
        base = describe_weights(BASE_FOLDER)
        assert (base.layout, base.family, base.predicts_velocity) == ("folder", "own", True)
        for name in ("ink", "ink+autumn", "glass-half"):
            adapter = describe_weights(LORA_FOLDER / name)
            assert adapter.layout == "diffusers LoRA"
            assert adapter.fits(base)

    @pytest.mark.parametrize(
        ("module", "width", "metadata", "family"),
        [
            ("lora_te_text_model_encoder_layers_0_self_attn_q_proj", 768, {}, "SD 1"),
            ("lora_te_text_model_encoder_layers_0_self_attn_q_proj", 1024, {}, "SD 2"),
            ("lora_te2_text_model_encoder_layers_0_self_attn_q_proj", 1280, {}, "SDXL"),
            ("lora_unet_conv_in", 4, {"ss_base_model_version": "sdxl_base_v1-0"}, "SDXL"),
            ("lora_unet_conv_in", 4, {"ss_base_model_version": "sd_v2_v"}, "SD 2"),
            (
                "lora_unet_conv_in",
                4,
                {"modelspec.architecture": "stable-diffusion-v1/lora"},
                "SD 1",
            ),
            ("lora_unet_conv_in", 4, {}, "own"),
        ],
    )
    def test_a_lora_without_attention_is_told_by_other_signs(
        self, tmp_path, module, width, metadata, family
    ):
        path = write(
            tmp_path / "a.safetensors",
            lora({module: (8, width)}, "lora_down", "lora_up"),
            metadata,
        )
        assert describe_weights(path).family == family

    def test_what_a_checkpoint_predicts_is_read_where_it_says_so(self, tmp_path):
        path = tmp_path / "a.safetensors"
        assert describe_weights(write(path, ldm(1024))).predicts_velocity is None
        told = {"modelspec.prediction_type": "v"}
        assert describe_weights(write(path, ldm(1024), told)).predicts_velocity is True
        told = {"modelspec.prediction_type": "epsilon"}
        assert describe_weights(write(path, ldm(1024), told)).predicts_velocity is False
        assert describe_weights(write(path, {**ldm(2048), "v_pred": ()})).predicts_velocity is True

    @pytest.mark.parametrize(
        ("shapes", "words"),
        [
            (ldm(768, channels=9), "starts from 9 channels"),
            (ldm(1280), "SDXL refiner"),
            ({"x": (1,)}, "none of SD 1, SD 2 and SDXL"),
            ({f"{UNET}{TO_K}.weight": (8, 768), INPUT: (8, 4, 3, 3)}, "autoencoder is missing"),
            ({f"{UNET}joint_blocks.0.x.weight": (8, 8)}, "none of SD 1, SD 2 and SDXL"),
            ({"lora_unet_a.hada_w1_a": (8, 8)}, "LyCORIS"),
        ],
    )
    def test_what_makes_no_picture_from_text_is_refused(self, tmp_path, shapes, words):
        with pytest.raises(UnfitWeightsError, match=words):
            describe_weights(write(tmp_path / "a.safetensors", shapes))

    def test_folders_of_other_kinds_are_refused(self, tmp_path):
        other = folder_of(tmp_path / "a", 768, pipeline="FluxPipeline")
        with pytest.raises(UnfitWeightsError, match="FluxPipeline"):
            describe_weights(other)
        with pytest.raises(UnfitWeightsError, match="starts from 9 channels"):
            describe_weights(folder_of(tmp_path / "b", 768, channels=9))
        own = folder_of(tmp_path / "c", 768, unet=["my_code", "Net"])
        with pytest.raises(UnfitWeightsError, match="a program of its own for “unet”"):
            describe_weights(own)
        (own / "model_index.json").write_text("[" * 100_000)
        with pytest.raises(UnfitWeightsError, match="cannot be read"):
            describe_weights(own)
        (own / "model_index.json").unlink()
        with pytest.raises(UnfitWeightsError, match=r"model_index\.json is missing"):
            describe_weights(own)
        with pytest.raises(UnfitWeightsError, match="There is no file or folder"):
            describe_weights(tmp_path / "gone")


class TestPickles:
    @pytest.mark.parametrize("ending", [".ckpt", ".pt", ".bin", ".pth", ".safetensors", ""])
    @pytest.mark.parametrize("protocol", [2, 4])
    def test_are_refused_whatever_their_ending(self, tmp_path, ending, protocol):
        path = tmp_path / f"model{ending}"
        path.write_bytes(pickle.dumps({"state_dict": [1] * 100}, protocol=protocol))
        with pytest.raises(UnfitWeightsError, match=r"is a pickle.*safetensors"):
            describe_weights(path)

    def test_have_endings_that_are_refused_whatever_they_hold(self, tmp_path):
        with pytest.raises(UnfitWeightsError, match="is a pickle"):
            describe_weights(write(tmp_path / "a.ckpt", ldm(768)))

    def test_in_a_zip_are_refused(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "a.safetensors", "w") as file:
            file.writestr("archive/data.pkl", "x")
        with pytest.raises(UnfitWeightsError, match="is a pickle"):
            describe_weights(tmp_path / "a.safetensors")

    @pytest.mark.parametrize("name", ["unet/model.bin", "safety/x.ckpt", "pipeline.py"])
    def test_in_a_folder_are_refused(self, tmp_path, name):
        folder = folder_of(tmp_path / "a", 768)
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
        with pytest.raises(UnfitWeightsError, match="may hold a program"):
            describe_weights(folder)

    def test_hidden_in_another_part_of_a_folder_are_refused(self, tmp_path):
        folder = folder_of(tmp_path / "a", 768)
        (folder / "vae").mkdir()
        (folder / "vae/model.safetensors").write_bytes(pickle.dumps([1] * 100))
        with pytest.raises(UnfitWeightsError, match="is a pickle"):
            describe_weights(folder)

    def test_a_header_of_640_bytes_is_no_pickle(self, tmp_path):
        shapes = {f"x{'y' * 50}": (2,)}
        path = write(tmp_path / "a.safetensors", shapes)
        text = path.read_bytes()[8:-4].ljust(640)
        path.write_bytes((640).to_bytes(8, "little") + text + bytes(4))
        assert path.read_bytes()[:2] == b"\x80\x02"
        assert dict(read_header(path).shapes) == shapes


def header_of(content, data=b"\0" * 8):
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return len(text).to_bytes(8, "little") + text + data


class TestHeader:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "no safetensors file"),
            (b"hello world, no weights", "no safetensors file"),
            ((2**36).to_bytes(8, "little") + b"{", "has 68,719,476,736 bytes"),
            ((100).to_bytes(8, "little") + b"{}", "cut off"),
            (header_of(b"{" * 50), "broken"),
            (header_of(b'{"a":' * 5_000), "broken"),
            (header_of({}), "broken"),
            (header_of({"a": {}}), "broken"),
            (header_of({"a": {"dtype": "F16", "shape": [2], "data_offsets": [0, 8]}}), "broken"),
            (header_of({"a": {"dtype": "F16", "shape": [-4], "data_offsets": [8, 0]}}), "broken"),
            (header_of({"a": {"dtype": "F16", "shape": "4", "data_offsets": [0, 8]}}), "broken"),
            (header_of({"a": {"dtype": "F16", "shape": [2.0], "data_offsets": [0, 4]}}), "broken"),
            (
                header_of({"a": {"dtype": "F16", "shape": [64], "data_offsets": [0, 128]}}),
                "cut off",
            ),
        ],
    )
    def test_a_broken_one_is_refused(self, tmp_path, content, words):
        path = tmp_path / "a.safetensors"
        path.write_bytes(content)
        with pytest.raises(UnfitWeightsError, match=words):
            read_header(path)

    def test_long_words_of_strangers_are_left_out(self, tmp_path):
        metadata = {"ss_base_model_version": "sd_v1", "tags": "x" * 5_000}
        path = write(tmp_path / "a.safetensors", {"a": (2,)}, metadata)
        assert dict(read_header(path).metadata) == {"ss_base_model_version": "sd_v1"}


@pytest.mark.parametrize(
    ("name", "family"),
    [
        *(("SD 1.4", "SD 1"), ("SD 1.5 LCM", "SD 1"), ("stable-diffusion-v1-5", "SD 1")),
        *(("SD 2.0", "SD 2"), ("SD 2.1 768", "SD 2"), ("Stable Diffusion 2", "SD 2")),
        *(("SDXL 1.0", "SDXL"), ("SDXL Turbo", "SDXL"), ("Pony", "SDXL"), ("NoobAI", "SDXL")),
        *(("Illustrious", "SDXL"), ("stable-diffusion-xl-base-1.0", "SDXL"), ("sdxl1", "SDXL")),
        *(("SD 3.5", None), ("Flux.1 D", None), ("Gemboard Base 1.0", None), ("", None)),
        *(("SD 10", None), ("SD 21", None)),
    ],
)
def test_a_bases_name_tells_its_family(name, family):
    assert family_of_base(name) == family


def test_usual_names_of_bases_tell_their_own_family():
    assert {family: family_of_base(name) for family, name in USUAL_BASES.items()} == {
        family: family for family in USUAL_BASES
    }
