"""The one table of pages: file, title, icon, role."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.access import Person, Role

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


PAGES = (
    PageEntry("home.py", "Home", ":material/home:"),
    PageEntry("explore.py", "Explore", ":material/grid_view:"),
)


def entries_for(person: Person) -> list[PageEntry]:
    """The entries that `person` may see, in order."""
    return [entry for entry in PAGES if person.may(entry.role)]


def pages_for(person: Person) -> dict[str, list[Page]]:
    """The pages that `person` may see, by section; the first one opens at the root."""
    sections: dict[str, list[Page]] = {}
    for entry in entries_for(person):
        page = st.Page(
            FOLDER / entry.file,
            title=entry.title,
            icon=entry.icon,
            url_path=entry.url_path,
            default=entry is PAGES[0],
        )
        sections.setdefault(entry.section, []).append(page)
    return sections
