"""`roster`: which models a dataset is made of: read from a hub, drawn by popularity."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.errors import GemboardError
from warehouse.commands.console import progress_bar, say, say_json, writable_warehouse

if TYPE_CHECKING:
    from core.generation.popularity import Draw
    from warehouse.importers.civitai import HubRoster, Wanted

TOLD = 10  # refused rows that people are shown
KINDS = ("checkpoint", "lora", "all")

app = typer.Typer(
    help="Rosters, the models that a dataset is made of: read from a hub, and drawn from by "
    "popularity as GEMRec's was.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Out = Annotated[
    Path | None,
    typer.Option("--out", dir_okay=False, help="CSV to write, which `import gemrec` reads."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")]


class RosterError(GemboardError):
    """A roster that cannot be asked for so, or not be written."""

    def __init__(self, reason: str, *, wrong_usage: bool = False) -> None:
        super().__init__(reason)
        self.wrong_usage = wrong_usage


@app.command("sample")
def sample(
    source: Annotated[
        Path,
        typer.Option(
            "--from",
            exists=True,
            dir_okay=False,
            help="CSV as GEMRec's roster, or JSON: a list of objects with its columns.",
        ),
    ],
    n: Annotated[int, typer.Option("--n", help="Models in all.")] = 200,
    bins: Annotated[
        int, typer.Option(help="Bins for each power of ten of the downloads; equal in width.")
    ] = 1,
    seed: Annotated[int, typer.Option(help="The same seed draws the same models.")] = 0,
    keep: Annotated[
        str, typer.Option(help="Versions to take in any case: ids, with commas between.")
    ] = "",
    out: Out = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave bad rows out, and say how many.")
    ] = False,
    json: Json = False,
) -> None:
    """Draw models by popularity: each bin of downloads keeps its share (GEMRec, section 3.1).

    python -m warehouse roster sample --from all.csv --n 200 --keep 1000004,1000005 --out roster.csv
    """
    from warehouse.importers.roster_files import read_roster, write_rows

    kept = _ids(keep)
    roster = read_roster(source, skip_bad=skip_bad)
    draw = roster.draw(n, seed, keep=kept, bins_per_decade=bins)
    rows = roster.rows(draw)
    stream = io.StringIO(newline="")
    write_rows(rows, stream)
    if out is not None:
        _write(out, stream.getvalue())
    if json:
        say_json(
            {
                "models": len(rows),
                "candidates": len(roster),
                "rejected": roster.bad,
                "seed": seed,
                "model_version_ids": list(draw.model_version_ids),
                "bins": [vars(each) for each in draw.bins],
                "file": None if out is None else str(out),
            }
        )
    elif out is None:
        say(stream.getvalue().removesuffix("\n"))
    else:
        _tell_draw(draw, len(rows), len(roster), len(kept))
        if roster.bad:
            say(f"{roster.bad:,} bad rows were left out.")
        say(f"Written to {out}.")


@app.command("civitai")
def civitai(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="Saved responses of GET /api/v1/models, in order; fetched where none is named.",
        ),
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="Page to begin with, in place of the most downloaded.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Model versions at most.")] = 1_000,
    kind: Annotated[str, typer.Option(help="checkpoint, lora or all.")] = "all",
    base_model: Annotated[
        str | None, typer.Option(help="Those of one base alone, such as “SD 1.5”.")
    ] = None,
    newest: Annotated[
        bool, typer.Option("--newest", help="Of each model the first version alone.")
    ] = False,
    with_nsfw: Annotated[
        bool, typer.Option("--with-nsfw", help="Take models that the hub marks as NSFW too.")
    ] = False,
    out: Out = None,
    land: Annotated[
        bool, typer.Option("--import", help="Take the models into the warehouse.")
    ] = False,
    json: Json = False,
) -> None:
    """Read models from the public API of Civitai, or from its saved responses.

    python -m warehouse roster civitai page-1.json page-2.json --out all.csv
    """
    from warehouse.importers.civitai import Wanted, import_roster, roster_text

    if kind not in KINDS:
        raise RosterError(f"--kind is none of {', '.join(KINDS)}.", wrong_usage=True)
    if files and url:
        raise RosterError("Name files or --url, not both.", wrong_usage=True)
    kinds = frozenset(KINDS[:2] if kind == "all" else (kind,))
    wanted = Wanted(limit, kinds, base_model, newest, with_nsfw)
    found = _read(files or [], url, wanted)
    text = roster_text(found.models)
    if out is not None:
        _write(out, text)
    report = None
    if land:
        with writable_warehouse() as warehouse:
            subject = files[0].name if files else "civitai.com"
            report = import_roster(warehouse, found.models, subject)
    if json:
        say_json(_told(found, out, None if report is None else report.tables))
        return
    if out is None and report is None:
        say(text.removesuffix("\n"))
        return
    _tell_roster(found)
    if report is not None:
        landed = report.tables.get("models")
        added, changed = (landed.added, landed.changed) if landed else (0, 0)
        say(f"models: {added:,} added, {changed:,} changed.")
    if out is not None:
        say(f"Written to {out}.")


def _read(files: list[Path], url: str | None, wanted: "Wanted") -> "HubRoster":
    from warehouse.importers.civitai import read_pages, saved_pages
    from warehouse.importers.civitai_pages import fetch_pages, first_page

    if files:
        return read_pages(saved_pages(files), wanted)
    kind = next(iter(wanted.kinds)) if len(wanted.kinds) == 1 else None
    address = url or first_page(kind, wanted.base_model, wanted.with_unsafe)
    with progress_bar() as progress:

        def watched() -> Any:
            for number, page in enumerate(fetch_pages(address), start=1):
                progress("pages", number, number + 1)
                yield page

        return read_pages(watched(), wanted)


def _ids(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise RosterError(
            "--keep takes ids of model versions, with commas between.", wrong_usage=True
        ) from None


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise RosterError(f"{path} cannot be written: {error.strerror}.") from error


def _told(found: "HubRoster", out: Path | None, tables: Any) -> dict[str, Any]:
    return {
        "models": len(found.models),
        "pages": found.pages,
        "refused": list(found.refused),
        "skipped": dict(found.skipped),
        "nsfw_left_out": found.unsafe,
        "model_version_ids": [model.model_version_id for model in found.models],
        "file": None if out is None else str(out),
        "tables": None if tables is None else {name: vars(each) for name, each in tables.items()},
    }


def _tell_draw(draw: "Draw", models: int, candidates: int, kept: int) -> None:
    say(f"{models:,} of {candidates:,} models drawn{f', {kept} of them kept' if kept else ''}:")
    for each in draw.bins:
        downloads = f"{each.low:,} to {each.high:,}"
        say(f"  {downloads:>26} downloads: {each.drawn:,} of {each.models:,}")


def _tell_roster(found: "HubRoster") -> None:
    say(f"{len(found.models):,} model versions from {found.pages:,} pages.")
    for kind, count in found.skipped:
        say(f"  left out: {count:,} of the type {kind}, which makes no pictures by itself")
    if found.unsafe:
        say(f"  left out: {found.unsafe:,} that the hub marks as NSFW (--with-nsfw takes them)")
    for reason in found.refused[:TOLD]:
        say(f"  refused: {reason}")
    if len(found.refused) > TOLD:
        say(f"  refused: {len(found.refused) - TOLD:,} more")
