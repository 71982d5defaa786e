"""Explore: session keys, defaults and the parameters of its links."""

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

EXPLORE_TAG = "explore.tag"
EXPLORE_PROMPT = "explore.prompt"
EXPLORE_SORT = "explore.sort"
EXPLORE_PAGE = "explore.page"
EXPLORE_PAGER = "explore.pager"
EXPLORE_PAGE_SIZE = "explore.page_size"
EXPLORE_PICKS = "explore.picks"
EXPLORE_PICKS_VERSION = "explore.picks_version"
EXPLORE_LINK = "explore.link"

SORTS = {
    "gre": "GRE-Score",
    "clip": "CLIP score",
    "distinctiveness": "Distinctiveness",
    "popularity": "Popularity",
}
PAGE_SIZES = (50, 100, 200)
MOST_PICKS = 4
LINK_PARAMETERS = ("prompt", "sort", "page")


@dataclass(frozen=True)
class ExploreLink:
    """What a link to Explore asks for; None where it asks nothing or nothing usable."""

    prompt_id: int | None = None
    sort: str | None = None
    page: int | None = None
    complaints: list[str] = field(default_factory=list)


def read_explore_link(params: Mapping[str, str], prompt_ids: Iterable[int]) -> ExploreLink:
    """The typed, checked parameters of a link; what is wrong with it stands in `complaints`."""
    complaints = []
    prompt_id = _whole_number(params.get("prompt"))
    if "prompt" in params and prompt_id not in set(prompt_ids):
        prompt_id = None
        complaints.append("names a prompt that is not in this warehouse")
    sort = params.get("sort")
    if sort is not None and sort not in SORTS:
        sort = None
        complaints.append("names an order that does not exist")
    page = _whole_number(params.get("page"))
    if "page" in params and (page is None or page < 1):
        page = None
        complaints.append("names a page that does not exist")
    return ExploreLink(prompt_id, sort, page, complaints)


def pages(total: int, page_size: int) -> int:
    """How many pages `total` cards fill; at least one."""
    return max(1, -(-total // page_size))


def picks(state: MutableMapping[Any, Any]) -> tuple[str, ...]:
    """Ids of the images picked for comparison, in the order of picking."""
    return tuple(state.get(EXPLORE_PICKS, ()))


def keep_picks(state: MutableMapping[Any, Any], image_ids: Iterable[str], version: int) -> None:
    """Remember the picks; `version` counts changes, so that browser and server agree."""
    state[EXPLORE_PICKS] = tuple(dict.fromkeys(image_ids))[:MOST_PICKS]
    state[EXPLORE_PICKS_VERSION] = version


def _whole_number(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 19:
        return None
    return int(text)
