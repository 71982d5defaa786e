"""Words that may label a cluster: those of prompts without the small ones, tags of models whole."""

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_][\w'’-]*[^\W_]")  # two letters or more, beginning with a letter
_SMALL_WORDS = (
    "a an and are as at be been being best but by can could do does for from had has have "
    "he her his how if in into is it its just may might more most much no not of off on one "
    "only or other our out over own quality she should so some such than that the their "
    "them then there these they this those through to too under up upon very was we were "
    "what when where which while who whose will with within without would you your "
    "masterpiece"
)
_SMALL = frozenset(_SMALL_WORDS.split())
LONGEST_TAG = 40


def prompt_words(text: str) -> frozenset[str]:
    """Words of a prompt, lower case, each once."""
    return frozenset(word for word in _WORD.findall(text.lower()) if word not in _SMALL)


def tag_words(tags: Iterable[str | None]) -> frozenset[str]:
    """Tags as they are, lower case, on one line; very long ones are left out."""
    lines = (" ".join(tag.lower().split()) for tag in tags if tag)
    return frozenset(line for line in lines if line and len(line) <= LONGEST_TAG)
