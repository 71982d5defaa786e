"""“Which model?”: the question, and the five models that answer it."""
