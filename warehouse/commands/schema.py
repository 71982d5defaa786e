"""`migrate`: make the warehouse, or bring its schema up to date."""

from pathlib import Path
from typing import Annotated

import typer

from core.settings import load_settings
from warehouse.commands.console import say, say_json
from warehouse.database import open_warehouse
from warehouse.migration import known_migrations, schema_version

Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")]


def migrate(json: Json = False) -> None:
    """Make the warehouse if there is none, and bring its schema up to date.

    Every other command that writes does this first by itself.
    """
    home: Path = load_settings().home_path
    existed = (home / "gemboard.duckdb").exists()
    warehouse = open_warehouse(home)
    with warehouse.cursor() as cursor:
        version = schema_version(cursor)
    warehouse.close()
    if json:
        say_json({"path": str(warehouse.path), "schema": version, "made": not existed})
    else:
        done = "is up to date" if existed else "made"
        say(f"Warehouse {done}: {warehouse.path}, schema {version} of {len(known_migrations())}.")
