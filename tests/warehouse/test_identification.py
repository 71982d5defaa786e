"""Identification on a planted grid: specifications, what is kept, answers, what is refused."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tests.warehouse import planted
from tests.warehouse.planted import BARE_MODEL, HIDDEN, MODELS, OWN, QUERIES, picture, prompt_text
from warehouse.database import open_in_memory
from warehouse.identification import specifications as kept
from warehouse.identification import tuning as tunings
from warehouse.identification.examples import ExampleError, opened_example, read_example
from warehouse.identification.identify import identify
from warehouse.identification.specifications import NoSpecificationsError, specifications
from warehouse.identification.wording import reworded

DOWNLOADS = {model: 10**model for model in MODELS}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The planted grid; nothing in it changes."""
    warehouse = open_in_memory(tmp_path_factory.mktemp("identification"))
    warehouse.encoder = planted.plant(warehouse)
    yield warehouse
    warehouse.close()


@pytest.fixture
def fresh(warehouse):
    """A planted grid of one's own."""
    warehouse.encoder = planted.plant(warehouse)
    return warehouse


def key(warehouse):
    return warehouse.encoder.identity.key


def cache_file(warehouse):
    (path,) = (warehouse.home / kept.FOLDER).iterdir()
    return path


def must_not_run(*arguments, **named):
    raise AssertionError("made again")


class TestSpecifications:
    def test_queries_and_hidden_pictures_are_out(self, told):
        found = specifications(told, key(told), "both")
        assert set(found.known.prompt_ids.tolist()) == {*planted.PROMPTS, *OWN}
        assert HIDDEN not in found.image_ids and len(found.image_ids) == 81

    def test_image_ids_name_the_rows(self, told):
        found = specifications(told, key(told), "both")
        whole = found.known
        for row, image_id in enumerate(found.image_ids):
            prompt, model = whole.prompt_ids[whole.prompts[row]], whole.model_ids[whole.models[row]]
            assert image_id.startswith(f"p{prompt}-m{model}-s")
            stored = told.value(
                "select vector from image_features where image_id = $i", {"i": image_id}
            )
            assert whole.features[row] + whole.centre == pytest.approx(stored, abs=1e-5)

    def test_makers_prompts_stand_for_the_default_ones_where_there_are_any(self, told):
        whole = specifications(told, key(told), "own").known
        sizes = dict(zip(whole.model_ids.tolist(), whole.model_sizes.tolist(), strict=True))
        assert sizes == {1: 2, 2: 15, 3: 16, 4: 16, 5: 16}

    def test_they_are_read_from_disk_while_pictures_stay(self, fresh, monkeypatch):
        first = specifications(fresh, key(fresh))
        monkeypatch.setattr(kept, "_from_tables", must_not_run)
        again = specifications(fresh, key(fresh))
        assert again.image_ids == first.image_ids
        for name in kept._PARTS:
            assert (getattr(again.known, name) == getattr(first.known, name)).all()

    @pytest.mark.parametrize(
        "change",
        [
            "delete from images where image_id = 'p1-m3-s1'",
            "update images set nsfw_score = 1 where image_id = 'p1-m3-s1'",
            "update image_features set vector = list_reverse(vector) where image_id = 'p1-m3-s1'",
            "update prompt_features set vector = list_reverse(vector) where prompt_id = 1",
            "insert into specification_prompts values (2, 1), (2, 31)",
        ],
    )
    def test_they_are_made_again_when_anything_changed(self, fresh, change):
        first = specifications(fresh, key(fresh), "own")
        with fresh.transaction() as cursor:
            cursor.execute(change)
        again = specifications(fresh, key(fresh), "own")
        assert again.fingerprint != first.fingerprint
        same = again.image_ids == first.image_ids
        assert (
            not same
            or not np.array_equal(
                again.known.features + again.known.centre, first.known.features + first.known.centre
            )
            or not np.array_equal(again.known.texts, first.known.texts)
        )

    @pytest.mark.parametrize("damage", [b"", b"nonsense", "half"])
    def test_a_damaged_file_is_made_again(self, fresh, damage):
        first = specifications(fresh, key(fresh))
        path = cache_file(fresh)
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2] if damage == "half" else damage)
        assert specifications(fresh, key(fresh)).image_ids == first.image_ids
        assert path.read_bytes()[:2] == b"PK" and len(path.read_bytes()) == len(whole)

    def test_a_broken_write_leaves_the_old_file_and_nothing_beside_it(self, fresh, monkeypatch):
        specifications(fresh, key(fresh))
        before = cache_file(fresh).read_bytes()
        with fresh.transaction() as cursor:
            cursor.execute("delete from images where image_id = 'p1-m1-s1'")

        def full(file, **parts):
            file.write(b"PK half of it")
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(kept.np, "savez", full)
        assert len(specifications(fresh, key(fresh)).image_ids) == 80, "the answer is still given"
        assert cache_file(fresh).read_bytes() == before

    def test_damaged_features_stop_nobody(self, fresh):
        with fresh.transaction() as cursor:
            for image_id, vector in (("p1-m1-s1", [np.nan] * 12), ("p1-m1-s2", [1.0])):
                cursor.execute(
                    "update image_features set vector = $1 where image_id = $2", [vector, image_id]
                )
            cursor.execute(
                "update prompt_features set vector = $1 where prompt_id = 2", [[np.inf] * 12]
            )
        found = specifications(fresh, key(fresh), "default")
        assert len(found.image_ids) == 79 - 2 - 10


class TestNothingToTellApart:
    def test_no_features(self, warehouse):
        with pytest.raises(NoSpecificationsError, match=r"No model has .* embed"):
            specifications(warehouse, "none")

    def test_one_model(self, warehouse):
        encoder = planted.plant(warehouse, models=(1,))
        with pytest.raises(NoSpecificationsError, match="Only one model"):
            identify(warehouse, encoder, [picture(1, 1)])

    def test_one_prompt(self, warehouse):
        encoder = planted.plant(warehouse, models=(2, 3), prompts=(1,))
        with pytest.raises(NoSpecificationsError, match="two prompts are the least"):
            identify(warehouse, encoder, [picture(2, 1)])


class TestTuning:
    def test_it_is_kept_and_used_again(self, fresh, monkeypatch):
        known = specifications(fresh, key(fresh))
        for method in ("most-downloaded", "nearest", "moments", "best"):
            first = tunings.tuning(fresh, known, method, DOWNLOADS)
            with monkeypatch.context() as patch:
                patch.setattr(tunings, "tuned_method", must_not_run)
                assert tunings.tuning(fresh, known, method, DOWNLOADS) == first
        assert first.mean_reciprocal_rank > 0.95, "hues are told apart"

    def test_calibration_is_kept_and_used_again(self, fresh, monkeypatch):
        known = specifications(fresh, key(fresh))
        tuned = tunings.tuning(fresh, known, "moments", DOWNLOADS)
        first = tunings.confidences(fresh, known, tuned, DOWNLOADS)
        assert [(each.wording, each.examples) for each in first] == [
            (wording, count) for wording in ("nearest", "none", "typed") for count in range(1, 7)
        ]
        monkeypatch.setattr(tunings, "held_out", must_not_run)
        again = tunings.confidences(fresh, known, tuned, DOWNLOADS)
        assert repr(again) == repr(first)

    def test_it_is_done_again_when_pictures_changed(self, fresh, monkeypatch):
        tunings.tuning(fresh, specifications(fresh, key(fresh)), "pmi", DOWNLOADS)
        with fresh.transaction() as cursor:
            cursor.execute("delete from images where image_id = 'p1-m1-s1'")
        monkeypatch.setattr(tunings, "tuned_method", must_not_run)
        with pytest.raises(AssertionError, match="made again"):
            tunings.tuning(fresh, specifications(fresh, key(fresh)), "pmi", DOWNLOADS)


class TestIdentify:
    @pytest.mark.parametrize("model", MODELS)
    def test_the_model_whose_hue_it_is_comes_first(self, told, model):
        found = identify(told, told.encoder, [picture(model, 41)])
        assert found.models[0].model_version_id == model
        assert found.models[0].probability > 0.5
        assert sum(each.probability for each in found.models) == pytest.approx(1)
        assert [each.rank for each in found.models] == [1, 2, 3, 4, 5]

    @pytest.mark.parametrize("method", ["pmi", "rkme", "mean-cosine", "nearest", "moments"])
    def test_every_method_answers(self, told, method):
        found = identify(told, told.encoder, [picture(3, 41)], method=method)
        assert found.models[0].model_version_id == 3

    def test_typed_captions_are_used_and_others_suggested(self, told):
        shown = [picture(2, 41), picture(2, 42)]
        found = identify(told, told.encoder, shown, [prompt_text(3), " "])
        assert found.captions[0].text == prompt_text(3) and found.captions[0].typed
        assert not found.captions[1].typed and found.captions[1].cosine is not None
        assert found.wording in ("nearest", "none")
        both = identify(told, told.encoder, shown, [prompt_text(3), prompt_text(4)])
        assert both.wording == "typed" and both.calibrated_for == 2

    def test_pictures_of_the_warehouse_are_named_by_their_ids(self, told):
        found = identify(told, told.encoder, ["p31-m4-s1", picture(4, 41)])
        assert found.models[0].model_version_id == 4
        assert found.examples == ("p31-m4-s1", "picture 2")

    def test_evidence_is_the_models_own_pictures_nearest_first_and_never_the_example(self, told):
        found = identify(told, told.encoder, ["p1-m4-s1"], [prompt_text(1)])
        for model in found.models:
            (similar,) = model.evidence
            assert len(similar) == 3
            assert all(f"-m{model.model_version_id}-" in each.image_id for each in similar)
            assert all(each.prompt_id not in QUERIES for each in similar)
            cosines = [each.cosine for each in similar]
            assert cosines == sorted(cosines, reverse=True)
            assert "p1-m4-s1" not in {each.image_id for each in similar}

    def test_a_look_that_no_model_has_is_none_of_these(self, told):
        strange = Image.fromarray(
            np.kron(
                np.array([[[250, 0, 250], [0, 0, 0]], [[0, 0, 0], [250, 0, 250]]], np.uint8),
                np.ones((4, 4, 1), np.uint8),
            )
        )
        assert identify(told, told.encoder, [strange] * 2).none_of_these
        assert not identify(told, told.encoder, [picture(3, 41), picture(3, 42)]).none_of_these

    def test_models_without_pictures_are_counted_not_ranked(self, told):
        found = identify(told, told.encoder, [picture(1, 41)])
        assert found.models_without_specification == 1
        assert BARE_MODEL not in {each.model_version_id for each in found.models}

    def test_two_models_are_told_apart_without_none_of_these(self, warehouse):
        encoder = planted.plant(warehouse, models=(2, 3))
        found = identify(warehouse, encoder, [picture(3, 41)])
        assert found.models[0].model_version_id == 3
        assert found.presence is None and not found.none_of_these

    def test_more_examples_than_could_be_calibrated_take_the_most_that_could(self, warehouse):
        encoder = planted.plant(warehouse, models=(2, 3, 4), prompts=(1, 2, 3))
        found = identify(warehouse, encoder, [picture(3, p) for p in (41, 42, 43, 44)])
        assert found.models[0].model_version_id == 3 and found.calibrated_for == 3


class TestExamplesThatAreRefused:
    def test_no_picture_and_too_many(self, told):
        with pytest.raises(ExampleError, match="at least one"):
            identify(told, told.encoder, [])
        with pytest.raises(ExampleError, match="100 pictures are too many: 6 at most"):
            identify(told, told.encoder, [picture(1, 1)] * 100)

    def test_one_colour(self, told):
        with pytest.raises(ExampleError, match="Picture 2 is of one single colour"):
            identify(told, told.encoder, [picture(1, 1), Image.new("L", (9, 9), 128)])

    def test_shades_of_grey_are_a_picture(self, told):
        assert identify(told, told.encoder, [picture(1, 1).convert("L")]).models

    def test_unknown_and_hidden_ids(self, told):
        for image_id in ("nothing", HIDDEN):
            with pytest.raises(ExampleError, match=f"no shown picture “{image_id}”"):
                identify(told, told.encoder, [image_id])

    def test_more_captions_than_pictures(self, told):
        with pytest.raises(ExampleError, match="2 captions are given for 1"):
            identify(told, told.encoder, [picture(1, 1)], ["a", "b"])

    def test_files_that_are_no_picture(self, tmp_path):
        with pytest.raises(ExampleError, match="cannot be read: No such file"):
            read_example(tmp_path / "none.png", 64)
        (tmp_path / "words.png").write_text("words")
        with pytest.raises(ExampleError, match=r"“words\.png” is not a picture"):
            read_example(tmp_path / "words.png", 64)

    def test_a_huge_one(self):
        buffer = BytesIO()
        Image.new("1", (9000, 9000)).save(buffer, "PNG")
        with pytest.raises(ExampleError, match=r"81\.0 megapixels, over the limit of 64"):
            opened_example(buffer.getvalue(), "big.png", 64)


def test_the_nearest_prompt_is_one_of_the_specifications(told):
    known = specifications(told, key(told)).known
    asked = known.requirement(np.arange(5))
    nearest = reworded(known, asked, "nearest")
    texts = {tuple(text) for text in known.texts}
    assert all(tuple(caption) in texts for caption in nearest.captions)
    assert not reworded(known, asked, "none").worded.any()
    assert reworded(known, asked, "typed") is asked
