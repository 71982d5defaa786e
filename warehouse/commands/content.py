"""`stats`, `check`, `export` and `sql`: what the warehouse holds."""

import csv as csv_module
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.errors import GemboardError
from warehouse.commands.console import (
    progress_bar,
    readable_warehouse,
    say,
    say_json,
    to_json,
)

Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")]
BATCH_ROWS = 10_000


class SqlError(GemboardError):
    """A statement that the warehouse does not answer."""

    def __init__(self, error: duckdb.Error) -> None:
        super().__init__(" ".join(str(error).split()))
        self.wrong_usage = isinstance(error, duckdb.ProgrammingError)


def stats(json: Json = False) -> None:
    """Count the rows of every table."""
    with readable_warehouse() as warehouse:
        counts = warehouse.table_counts()
    if json:
        say_json(counts)
        return
    width = max(map(len, counts))
    for name, count in counts.items():
        say(f"{name:<{width}}  {count:>12,}")


def check(
    json: Json = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Look whether files exist, without reading them.")
    ] = False,
) -> None:
    """Look for dangling rows, missing or altered files, wrong features and outdated scores.

    Exit code 1 when something is wrong.
    """
    from warehouse.health import find_problems

    with readable_warehouse() as warehouse, progress_bar() as progress:
        problems = find_problems(warehouse, read_files=not quick, on_progress=progress)
    if json:
        say_json({"ok": not problems, "problems": [vars(problem) for problem in problems]})
    elif not problems:
        say("All is well.")
    else:
        for problem in problems:
            say(f"{problem.check}: {problem.count:,}. {problem.remedy}")
            for example in problem.examples:
                say(f"  {example}")
    raise typer.Exit(1 if problems else 0)


def export(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")], json: Json = False
) -> None:
    """Write everything in layouts that other tools read.

    tables/ holds every relation as Parquet; imagefolder/ the pictures with metadata, as Hugging
    Face `datasets` loads it; gemrec/ the roster, prompt set and metadata.csv in GEMRec's own
    layout, which `import gemrec` reads back.
    """
    from warehouse.exporters.dataset import export_dataset

    with readable_warehouse() as warehouse, progress_bar() as progress:
        report = export_dataset(warehouse, folder, on_progress=progress)
    if json:
        say_json(vars(report))
        return
    say(f"{report.tables} tables, {report.images:,} images with {report.pictures:,} pictures.")
    if report.missing:
        say(
            f"{report.missing:,} picture files are missing: `python -m warehouse check` names them."
        )


def sql(
    statement: Annotated[str, typer.Argument(help="One select statement, in quotes.")],
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV with a header instead.")] = False,
) -> None:
    """Ask the warehouse anything; nothing can be changed.

    python -m warehouse sql "select tag, count(*) as prompts from prompts group by tag"
    """
    if json and csv:
        raise typer.BadParameter("choose one of --json and --csv")
    with readable_warehouse() as warehouse, warehouse.cursor() as cursor:
        try:
            cursor.execute(statement)
            if cursor.description is None:
                raise typer.BadParameter("there is no statement in it")
            names = _distinct([column[0] for column in cursor.description or []])
            batches = iter(lambda: cursor.fetchmany(BATCH_ROWS), [])
            if json:
                _print_json(names, batches)
            elif csv:
                writer = csv_module.writer(sys.stdout, lineterminator="\n")
                writer.writerow(names)
                writer.writerows(chain.from_iterable(batches))
            else:
                _print_table(names, list(chain.from_iterable(batches)))
        except duckdb.Error as error:
            raise SqlError(error) from error


def _distinct(names: list[str]) -> list[str]:
    """Column names, a repeated one with its place behind it, since JSON keeps one of each."""
    return [
        name if name not in names[:place] else f"{name}_{place + 1}"
        for place, name in enumerate(names)
    ]


def _print_json(names: list[str], batches: Iterator[list[tuple[Any, ...]]]) -> None:
    """A list of row objects on one line, written as the rows come."""
    first = next(batches, [])  # so that an error comes before anything is printed
    rows = chain(first, chain.from_iterable(batches))
    sys.stdout.write("[")
    for index, row in enumerate(rows):
        text = to_json(dict(zip(names, row, strict=True)))
        sys.stdout.write(text if index == 0 else f", {text}")
    sys.stdout.write("]\n")


def _print_table(names: list[str], rows: list[tuple[object, ...]]) -> None:
    table = Table()
    for name in names:
        table.add_column(Text(name), overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    Console().print(table)
    say(f"{len(rows):,} rows")
