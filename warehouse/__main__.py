"""The command line: `python -m warehouse COMMAND`."""

import sys

try:
    import typer
except ModuleNotFoundError:
    sys.exit(
        "Error: the packages are not installed for this Python. "
        "Use `.venv/bin/python -m warehouse`; `make run` or `make test` sets .venv up."
    )

from core.errors import GemboardError
from warehouse.commands import (
    add,
    campaigns,
    content,
    embed,
    generate,
    identify,
    importing,
    leaderboard,
    recommend,
    roster,
    schema,
    scoring,
    starter,
    synthetic,
    weights,
    words,
)
from warehouse.commands import map as maps

USAGE_ERROR = 2

app = typer.Typer(
    name="python -m warehouse",
    help="Fill, score, check and query the Gemboard warehouse. "
    "It lies in the folder GEMBOARD_HOME (default: var/).\n\n"
    "A first time: `migrate`, `import gemrec`, `score`, `stats`.\n\n"
    "Exit codes: 0 fine, 1 a problem with the data, 2 wrong usage.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(importing.app, name="import")
app.add_typer(weights.app, name="weights")
app.add_typer(add.app, name="add")
app.add_typer(campaigns.app, name="campaigns")
app.add_typer(roster.app, name="roster")
app.add_typer(words.app, name="words")
app.add_typer(identify.app, name="identify")
app.command("migrate")(schema.migrate)
app.command("embed")(embed.embed)
app.command("score")(scoring.score)
app.command("map")(maps.map_pictures)
app.command("generate")(generate.generate)
app.command("leaderboard")(leaderboard.leaderboard)
app.command("recommend")(recommend.recommend)
app.command("stats")(content.stats)
app.command("check")(content.check)
app.command("export")(content.export)
app.command("sql")(content.sql)
app.command("starter")(starter.starter)
app.command("synthetic")(synthetic.synthetic)


def main() -> None:
    """Run one command; an error of ours is one line on standard error and exit code 1."""
    try:
        app()
    except GemboardError as error:
        sys.stderr.write(f"Error: {error}\n")
        sys.exit(USAGE_ERROR if error.wrong_usage else 1)


if __name__ == "__main__":
    main()
