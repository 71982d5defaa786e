"""What was asked for when a campaign was made."""

from core.sessions.session import BY_INFORMATION
from dashboard import formats
from dashboard.components.campaigns.top_three import percent
from dashboard.components.fact_list import Fact, fact_list
from dashboard.state import campaigns as state
from warehouse.campaigns import Campaign

NOT_ASKED = "not asked for"


def plan_facts(campaign: Campaign) -> None:
    """The plan line by line."""
    plan, rules = campaign.plan, campaign.plan.rules
    told = [
        ("Mode", state.POLICIES[campaign.mode]),
        ("Prompts", formats.whole(len(campaign.prompt_ids))),
        ("Pictures per prompt", f"the best {plan.pictures_per_prompt} by GRE-Score"),
        ("Prompts per session", formats.whole(plan.prompts_per_session)),
        ("People per prompt", formats.whole(plan.people_per_prompt)),
        ("Judgments per pair", formats.plain_number(plan.judgments_per_pair) or NOT_ASKED),
        ("Most judgments per person", formats.whole(plan.judgments_per_person) or NOT_ASKED),
        (
            "Stops when the top three are settled",
            NOT_ASKED if plan.settled_level is None else f"at {percent(plan.settled_level)}",
        ),
    ]
    if campaign.mode != "battle":
        told += [
            ("Pictures at a time", formats.whole(rules.batch_size)),
            ("Reject bin", "yes" if rules.reject_bin else "no"),
        ]
    if campaign.mode != "sort":
        told.append(("Pairs", state.PAIRINGS[rules.pairing]))
        if rules.pairing == BY_INFORMATION:
            told += [
                (
                    "Comparisons per prompt",
                    formats.whole(rules.comparisons) or "one less than there are pictures",
                ),
                ("Exploration share", percent(rules.exploration)),
            ]
        told.append(
            (
                "Attention checks",
                f"after every {formats.counted(rules.check_every, 'answer')}"
                if rules.check_every
                else "none",
            )
        )
    fact_list([Fact(label, value) for label, value in told], key="campaigns.facts")
