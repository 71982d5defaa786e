"""Rank: session keys of the lobby, and what its address asks for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

RANK_SHOWN = "rank.shown"  # RankLink: the session or the campaign that is open
RANK_LINK = "rank.link"
RANK_NEXT = "rank.next"  # id of the session that Start begins, made before it is begun
RANK_ERROR = "rank.error"  # why a start did not work, said once
RANK_WAY = "rank.way"
RANK_PICKED = "rank.picked"  # whether the basket held anything when the way was last proposed
RANK_PROMPTS = "rank.prompts"
RANK_ORDER = "rank.order"

WAYS = {"picks": "Your picks", "prompts": "Prompts you choose", "choose": "Choose for me"}
PARAMETERS = ("session", "campaign", "start")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class RankLink:
    """What a link to Rank asks for; None where it asks nothing or nothing usable."""

    session_id: str | None = None
    campaign_id: str | None = None
    way: str | None = None  # to begin, one of WAYS
    complaints: list[str] = field(default_factory=list)


def read_rank_link(parameters: Mapping[str, str]) -> RankLink:
    """The checked parameters of a link; what is wrong with it stands in `complaints`."""
    complaints = []

    def identifier(name: str) -> str | None:
        text = parameters.get(name, "").lower()
        if name in parameters and not _UUID.fullmatch(text):
            complaints.append(f"names no {name} that can be")
        return text if _UUID.fullmatch(text) else None

    way = parameters.get("start")
    if way is not None and way not in WAYS:
        complaints.append("names a way to start that does not exist")
        way = None
    return RankLink(identifier("session"), identifier("campaign"), way, complaints)


def link_parameters(link: RankLink) -> dict[str, str]:
    """What stays in the address: the session or the campaign that is open."""
    if link.session_id:
        return {"session": link.session_id}
    return {"campaign": link.campaign_id} if link.campaign_id else {}
