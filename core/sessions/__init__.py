"""Ranking sessions as pure rules: events in, state out; begin with `session` and `replay`."""
