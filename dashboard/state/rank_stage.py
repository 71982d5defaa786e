"""Rank: session keys of the stage."""

STAGE = "rank_stage.stage"  # the component, with the answers that it sends
STAGE_SCRIPTS = "rank_stage.scripts"
PLAIN = "rank_stage.plain"
PLAIN_SHOWN = "rank_stage.plain_shown"  # since when which pictures stand
PLAIN_SAID = "rank_stage.plain_said"
