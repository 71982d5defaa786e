"""Numbered migrations: one SQL file each, recorded in a table with its hash."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from core.errors import WarehouseDamagedError, WarehouseNewerError

FOLDER = Path(__file__).parent / "migrations"
_NAME = re.compile(r"^(\d{3})_([a-z0-9_]+)\.sql$")


@dataclass(frozen=True)
class Migration:
    """One step of the schema."""

    version: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Hash of the SQL text, kept with the record that it ran."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def known_migrations() -> tuple[Migration, ...]:
    """All migrations of this Gemboard, in order."""
    found = []
    for path in sorted(FOLDER.glob("*.sql")):
        match = _NAME.match(path.name)
        assert match, f"{path.name} is not named NNN_words.sql"
        found.append(Migration(int(match[1]), match[2], path.read_text(encoding="utf-8")))
    return tuple(found)


def schema_version(connection: duckdb.DuckDBPyConnection) -> int:
    """The newest migration that ran; 0 for a file without any."""
    known = connection.execute(
        "select count(*) from duckdb_columns() "
        "where table_name = 'migrations' and column_name = 'version'"
    ).fetchone()
    if not known or known[0] == 0:
        return 0
    row = connection.execute("select coalesce(max(version), 0) from migrations").fetchone()
    return int(row[0]) if row else 0


def migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> list[Migration]:
    """Run what is missing, each migration in its own transaction; returns what ran.

    Raises WarehouseNewerError for a file from a newer Gemboard, and WarehouseDamagedError for a
    database that holds tables but no record of migrations, since it is not ours.
    """
    known = known_migrations()
    newest = known[-1].version
    found = schema_version(connection)
    if found > newest:
        raise WarehouseNewerError(path, found, newest)
    if found == 0:
        tables = connection.execute("select table_name from duckdb_tables() limit 1").fetchone()
        if tables:
            raise WarehouseDamagedError(path, "it holds tables that Gemboard did not make.")
    pending = [migration for migration in known if migration.version > found]
    for migration in pending:
        connection.begin()
        try:
            connection.execute(
                "create table if not exists migrations (version integer primary key, "
                "name varchar not null, sha256 varchar not null, "
                "applied_at timestamptz not null default now())"
            )
            connection.execute(migration.sql)
            connection.execute(
                "insert into migrations (version, name, sha256) values ($version, $name, $sha256)",
                {
                    "version": migration.version,
                    "name": migration.name,
                    "sha256": migration.sha256,
                },
            )
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
    return pending
