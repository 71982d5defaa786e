"""`recommend`: which models for a prompt, and how good such lists are on prompts held out."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.errors import GemboardError
from core.settings import load_settings
from warehouse.commands.console import progress_bar, readable_warehouse, say, say_json
from warehouse.database import Warehouse

if TYPE_CHECKING:  # importing them takes a while
    from core.recommendation.held_out import Evaluation, Figures
    from core.recommendation.list_quality import Mean
    from core.recommendation.nearness import Vectors
    from warehouse.recommendation import Answer
    from warehouse.recommendation_knowledge import Knowledge


def recommend(
    prompt: Annotated[str, typer.Argument(help="What the pictures should show.")] = "",
    tag: Annotated[str | None, typer.Option(help="In place of a prompt: prompts of a tag.")] = None,
    base_model: Annotated[str | None, typer.Option(help="Models on this base alone.")] = None,
    licence: Annotated[str | None, typer.Option(help="Models under this licence alone.")] = None,
    evaluate: Annotated[
        bool, typer.Option("--evaluate", help="Figures on held-out prompts instead.")
    ] = False,
    with_simulated: Annotated[
        bool, typer.Option("--with-simulated", help="Count simulated judgments too.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")] = False,
) -> None:
    """Recommend five models for a prompt or a tag, each with a reason.

    Prompts like yours are found by text features; without an encoder here, by words.
    --evaluate holds out the judged prompts, five folds, and prints hit rate and NDCG of the lists
    beside other ways of making them; it takes a minute.

    python -m warehouse recommend "a red fox in the snow" --licence MIT --json
    """
    from warehouse import recommendation
    from warehouse.recommendation_knowledge import knowledge
    from warehouse.recommendation_questions import NothingAskedError, Question

    question = Question(prompt.strip(), tag, base_model, licence)
    if not evaluate and not question:
        raise NothingAskedError
    with readable_warehouse() as warehouse:
        known = knowledge(warehouse, with_simulated=with_simulated)
        if evaluate:
            with progress_bar() as progress:
                found = recommendation.evaluation(
                    known, lambda done, total: progress("prompts", done, total)
                )
            _say_evaluation(found, json=json)
            return
        vector, hint = _vector(warehouse, known, question.prompt)
        answer = recommendation.answer(known, question, vector)
    if json:
        say_json(_told(answer, hint))
    else:
        _print(answer, hint)


def _vector(warehouse: Warehouse, known: "Knowledge", prompt: str) -> tuple["Vectors | None", str]:
    """Text features of the prompt, or why there are none and how to get them."""
    from warehouse.search_encoder import search_encoder

    if not prompt:
        return None, ""
    if known.encoder is None or known.texts.units is None:
        return None, "The prompts here have no text features: `python -m warehouse embed`."
    try:
        encoder = search_encoder(warehouse, known.encoder, load_settings())
        return encoder.encode_texts([prompt])[0], ""
    except GemboardError as error:
        return None, str(error)


def _told(answer: "Answer", hint: str) -> dict[str, Any]:
    """What a machine reads of an answer."""
    return {
        **asdict(answer.question),
        "basis": answer.basis,
        "encoder": answer.encoder,
        "hint": hint or None,
        "near_prompts": answer.near.to_dicts(),
        "near_judgments": answer.near_judgments,
        "judgments": answer.judgments,
        "candidates": answer.candidates,
        "models": [asdict(model) for model in answer.models],
    }


def _print(answer: "Answer", hint: str) -> None:
    """A table for people; names are shown as text."""
    if not answer.models:
        say("No model with a picture passes the filters.")
        return
    table = Table(box=None, pad_edge=False)
    for title in ("rank", "model", "chance", "95 %", "why"):
        table.add_column(title, justify="left" if title in ("model", "why") else "right")
    for model in answer.models:
        name = Text(f"{model.model_name} {model.version_name or ''}".strip())
        ends = f"{model.lower:.0%} to {model.upper:.0%}"
        table.add_row(f"{model.rank}", name, f"{model.chance:.0%}", ends, Text(model.reason))
    Console().print(table)
    found = {"features": f"text features of {answer.encoder}", "words": "words", "tag": "the tag"}
    say(
        f"{answer.near.height} near prompts by {found[answer.basis]}, with {answer.near_judgments} "
        f"of {answer.judgments} judgments. Chance: of being preferred to an average model."
    )
    if hint:
        say(hint)


def _say_evaluation(found: "Evaluation | None", *, json: bool) -> None:
    from core.recommendation.held_out import METHODS

    if found is None:
        if json:
            say_json({"prompts": 0})
        else:
            say("Fewer than five prompts have more than five judged models: nothing to hold out.")
        return
    if json:
        say_json(asdict(found))
        return
    say(
        f"{found.prompts} prompts held out in five folds, {found.judgments} judgments, "
        f"{found.judged_models:.1f} of {found.models} models judged on a prompt"
    )
    for title, figures, chance in (
        ("Among the models judged there", found.among_judged, found.by_chance),
        ("Among all models", found.among_all, found.by_chance_all),
    ):
        table = Table(title=title, box=None, pad_edge=False, title_justify="left")
        for column in ("list", "hit rate@5", "NDCG@5", "NDCG behind"):
            table.add_column(column, justify="left" if column == "list" else "right")
        for method, name in METHODS.items():
            table.add_row(name, *_cells(figures[method]))
        table.add_row("Drawn evenly (expected)", f"{chance[0]:.3f}", f"{chance[1]:.3f}", "")
        Console().print(table)
    say("NDCG behind: how far the list stays behind the recommendation, paired by prompt.")


def _cells(figures: "Figures") -> tuple[str, str, str]:
    return _ends(figures.hit_rate), _ends(figures.ndcg), _ends(figures.ndcg_ahead)


def _ends(mean: "Mean") -> str:
    return f"{mean.value:.3f} ({mean.lower:.3f} to {mean.upper:.3f})"
