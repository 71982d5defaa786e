"""Words that prompts may not hold: found as whole words, however they are written.

Letters are compared without case, accents, invisible characters and the commonest look-alikes; all
else is taken as it stands: plurals, other forms and digits for letters are words of their own.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from core.errors import GemboardError, shortened

NAMED = 5  # words that an error tells
_INVISIBLE = re.compile(  # beside the format characters (zero width joiners, soft hyphens, ...)
    r"[\u115f\u1160\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_ACCENT = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
# Letters of small case that look like Latin ones, or do as capitals; and those that Unicode does
# not take apart into a letter and its accent.
_LOOK_ALIKES = str.maketrans(
    "авеһіјкмнорѕтухԁ" + "αβεικνορτυχ" + "ıłøđħŧ",
    "abehijkmhopstyxd" + "abeikvoptux" + "ilodht",
)
# Written without spaces: each character counts as a word, so that a word is found inside a line.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)


class BlockedWordsError(GemboardError):
    """A prompt that holds words which this studio does not allow."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        named = ", ".join(shortened(word) for word in self.words[:NAMED])
        more = f" and {len(self.words) - NAMED} more" if len(self.words) > NAMED else ""
        super().__init__(
            f"The prompt holds {named}{more}. The maintainers of this studio do not allow that: "
            "write the prompt without, or ask them."
        )


def find_blocked(prompt: str, blocked: Iterable[str]) -> tuple[str, ...]:
    """The blocked words and phrases that the prompt holds, as the list writes them.

    The words of a phrase may stand apart by anything that is neither letter nor digit.
    """
    line = _line(prompt)
    return tuple(word for word in blocked if (sought := _line(word)).strip() and sought in line)


def comparable(text: str) -> str:
    """The words of a text as they are compared, one blank apart; empty where it has none."""
    return _line(text).strip()


def _line(text: str) -> str:
    """Words with a blank before and after each, so that whole ones can be sought."""
    seen = "".join(
        character for character in text if unicodedata.category(character) != "Cf"
    )  # fullwidth and styled letters become plain ones next
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", seen).casefold())
    plain = _ACCENT.sub("", _INVISIBLE.sub("", plain)).translate(_LOOK_ALIKES)
    apart = _UNSPACED.sub(r" \g<0> ", unicodedata.normalize("NFKC", plain))
    words = "".join(character if _in_word(character) else " " for character in apart)
    return f" {' '.join(words.split())} "


def _in_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"  # letters, digits, vowel signs
