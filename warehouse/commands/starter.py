"""`starter`: load the starter world that ships with the project."""

from typing import Annotated

import typer

from core.settings import load_settings
from warehouse.commands.console import progress_bar, say, say_json, writable_warehouse


def starter(
    mix: Annotated[bool, typer.Option("--mix", help="Add it to other data.")] = False,
    first_run: Annotated[
        bool,
        typer.Option("--first-run", help="Only where the warehouse is empty, or was being filled."),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")] = False,
) -> None:
    """Load the starter world: 50 small models, their pictures, features, simulated annotators.

    Everything lies in the project, so no network is needed. What is there already is kept; a
    warehouse with other data is left alone unless --mix is given. `make run` calls it with
    --first-run.
    """
    from warehouse.starter.loading import holds_anything, is_unfinished, load_starter

    settings = load_settings()
    with writable_warehouse() as warehouse:
        unfinished = is_unfinished(warehouse)
        if first_run and holds_anything(warehouse) and not unfinished:
            if json:
                say_json({"tables": {}})
            return
        with progress_bar() as progress:
            report = load_starter(
                warehouse, settings, mix=mix or (first_run and unfinished), on_progress=progress
            )
    if json:
        say_json({"tables": {table: vars(landed) for table, landed in report.tables.items()}})
        return
    if not report.added:
        say("The starter world is here already.")
        return
    for table, landed in report.tables.items():
        say(f"{table}: {landed.added:,} added, {landed.unchanged:,} as they were")
    say("The annotators and their judgments are simulated, and marked so.")
