"""Features computed elsewhere: all or nothing, each fault named, and then scored with."""

import math

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import FileFormatError, GemboardError
from tests.warehouse.grids import land_grid, write_features
from warehouse.encoder_registry import scoring_encoder
from warehouse.importers.features import import_features
from warehouse.importers.report import Landed
from warehouse.scoring import score


@pytest.fixture
def filled(warehouse):
    """Images 1-1, 1-2, 2-1 and 2-2."""
    land_grid(warehouse, 2, 2)
    return warehouse


IDS = ["1-1", "1-2", "2-1", "2-2"]
VECTORS = [[1.0, 0.0], [0.0, 2.0], [3.0, 4.0], [1.0, 1.0]]


def test_features_land_as_they_are(filled, tmp_path):
    path = write_features(tmp_path / "f.parquet", "image_id", IDS, VECTORS)
    assert import_features(filled, path, "theirs").tables == {"image_features": Landed(4)}
    stored = filled.select("select image_id, encoder, vector from image_features order by 1")
    expected = [(i, "theirs", v) for i, v in zip(IDS, VECTORS, strict=True)]
    assert stored.rows() == expected
    assert filled.select("select encoder, dimension from encoders").rows() == [("theirs", 2)]


def test_a_second_import_changes_nothing_and_more_rows_are_added(filled, tmp_path):
    path = write_features(tmp_path / "f.parquet", "image_id", IDS[:3], VECTORS[:3])
    import_features(filled, path, "theirs")
    assert import_features(filled, path, "theirs").changes == 0
    path = write_features(tmp_path / "g.parquet", "image_id", IDS, VECTORS)
    assert import_features(filled, path, "theirs").tables["image_features"] == Landed(1, 0, 3)


def test_prompts_have_features_too(filled, tmp_path):
    path = write_features(tmp_path / "f.parquet", "prompt_id", [1, 2], VECTORS[:2])
    assert import_features(filled, path, "theirs").tables == {"prompt_features": Landed(2)}


def test_the_first_encoder_brought_is_the_one_that_scores(filled, tmp_path):
    import_features(
        filled, write_features(tmp_path / "f.parquet", "image_id", IDS, VECTORS), "theirs"
    )
    import_features(
        filled, write_features(tmp_path / "g.parquet", "image_id", IDS, VECTORS), "others"
    )
    assert scoring_encoder(filled) == "theirs"
    assert score(filled).present["mcos"] == 4


def test_two_encoders_may_differ_in_length(filled, tmp_path):
    import_features(
        filled, write_features(tmp_path / "f.parquet", "image_id", IDS, VECTORS), "theirs"
    )
    longer = [[*vector, 1.0] for vector in VECTORS]
    path = write_features(tmp_path / "g.parquet", "image_id", IDS, longer)
    assert import_features(filled, path, "longer").tables["image_features"] == Landed(4)


@pytest.mark.parametrize(
    ("ids", "vectors", "words"),
    [
        (["1-1", "9-9"], VECTORS[:2], "9-9 is not in the warehouse"),
        (["1-1", "1-2"], [[1.0, 0.0], [1.0]], r"differ in length: \[1, 2\]"),
        (["1-1", "1-2"], [[1.0, 0.0], [math.nan, 1.0]], "1 vectors"),
        (["1-1", "1-2"], [[1.0, 0.0], [math.inf, 1.0]], "1 vectors"),
        (["1-1", "1-2"], [[1.0, 0.0], [None, 1.0]], "1 vectors"),
        (["1-1", "1-2"], [[1.0, 0.0], None], "1 vectors"),
        (["1-1", "1-1"], [[1.0, 0.0], [0.0, 1.0]], "1-1 stands twice"),
        (["1-1", None], [[1.0, 0.0], [0.0, 1.0]], "1 rows without image_id"),
        (["1-1", "1-2"], [[], []], "vectors"),
        (["1-1", "1-2"], [[1e300, 1.0], [0.0, 1.0]], "1 vectors"),
        (["1-1", "1-2"], ["[1, 2]", "[3, 4]"], "vector"),
        (["1-1", "1-2"], [1.0, 2.0], "vector"),
    ],
)
def test_a_fault_is_named_and_nothing_lands(filled, tmp_path, ids, vectors, words):
    path = write_features(tmp_path / "f.parquet", "image_id", ids, vectors)
    with pytest.raises(FileFormatError, match=rf"f\.parquet: .*{words}"):
        import_features(filled, path, "theirs")
    assert filled.value("select count(*) from image_features") == 0
    assert filled.value("select count(*) from encoders") == 0


def test_another_length_than_the_encoders_is_refused(filled, tmp_path):
    import_features(
        filled, write_features(tmp_path / "f.parquet", "image_id", IDS[:2], VECTORS[:2]), "theirs"
    )
    path = write_features(tmp_path / "g.parquet", "image_id", IDS[2:], [[1.0], [2.0]])
    with pytest.raises(FileFormatError, match=r"differ in length: \[1, 2\]"):
        import_features(filled, path, "theirs")


def test_ids_that_are_numbers_are_matched_as_text(filled, tmp_path):
    with filled.cursor() as cursor:
        cursor.execute("insert into images (image_id, prompt_id, model_version_id, source) "
                       "values ('7', 1, 1, 'tests')")  # fmt: skip
    path = write_features(tmp_path / "f.parquet", "image_id", [7], [[1.0, 2.0]])
    assert import_features(filled, path, "theirs").tables["image_features"] == Landed(1)


def test_vectors_of_fixed_length_and_of_doubles_are_taken(filled, tmp_path):
    fixed = pa.FixedSizeListArray.from_arrays(pa.array([1.0, 2.0, 3.0, 4.0]), 2)
    pq.write_table(pa.table({"image_id": ["1-1", "1-2"], "vector": fixed}), tmp_path / "f.parquet")
    import_features(filled, tmp_path / "f.parquet", "theirs")
    stored = filled.select("select vector from image_features order by image_id")
    assert stored["vector"].to_list() == [[1, 2], [3, 4]]


def test_an_empty_file_changes_nothing(filled, tmp_path):
    schema = pa.schema({"image_id": pa.string(), "vector": pa.list_(pa.float32())})
    pq.write_table(schema.empty_table(), tmp_path / "f.parquet")
    assert import_features(filled, tmp_path / "f.parquet", "theirs").changes == 0


@pytest.mark.parametrize("columns", [{"image_id": ["1-1"]}, {"id": ["1-1"], "vector": [[1.0]]}])
def test_a_missing_column_is_named(filled, tmp_path, columns):
    pq.write_table(pa.table(columns), tmp_path / "f.parquet")
    with pytest.raises(FileFormatError, match="needs a column vector, and image_id or prompt_id"):
        import_features(filled, tmp_path / "f.parquet", "theirs")


def test_a_broken_file_is_named(filled, tmp_path):
    (tmp_path / "f.parquet").write_bytes(b"no parquet")
    with pytest.raises(FileFormatError, match=r"f\.parquet.*no readable Parquet"):
        import_features(filled, tmp_path / "f.parquet", "theirs")


def test_an_encoder_needs_a_name(filled, tmp_path):
    path = write_features(tmp_path / "f.parquet", "image_id", IDS, VECTORS)
    with pytest.raises(GemboardError):
        import_features(filled, path, "  ")
