"""NSFW checkers of both kinds, tiny ones saved and loaded for real, and those that are refused."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from core.generation.safety import CheckerError, checker_place, load_checker, unsafe_labels
from core.settings import Settings

SIDE = 32  # px
VISION = {"image_size": SIDE, "patch_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}


def pictures(count=3):
    """Noise, of sizes and modes that are not the checker's own."""
    random = np.random.default_rng(0)
    noise = [random.integers(0, 256, (40, 56 + each, 4), np.uint8) for each in range(count)]
    modes = ["RGBA", "L", "RGB"]
    return [Image.fromarray(each).convert(modes[n % 3]) for n, each in enumerate(noise)]


def save_classifier(folder, labels, problem_type=None):
    import torch
    from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessor

    torch.manual_seed(0)
    config = ViTConfig(**VISION, hidden_size=16, intermediate_size=16, problem_type=problem_type)
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: number for number, label in enumerate(labels)}
    ViTForImageClassification(config).eval().save_pretrained(folder)
    ViTImageProcessor(size={"height": SIDE, "width": SIDE}).save_pretrained(folder)
    return folder


def save_safety_checker(folder, threshold):
    """One that flags a picture where its cosine with some concept is above the threshold."""
    import torch
    from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
    from transformers import CLIPConfig, CLIPImageProcessor

    torch.manual_seed(0)
    config = CLIPConfig(
        vision_config={**VISION, "hidden_size": 16, "intermediate_size": 16}, projection_dim=8
    )
    checker = StableDiffusionSafetyChecker(config)
    with torch.no_grad():
        checker.concept_embeds_weights.fill_(threshold)
    checker.save_pretrained(folder)
    size = {"crop_size": {"height": SIDE, "width": SIDE}, "size": {"shortest_edge": SIDE}}
    CLIPImageProcessor(**size).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    labels = ["drawings", "hentai", "neutral", "porn"]
    return save_classifier(tmp_path_factory.mktemp("saved") / "vit-nsfw", labels)


@pytest.fixture
def copy(classifier, tmp_path):
    """The classifier's folder, to be spoiled."""
    return shutil.copytree(classifier, tmp_path / "copy")


def change_config(folder, **changes):
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


class TestClassifier:
    def test_the_score_is_the_probability_of_all_unsafe_labels_together(self, classifier):
        import torch
        from transformers import ViTForImageClassification, ViTImageProcessor

        images = pictures(20)  # more than one batch
        scores = load_checker(classifier, "cpu").scores(images)
        processor = ViTImageProcessor.from_pretrained(classifier)
        model = ViTForImageClassification.from_pretrained(classifier).eval()
        pixels = processor([image.convert("RGB") for image in images], return_tensors="pt")
        with torch.inference_mode():
            shares = model(**pixels).logits.softmax(dim=1)
        assert scores == pytest.approx((shares[:, 1] + shares[:, 3]).tolist(), abs=1e-5)
        assert len(set(scores)) > 1
        assert not np.allclose(scores, (1 - shares[:, 0]).tolist())

    def test_where_labels_stand_each_for_itself_the_largest_counts(self, tmp_path):
        folder = save_classifier(
            tmp_path / "many", ["safe", "gore", "nudity"], "multi_label_classification"
        )
        import torch
        from transformers import ViTForImageClassification, ViTImageProcessor

        scores = load_checker(folder, "cpu").scores(pictures())
        processor = ViTImageProcessor.from_pretrained(folder)
        pixels = processor([image.convert("RGB") for image in pictures()], return_tensors="pt")
        with torch.inference_mode():
            logits = ViTForImageClassification.from_pretrained(folder).eval()(**pixels).logits
        assert scores == pytest.approx(logits[:, 1:].sigmoid().amax(dim=1).tolist(), abs=1e-5)

    def test_it_tells_its_name_labels_and_hash(self, classifier):
        words = load_checker(classifier, "cpu").words
        assert words.startswith("vit-nsfw (probability of “hentai”, “porn”; SHA-256 ")

    def test_no_picture_has_no_score(self, classifier):
        assert load_checker(classifier, "cpu").scores([]) == []

    @pytest.mark.parametrize(
        ("labels", "unsafe"),
        [
            (["normal", "nsfw"], [1]),
            (["SFW", "NSFW"], [1]),
            (["unsafe", "safe"], [0]),
            (["not_nsfw", "nsfw"], [1]),
            (["Non-sexual", "Sexually explicit"], [1]),
            (["drawings", "hentai", "neutral", "porn", "sexy"], [1, 3, 4]),
            (["LABEL_0", "LABEL_1"], []),
        ],
    )
    def test_which_labels_count(self, labels, unsafe):
        assert unsafe_labels(dict(enumerate(labels))) == tuple(unsafe)

    @pytest.mark.parametrize("labels", [["LABEL_0", "LABEL_1"], ["porn", "hentai"]])
    def test_labels_that_do_not_tell_unsafe_from_safe_are_refused(self, tmp_path, labels):
        folder = save_classifier(tmp_path / "odd", labels)
        with pytest.raises(CheckerError, match="tells of unsafe content"):
            load_checker(folder, "cpu")


class TestSafetyChecker:
    def test_a_flagged_picture_has_1_and_another_0(self, tmp_path):
        flags = load_checker(save_safety_checker(tmp_path / "all", -1.1), "cpu")
        passes = load_checker(save_safety_checker(tmp_path / "none", 1.1), "cpu")
        assert flags.scores(pictures()) == [1.0, 1.0, 1.0]
        assert passes.scores(pictures()) == [0.0, 0.0, 0.0]
        assert flags.words.startswith("all (flags pictures; SHA-256 ")

    def test_pictures_stay_as_they_are(self, tmp_path):
        images = pictures()
        load_checker(save_safety_checker(tmp_path / "all", -1.1), "cpu").scores(images)
        assert [image.tobytes() for image in images] == [image.tobytes() for image in pictures()]

    def test_preprocessing_beside_the_checker_is_found(self, tmp_path):
        folder = save_safety_checker(tmp_path / "safety_checker", -1.1)
        (tmp_path / "feature_extractor").mkdir()
        shutil.move(folder / "preprocessor_config.json", tmp_path / "feature_extractor")
        assert load_checker(folder, "cpu").scores(pictures(1)) == [1.0]


class TestRefused:
    def refused(self, folder, words):
        with pytest.raises(CheckerError, match=words) as refusal:
            load_checker(folder, "cpu")
        assert "\n" not in str(refusal.value)

    def test_a_folder_that_is_not_there(self, tmp_path):
        self.refused(tmp_path / "nowhere", "There is no NSFW checker at .*nowhere")

    def test_a_folder_without_weights(self, copy):
        (copy / "model.safetensors").unlink()
        self.refused(copy, "holds no weights: model.safetensors is missing")

    def test_pickled_weights(self, copy):
        (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
        self.refused(copy, "may run code when it is loaded, so it is refused")

    def test_weights_that_are_cut_off(self, copy):
        path = copy / "model.safetensors"
        path.write_bytes(path.read_bytes()[:-100])
        self.refused(copy, "cannot be loaded")

    def test_weights_that_lack_a_part_are_not_filled_up_by_chance(self, copy):
        from safetensors.torch import load_file, save_file

        weights = load_file(copy / "model.safetensors")
        save_file(
            {name: value for name, value in weights.items() if not name.startswith("classifier")},
            copy / "model.safetensors",
            {"format": "pt"},
        )
        self.refused(copy, "do not fit its config.json: “classifier.bias” is missing")

    def test_a_model_of_another_kind(self, copy):
        change_config(copy, architectures=["CLIPModel"])
        self.refused(copy, "it is “CLIPModel”, not an image classifier")

    @pytest.mark.parametrize("text", ["", "[]", "{"])
    def test_a_damaged_config(self, copy, text):
        (copy / "config.json").write_text(text)
        self.refused(copy, "config.json of copy is no")

    @pytest.mark.parametrize("name", ["config.json", "preprocessor_config.json"])
    def test_a_missing_config(self, copy, name):
        (copy / name).unlink()
        self.refused(copy, f"holds no {name}")

    def test_scores_that_are_no_numbers(self, copy):
        from safetensors.torch import load_file, save_file

        weights = load_file(copy / "model.safetensors")
        weights["classifier.bias"].fill_(float("nan"))
        save_file(weights, copy / "model.safetensors", {"format": "pt"})
        with pytest.raises(CheckerError, match="gave no numbers"):
            load_checker(copy, "cpu").scores(pictures())

    def test_a_hub_out_of_reach(self, monkeypatch):
        import huggingface_hub

        def unreachable(hub_id, **options):
            assert "*.bin" not in options["allow_patterns"]
            raise OSError("no route to host")

        monkeypatch.setattr(huggingface_hub, "snapshot_download", unreachable)
        self.refused("owner/checker", "There is no folder owner/checker.*no route to host")

    def test_a_copy_of_the_hub_that_is_here_is_taken_without_asking(self, classifier, monkeypatch):
        import huggingface_hub

        def here_alone(hub_id, *, local_files_only, **options):
            assert local_files_only, "asked the hub though a copy is here"
            return str(classifier)

        monkeypatch.setattr(huggingface_hub, "snapshot_download", here_alone)
        assert load_checker("owner/checker", "cpu").words.startswith("owner/checker (")


class TestPlace:
    def test_the_usual_folder_counts_where_it_is_there(self, tmp_path):
        settings = Settings(home=tmp_path)
        assert checker_place(settings) is None
        (tmp_path / "models" / "nsfw-checker").mkdir(parents=True)
        assert checker_place(settings) == tmp_path / "models" / "nsfw-checker"
        assert checker_place(Settings(home=tmp_path, nsfw_checker="none")) is None

    def test_a_folder_wins_over_a_hub_id(self, tmp_path):
        assert checker_place(Settings(nsfw_checker=str(tmp_path))) == tmp_path
        assert checker_place(Settings(nsfw_checker="owner/checker")) == "owner/checker"
        assert str(checker_place(Settings(nsfw_checker="core/starter"))).startswith("/")

    def test_a_folder_that_is_not_there_is_told_when_it_is_loaded(self, tmp_path):
        place = checker_place(Settings(nsfw_checker=str(tmp_path / "gone")))
        assert place == tmp_path / "gone"
        with pytest.raises(CheckerError, match="There is no NSFW checker at"):
            load_checker(place, "cpu")
