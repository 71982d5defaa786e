"""Leaderboard: boards, who beats whom, how ratings settled, whether they can be trusted, votes."""
