"""Campaigns of maintainers: the list, a new one, and how far one is."""
