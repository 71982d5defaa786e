"""The cells of the grid: every model is asked the same, with the same seeds."""

from core.starter.cells import cells_of
from core.starter.prompts import (
    GRID_SEEDS,
    QUERY_SEEDS,
    QUERY_TAG,
    SPECIFICATION_PROMPTS,
    SPECIFICATION_TAG,
)
from core.starter.roster import roster


def test_every_model_is_asked_the_whole_grid_with_the_same_seeds() -> None:
    asked = [
        {
            (cell.prompt.prompt_id, cell.seed)
            for cell in cells_of(entry)
            if cell.prompt.tag != SPECIFICATION_TAG
        }
        for entry in roster()
    ]
    assert all(cells == asked[0] for cells in asked)


def test_a_prompt_has_two_seeds_and_a_query_three_others() -> None:
    seeds: dict[tuple[str, int], set[int]] = {}
    for cell in cells_of(roster()[0]):
        seeds.setdefault((cell.prompt.tag, cell.prompt.prompt_id), set()).add(cell.seed)
    for (tag, _), found in seeds.items():
        assert found == set(QUERY_SEEDS if tag == QUERY_TAG else GRID_SEEDS)


def test_only_twelve_models_bring_prompts_of_their_own_and_share_none() -> None:
    own = {
        entry.slug: {
            c.prompt.prompt_id for c in cells_of(entry) if c.prompt.tag == SPECIFICATION_TAG
        }
        for entry in roster()
    }
    bringing = {slug: ids for slug, ids in own.items() if ids}
    assert set(bringing) == set(SPECIFICATION_PROMPTS)
    assert sum(map(len, bringing.values())) == len(set().union(*bringing.values()))


def test_no_image_id_stands_twice() -> None:
    ids = [cell.image_id for entry in roster() for cell in cells_of(entry)]
    assert len(set(ids)) == len(ids)
    assert len(ids) > 5000
