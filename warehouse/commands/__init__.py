"""Commands of `python -m warehouse`, by subject."""
