"""Summary: session keys and the parameters of its links."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

SUMMARY_PERSON = "summary.person"
SUMMARY_SESSION = "summary.session"
SUMMARY_TAG = "summary.tag"
SUMMARY_AMONG = "summary.among"
SUMMARY_ALL_ROWS = "summary.all_rows"
SUMMARY_LISTED = "summary.listed"
SUMMARY_LINK = "summary.link"

AMONG = {"judged": "Models judged", "all": "All models"}
LINK_PARAMETERS = ("person", "session", "tag", "models")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True)
class SummaryLink:
    """What a link to Summary asks for; None where it asks nothing or nothing usable."""

    person_id: str | None = None
    session_id: str | None = None
    tag: str | None = None  # "" for prompts without one
    among: str | None = None
    complaints: list[str] = field(default_factory=list)


def read_summary_link(params: Mapping[str, str]) -> SummaryLink:
    """The checked parameters of a link; what is wrong with it stands in `complaints`.

    Whether there are such people, sessions and tags, and who may see them, is not known here.
    """
    complaints: list[str] = []

    def identifier(name: str, what: str) -> str | None:
        value = params.get(name)
        if value is None or _ID.fullmatch(value):
            return value
        complaints.append(f"names no {what}")
        return None

    among = params.get("models")
    if among not in (None, *AMONG):
        complaints.append("asks for models that are neither those judged nor all")
        among = None
    return SummaryLink(
        identifier("person", "person"),
        identifier("session", "session"),
        params.get("tag"),
        among,
        complaints,
    )


def link_parameters(link: SummaryLink) -> dict[str, str]:
    """The parameters that `read_summary_link` reads back as `link`."""
    told = {
        "person": link.person_id,
        "session": link.session_id,
        "tag": link.tag,
        "models": link.among,
    }
    return {name: value for name, value in told.items() if value is not None}
