"""Links to Rank and to Campaigns: only ids come through, and what stays is read back."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from dashboard.state import campaigns, rank

TEXTS = st.dictionaries(st.sampled_from(["session", "campaign", "start", "x"]), st.text())
IDS = st.uuids().map(str)


@given(TEXTS)
def test_whatever_a_stranger_writes_is_an_id_or_a_complaint(parameters):
    link = rank.read_rank_link(parameters)
    for name, found in (("session", link.session_id), ("campaign", link.campaign_id)):
        assert found is None or str(uuid.UUID(found)) == found
        assert (found is None) == (name not in parameters or f"names no {name}" in str(link))
    assert link.way is None or link.way in rank.WAYS
    page = campaigns.read_campaigns_link(parameters)
    assert page.is_new == (parameters.get("campaign") == "new")
    assert page.is_new or page.campaign_id == link.campaign_id


@given(IDS, IDS)
def test_what_stays_in_the_address_is_read_back(session_id, campaign_id):
    for link in (
        rank.RankLink(session_id),
        rank.RankLink(campaign_id=campaign_id),
        rank.RankLink(),
    ):
        assert rank.read_rank_link(rank.link_parameters(link)) == link
    both = rank.RankLink(session_id, campaign_id)
    assert rank.link_parameters(both) == {"session": session_id}, "a session goes before all else"
    for page in (
        campaigns.CampaignsLink(campaign_id),
        campaigns.CampaignsLink(is_new=True),
        campaigns.CampaignsLink(),
    ):
        assert campaigns.read_campaigns_link(campaigns.link_parameters(page)) == page


def test_an_id_in_capitals_is_the_same_id():
    found = rank.read_rank_link({"session": "ABCDEF00-0000-0000-0000-00000000000F"})
    assert found.session_id == "abcdef00-0000-0000-0000-00000000000f"
