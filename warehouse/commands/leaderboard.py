"""`leaderboard`: models rated by people's judgments, or by a file of pairs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.errors import GemboardError
from core.leaderboards.board import Standing
from core.leaderboards.comparisons import Comparisons
from warehouse.commands.console import readable_warehouse, say, say_json
from warehouse.reads import leaderboards as reads


class MethodError(GemboardError):
    """There is no such way of rating."""

    wrong_usage = True


def leaderboard(
    tag: Annotated[str | None, typer.Option(help="Judgments on prompts of this tag alone.")] = None,
    prompt: Annotated[int | None, typer.Option(help="Judgments on this prompt_id alone.")] = None,
    base_model: Annotated[str | None, typer.Option(help="Models on this base alone.")] = None,
    method: Annotated[
        str, typer.Option(help="bradley-terry, elo, win-rate or plackett-luce.")
    ] = "bradley-terry",
    pairs: Annotated[
        Path | None,
        typer.Option(help="Rate a CSV or Parquet file of model_a, model_b, winner instead."),
    ] = None,
    with_simulated: Annotated[
        bool, typer.Option("--with-simulated", help="Count simulated judgments too.")
    ] = False,
    export: Annotated[
        Path | None, typer.Option(help="Write the judgments as pairs to this CSV or Parquet file.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")] = False,
) -> None:
    """Rate models by people's judgments, best first, with 95 % intervals.

    A rank is 1 plus the number of models that are significantly better. Without --pairs the
    judgments of the warehouse count, and a model is its model_version_id.

    python -m warehouse leaderboard --tag animals --method win-rate --json
    python -m warehouse leaderboard --pairs votes.csv
    """
    from warehouse.leaderboards import METHODS, rated

    if method not in METHODS:
        raise MethodError(f"There is no method “{method}”: it is one of {', '.join(METHODS)}.")
    names: dict[int, str] = {}
    if pairs:
        from warehouse.pair_files import read_pairs

        comparisons, both_bad = read_pairs(pairs), 0
    else:
        comparisons, both_bad, names = _judged(
            tag, prompt, base_model, with_simulated=with_simulated, export=export
        )
    standings = rated(comparisons, method)
    if json:
        say_json([row_of(standing) for standing in standings])
        return
    if not standings:
        say("There are no judgments to rate models by.")
        return
    _print(standings, names)
    bad = f"; {both_bad:,} times both were bad, which says nothing here" if both_bad else ""
    judgments = _counted(comparisons.judgments, "judgment", "judgments")
    say(f"{judgments} of {_counted(len(comparisons.judge_ids), 'person', 'people')}{bad}")


def row_of(standing: Standing) -> dict[str, object]:
    """What a machine reads of a standing."""
    return {
        name: getattr(standing, name)
        for name in ("model", "rating", "lower", "upper", "rank", "votes")
    }


def _judged(
    tag: str | None,
    prompt: int | None,
    base_model: str | None,
    *,
    with_simulated: bool,
    export: Path | None,
) -> tuple[Comparisons, int, dict[int, str]]:
    """Comparisons of the warehouse, how often both were bad, and the names of models."""
    from warehouse.leaderboards import Slice, judged
    from warehouse.pair_files import write_pairs

    chosen = Slice(
        tag=tag,
        prompt_ids=None if prompt is None else (prompt,),
        base_model=base_model,
        with_simulated=with_simulated,
    )
    with readable_warehouse() as warehouse:
        found = judged(warehouse, chosen)
        names = dict(reads.model_names(warehouse).iter_rows())
    if export:
        write_pairs(export, found)
    return found.comparisons, found.both_bad.height, names


def _print(standings: Sequence[Standing], names: Mapping[int, str]) -> None:
    """A table for people; names are shown as text."""
    table = Table(box=None, pad_edge=False)
    for title in ("rank", "model", "rating", "95 %", "votes"):
        table.add_column(title, justify="left" if title == "model" else "right")
    for standing in standings:
        model = standing.model
        name = names.get(model, str(model)) if isinstance(model, int) else str(model)
        ends = f"{_number(standing.lower)} to {_number(standing.upper)}"
        group = f" (group {standing.group + 1})" if standing.group else ""
        rank = str(standing.rank)
        if standing.last_rank > standing.rank:
            rank += f"-{standing.last_rank}"
        table.add_row(rank, Text(name + group), _number(standing.rating), ends, f"{standing.votes}")
    Console().print(table)


def _counted(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def _number(value: float | None) -> str:
    if value is None:
        return "open"
    return f"{value:.3f}" if abs(value) <= 1 else f"{value:.0f}"
