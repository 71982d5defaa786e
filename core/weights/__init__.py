"""Tuning the lambdas: what moves when they move, how far people agree, fitting them to people."""
