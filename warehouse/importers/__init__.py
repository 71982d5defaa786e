"""Readers of foreign layouts, one module each."""
