"""Pieces of screen that repeat or keep state."""
