"""Campaigns and roles for tests of the screen."""

from dashboard import access, campaigns, navigation, ranking, selection
from dashboard.access import LOCAL_PERSON, Person
from dashboard.components.campaigns import campaign_list
from dashboard.components.rank import lobby_mode, lobby_start
from tests.ranking import ADA, answered, begun
from warehouse.campaign_plans import Plan
from warehouse.campaigns import create_campaign
from warehouse.database import open_warehouse

HOSTILE_NAME = "**bold** <b>$x$</b> :smile: [a](javascript:1)"
SEES_A_PERSON = (access, campaigns, navigation, ranking, selection, campaign_list, lobby_mode,
                 lobby_start)  # fmt: skip


def as_person(monkeypatch, role, person_id=LOCAL_PERSON.person_id):
    """Whoever is at the screen from now on."""
    person = Person(person_id, person_id.title(), role)
    for module in SEES_A_PERSON:
        monkeypatch.setattr(module, "current_person", lambda: person)
    return person


def with_campaign(home, *choices, name="Spring", prompts=(1, 2), mode="battle", plan=None):
    """A campaign in the home, and Ada's answers to it; its id."""
    warehouse = open_warehouse(home)
    made = create_campaign(
        warehouse, name, prompts, person_id="max", mode=mode, plan=plan or Plan(people_per_prompt=2)
    )
    if choices:
        answered(warehouse, begun(warehouse, ADA, "choose", campaign=made.campaign_id), *choices)
    warehouse.close()
    return made.campaign_id


def words(app):
    """All plain words on the page."""
    elements = (*app.caption, *app.info, *app.markdown, *app.text, *app.subheader, *app.success)
    return "\n".join(str(element.value) for element in elements)


def keyed(found, start):
    """The elements whose key begins like this."""
    return [element for element in found if (element.key or "").startswith(start)]
