"""The one DuckDB file: opened once per process, a cursor per call."""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from core.errors import (
    DiskFullError,
    WarehouseBusyError,
    WarehouseDamagedError,
    WarehouseMissingError,
    WarehouseNewerError,
    WarehouseOutdatedError,
)
from warehouse import migration

QUERIES = Path(__file__).parent / "queries"
MEMORY = Path(":memory:")
NO_SPACE = os.strerror(errno.ENOSPC)  # as it stands in DuckDB's errors
_DAMAGE = (
    duckdb.CatalogException,  # a relation is missing
    duckdb.BinderException,  # a column is missing
    duckdb.IOException,
    duckdb.SerializationException,
    duckdb.FatalException,
    duckdb.InternalException,
)


class Warehouse:
    """A connection to the warehouse, safe to share between threads: every call takes a cursor.

    `home` is the folder that paths in the tables count from.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, home: Path) -> None:
        self._connection = connection
        self.path = path
        self.home = home

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own for the caller, who closes it."""
        return self._connection.cursor()

    def frame(self, query: str, **parameters: Any) -> pl.DataFrame:
        """The rows of `queries/*/QUERY.sql`."""
        return self.select(query_text(query), parameters)

    def frame_over(
        self, query: str, relations: Mapping[str, pl.DataFrame], **parameters: Any
    ) -> pl.DataFrame:
        """The rows of `queries/*/QUERY.sql`, which also reads `relations` by their names.

        By `execute`, which is ten times as fast as `sql` where parameters meet many rows.
        """
        with self.cursor() as cursor, self._damage_named():
            for name, rows in relations.items():
                cursor.register(name, rows.to_arrow())
            answer = cursor.execute(query_text(query), dict(parameters)).to_arrow_table()
        frame = pl.from_arrow(answer)
        assert isinstance(frame, pl.DataFrame)
        return frame

    def select(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The rows of one statement with `$name` parameters bound."""
        with self.cursor() as cursor, self._damage_named():
            return cursor.sql(sql, params=dict(parameters or {})).pl()

    def value(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row, or None when there is no row."""
        with self.cursor() as cursor, self._damage_named():
            row = cursor.execute(sql, dict(parameters or {})).fetchone()
        return row[0] if row else None

    def table_counts(self) -> dict[str, int]:
        """Rows of every table, by name."""
        with self.cursor() as cursor:
            names = cursor.execute(
                "select table_name from duckdb_tables() where not temporary order by table_name"
            ).fetchall()
            counts = {}
            for (name,) in names:
                row = cursor.table(name).count("*").fetchone()
                counts[name] = int(row[0]) if row else 0
        return counts

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor inside a transaction: committed at the end, rolled back on any error.

        Raises DiskFullError where there is no room for what was written.
        """
        cursor = self.cursor()
        cursor.begin()
        try:
            yield cursor
            cursor.commit()
        except BaseException as error:
            with suppress(duckdb.Error):  # a commit that failed has ended the transaction
                cursor.rollback()
            if isinstance(error, duckdb.Error) and NO_SPACE in str(error):
                raise DiskFullError(self.home) from error
            raise
        finally:
            cursor.close()

    @contextmanager
    def _damage_named(self) -> Iterator[None]:
        """Our statements fit our schema: where one does not, or a block is unreadable, say so."""
        try:
            yield
        except _DAMAGE as error:
            raise WarehouseDamagedError(self.path, str(error)) from error

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()


@cache
def query_text(name: str) -> str:
    """The SQL of NAME.sql, whatever its subject: names are unique over the folders of `queries`."""
    (path,) = QUERIES.glob(f"*/{name}.sql")
    return path.read_text(encoding="utf-8")


def open_warehouse(home: Path) -> Warehouse:
    """Open for reading and writing, made and migrated where needed.

    Raises WarehouseBusyError, WarehouseDamagedError or WarehouseNewerError.
    """
    path = home / "gemboard.duckdb"
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WarehouseDamagedError(
            path, f"{home} cannot be a folder: {error.strerror}."
        ) from error
    connection = _connect(path, read_only=False)
    try:
        migration.migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return Warehouse(connection, path, home)


def open_read_only(home: Path) -> Warehouse:
    """Open for reading alone, with no way to files or the network from SQL.

    Raises WarehouseMissingError, WarehouseOutdatedError and what `open_warehouse` raises.
    """
    path = home / "gemboard.duckdb"
    if not path.is_file():
        raise WarehouseMissingError(path)
    connection = _connect(path, read_only=True)
    try:
        found, known = (
            migration.schema_version(connection),
            migration.known_migrations()[-1].version,
        )
        if found > known:
            raise WarehouseNewerError(path, found, known)
        if found < known:
            raise WarehouseOutdatedError(path, found, known)
        connection.execute("set enable_external_access = false")
        connection.execute("set disabled_filesystems = 'LocalFileSystem'")  # it spares the WAL
        connection.execute("set lock_configuration = true")
    except BaseException:
        connection.close()
        raise
    return Warehouse(connection, path, home)


def open_in_memory(home: Path) -> Warehouse:
    """A migrated warehouse without a file, for tests."""
    connection = duckdb.connect(str(MEMORY))
    connection.execute("set timezone = 'UTC'")
    migration.migrate(connection, MEMORY)
    return Warehouse(connection, MEMORY, home)


def _connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(str(path), read_only=read_only)
    except duckdb.IOException as error:
        if "could not set lock" in str(error).lower():
            raise WarehouseBusyError(path) from error
        raise WarehouseDamagedError(path, str(error)) from error
    except duckdb.Error as error:
        raise WarehouseDamagedError(path, str(error)) from error
    connection.execute("set timezone = 'UTC'")
    return connection
