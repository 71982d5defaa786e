"""The tables of `identify bench`, for people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from warehouse.commands.console import say

if TYPE_CHECKING:  # importing them takes a while
    from core.identification.evaluation import Interval
    from warehouse.identification.ablations import Ablations, Calibrated, Distances
    from warehouse.identification.bench import Bench, Difference
    from warehouse.identification.queries import Line

WIDTH = 150
RELIABLE = (1, 4)  # examples whose reliability is shown bin by bin


def say_bench(found: "Bench") -> None:
    """All tables; intervals are 95 %, prompts resampled."""
    say(
        f"{found.models} models, {found.specification_pictures:,} specification pictures of "
        f"{found.specification_prompts} prompts ({found.prompt_set}), {found.queries:,} queries of "
        f"{found.query_prompts} other prompts; features of {found.encoder}"
    )
    if found.left_out:
        say(f"{found.left_out:,} queries are of models without a specification, and left out.")
    _lines("Methods", found.lines)
    _differences(found.differences)
    tuned = _table("Tuned, each prompt left out in turn", ("method", "option", "MRR"))
    for each in found.tunings:
        if each.mean_reciprocal_rank is not None:
            tuned.add_row(each.method, f"{each.option}", f"{each.mean_reciprocal_rank:.3f}")
    _show(tuned)
    if found.ablations is not None:
        _ablations(found.ablations)


def _ablations(found: "Ablations") -> None:
    _lines("Weights w of Eq. 9, each with its own gamma", found.weights)
    _lines("Captions", found.captions)
    _lines("Which prompts specify", found.prompt_sets)
    _lines(
        "Which prompts specify: questions about models with prompts of their own", found.own_models
    )
    _calibrations(found.calibrations)
    if found.distances is not None:
        _distances(found.distances)


def _lines(title: str, lines: "Sequence[Line]") -> None:
    columns = ("method", "examples", "top-1 %", "top-2", "top-3", "top-4", "top-5 %", "mean rank")
    table = _table(title, (*columns, "tasks"))
    for line in lines:
        top = line.figures.top
        table.add_row(
            line.name,
            f"{line.examples}",
            _percent(top[0]),
            *(f"{100 * each.value:.1f}" for each in top[1:4]),
            _percent(top[4]),
            f"{_ends(line.figures.mean_rank, 2)}",
            f"{line.figures.tasks:,}",
        )
    if lines:
        _show(table)


def _differences(differences: "Sequence[Difference]") -> None:
    table = _table(
        "Top-1 of one method minus another's, percentage points", ("methods", "examples")
    )
    table.add_column("difference", justify="right")
    for each in differences:
        table.add_row(f"{each.one} - {each.other}", f"{each.examples}", _percent(each.top1))
    _show(table)


def _calibrations(found: "Sequence[Calibrated]") -> None:
    columns = (
        "method",
        "examples",
        "calibration error",
        "refused wrongly",
        "absent found",
        "tasks",
    )
    table = _table('Probabilities and "none of these" on the queries', columns)
    for each in found:
        table.add_row(
            each.method,
            f"{each.examples}",
            f"{each.error.value:.3f}",
            f"{each.refused:.1%}",
            f"{each.found_absent:.1%}",
            f"{each.error.tasks:,}",
        )
    _show(table)
    for each in (each for each in found if each.examples in RELIABLE):
        title = f"Reliability of {each.method}, {each.examples} example(s), on the queries"
        bins = _table(title, ("sure by", "mean probability", "right", "tasks"))
        for part in (part for part in each.error.bins if part.count):
            bins.add_row(
                f"{part.lower:.1f} to {part.upper:.1f}",
                f"{part.confidence:.3f}",
                f"{part.accuracy:.3f}",
                f"{part.count:,}",
            )
        _show(bins)


def _distances(found: "Distances") -> None:
    title = (
        f"KID and CMMD (not FID) of a model's queries, {found.pictures} each, "
        f"mean over {found.models} models"
    )
    table = _table(title, ("measure", "model identified", "true model", "other models"))
    for name, values in (
        ("KID", (found.kid_identified, found.kid_true, found.kid_others)),
        ("CMMD x 1000", (found.cmmd_identified, found.cmmd_true, found.cmmd_others)),
    ):
        table.add_row(name, *(f"{value:,.4g}" for value in values))
    _show(table)


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, box=None, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", no_wrap=not place)
    return table


def _show(table: Table) -> None:
    """The title as a line of its own: within a narrow table it would be broken."""
    title, table.title = table.title, None
    say(str(title))
    console = Console()
    Console(width=max(WIDTH, console.width)).print(table)
    say("")


def _percent(interval: "Interval") -> str:
    return _ends(interval, 1, 100)


def _ends(interval: "Interval", digits: int, scale: float = 1) -> str:
    value, lower, upper = (
        f"{scale * each:.{digits}f}" for each in (interval.value, interval.lower, interval.upper)
    )
    return f"{value} [{lower}, {upper}]"
