"""Ratings from judgments: who beat whom how often, and the Bradley-Terry strengths behind it."""
