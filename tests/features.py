"""Features for the small warehouse of `tests.seeding`, whole or damaged."""

import numpy as np

from warehouse.encoder_registry import register_encoder

ENCODER = "tests-8"
DIMENSION = 8


def give_features(warehouse, *, encoder=ENCODER, without=(), zero=(), short=(), seed=3):
    """Give every image features drawn from `seed`, longer than 1; returns them by image id.

    Images of `without` get none, those of `zero` zeros, those of `short` too few numbers.
    """
    random = np.random.default_rng(seed)
    given = {}
    ids = warehouse.select("select image_id from images order by image_id")["image_id"]
    with warehouse.transaction() as cursor:
        register_encoder(cursor, encoder, name=encoder, dimension=DIMENSION)
        for image_id in ids:
            vector = (5 * random.standard_normal(DIMENSION) + 3).astype(np.float32)
            if image_id in without:
                continue
            if image_id in zero:
                vector = np.zeros(DIMENSION, dtype=np.float32)
            if image_id in short:
                vector = vector[: DIMENSION // 2]
            given[image_id] = vector
            cursor.execute(
                "insert into image_features values ($image_id, $encoder, $vector)",
                {"image_id": image_id, "encoder": encoder, "vector": vector.tolist()},
            )
    return given
