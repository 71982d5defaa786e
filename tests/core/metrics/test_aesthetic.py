"""Aesthetic score: a head from a local file, or a sentence that says what it lacks."""

import numpy as np
import pytest
from safetensors.numpy import save_file

from core.errors import MetricUnavailableError
from core.metrics.aesthetic import METRIC, aesthetic_score, load_head
from core.metrics.metric import Features, Pictures

DIM = 4


def pictures(count=3, dimension=DIM, encoder="ViT-L-14/openai 0123456789ab squash"):
    random = np.random.default_rng(2)
    vectors = (7 * random.standard_normal((count, dimension))).astype(np.float32)
    features = Features(encoder, np.arange(count), vectors, vectors)
    return Pictures(
        tuple(f"i{n}" for n in range(count + 1)),
        np.ones(count + 1, np.int64),
        np.ones(count + 1, np.int64),
        np.zeros(count + 1),
        count + 1,
        np.zeros(1, np.int64),
        {1: "a prompt"},
        features,
    )


@pytest.fixture
def head(tmp_path, monkeypatch):
    """Writes a head and names it in the settings."""
    path = tmp_path / "head.safetensors"
    monkeypatch.setenv("GEMBOARD_AESTHETIC_HEAD", str(path))

    def write(tensors, **told):
        arrays = {name: np.asarray(value, np.float32) for name, value in tensors.items()}
        save_file(arrays, path, metadata=told or None)
        return path

    return write


def units(given):
    return given.features.images / np.linalg.norm(given.features.images, axis=1, keepdims=True)


def test_a_linear_head_is_a_dot_product_with_the_unit_features(head):
    head({"weight": [[1, -2, 3, 0.5]], "bias": [4]})
    given = pictures()
    found = aesthetic_score(given)
    np.testing.assert_allclose(found[:3], units(given) @ [1, -2, 3, 0.5] + 4, rtol=1e-5)
    assert np.isnan(found[3]), "it has no features"


@pytest.mark.parametrize("activation", ["none", "relu"])
def test_layers_follow_each_other_by_number(head, activation):
    random = np.random.default_rng(0)
    first, second, last = (random.standard_normal(s) for s in ((5, DIM), (3, 5), (1, 3)))
    shift = random.standard_normal(5)
    tensors = {
        "layers.10.weight": last,
        "layers.2.weight": second,
        "layers.0.weight": first,
        "layers.0.bias": shift,
    }
    head(tensors, activation=activation)
    given = pictures()
    floor = 0 if activation == "relu" else -np.inf
    hidden = np.maximum(units(given) @ first.T + shift, floor)
    expected = np.maximum(hidden @ second.T, floor) @ last.T
    np.testing.assert_allclose(aesthetic_score(given)[:3], expected[:, 0], rtol=1e-4)


def test_without_a_setting_it_says_which_one_and_where_to_read_on(monkeypatch):
    monkeypatch.delenv("GEMBOARD_AESTHETIC_HEAD", raising=False)
    with pytest.raises(MetricUnavailableError, match=r"GEMBOARD_AESTHETIC_HEAD.*weights\.md"):
        aesthetic_score(pictures())


def test_a_head_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("GEMBOARD_AESTHETIC_HEAD", str(tmp_path / "gone.safetensors"))
    with pytest.raises(MetricUnavailableError, match=r"gone\.safetensors.*weights\.md"):
        aesthetic_score(pictures())


def test_a_head_of_another_dimension_names_both(head):
    head({"weight": np.zeros((1, 768))})
    with pytest.raises(MetricUnavailableError, match=r"768-long.*ViT-L-14.*4-long"):
        aesthetic_score(pictures())


def test_a_head_for_another_encoder_is_refused_though_its_dimension_fits(head):
    head({"weight": np.zeros((1, DIM))}, encoder="ViT-B-32")
    with pytest.raises(MetricUnavailableError, match=r"ViT-B-32.*ViT-L-14"):
        aesthetic_score(pictures())


@pytest.mark.parametrize(
    "tensors",
    [
        {},
        {"bias": [1]},
        {"weight": np.zeros((2, DIM))},
        {"weight": np.zeros((1, DIM)), "bias": [1, 2]},
        {"a.0.weight": np.zeros((3, DIM)), "a.1.weight": np.zeros((1, 2))},
        {"weight": np.zeros((1, 1, DIM))},
    ],
)
def test_what_is_no_head_is_refused_with_what_it_holds(head, tensors):
    with pytest.raises(MetricUnavailableError, match=r"holds no head.*weights\.md"):
        load_head(head(tensors))


def test_an_unknown_activation_is_refused(head):
    with pytest.raises(MetricUnavailableError, match="swish"):
        load_head(head({"weight": np.zeros((1, DIM))}, activation="swish"))


@pytest.mark.parametrize(
    "content", [b"", b"\x80\x04K\x01.", b"\xff" * 64, b"\x10\0\0\0\0\0\0\0{'a': 1}        "]
)
def test_other_files_pickles_among_them_are_never_read(tmp_path, content):
    path = tmp_path / "head.pth"
    path.write_bytes(content)
    with pytest.raises(MetricUnavailableError, match="not a safetensors file"):
        load_head(path)


def test_another_head_is_another_origin(head, monkeypatch):
    head({"weight": np.zeros((1, DIM))})
    first = METRIC.origin
    head({"weight": np.ones((1, DIM))})
    assert first.startswith("aesthetic 1 ")
    assert METRIC.origin not in (first, "aesthetic 1")
    monkeypatch.delenv("GEMBOARD_AESTHETIC_HEAD")
    assert METRIC.origin == "aesthetic 1"
