"""Summary: one person's models, their agreement with others, sessions and downloads."""
