"""Rank: judge pictures in sessions of one's own and in campaigns."""

from dashboard import rank_address
from dashboard.components.rank.lobby import lobby
from dashboard.components.rank.stage import stage

link = rank_address.shown()
if link.session_id:
    stage(link.session_id)  # its way out is `rank_address.leave`
else:
    lobby(link.campaign_id)
