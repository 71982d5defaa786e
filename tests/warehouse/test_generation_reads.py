"""Reads of Generate on a small warehouse."""

import pytest

from core.generation.recipe import identity, write_recipe
from tests import seeding
from tests.core.generation.asking import a_recipe
from tests.seeding import HIDDEN_ID
from warehouse.database import open_in_memory
from warehouse.reads import generation

SHOWN = "p1-m2-s1"


@pytest.fixture
def made_here(tmp_path):
    warehouse = open_in_memory(tmp_path)
    seeding.fill(warehouse)
    recipe = a_recipe()
    with warehouse.transaction() as cursor:
        for image_id in (SHOWN, HIDDEN_ID):
            cursor.execute(
                "insert into image_recipes (image_id, identity, recipe) values ($id, $of, $recipe)",
                {"id": image_id, "of": identity(recipe.request), "recipe": write_recipe(recipe)},
            )
    yield warehouse
    warehouse.close()


def test_picture_recipe(made_here):
    assert generation.picture_recipe(made_here, SHOWN) == write_recipe(a_recipe())
    assert generation.picture_recipe(made_here, HIDDEN_ID) is None
    assert generation.picture_recipe(made_here, "p1-m3-s1") is None
