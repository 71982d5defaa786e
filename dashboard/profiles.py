"""Weight profiles as the screen uses them: which one is in force, and who may change that."""

from collections.abc import Mapping

from core.errors import NotAllowedError, NotFoundError
from core.weights.normalisation import Normalisation
from dashboard.access import Role, current_person
from dashboard.data import weights as data
from dashboard.resources import PROFILES, SCORES, warehouse, weights_revisions
from warehouse import profiles
from warehouse.profiles import Activation, WeightProfile

SAVES, ACTIVATES = Role.ANALYST, Role.MAINTAINER


def scores_revision() -> int:
    """Rises when other weights come into force: cached scores of before are keyed otherwise.

    Clearing the caches instead would lose a race: another tab that read just before the change
    would store its old answer just after.
    """
    return weights_revisions()[SCORES]


def weight_profiles() -> list[WeightProfile]:
    """All profiles, the active one first."""
    return data.weight_profiles(weights_revisions()[PROFILES])


def active_profile() -> WeightProfile:
    """The profile in force. Raises NotFoundError where none is active."""
    for profile in weight_profiles():
        if profile.active:
            return profile
    raise NotFoundError("weight profile", "active")


def history() -> list[Activation]:
    """Who put which profile into force, newest first."""
    return data.profile_history(weights_revisions()[PROFILES])


def may_save() -> bool:
    """Whether the person at the screen may save profiles."""
    return current_person().may(SAVES)


def may_activate() -> bool:
    """Whether the person at the screen may put profiles into force."""
    return current_person().may(ACTIVATES)


def save(name: str, lambdas: Mapping[str, float], normalisation: str, note: str = "") -> None:
    """Store a profile that is not in force yet. Raises NotAllowedError or ScoreError."""
    _allow(SAVES, "save a weight profile")
    profiles.save_profile(
        warehouse(),
        name.strip(),
        lambdas,
        current_person().person_id,
        normalisation=Normalisation(normalisation),
        note=note.strip() or None,
    )
    _changed(PROFILES)


def activate(name: str, *, expected: str, note: str = "") -> None:
    """Put a profile into force, as long as `expected` is the one in force until now.

    Raises NotAllowedError, NotFoundError or ConflictError.
    """
    _allow(ACTIVATES, "put a weight profile into force")
    try:
        profiles.activate_profile(
            warehouse(),
            name,
            current_person().person_id,
            expected=expected,
            note=note.strip() or None,
        )
    finally:  # after a conflict too: somebody else changed what is in force
        _changed(SCORES, PROFILES)


def roll_back(*, expected: str, note: str = "") -> None:
    """Put the profile into force that was before this one. Raises as `activate`."""
    _allow(ACTIVATES, "roll back a weight profile")
    try:
        profiles.roll_back(
            warehouse(), current_person().person_id, expected=expected, note=note.strip() or None
        )
    finally:
        _changed(SCORES, PROFILES)


def _allow(role: Role, what: str) -> None:
    if not current_person().may(role):
        raise NotAllowedError(what, role.name.lower())


def _changed(*kinds: str) -> None:
    """From now on what was read of these is old."""
    for kind in kinds:
        weights_revisions()[kind] += 1
