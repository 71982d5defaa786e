"""Ranking sessions: the lobby, and the stage while one runs."""
