"""Generation as the screen uses it: who may, asking, watching, keeping; roles checked here."""

from collections.abc import Collection

from core.errors import NotAllowedError, NotFoundError
from core.generation.request import Request
from dashboard import freshness
from dashboard.access import Role, current_person
from dashboard.resources import generation, map_jobs, warehouse
from warehouse.generation import catalogue, keeping, watching
from warehouse.generation.catalogue import BaseSettings, UsableModel
from warehouse.generation.job_views import Estimate, JobView
from warehouse.generation.orders import Order, OrderedPicture
from warehouse.generation.service import GenerationService
from warehouse.generation.word_list import check_prompt
from warehouse.selections import Picker

GENERATES = Role.ANNOTATOR
ADDS_MODELS = Role.MAINTAINER
_MAKE = "have pictures made"


def may_generate() -> bool:
    """Whether the person at the screen may have pictures made."""
    return current_person().may(GENERATES)


def ask(order: Order) -> str:
    """Id of the job that makes the order; the same again while under way gives the same job.

    Raises NotAllowedError, OrderError and BlockedWordsError.
    """
    _allow()
    person = current_person()
    picker = Picker(person.person_id, person.name, person.role.name.lower())
    return _service().ask(order, picker)


def check(order: Order) -> None:
    """Raises NotAllowedError or BlockedWordsError where this person may not ask for that."""
    _allow()
    for prompt, negative_prompt in {
        (each.request.prompt, each.request.negative_prompt) for each in order.pictures
    }:
        check_prompt(warehouse(), prompt, negative_prompt)


def estimate(order: Order) -> Estimate:
    """What the order would cost now."""
    return _service().estimate(order)


def warm(model: UsableModel | None = None) -> None:
    """Start the device's process in the background, so that the first picture comes soon."""
    if not may_generate():
        return
    order = None
    if model and model.checkpoint:
        request = Request("warm", model.checkpoint, seed=0, loras=model.loras)
        order = Order((OrderedPicture(request, model.model_version_id),), ("",), ("",))
    _service().warm(order)


def job(job_id: str) -> JobView | None:
    """One job with its pictures, as its owner or a maintainer sees it; None where there is none."""
    view = watching.job_view(warehouse(), _service(), job_id)
    return view if view and _is_mine(view) else None


def jobs(most: int = 20, *, everybody: bool = False) -> tuple[JobView, ...]:
    """The newest jobs of the person at the screen; of all people for maintainers who ask."""
    person = current_person()
    all_people = everybody and person.may(Role.MAINTAINER)
    whose = None if all_people else person.person_id
    return watching.job_views(warehouse(), _service(), whose, most)


def cancel(job_id: str) -> None:
    """Stop a job within a step; what is finished stays. Its owner and maintainers may."""
    _mine(job_id)
    _service().cancel(job_id)


def retry(job_id: str) -> str:
    """The same job, which now makes what is missing of it. Its owner and maintainers may."""
    _mine(job_id)
    _service().retry(job_id)
    return job_id


def keep(job_id: str, places: Collection[int]) -> None:
    """Take fresh pictures into the warehouse: features, scores and the map follow by themselves."""
    _mine(job_id)
    ids = keeping.keep_pictures(warehouse(), job_id, places, current_person().person_id)
    if ids:
        _service().finish(ids)
        freshness.pictures_changed()


def discard(job_id: str, places: Collection[int]) -> None:
    """Throw pictures away, kept ones too while nobody judged or picked them. Raises OrderError."""
    _mine(job_id)
    kept = keeping.discard_pictures(warehouse(), job_id, places, current_person().person_id)
    if kept:
        _service().finish(())  # scores are relative to the other pictures of a prompt
    freshness.pictures_changed()


def models() -> tuple[UsableModel, ...]:
    """Every model version, usable or why not."""
    return catalogue.usable_models(warehouse())


def settings_of(base_model: str) -> BaseSettings:
    """What pictures of this base are best asked with."""
    return catalogue.base_settings(warehouse(), base_model)


def device_words() -> str:
    """Which devices make pictures and how they save memory, in a line; empty until known."""
    return "; ".join(dict.fromkeys(r.words for r in _service().runners if r.words))


def begin() -> None:
    """Go on with jobs that an earlier process left, once in the life of this one."""
    _service()


def _service() -> GenerationService:
    service = generation()
    if service.landed is not freshness.pictures_changed:
        service.landed = freshness.pictures_changed
        person_id = current_person().person_id
        service.place = lambda encoder: _place(encoder, person_id)
        service.begin()
    return service


def _place(encoder: str, person_id: str) -> None:
    """In a process of its own: placing holds Python's lock for seconds."""
    map_jobs().start(encoder, None, person_id)


def _mine(job_id: str) -> JobView:
    _allow()
    view = watching.job_view(warehouse(), _service(), job_id)
    if view is None:
        raise NotFoundError("job", job_id)
    if not _is_mine(view):
        raise NotAllowedError("change other people's jobs", Role.MAINTAINER.name.lower())
    return view


def _is_mine(view: JobView) -> bool:
    person = current_person()
    return view.person_id == person.person_id or person.may(Role.MAINTAINER)


def _allow() -> None:
    if not may_generate():
        raise NotAllowedError(_MAKE, GENERATES.name.lower())
