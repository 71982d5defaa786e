"""One short script per screen."""
