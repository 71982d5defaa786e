"""Explore: what the person looks at, and its session keys."""

from collections.abc import MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.picture_filters import PictureFilters

EXPLORE_VIEW = "explore.view"
EXPLORE_TAKEN = "explore.taken"  # step of the last choice that came from the panel of filters
EXPLORE_LINK = "explore.link"
EXPLORE_PAGE_SIZE = "explore.page_size"
EXPLORE_PAGER = "explore.pager"
EXPLORE_UPLOAD = "explore.upload"
EXPLORE_UPLOAD_ERROR = "explore.upload_error"
EXPLORE_FIND = "explore.find"
EXPLORE_WORDS = "explore.words"
EXPLORE_TEXT = "explore.text"
EXPLORE_UPLOADER = "explore.uploader"
EXPLORE_SORT = "explore.sort"
EXPLORE_LAYOUT = "explore.layout"
EXPLORE_TOLD = "explore.told_picks"

SORTS = {
    "gre": "GRE-Score",
    "clip": "CLIP score",
    "distinctiveness": "Distinctiveness",
    "popularity": "Popularity",
}
NEAREST = "nearest"
LAYOUTS = {"grid": "Grid", "table": "Table", "matrix": "Matrix"}
PAGE_SIZES = (50, 100, 200)
MATRIX_PROMPTS, MATRIX_MODELS = 8, 10  # cells of a block


@dataclass(frozen=True)
class Example:
    """What pictures should look like; one of the three at most."""

    text: str = ""
    image_id: str = ""
    upload: str = ""  # start of the content hash of a picture that was uploaded in this session

    def __bool__(self) -> bool:
        return bool(self.text or self.image_id or self.upload)


@dataclass(frozen=True)
class ExploreView:
    """Everything that a link to Explore restores."""

    filters: PictureFilters = field(default_factory=PictureFilters)
    example: Example = field(default_factory=Example)
    layout: str = "grid"
    sort: str = "gre"  # nearest needs an example
    page: int = 1
    page_size: int = PAGE_SIZES[0]
    models_page: int = 1  # of the matrix

    def with_filters(self, filters: PictureFilters) -> "ExploreView":
        """The same view of other pictures, from the first page on."""
        return replace(self, filters=filters, page=1, models_page=1)

    def with_example(self, example: Example) -> "ExploreView":
        """Nearest to `example` first; without one, back to the GRE-Score."""
        sort = NEAREST if example else "gre" if self.sort == NEAREST else self.sort
        return replace(self, example=example, sort=sort, page=1, models_page=1)


@dataclass(frozen=True)
class Upload:
    """An example picture of this session: where its features point, not the picture."""

    sha256: str
    name: str
    encoder: str
    vector: tuple[float, ...]


def view(session: MutableMapping[Any, Any]) -> ExploreView:
    """What the person looks at now."""
    kept = session.get(EXPLORE_VIEW)
    return kept if isinstance(kept, ExploreView) else ExploreView()


def keep_view(session: MutableMapping[Any, Any], changed: ExploreView) -> None:
    """Look at something else; the pager follows."""
    session[EXPLORE_VIEW] = changed
    session[EXPLORE_PAGER] = session.get(EXPLORE_PAGER, 0) + 1


def pages(total: int, page_size: int) -> int:
    """How many pages `total` cards fill; at least one."""
    return max(1, -(-total // page_size))


@dataclass
class ToldPicks:
    """What the gallery in the browser knows of the selection."""

    shown: list[str]  # ids of its cards
    sent: list[str]  # ids that it was told are picked
    sent_applied: int  # last tick that these contain
    applied: int  # last tick that came from it
    believed: set[str]  # what it shows as picked now
