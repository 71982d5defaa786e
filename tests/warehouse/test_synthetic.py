"""The drawn grid of GEMRec's size: the same from a seed, imported and scored whole."""

import pytest

from core.errors import FileFormatError
from tests.warehouse.grids import PROMPTS, ROSTER, gemrec_grid, needs_gemrec
from warehouse.database import open_warehouse
from warehouse.exporters.synthetic import ENCODER, write_synthetic
from warehouse.importers.features import import_features
from warehouse.importers.gemrec import import_gemrec
from warehouse.profiles import activate_profile, save_profile
from warehouse.scoring import score


def test_the_same_seed_gives_the_same_grid(tmp_path):
    grid = gemrec_grid(tmp_path / "data")
    for name, seed in (("one", 1), ("two", 1), ("other", 2)):
        write_synthetic(tmp_path / name, grid.roster, grid.promptset, dimension=8, seed=seed)
    for name in ("metadata.csv", "image_features.parquet", "prompt_features.parquet"):
        one, two, other = (
            (tmp_path / which / name).read_bytes() for which in ("one", "two", "other")
        )
        assert one == two
        assert one != other


def test_drawn_pictures_are_imported_and_marked_simulated(warehouse, settings, tmp_path):
    grid = gemrec_grid(tmp_path / "data")
    report = write_synthetic(
        tmp_path / "drawn", grid.roster, grid.promptset, dimension=8, pictures=True
    )
    assert (report.images, report.pictures) == (6, 6)
    import_gemrec(warehouse, grid.roster, grid.promptset, tmp_path / "drawn", settings)
    landed = "select count(*) from images where simulated and sha256 is not null"
    assert warehouse.value(landed) == 6


@needs_gemrec
@pytest.mark.timeout(180)
def test_a_grid_of_gemrecs_size_is_imported_and_scored_whole(home, settings, tmp_path):
    report = write_synthetic(tmp_path / "grid", ROSTER, PROMPTS)
    assert (report.prompts, report.models, report.images) == (90, 200, 18_000)
    warehouse = open_warehouse(home)
    import_gemrec(warehouse, ROSTER, PROMPTS, tmp_path / "grid", settings)
    for kind in ("image", "prompt"):
        import_features(warehouse, tmp_path / f"grid/{kind}_features.parquet", ENCODER)
    scored = score(warehouse)
    save_profile(warehouse, "popular", {"pop": 1})
    activate_profile(warehouse, "popular")
    ranked = warehouse.select("select image_id from image_scores order by gre desc nulls last")
    warehouse.close()
    assert scored.images == ranked.height == 18_000
    assert scored.present["mcos"] == scored.images - scored.hidden


def test_a_folder_that_holds_anything_is_left_alone(tmp_path):
    grid = gemrec_grid(tmp_path / "data")
    before = grid.roster.read_bytes()
    with pytest.raises(FileFormatError, match="not an empty folder"):
        write_synthetic(grid.roster.parent, grid.roster, grid.promptset)
    assert grid.roster.read_bytes() == before
