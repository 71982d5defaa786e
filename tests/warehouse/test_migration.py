"""The schema: its numbered steps, the names that are a contract, and files that are not ours."""

import re

import duckdb
import pytest

from core.errors import (
    WarehouseDamagedError,
    WarehouseMissingError,
    WarehouseNewerError,
    WarehouseOutdatedError,
)
from warehouse import database, migration
from warehouse.database import open_read_only, open_warehouse

CONTRACT = {
    "prompts": "prompt_id tag prompt negative_prompt width height seed sampler cfg_scale note "
    "source",
    "models": "model_version_id model_id model_name version_name base_model kind tags "
    "trained_words downloads url path sha256 licence",
    "images": "image_id prompt_id model_version_id seed width height steps cfg_scale sampler path "
    "sha256 nsfw_score source created_at",
    "image_features": "image_id encoder vector",
    "prompt_features": "prompt_id encoder vector",
    "weight_profiles": "name lambdas author created_at active",
    "sessions": "",
    "selections": "",
    "judgments": "",
    "jobs": "",
    "audit": "",
    "people": "person_id name role",
    "image_scores": "image_id prompt_id model_version_id clip_score mcos q_clip q_mcos q_pop gre",
}
TYPES = {
    ("prompts", "prompt_id"): "BIGINT",
    ("prompts", "seed"): "UBIGINT",
    ("models", "model_version_id"): "BIGINT",
    ("models", "tags"): "VARCHAR[]",
    ("models", "trained_words"): "VARCHAR[]",
    ("images", "image_id"): "VARCHAR",
    ("images", "seed"): "UBIGINT",
    ("image_features", "vector"): "FLOAT[]",
    ("prompt_features", "vector"): "FLOAT[]",
    ("image_scores", "image_id"): "VARCHAR",
    ("image_scores", "prompt_id"): "BIGINT",
    ("image_scores", "model_version_id"): "BIGINT",
}


def columns(warehouse, relation):
    rows = warehouse.select(
        "select column_name, data_type from duckdb_columns() where table_name = $relation "
        "and not internal order by column_index",
        {"relation": relation},
    )
    return dict(rows.iter_rows())


@pytest.mark.parametrize("relation", CONTRACT)
def test_every_relation_has_the_columns_of_the_contract(warehouse, relation):
    found = columns(warehouse, relation)
    assert found, f"there is no {relation}"
    assert set(CONTRACT[relation].split()) <= set(found)


def test_ids_seeds_and_lists_have_their_types(warehouse):
    for (relation, column), kind in TYPES.items():
        assert columns(warehouse, relation)[column] == kind, f"{relation}.{column}"


def test_image_scores_begins_with_exactly_these_columns(warehouse):
    assert list(columns(warehouse, "image_scores"))[:9] == CONTRACT["image_scores"].split()


def test_a_model_is_a_checkpoint_a_lora_or_a_merge(warehouse):
    with warehouse.cursor() as cursor, pytest.raises(duckdb.ConstraintException):
        cursor.execute(
            "insert into models (model_version_id, model_name, kind) values (1, 'a', 'gan')"
        )


def test_one_profile_is_active_from_the_start_with_the_papers_weights(warehouse):
    active = warehouse.value("select lambdas from weight_profiles where active")
    assert active == {"clip": 1.0, "mcos": 0.8, "pop": 0.2}


def test_migrating_twice_changes_nothing_and_is_recorded_once(home):
    open_warehouse(home).close()
    again = open_warehouse(home)
    recorded = again.select("select version, name, sha256 from migrations order by version")
    known = migration.known_migrations()
    again.close()
    assert recorded.rows() == [(step.version, step.name, step.sha256) for step in known]


def test_migrations_are_numbered_without_a_gap():
    versions = [step.version for step in migration.known_migrations()]
    assert versions == list(range(1, len(versions) + 1))


def test_what_a_later_migration_adds_reaches_a_filled_warehouse(home, monkeypatch):
    warehouse = open_warehouse(home)
    with warehouse.cursor() as cursor:
        cursor.execute("insert into people (person_id, name, role) values ('a', 'Ada', 'viewer')")
    warehouse.close()
    steps = migration.known_migrations()
    later = migration.Migration(len(steps) + 1, "hats", "alter table people add column hat varchar")
    monkeypatch.setattr(migration, "known_migrations", lambda: (*steps, later))
    with pytest.raises(WarehouseOutdatedError, match="migrate"):
        open_read_only(home)
    warehouse = open_warehouse(home)
    assert warehouse.select("select name, hat from people").rows() == [("Ada", None)]
    warehouse.close()


def test_a_migration_that_fails_leaves_nothing_of_itself(home, monkeypatch):
    open_warehouse(home).close()
    steps = migration.known_migrations()
    broken = migration.Migration(
        len(steps) + 1, "broken", "create table half (a integer); select * from nowhere"
    )
    monkeypatch.setattr(migration, "known_migrations", lambda: (*steps, broken))
    with pytest.raises(duckdb.CatalogException):
        open_warehouse(home)
    monkeypatch.setattr(migration, "known_migrations", lambda: steps)
    warehouse = open_warehouse(home)
    assert "half" not in warehouse.table_counts()
    warehouse.close()


def test_a_newer_warehouse_is_refused(home):
    warehouse = open_warehouse(home)
    with warehouse.cursor() as cursor:
        cursor.execute("insert into migrations (version, name, sha256) values (999, 'x', 'y')")
    warehouse.close()
    for open_it in (open_warehouse, open_read_only):
        with pytest.raises(WarehouseNewerError, match="999"):
            open_it(home)


@pytest.mark.parametrize("content", [b"not a database at all" * 1000, b"short", b"\0" * 20_000])
def test_a_file_that_is_no_database_is_called_damaged(home, content):
    (home / "gemboard.duckdb").write_bytes(content)
    for open_it in (open_warehouse, open_read_only):
        with pytest.raises(WarehouseDamagedError, match=r"gemboard\.duckdb"):
            open_it(home)


def test_a_damaged_file_is_not_called_busy_because_of_its_folders_name(tmp_path):
    home = tmp_path / "building blocks"
    home.mkdir()
    (home / "gemboard.duckdb").write_bytes(b"not a database at all" * 1000)
    with pytest.raises(WarehouseDamagedError):
        open_warehouse(home)


@pytest.mark.parametrize(
    "made", ["create table theirs (a integer)", "create table migrations (id integer)"]
)
def test_a_database_of_others_is_refused_and_left_alone(home, made):
    path = home / "gemboard.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(made)
    for open_it in (open_warehouse, open_read_only):
        with pytest.raises((WarehouseDamagedError, WarehouseOutdatedError)):
            open_it(home)
    with duckdb.connect(str(path)) as connection:
        assert len(connection.execute("select * from duckdb_tables()").fetchall()) == 1


def test_reading_needs_a_warehouse(home):
    with pytest.raises(WarehouseMissingError, match="migrate"):
        open_read_only(home)
    assert list(home.iterdir()) == []


def test_a_missing_table_is_called_damage(warehouse):
    with warehouse.cursor() as cursor:
        cursor.execute("drop view image_scores")
    with pytest.raises(WarehouseDamagedError, match="image_scores"):
        warehouse.select("select * from image_scores")


def test_a_transaction_that_fails_leaves_nothing(warehouse):
    def write_and_fail():
        with warehouse.transaction() as cursor:
            cursor.execute("insert into people (person_id, name, role) values ('a','b','viewer')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_fail()
    assert warehouse.value("select count(*) from people") == 0


def test_times_are_kept_in_utc(warehouse):
    assert warehouse.value("select extract('timezone' from now())") == 0


def test_every_query_has_a_name_of_lower_case_words():
    names = [path.name for path in database.QUERIES.glob("*/*")]
    assert names
    assert len(set(names)) == len(names)
    assert all(name.removesuffix(".sql").replace("_", "").islower() for name in names)


def test_no_migration_alters_a_table():
    """DuckDB 1.5 cannot replay it after a kill where defaults call functions: make tables anew."""
    statements = {
        step.name: re.sub(r"--[^\n]*", "", step.sql) for step in migration.known_migrations()
    }
    assert [name for name, sql in statements.items() if "alter table" in sql] == []


def test_picks_of_the_first_schema_are_still_there(tmp_path, monkeypatch):
    newest = migration.known_migrations()
    monkeypatch.setattr(migration, "known_migrations", lambda: newest[:1])
    opened = database.open_warehouse(tmp_path)
    with opened.transaction() as cursor:
        cursor.execute(
            "insert into selections "
            "(selection_id, person_id, prompt_id, image_id, model_version_id, picked, page) "
            "values ('s1', 'ada', 7, 'i', 3, true, 'explore')"
        )
    opened.close()
    monkeypatch.setattr(migration, "known_migrations", lambda: newest)
    opened = database.open_warehouse(tmp_path)
    kept = opened.select(
        "select selection_id, prompt_id, place, kind from selections "
        "join selection_gestures using (gesture_id)"
    )
    opened.close()
    assert kept.rows() == [("s1", 7, 0, "pick")]
