"""Weights: the draft's sliders, what it changes, agreement, fits and profiles."""
