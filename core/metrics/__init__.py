"""Metrics that a weight profile may weigh: one file each, found by being in this package."""
