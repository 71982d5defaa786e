"""Command line: python -m core.starter.train STAGE."""

from core.starter.train.commands import app

if __name__ == "__main__":
    app()
