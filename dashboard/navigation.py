"""The one table of pages: file, title, icon, role."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.access import Person, Role, current_person
from dashboard.state.navigation import CURRENT_PAGE

FOLDER = Path(__file__).resolve().parent.parent / "pages"


@dataclass(frozen=True)
class PageEntry:
    """One screen; the file's stem is its URL path."""

    file: str
    title: str
    icon: str
    role: Role = Role.VIEWER
    section: str = ""

    @property
    def url_path(self) -> str:
        """The page's path in the address."""
        return Path(self.file).stem

    def page(self) -> Page:
        """The page as Streamlit knows it; the first of the table opens at the root."""
        return st.Page(
            FOLDER / self.file,
            title=self.title,
            icon=self.icon,
            url_path=self.url_path,
            default=self is PAGES[0],
        )


PAGES = (
    PageEntry("home.py", "Home", ":material/home:"),
    PageEntry("explore.py", "Explore", ":material/grid_view:"),
    PageEntry("similarity.py", "Similarity", ":material/join_inner:"),
    PageEntry("map.py", "Map", ":material/scatter_plot:"),
    PageEntry("weights.py", "Weights", ":material/tune:"),
    PageEntry("rank.py", "Rank", ":material/swipe:"),
    PageEntry("summary.py", "Summary", ":material/leaderboard:"),
    PageEntry("leaderboard.py", "Leaderboard", ":material/trophy:"),
    PageEntry("generate.py", "Generate", ":material/auto_awesome:", Role.ANNOTATOR),
    PageEntry("admin_campaigns.py", "Campaigns", ":material/campaign:", Role.MAINTAINER, "Admin"),
)


def entries_for(person: Person) -> list[PageEntry]:
    """The entries that `person` may see, in order."""
    return [entry for entry in PAGES if person.may(entry.role)]


def entry(url_path: str) -> PageEntry | None:
    """The page of this path where there is one that the person at the screen may see."""
    found = (entry for entry in entries_for(current_person()) if entry.url_path == url_path)
    return next(found, None)


def current_path() -> str:
    """Path of the page that is open."""
    return str(st.session_state.get(CURRENT_PAGE, PAGES[0].url_path))


def pages_for(person: Person) -> dict[str, list[Page]]:
    """The pages that `person` may see, by section; the first one opens at the root."""
    sections: dict[str, list[Page]] = {}
    for entry in entries_for(person):
        sections.setdefault(entry.section, []).append(entry.page())
    return sections
