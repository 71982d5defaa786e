"""`map`: find the places of pictures on the maps."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from core.errors import NotFoundError
from core.maps.tsne import Progress
from warehouse.commands.console import progress_bar, say, say_json, writable_warehouse
from warehouse.database import Warehouse
from warehouse.encoder_registry import scoring_encoder
from warehouse.importers.report import Progress as OnProgress

if TYPE_CHECKING:
    from warehouse.projections import MapReport

PERCENT = 100


def map_pictures(
    prompt: Annotated[
        list[int] | None,
        typer.Option(help="Only the map of this prompt; may be given several times."),
    ] = None,
    all_pictures: Annotated[
        bool, typer.Option("--all-pictures", help="Only the one map of all pictures.")
    ] = False,
    encoder: Annotated[
        str | None,
        typer.Option(help="Key of the encoder whose features to take. The scoring one if unsaid."),
    ] = None,
    redraw: Annotated[
        bool,
        typer.Option("--redraw", help="Draw maps anew that are kept already: every place changes."),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")] = False,
) -> None:
    """Draw the maps of pictures that are missing, and place new pictures on those that are kept.

    A map is t-SNE of image features, after reducing them to 50 principal components, with a fixed
    seed. It is drawn once and kept: pictures that come later are placed by their nearest neighbours
    and move nothing. Without options: the map of every prompt, then that of all pictures, which
    takes about a minute for 18,000.

    python -m warehouse map --prompt 12
    """
    from warehouse.projections import update_map

    with writable_warehouse() as warehouse, progress_bar() as show:
        key = _encoder(warehouse, encoder)
        scopes = _scopes(warehouse, key, prompt or [], all_pictures)
        reports = []
        prompts = sum(scope is not None for scope in scopes)
        for done, scope in enumerate(scopes, start=1):
            if key is None:
                break
            name = "all pictures" if scope is None else "maps of prompts"
            with _counting(show, name, done, prompts, single=scope is None) as on_progress:
                reports.append(
                    update_map(warehouse, key, scope, redraw=redraw, on_progress=on_progress)
                )
    if json:
        say_json({"encoder": key, "maps": [asdict(report) for report in reports]})
    else:
        _tell(key, reports)


def _encoder(warehouse: Warehouse, asked: str | None) -> str | None:
    if asked is None:
        return scoring_encoder(warehouse)
    if not warehouse.value("select count(*) from encoders where encoder = $key", {"key": asked}):
        raise NotFoundError("encoder", asked)
    return asked


def _scopes(
    warehouse: Warehouse, encoder: str | None, prompts: Sequence[int], all_pictures: bool
) -> list[int | None]:
    """Prompts to map, None standing for all pictures; all there are where nothing is asked."""
    for prompt_id in prompts:
        if not warehouse.value(
            "select count(*) from prompts where prompt_id = $prompt_id", {"prompt_id": prompt_id}
        ):
            raise NotFoundError("prompt", prompt_id)
    if prompts or all_pictures:
        return [*dict.fromkeys(prompts), *([None] if all_pictures else [])]
    return [*warehouse.frame("map_scopes", encoder=encoder)["prompt_id"], None]


@contextmanager
def _counting(
    show: OnProgress, name: str, done: int, total: int, *, single: bool
) -> Iterator[Progress]:
    """Progress of one map: its own share where it is the large one, else one step of all."""

    def on_progress(share: float) -> bool:
        if single:
            show(name, round(share * PERCENT), PERCENT)
        return True

    yield on_progress
    show(name, PERCENT if single else done, PERCENT if single else total)


def _tell(encoder: str | None, reports: "Sequence[MapReport]") -> None:
    drawn = [report for report in reports if report.drawn]
    placed = sum(report.placed for report in reports)
    if not any(report.drawn or report.kept or report.placed for report in reports):
        say("No pictures with features to map: `python -m warehouse embed` computes them.")
        return
    say(f"Encoder {encoder}.")
    say(f"{len(drawn):,} maps drawn, {placed:,} new pictures placed on kept maps.")
    damaged = max((report.damaged for report in reports), default=0)
    if damaged:
        say(f"Left out: {damaged:,} with features that have no direction, see `check`.")
    for report in drawn:
        if report.prompt_id is None or len(drawn) == 1:
            name = "All pictures" if report.prompt_id is None else f"Prompt {report.prompt_id}"
            trust = report.trustworthiness
            say(
                f"{name}: {report.drawn:,} drawn in {report.seconds:.1f} s"
                + (f", trustworthiness {trust:.3f}." if trust is not None else ".")
            )
