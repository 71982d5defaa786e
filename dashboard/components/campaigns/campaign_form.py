"""A new campaign: which prompts, how they are ranked, when it is enough, and what that asks for."""

import polars as pl
import streamlit as st

from core.errors import GemboardError
from core.sessions.session import Rules
from dashboard import campaigns, formats
from dashboard.components.campaigns import opened
from dashboard.components.campaigns.form_fields import amount, battle, name_and_mode, sorting
from dashboard.components.notices import literal, show_error
from dashboard.components.rank.prompt_picker import prompt_ticks
from dashboard.state import campaigns as state
from dashboard.state.campaigns import CampaignsLink
from warehouse.campaign_estimates import Estimate, estimate
from warehouse.campaign_plans import ModePolicy, Plan, check_every_of

PROMPTS_HELP = (
    "All prompts of the tags, and those that you tick, each once. A prompt needs two pictures "
    "that can be shown."
)


def campaign_form(prompts: pl.DataFrame) -> None:
    """Ask for everything, tell what it comes to, and make it."""
    opened.back_button()
    st.subheader("New campaign", anchor=False)
    left, right = st.columns([3, 2], gap="large")
    with left:
        name, mode = name_and_mode()
        chosen = _prompts(prompts)
        plan = _plan(mode)
    with right, st.container(border=True):
        _told(name, chosen, mode, plan, prompts)


def _prompts(prompts: pl.DataFrame) -> list[int]:
    """Prompts by tag, then those that were ticked."""
    st.subheader("Prompts", anchor=False, help=PROMPTS_HELP)
    counts = prompts["tag"].drop_nulls().value_counts(sort=True).iter_rows()
    tags = {tag: f"{tag} ({count})" for tag, count in counts}
    picked = st.multiselect(
        "All prompts of these tags",
        list(tags),
        format_func=tags.__getitem__,
        key=state.TAGS,
        persist_state="session",
        placeholder="Choose tags, or none",
        select_all=False,
    )
    ticked = prompt_ticks(prompts, state.PROMPTS, "And these prompts")
    tagged = prompts.filter(pl.col("tag").is_in(picked))["prompt_id"].to_list()
    return list(dict.fromkeys([*tagged, *ticked]))


def _plan(mode: ModePolicy) -> Plan | GemboardError:
    """What was asked for, or why it cannot be."""
    wanted = amount()
    batch_size, reject_bin = sorting(shown=mode != "battle")
    pairs = battle(shown=mode != "sort")
    try:
        rules = Rules(
            batch_size,
            reject_bin,
            pairs.pairing,
            pairs.comparisons,
            pairs.exploration,
            check_every_of(pairs.checks),
        )
        return Plan(
            rules,
            wanted.pictures,
            wanted.session_prompts,
            wanted.people,
            wanted.per_pair,
            wanted.per_person,
            wanted.settled,
        )
    except GemboardError as error:
        return error


def _told(
    name: str,
    chosen: list[int],
    mode: ModePolicy,
    plan: Plan | GemboardError,
    prompts: pl.DataFrame,
) -> None:
    """What it comes to, and the button that makes it."""
    st.subheader("What it asks for", anchor=False)
    if isinstance(plan, GemboardError):
        show_error(plan)
    elif not chosen:
        st.caption("Choose prompts, and this says how many judgments they take.")
    else:
        _estimate(plan, mode, prompts.filter(pl.col("prompt_id").is_in(chosen)))
    missing = [word for word, there in (("a name", name.strip()), ("prompts", chosen)) if not there]
    if missing:
        st.caption(f"Still missing: {' and '.join(missing)}.")
    allowed = campaigns.may_run()
    if st.button(
        "Open the campaign",
        type="primary",
        icon=":material/campaign:",
        key="campaigns.create",
        disabled=bool(missing) or isinstance(plan, GemboardError) or not allowed,
        help=None if allowed else "Maintainers make campaigns.",
    ) and not isinstance(plan, GemboardError):
        _create(name, chosen, mode, plan)


def _create(name: str, chosen: list[int], mode: ModePolicy, plan: Plan) -> None:
    try:
        made = campaigns.create(name, chosen, mode, plan)
    except GemboardError as error:
        show_error(error)
        return
    for key in state.FORM:
        st.session_state.pop(key, None)
    opened.tell(f"**{literal(made.name)}** is open. Send annotators the link below.")
    opened.show(CampaignsLink(made.campaign_id))
    st.rerun()


def _estimate(plan: Plan, mode: ModePolicy, chosen: pl.DataFrame) -> None:
    told = estimate(plan, mode, chosen["pictures"].to_list())
    st.metric(
        "Judgments",
        _bounds(told),
        help="Votes and sorted batches, by the rules alone. Battles end sooner where pictures are "
        "skipped or both bad; where the mode is drawn, both modes are spanned: a sorted batch is "
        "one judgment.",
    )
    pictures = sum(min(count, plan.pictures_per_prompt) for count in chosen["pictures"])
    st.write(
        f"{formats.counted(chosen.height, 'prompt')} with {formats.whole(pictures)} pictures, in "
        f"{formats.counted(told.sessions, 'session')} of "
        f"{formats.counted(plan.prompts_per_session, 'prompt')}, by "
        f"{formats.counted(told.people, 'annotator')} or more."
    )
    few = chosen.filter(pl.col("pictures") < plan.pictures_per_prompt).height
    if few:
        st.caption(
            f"{formats.counted(few, 'prompt')} of them with fewer than "
            f"{plan.pictures_per_prompt} pictures."
        )
    if plan.settled_level is not None:
        st.caption("It may end earlier, once the top three models are settled.")


def _bounds(told: Estimate) -> str:
    if told.fewest_judgments == told.most_judgments:
        return formats.whole(told.most_judgments)
    return f"{formats.whole(told.fewest_judgments)} to {formats.whole(told.most_judgments)}"
