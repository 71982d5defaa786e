"""Ratings of models from people's judgments, with intervals, ranks and how firmly they stand."""
