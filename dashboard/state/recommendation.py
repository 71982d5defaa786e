"""“Which model?” on Home: session keys and the parameters of its links."""

from collections.abc import Collection, Mapping
from typing import Any

from warehouse.recommendation_questions import Question

ASKED = "recommendation.asked"  # Question
PROMPT = "recommendation.prompt"
TAG = "recommendation.tag"
BASE_MODEL = "recommendation.base_model"
LICENCE = "recommendation.licence"
CARDS = "recommendation.cards"
TAKEN = "recommendation.taken"  # step of the last change that came from the cards
LINK = "recommendation.link"

LONGEST_PROMPT = 500
FIELDS = {"tag": "tag", "base": "base_model", "licence": "licence"}  # parameter: column
PARAMETERS = ("prompt", *FIELDS)


def question(session: Mapping[Any, Any]) -> Question:
    """What is asked now."""
    found: Question = session.get(ASKED, Question())
    return found


def read_link(
    asked: Mapping[str, str], known: Mapping[str, Collection[str]]
) -> tuple[Question, list[str]]:
    """What a link asks, and what of it cannot be had; `known` holds options by parameter."""
    complaints = []
    told: dict[str, str] = {}
    for parameter, column in FIELDS.items():
        value = asked.get(parameter)
        if value is None:
            continue
        if value in known[parameter]:
            told[column] = value
        else:
            what = column.replace("_", " ")
            complaints.append(f"names a {what} that no model or prompt here has")
    prompt = " ".join(asked.get("prompt", "").split())[:LONGEST_PROMPT]
    if prompt:
        told.pop("tag", None)
    return Question(prompt, **told), complaints


def link_parameters(asked: Question) -> dict[str, str]:
    """The parameters that `read_link` reads back; nothing where neither prompt nor tag is asked."""
    if not asked:
        return {}
    told = {parameter: getattr(asked, column) for parameter, column in FIELDS.items()}
    told["prompt"] = asked.prompt or None
    return {name: told[name] for name in PARAMETERS if told[name]}
