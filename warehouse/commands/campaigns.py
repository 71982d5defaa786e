"""`campaigns`: ask annotators for judgments, see how far they are, close and reopen."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from core.errors import NotFoundError, shortened
from warehouse.commands.campaign_words import as_json, progress_lines, summary_line
from warehouse.commands.console import readable_warehouse, say, say_json, writable_warehouse

if TYPE_CHECKING:  # importing it takes a second
    from core.sessions.session import Pairing
    from warehouse.campaign_plans import ModePolicy
    from warehouse.campaigns import Campaign
    from warehouse.database import Warehouse

app = typer.Typer(
    help="Campaigns: which prompts annotators are asked to rank, by which rules, until when.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON instead.")]
Name = Annotated[str, typer.Argument(help="Name of the campaign, or its id.")]
Note = Annotated[str, typer.Option(help="Why; kept beside it.")]
Simulated = Annotated[
    bool, typer.Option("--with-simulated", help="Count simulated annotators too.")
]


@app.command("list")
def list_campaigns(with_simulated: Simulated = False, json: Json = False) -> None:
    """Every campaign with its progress; open ones come first.

    python -m warehouse campaigns list --json
    """
    from warehouse.campaign_progress import campaign_progress
    from warehouse.campaigns import campaigns

    with readable_warehouse() as warehouse:
        known = [
            (each, campaign_progress(warehouse, each, with_simulated=with_simulated))
            for each in campaigns(warehouse)
        ]
    if json:
        say_json([as_json(campaign, far) for campaign, far in known])
        return
    for campaign, far in known:
        say(summary_line(campaign, far))
    if not known:
        say("No campaigns yet: `campaigns create` makes one.")


@app.command("show")
def show(name: Name, with_simulated: Simulated = False, json: Json = False) -> None:
    """One campaign: each prompt, each annotator, and the top three models with how sure they are.

    python -m warehouse campaigns show Spring
    """
    from warehouse.campaign_progress import campaign_progress
    from warehouse.judged_ratings import leaders

    with readable_warehouse() as warehouse:
        campaign = _named(warehouse, name)
        far = campaign_progress(warehouse, campaign, with_simulated=with_simulated)
        best = leaders(warehouse, campaign.campaign_id, with_simulated=with_simulated)
    if json:
        say_json(as_json(campaign, far, best, in_full=True))
        return
    say(summary_line(campaign, far))
    for line in progress_lines(campaign, far, best):
        say(line)


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="Annotators see it; each campaign has its own.")],
    prompt: Annotated[
        list[int] | None, typer.Option(help="Id of a prompt to rank; may be given many times.")
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option(help="All prompts of this tag; may be given many times.")
    ] = None,
    mode: Annotated[
        str, typer.Option(help="random (drawn for each person), sort or battle.")
    ] = "random",
    pictures: Annotated[int, typer.Option(help="Pictures per prompt, the best by GRE-Score.")] = 8,
    session_prompts: Annotated[int, typer.Option(help="Prompts of one session.")] = 5,
    people: Annotated[int, typer.Option(help="People who judge each prompt: the overlap.")] = 3,
    per_pair: Annotated[
        float | None, typer.Option(help="Judgments wanted per pair of pictures, on average.")
    ] = None,
    per_person: Annotated[
        int | None, typer.Option(help="Most judgments asked of one person.")
    ] = None,
    settled: Annotated[
        float | None, typer.Option(help="Stop when the top three are settled, such as 0.9.")
    ] = None,
    batch: Annotated[int, typer.Option(help="Drag and sort: pictures at a time.")] = 4,
    reject_bin: Annotated[bool, typer.Option(help="Drag and sort: a reject bin.")] = True,
    informative: Annotated[
        bool, typer.Option("--informative", help="Battle: the pair that tells most comes next.")
    ] = False,
    comparisons: Annotated[
        int | None, typer.Option(help="Battle, --informative: comparisons per prompt.")
    ] = None,
    exploration: Annotated[
        float, typer.Option(help="Battle, --informative: share of pairs drawn evenly.")
    ] = 0.1,
    checks: Annotated[float, typer.Option(help="Battle: attention checks, a share.")] = 0.0,
    only_estimate: Annotated[
        bool, typer.Option("--estimate", help="Make nothing; say what it would ask for.")
    ] = False,
    json: Json = False,
) -> None:
    """Make a campaign of prompts and open it; says how many judgments it asks for.

    python -m warehouse campaigns create Spring --tag animals --prompt 7 --people 4 --settled 0.9
    """
    from core.sessions.session import BY_GRE, BY_INFORMATION, Rules
    from warehouse.campaign_estimates import estimate
    from warehouse.campaign_plans import Plan, check_every_of
    from warehouse.campaigns import create_campaign
    from warehouse.landing import COMMAND_LINE

    pairing = cast("Pairing", BY_INFORMATION if informative else BY_GRE)
    rules = Rules(batch, reject_bin, pairing, comparisons, exploration, check_every_of(checks))
    plan = Plan(rules, pictures, session_prompts, people, per_pair, per_person, settled)
    policy = cast("ModePolicy", mode)
    with writable_warehouse() as warehouse:
        chosen, counts = _prompts(warehouse, prompt or [], tag or [])
        campaign = None
        if not only_estimate:
            campaign = create_campaign(
                warehouse, name, chosen, person_id=COMMAND_LINE, mode=policy, plan=plan
            )
        told = estimate(plan, policy, counts)
    if json:
        made: dict[str, Any] = {} if campaign is None else {"campaign_id": campaign.campaign_id}
        say_json({**made, "name": name, "prompt_ids": chosen, "estimate": vars(told)})
        return
    say(
        f"{'Would ask' if campaign is None else 'Asks'} for {told.fewest_judgments:,} to "
        f"{told.most_judgments:,} judgments of {len(chosen):,} prompts, in {told.sessions:,} "
        f"sessions by {told.people:,} people or more."
    )
    if campaign:
        say(f"Open: annotators find it at rank?campaign={campaign.campaign_id}")


@app.command("close")
def close(name: Name, note: Note = "", json: Json = False) -> None:
    """Start no more sessions of a campaign; those under way can be gone on with."""
    from warehouse.campaigns import close_campaign

    _change(close_campaign, name, note, "closed", json=json)


@app.command("reopen")
def reopen(name: Name, note: Note = "", json: Json = False) -> None:
    """Offer a closed campaign to annotators again."""
    from warehouse.campaigns import reopen_campaign

    _change(reopen_campaign, name, note, "open", json=json)


def _change(work: Callable[..., None], name: str, note: str, state: str, *, json: bool) -> None:
    from warehouse.landing import COMMAND_LINE

    with writable_warehouse() as warehouse:
        campaign = _named(warehouse, name)
        work(warehouse, campaign.campaign_id, person_id=COMMAND_LINE, note=note.strip() or None)
    if json:
        say_json({"campaign_id": campaign.campaign_id, "state": state})
    else:
        say(f"{campaign.name} is {state}.")


def _named(warehouse: "Warehouse", name: str) -> "Campaign":
    from warehouse.campaigns import campaigns

    for campaign in campaigns(warehouse):
        if name in (campaign.name, campaign.campaign_id):
            return campaign
    raise NotFoundError("campaign", name)


def _prompts(
    warehouse: "Warehouse", prompt_ids: list[int], tags: list[str]
) -> tuple[list[int], list[int]]:
    """Prompts of the tags that can be ranked, then those named; and how many pictures each has.

    Raises CampaignError for a tag that no such prompt has, and for others that are named.
    """
    from warehouse.campaign_plans import CampaignError
    from warehouse.reads.ranking import prompts_to_rank

    counts = dict(prompts_to_rank(warehouse).select("prompt_id", "pictures").iter_rows())
    tagged = warehouse.select("select prompt_id, tag from prompts order by prompt_id").rows()
    known = [(prompt_id, tag) for prompt_id, tag in tagged if prompt_id in counts]
    for tag in tags:
        if tag not in {of_prompt for _, of_prompt in known}:
            raise CampaignError(f"No prompt with two pictures has the tag {shortened(tag)}.")
    missing = [str(prompt_id) for prompt_id in prompt_ids if prompt_id not in counts]
    if missing:
        raise CampaignError(f"Prompts without two pictures to rank: {', '.join(missing)}.")
    chosen = [prompt_id for prompt_id, tag in known if tag in tags]
    chosen = list(dict.fromkeys([*chosen, *prompt_ids]))
    return chosen, [counts[prompt_id] for prompt_id in chosen]
