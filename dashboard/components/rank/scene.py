"""What the browser is told of a session: nothing that names a model whose picture is on screen."""

from math import ceil
from typing import Any

from core.sessions.events import Comment, Event, Order, Skip, Undo, Vote
from core.sessions.progress import Progress, pictures_next, progress
from core.sessions.replay import State
from dashboard import formats
from dashboard.components.pictures.gallery import model_title
from dashboard.components.rank.answers import candidates
from dashboard.data import rank as data
from dashboard.data.rank import RankedPicture
from dashboard.media import picture_url, thumbnail_url

GONE = "This picture is no longer in the warehouse"
NO_FILE = "No picture stored: only its metadata was imported"
HIDDEN = "This picture has been hidden (NSFW) since the session began"
OUTCOMES = {
    "left": "left is better",
    "right": "right is better",
    "tie": "tie",
    "both_bad": "both bad",
}


def scene(state: State) -> dict[str, Any]:
    """All that shows the present step."""
    screen, session = state.screen, state.session
    shown = screen.image_ids if screen else ()
    known = pictures_of(state, shown)
    places = {image_id: str(place) for place, image_id in enumerate(candidates(state))}
    ahead = pictures_of(state, pictures_next(state))
    far = progress(state)
    return {
        "session": session.session_id,
        "step": state.step,
        "answered": len(state.answers),
        "mode": session.mode,
        "over": state.is_over,
        "bin": session.mode == "sort" and session.rules.reject_bin,
        "prompt": prompt_of(state),
        "pictures": [{"id": places[each]} | _source(known.get(each)) for each in shown],
        "aspect": _aspect(known),
        "next": [_source(each) for each in ahead.values() if can_be_shown(each)],
        "undoable": state.undoable,
        "share": far.share,
        "far": far_words(state, far),
        "told": told(state),
    }


def pictures_of(state: State, image_ids: tuple[str, ...]) -> dict[str, RankedPicture]:
    """Facts about pictures of the session, read a prompt at a time."""
    known: dict[str, RankedPicture] = {}
    for pool in state.session.pools:
        if not set(image_ids).isdisjoint(pool.image_ids):
            found = data.ranked_pictures(pool.image_ids)
            known |= {each: found[each] for each in image_ids if each in found}
    return {each: known[each] for each in image_ids if each in known}


def can_be_shown(picture: RankedPicture | None) -> bool:
    """Whether there is a picture, and it is not hidden."""
    return picture is not None and not picture.hidden and picture.sha256 is not None


def why_not_shown(picture: RankedPicture | None) -> str:
    """Why a picture is not shown."""
    if picture is None:
        return GONE
    return HIDDEN if picture.hidden else NO_FILE


def prompt_of(state: State) -> str:
    """The words that the present pictures answer."""
    if state.screen is None:
        return ""
    pool = state.session.pools[state.moments[-1].pool]
    known = data.ranked_pictures(pool.image_ids)
    words = next((picture.prompt for picture in known.values()), None)
    return words or f"Prompt {pool.prompt_id}"


def far_words(state: State, far: Progress) -> str:
    """How far it is, and how long it may take still."""
    if state.is_over:
        return f"{formats.counted(far.answered, 'answer')}, done"
    left = str(far.most_left)
    exact = far.fewest_left == far.most_left
    if not exact:
        left = f"{far.fewest_left} to {far.most_left}"
    prompts = len(state.session.pools)
    where = f"prompt {state.moments[-1].pool + 1} of {prompts}" if prompts > 1 else ""
    seconds = far.most_seconds_left
    time = "" if seconds is None else time_words(seconds, exact=exact)
    answered = f"{formats.whole(far.answered)} answered, {left} left"
    return " · ".join(part for part in (where, answered, time) if part)


def time_words(seconds: float, *, exact: bool) -> str:
    """A time left in whole minutes."""
    if seconds < 60:
        return "less than a minute"
    return f"{'about' if exact else 'at most'} {ceil(seconds / 60)} min"


def told(state: State) -> list[dict[str, str]]:
    """What was just decided, and by which models; those still on screen stay unnamed."""
    events = [event for event in state.events if not isinstance(event, Comment)]
    if not events:
        return []
    last = events[-1]
    if isinstance(last, Undo):
        return [_words("Your last answer is taken back; answer again.")]
    if isinstance(last, Skip):
        return [_words("Skipped.")]
    known = pictures_of(state, last.shown_image_ids)
    on_screen = state.screen.image_ids if state.screen else ()
    parts = [_words(_decided(last))]
    for label, image_id in _labelled(last):
        if image_id in on_screen:
            parts.append(_words(f"{label} stays, its model is told when it goes"))
        else:
            parts.append({"words": f"{label}:", "model": model_words(known.get(image_id))})
    return parts


def model_words(picture: RankedPicture | None) -> str:
    """The model of a picture, with its version."""
    if picture is None:
        return "a model that is no longer in the warehouse"
    row = {"model_name": picture.model_name, "model_version_id": picture.model_version_id}
    return " ".join(part for part in (model_title(row), picture.version_name) if part)


def _decided(answer: Event) -> str:
    if isinstance(answer, Vote):
        return f"Your answer: {OUTCOMES[answer.outcome]}"
    return "Your order"


def _labelled(answer: Event) -> list[tuple[str, str]]:
    """The pictures of an answer with their places in words."""
    if isinstance(answer, Order):
        ranked = [(str(place), each) for place, each in enumerate(answer.ranked_image_ids, 1)]
        return [*ranked, *(("rejected", each) for each in answer.rejected_image_ids)]
    return list(zip(("left", "right"), answer.shown_image_ids, strict=False))


def _words(words: str) -> dict[str, str]:
    return {"words": words, "model": ""}


def _source(picture: RankedPicture | None) -> dict[str, str]:
    if picture is None or picture.sha256 is None or picture.hidden:
        return {"src": "", "small": "", "note": why_not_shown(picture)}
    sha256 = picture.sha256
    return {"src": picture_url(sha256), "small": thumbnail_url(sha256), "note": ""}


def _aspect(known: dict[str, RankedPicture]) -> float:
    """Width / height that most pictures share, kept between 2:1 and 1:2."""
    sizes = [each.width / each.height for each in known.values() if each.width and each.height]
    common = max(set(sizes), key=sizes.count) if sizes else 1.0
    return round(min(2.0, max(0.5, common)), 4)
