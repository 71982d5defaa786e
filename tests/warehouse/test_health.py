"""`check`: every kind of problem is found, counted, shown by example and given a remedy."""

import pytest

from tests.warehouse.grids import image_id
from warehouse.health import find_problems
from warehouse.importers.gemrec import import_gemrec
from warehouse.pictures import thumbnail_path
from warehouse.scoring import score

DANGLING = {
    "images without their prompt": "delete from prompts where prompt_id = 1",
    "images without their model": "delete from models where model_version_id = 1",
    "image features without their image": "insert into image_features values ('x', 'e', [1, 2])",
    "prompt features without their prompt": "insert into prompt_features values (99, 'e', [1, 2])",
    "image features of an unknown encoder": "insert into image_features "
    "select image_id, 'unknown', [1, 2] from images limit 1",
    "prompt features of an unknown encoder": "insert into prompt_features values (1, 'no', [1])",
    "metrics without their image": "insert into image_metrics values ('x', 'clip', 1, 'tests')",
    "unknown metrics": "insert into image_metrics "
    "select image_id, 'beauty', 1, 'tests' from images limit 1",
    "selections without their image": "insert into selections (person_id, prompt_id, image_id, "
    "model_version_id, picked, page) values ('a', 1, 'x', 1, true, 'explore')",
    "judgments without their session": "insert into judgments (idempotency_key, session_id, "
    "person_id, mode, step, kind, profile) values ('k', 'no', 'a', 'sort', 1, 'skip', 'p')",
    "judgments of pictures that are not there": "insert into judgments (idempotency_key, "
    "session_id, person_id, mode, step, kind, profile, shown_image_ids) "
    "values ('k', 'no', 'a', 'sort', 1, 'skip', 'p', ['x'])",
    "sessions without their person": "insert into sessions (session_id, person_id, mode, "
    "prompt_ids, candidate_image_ids, profile) values ('s', 'nobody', 'sort', [], [], 'p')",
    "features of the wrong length": "insert into image_features "
    "select image_id, 'e', [1, 2, 3] from images limit 1",
    "features that are not finite": "insert into image_features "
    "select image_id, 'e', [1, 'nan'::float] from images limit 1",
    "features that are all zero": "insert into prompt_features values (1, 'e', [0, 0])",
    "scores out of date": "update models set downloads = 5 where model_version_id = 2",
    "recipes without their image": "insert into image_recipes (image_id, identity, recipe) "
    "values ('gone', 'i', '{}')",
    "kept pictures of jobs without their image": "insert into generated_pictures (job_id, place, "
    "identity, model_version_id, image_id, sha256, path, state) "
    "values ('j', 0, 'i', 1, 'gone', 's', 'p', 'kept')",
    "pictures of an unknown job": "insert into generated_pictures (job_id, place, identity, "
    "model_version_id, image_id, sha256, path, state) "
    "values ('j', 0, 'i', 1, 'gone', 's', 'p', 'fresh')",
    "model parts without their model": "insert into model_parts values (1, -1, 0.5)",
}


@pytest.fixture
def sound(warehouse, settings, grid):
    """Six images with pictures and scores, and an encoder of two dimensions: all is well."""
    import_gemrec(warehouse, grid.roster, grid.promptset, grid.images, settings)
    with warehouse.cursor() as cursor:
        cursor.execute("insert into encoders (encoder, name, preprocessing, dimension) "
                       "values ('e', 'e', 'none', 2)")  # fmt: skip
    score(warehouse)
    assert find_problems(warehouse) == []
    return warehouse


def problem(warehouse, check, **options):
    found = {problem.check: problem for problem in find_problems(warehouse, **options)}
    assert check in found, list(found)
    assert found[check].remedy
    return found[check]


def picture_of(warehouse, image):
    row = warehouse.select("select path, sha256 from images where image_id = $i", {"i": image})
    path, sha256 = row.row(0)
    return warehouse.home / path, thumbnail_path(warehouse.home, sha256)


@pytest.mark.parametrize("check", DANGLING)
def test_rows_that_are_wrong_are_found(sound, check):
    with sound.cursor() as cursor:
        cursor.execute(DANGLING[check])
    assert problem(sound, check).count >= 1


def test_dangling_rows_are_counted_with_up_to_five_examples(sound):
    with sound.cursor() as cursor:
        cursor.execute("delete from prompts")
    found = problem(sound, "images without their prompt")
    assert found.count == 6
    assert len(found.examples) == 5
    assert set(found.examples) <= {image_id(p, m) for p in (1, 2) for m in (1, 2, 3)}


def test_a_null_within_a_vector_is_found(sound):
    with sound.cursor() as cursor:
        cursor.execute("insert into prompt_features values (1, 'e', [1, null])")
    assert problem(sound, "features that are not finite").examples == ("prompt 1 (e)",)


def test_an_empty_vector_has_the_wrong_length(sound):
    with sound.cursor() as cursor:
        cursor.execute("insert into prompt_features values (1, 'e', [])")
    assert problem(sound, "features of the wrong length").count == 1


def test_large_but_finite_features_are_fine(sound):
    with sound.cursor() as cursor:
        cursor.execute("insert into prompt_features values (1, 'e', [3e38, 3e38])")
    assert find_problems(sound) == []


def test_a_missing_picture_is_found(sound):
    picture_of(sound, image_id(1, 1))[0].unlink()
    for read_files in (True, False):
        found = problem(sound, "missing picture files", read_files=read_files)
        assert found.count == 1
        assert found.examples[0].startswith(image_id(1, 1))


def test_an_altered_byte_is_found_by_reading_alone(sound):
    path, _ = picture_of(sound, image_id(2, 3))
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(bytes(data))
    assert problem(sound, "altered picture files").examples[0].startswith(image_id(2, 3))
    assert find_problems(sound, read_files=False) == []


def test_a_missing_thumbnail_is_found(sound):
    picture_of(sound, image_id(1, 2))[1].unlink()
    assert problem(sound, "missing or damaged thumbnails").count == 1


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[:-1], lambda data: b"x" * 99]
)
def test_a_damaged_thumbnail_is_found(sound, damage):
    thumbnail = picture_of(sound, image_id(1, 2))[1]
    thumbnail.write_bytes(damage(thumbnail.read_bytes()))
    assert problem(sound, "missing or damaged thumbnails").count == 1


@pytest.mark.parametrize("path", ["/etc/passwd", "../../etc/passwd", "pictures"])
def test_a_path_that_leads_elsewhere_is_found(sound, path):
    with sound.cursor() as cursor:
        cursor.execute("update images set path = $1 where image_id = $2", [path, image_id(1, 1)])
    assert problem(sound, "missing picture files").count == 1


@pytest.mark.parametrize("sha256", [None, "", "no hash", "../../../etc/passwd", "0" * 64])
def test_a_wrong_hash_is_found_without_failing(sound, sha256):
    with sound.cursor() as cursor:
        cursor.execute(
            "update images set sha256 = $1 where image_id = $2", [sha256, image_id(1, 1)]
        )
    assert problem(sound, "altered picture files").count == 1
    assert len(find_problems(sound, read_files=False)) == 1


def test_no_active_profile_and_two_are_found(sound):
    with sound.cursor() as cursor:
        cursor.execute("update weight_profiles set active = false")
        assert problem(sound, "active weight profiles").count == 0
        cursor.execute(
            "insert into weight_profiles (name, lambdas, author, active) "
            "values ('a', map {'clip': 1.0}, 'x', true), ('b', map {'clip': 1.0}, 'x', true)"
        )
    assert problem(sound, "active weight profiles").count == 2


def test_importing_again_mends_pictures_and_thumbnails(sound, settings, grid):
    picture, thumbnail = picture_of(sound, image_id(1, 1))
    picture.write_bytes(b"altered")
    thumbnail.unlink()
    picture_of(sound, image_id(1, 2))[0].unlink()
    assert find_problems(sound) != []
    import_gemrec(sound, grid.roster, grid.promptset, grid.images, settings)
    assert find_problems(sound) == []


def test_progress_is_told(sound):
    told = []
    find_problems(sound, on_progress=lambda *what: told.append(what))
    assert told[-1] == ("files", 6, 6)


def test_an_empty_warehouse_is_well(warehouse):
    assert find_problems(warehouse) == []
