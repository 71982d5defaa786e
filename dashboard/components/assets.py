"""Browser-side files of the components, read once."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def script(*names: str) -> str:
    """The `.js` files of these names as one module."""
    return "\n".join((FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in names)


@cache
def style(*names: str) -> str:
    """The `.css` files of these names as one sheet."""
    return "\n".join((FOLDER / f"{name}.css").read_text(encoding="utf-8") for name in names)
