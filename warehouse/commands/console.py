"""What the commands share: the settings in force, lines for people, JSON for machines, progress."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.settings import load_settings
from warehouse.database import Warehouse, open_read_only, open_warehouse
from warehouse.importers.report import Progress as OnProgress


@contextmanager
def writable_warehouse() -> Iterator[Warehouse]:
    """The warehouse of the settings in force, made and migrated where needed."""
    warehouse = open_warehouse(load_settings().home_path)
    try:
        yield warehouse
    finally:
        warehouse.close()


@contextmanager
def readable_warehouse() -> Iterator[Warehouse]:
    """The warehouse of the settings in force, for reading alone."""
    warehouse = open_read_only(load_settings().home_path)
    try:
        yield warehouse
    finally:
        warehouse.close()


def say(text: str) -> None:
    """One line for a person, on standard output."""
    sys.stdout.write(text + "\n")


def say_json(value: Any) -> None:
    """One line of JSON on standard output, and nothing else."""
    sys.stdout.write(to_json(value) + "\n")


def to_json(value: Any) -> str:
    """`value` as one line of JSON; numbers that JSON lacks become null."""
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)


@contextmanager
def progress_bar() -> Iterator[OnProgress]:
    """A callback that draws one bar per kind of work on standard error, when a person watches."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield show


def _plain(value: Any) -> Any:
    """`value` in JSON's own types."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    return str(value)
