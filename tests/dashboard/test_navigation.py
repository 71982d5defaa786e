"""The table of pages and the files of pages are the same thing; roles rise."""

import dataclasses
from pathlib import Path

from dashboard import access, navigation
from dashboard.access import Person, Role

ROOT = Path(__file__).parents[2]


def test_every_page_file_is_in_the_table_and_the_other_way_round():
    files = {path.name for path in (ROOT / "pages").glob("*.py")} - {"__init__.py"}
    assert {entry.file for entry in navigation.PAGES} == files


def test_icons_are_material_symbols():
    assert all(entry.icon.startswith(":material/") for entry in navigation.PAGES)


def test_the_stem_of_the_file_is_the_path():
    assert [entry.url_path for entry in navigation.PAGES][:2] == ["home", "explore"]
    assert all(entry.file == f"{entry.url_path}.py" for entry in navigation.PAGES)


def test_a_page_for_maintainers_is_kept_from_viewers(monkeypatch):
    secret = dataclasses.replace(navigation.PAGES[1], role=Role.MAINTAINER)
    monkeypatch.setattr(navigation, "PAGES", (navigation.PAGES[0], secret))
    shown = navigation.entries_for(Person("v", "Viewer", Role.VIEWER))
    assert [entry.title for entry in shown] == ["Home"]


def test_each_role_may_do_what_the_lower_ones_may():
    order = [Role.VIEWER, Role.ANNOTATOR, Role.ANALYST, Role.MAINTAINER]
    for place, role in enumerate(order):
        person = Person("p", "P", role)
        assert [person.may(other) for other in order] == [i <= place for i in range(4)]


def test_the_local_person_may_do_everything():
    assert access.current_person().may(Role.MAINTAINER)
