"""Searching pictures by features: who is found, who is not, and the encoder behind it."""

import numpy as np
import polars as pl
import pytest

from core.errors import EncoderError
from core.settings import Settings
from tests import seeding
from tests.tiny_encoder import make_tiny_encoder
from warehouse.encoder_registry import register_encoder
from warehouse.landing import stage
from warehouse.picture_search import feature_index, neighbours
from warehouse.search_encoder import search_encoder


@pytest.fixture
def filled(warehouse):
    seeding.fill(warehouse)
    return warehouse


def add_features(warehouse, vectors, key="tests-2", dimension=2, **encoder):
    rows = pl.DataFrame(
        {
            "image_id": list(vectors),
            "vector": [np.asarray(v, np.float32) for v in vectors.values()],
        },
        schema={"image_id": pl.String, "vector": pl.List(pl.Float32)},
    )
    with warehouse.transaction() as cursor:
        register_encoder(cursor, key, name="tests", dimension=dimension, **encoder)
        stage(cursor, "features", rows)
        cursor.execute(
            "insert into image_features select image_id, $key, vector from features", {"key": key}
        )


NEAR = {
    "p1-m2-s1": [1, 0],
    "p1-m3-s1": [10, 1],
    "p2-m2-s1": [2, 0],
    "p2-m3-s1": [0, 3],
    "p3-m2-s1": [-1, 0],
    seeding.HIDDEN_ID: [1, 0],
}


def ids(found):
    return [one.image_id for one in found]


def test_there_is_no_index_without_features(filled):
    assert feature_index(filled) is None


def test_nearest_and_farthest_by_cosine_without_the_hidden(filled):
    add_features(filled, NEAR)
    index = feature_index(filled)
    near = neighbours(index, "p1-m2-s1", 3, nearest=True, same_prompt=False)
    assert ids(near) == ["p2-m2-s1", "p1-m3-s1", "p2-m3-s1"]
    assert [one.cosine for one in near] == pytest.approx([1, 10 / np.sqrt(101), 0], abs=1e-6)
    assert ids(neighbours(index, "p1-m2-s1", 1, nearest=False, same_prompt=False)) == ["p3-m2-s1"]
    assert ids(neighbours(index, "p1-m2-s1", 9, nearest=True, same_prompt=True)) == ["p1-m3-s1"]
    assert neighbours(index, "p1-m4-s1", 3, nearest=True, same_prompt=False) is None


def test_features_of_a_wrong_length_are_left_out(filled):
    add_features(filled, NEAR | {"p2-m4-s1": [1, 2, 3]})
    assert "p2-m4-s1" not in feature_index(filled).image_ids


def test_features_without_an_encoder_say_how_to_get_one(filled):
    add_features(filled, NEAR)
    with pytest.raises(EncoderError, match="embed"):
        search_encoder(filled, "tests-2", Settings())


def test_weights_that_are_not_here_are_named_with_the_way_out(filled):
    add_features(filled, NEAR, key="gone@0123456789ab+squash", weights_sha256="0" * 64)
    with filled.cursor() as cursor:
        cursor.execute("update encoders set name = 'gone', preprocessing = 'squash'")
    with pytest.raises(EncoderError, match="GEMBOARD_ENCODER"):
        search_encoder(filled, "gone@0123456789ab+squash", Settings())


def test_the_encoder_is_found_among_the_models_and_only_the_very_same(filled, home):
    from core.encoders import load_encoder

    folder = home / "models" / "tiny"
    spec = make_tiny_encoder(folder)
    identity = load_encoder(spec, device="cpu").identity
    with filled.transaction() as cursor:
        register_encoder(
            cursor,
            identity.key,
            name=identity.name,
            dimension=identity.dimension,
            preprocessing=identity.preprocessing,
            weights_sha256=identity.weights_sha256,
        )
    assert search_encoder(filled, identity.key, Settings()).identity == identity
    make_tiny_encoder(folder, seed=1)
    with pytest.raises(EncoderError, match="were not found"):
        search_encoder(filled, identity.key, Settings())
