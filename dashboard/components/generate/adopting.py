"""What the form begins with: the address, a dropped picture, or a remix."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.errors import GemboardError
from core.generation.png import read_png
from core.generation.recipe import read_recipe
from dashboard import formats, links, profiles, selection
from dashboard.components.generate import drafts
from dashboard.components.generate.field_errors import fault
from dashboard.components.generate.model_field import picked_models
from dashboard.components.notices import literal, show_link_complaints
from dashboard.data import explore
from dashboard.data import generate as data
from dashboard.generation_models import Roster, title
from dashboard.state import generate as state
from dashboard.state.generate import Draft, GenerateLink


def adopt(known: Roster) -> None:
    """Take over what is asked for and not in the form yet."""
    session = st.session_state
    asked = links.asked_parameters(state.LINK_PARAMETERS, state.LINK)
    if asked:
        draft, complaints = _linked(state.read_link(asked), known)
        show_link_complaints(complaints)
        state.remix(session, draft)
        session[state.ADOPTED] = ()
        if state.START_PICKS in asked.get("start", []):  # a selection is nobody else's to open
            forget()
    _take_png(known)
    pending: Draft | None = session.pop(state.PENDING, None)
    if pending is not None:
        _fill(pending, known)
    added: int | None = session.pop(state.ADDED, None)
    if added is not None:
        session[state.MODELS] = [added]


def share() -> None:
    """The address says what the form began with until that is changed."""
    session = st.session_state
    before = session.get(state.ADOPTED)
    if before is None:
        return
    keys = (*state.TOLD_BY_LINKS, *state.setting_keys(session).values())
    now = tuple(repr(session.get(key)) for key in keys)
    if before == ():
        session[state.ADOPTED] = now
    elif before != now:
        forget()


def forget() -> None:
    """From now on the address asks for nothing."""
    st.session_state[state.ADOPTED] = None
    links.write_parameters({}, state.LINK)


def notes() -> None:
    """What could not be taken over, until it was read."""
    told: Sequence[str] = st.session_state.get(state.NOTES) or ()
    if not told:
        return
    with st.container(border=True, gap="xsmall"):
        for note in told:
            st.caption(literal(note))
        st.button(
            "All right",
            type="tertiary",
            icon=":material/check:",
            key="generate.notes_read",
            on_click=_forget_notes,
        )


def _forget_notes() -> None:
    st.session_state[state.NOTES] = ()


def _linked(link: GenerateLink, known: Roster) -> tuple[Draft, list[str]]:
    """What a link asks for, and what of it cannot be had."""
    complaints = list(link.complaints)
    draft = Draft()
    if link.image_id is not None:
        found = _of_image(link.image_id, known)
        if found is None:
            complaints.append("names a picture that is not in this warehouse")
        draft = found or draft
    if link.from_picks:
        draft = _of_picks(draft, known)
    if link.prompt_id is not None:
        prompts = explore.prompt_choices(profiles.scores_revision())
        rows = prompts.filter(prompts["prompt_id"] == link.prompt_id).rows(named=True)
        if rows:
            draft = replace(
                draft,
                prompt=rows[0]["prompt"],
                negative_prompt=rows[0]["negative_prompt"] or "",
            )
        else:
            complaints.append("names a prompt that is not in this warehouse")
    if link.prompt:
        draft = replace(draft, prompt=link.prompt, negative_prompt="")
    if link.model_version_ids:
        draft = _with_models(draft, link.model_version_ids, known)
    return draft, complaints


def _of_image(image_id: str, known: Roster) -> Draft | None:
    revision = profiles.scores_revision()
    rows = explore.image_details(revision, (image_id,)).rows(named=True)
    if not rows:
        return None
    recipe = data.picture_recipe(revision, image_id)
    if recipe is not None:
        try:
            return drafts.of_request(read_recipe(recipe).request, known)
        except GemboardError as error:
            draft = drafts.of_picture(rows[0], known)
            return replace(draft, notes=(str(error), *draft.notes))
    return drafts.of_picture(rows[0], known)


def _of_picks(draft: Draft, known: Roster) -> Draft:
    picks = selection.basket()
    if picks.is_empty():
        return replace(draft, notes=(*draft.notes, "Your selection is empty."))
    draft = _with_models(
        draft, picks["model_version_id"].unique(maintain_order=True).to_list(), known
    )
    details = explore.image_details(profiles.scores_revision(), tuple(picks["image_id"][:1]))
    row = details.row(0, named=True)
    told = draft.notes
    count = picks["prompt_id"].n_unique()
    if count > 1:
        told = (
            *told,
            f"Your selection has pictures of {formats.whole(count)} prompts: that of the first "
            "one stands here.",
        )
    return replace(
        draft,
        prompt=row["prompt"] or "",
        negative_prompt=row["negative_prompt"] or "",
        notes=told,
    )


def _with_models(draft: Draft, wanted: Sequence[int], known: Roster) -> Draft:
    """The draft with the models that can be used, and a note on the others."""
    usable = tuple(key for key in wanted if key in known.usable)
    told = list(draft.notes)
    others = [known.by_id[key] for key in wanted if key not in known.usable and key in known.by_id]
    unknown = len(wanted) - len(usable) - len(others)
    if others:
        names = ", ".join(formats.shortened(title(model), 60) for model in others[:3])
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        told.append(f"Cannot be used here: {names}{more}. The list under the models says why.")
    if unknown:
        told.append(f"{formats.counted(unknown, 'model')} asked for that this warehouse lacks.")
    return replace(draft, model_version_ids=usable, notes=tuple(told))


def _take_png(known: Roster) -> None:
    """The recipe in a file that was dropped, once."""
    session = st.session_state
    file = session.get(state.PNG)
    if file is None:
        session[state.PNG_ERROR] = ""
        return
    if session.get(state.PNG_TAKEN) == file.file_id:
        return
    session[state.PNG_TAKEN] = file.file_id
    session[state.PNG_ERROR] = ""
    _forget_notes()  # of the file before
    try:
        texts = read_png(file.getvalue())
    except GemboardError as error:
        session[state.PNG_ERROR] = str(error)
        return
    if texts.recipe is not None:
        state.remix(session, drafts.of_request(texts.recipe.request, known))
    elif texts.parameters is not None:
        draft = drafts.of_parameters(texts.parameters, known)
        told = (texts.problem,) if texts.problem else ()
        state.remix(session, replace(draft, notes=(*told, *draft.notes)))
    else:
        session[state.PNG_ERROR] = texts.problem or (
            "This PNG tells nothing of how it was made: drop in one as Gemboard or a web UI saved "
            "it."
        )


def _fill(draft: Draft, known: Roster) -> None:
    """The draft in the fields; what it does not tell stays, or is what the base asks for."""
    session = st.session_state
    told = list(draft.notes)
    if draft.prompt:
        session[state.PROMPT] = draft.prompt
        session[state.NEGATIVE] = draft.negative_prompt
    if draft.model_version_ids or draft.notes:
        session[state.MODELS] = list(draft.model_version_ids)
        others = len(draft.model_version_ids) - len(picked_models(known))
        if others:
            told.append(
                f"{formats.counted(others, 'model')} left out: a grid has one set of settings, and "
                "the base of the first model asks for other ones."
            )
    session[state.LORAS] = [lora_id for lora_id, _ in draft.loras]
    for lora_id, scale in draft.loras:
        session[f"{state.LORA_SCALE}{lora_id}"] = float(scale)
    settings = {name: getattr(draft, name) for name in state.SETTINGS}
    for name, value in settings.items():
        if value is not None and fault(name, value):
            told.append(f"Its {state.WORDS[name]} of {value} cannot be asked for here.")
            settings[name] = None
    state.lay_settings(session, settings)
    session[state.BASE] = None  # what the draft tells is not taken for what a base recommends
    if draft.seed is not None:
        session[state.SEED] = str(draft.seed)
        session[state.SEEDS] = 1
        session[state.LAYOUT] = next(iter(state.LAYOUTS))
    session[state.NOTES] = tuple(told)
