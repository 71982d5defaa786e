"""Command line: python -m core.starter.measure WHAT."""

from core.starter.measure.commands import app

if __name__ == "__main__":
    app()
