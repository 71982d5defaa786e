"""How many tokens a prompt takes and where a model stops reading it, told without torch."""

import gzip
import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import GemboardError, MissingPackageError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CONTEXT = 77  # of CLIP's text encoders
ENDS = 2  # tokens that begin and end every prompt
CONTEXT_HIGH = 100_000  # transformers writes 10^30 where it knows no limit
WORD_END = "</w>"
_CLIP_MERGES = 49_152 - 256 - ENDS  # lines of CLIP's file that are in use, the first aside
# CLIP's words: as in open_clip.tokenizer and transformers' CLIPTokenizer.
_WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


class TokenizerError(GemboardError):
    """A model's tokenizer that cannot be read."""


@dataclass(frozen=True)
class TokenCount:
    """What a prompt takes of what the model reads."""

    tokens: int  # of the whole prompt, those that begin and end it not counted
    limit: int
    cut: str  # the end of the prompt that the model does not see; empty where all fits


class TokenCounter:
    """Counts tokens of prompts for one kind of model; made by `load_counter`."""

    def __init__(self, tokenizer: "Tokenizer", limit: int) -> None:
        self.limit = limit  # tokens that words may take
        self._tokenizer = tokenizer

    def count(self, text: str) -> TokenCount:
        """The tokens of a prompt; a word that is read in part is cut where its rest begins."""
        offsets = self._tokenizer.encode(text, add_special_tokens=False).offsets
        cut = text[offsets[self.limit][0] :] if len(offsets) > self.limit else ""
        return TokenCount(len(offsets), self.limit, cut)


def load_counter(place: Path | None) -> TokenCounter:
    """The counter of a checkpoint folder; CLIP's own for a single file, or where `place` is None.

    Raises TokenizerError, or MissingPackageError.
    """
    try:
        import tokenizers  # noqa: F401  # so that its lack has a name of ours
    except ImportError as error:
        raise MissingPackageError("Counting tokens", "tokenizers") from error
    if place is None or place.is_file():
        return TokenCounter(_clip(), CONTEXT - ENDS)
    folder = place / "tokenizer"
    try:
        tokenizer = _of_folder(folder)
        context = _context(
            _json(folder / "tokenizer_config.json").get("model_max_length"),
            _json(place / "text_encoder" / "config.json").get("max_position_embeddings"),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise TokenizerError(
            f"The tokenizer of {place.name} cannot be read, so tokens are not counted: {reason}"
        ) from error
    return TokenCounter(tokenizer, context - ENDS)


def _of_folder(folder: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    whole = folder / "tokenizer.json"
    if not whole.is_file():
        merges = (folder / "merges.txt").read_text(encoding="utf-8").splitlines()
        return _byte_pairs(_json(folder / "vocab.json"), _pairs(merges))
    # A file that cannot be read raises plain Exception here.
    text = whole.read_text(encoding="utf-8")
    try:
        tokenizer: Tokenizer = Tokenizer.from_str(text)
    except Exception as error:
        raise ValueError(f"{whole.name}: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _clip() -> "Tokenizer":
    """CLIP's tokenizer from the file in open_clip, which itself would import torch."""
    found = find_spec("open_clip")
    if found is None or found.origin is None:
        raise MissingPackageError("Counting tokens", "open_clip_torch")
    packed = Path(found.origin).parent / "bpe_simple_vocab_16e6.txt.gz"
    lines = gzip.decompress(packed.read_bytes()).decode("utf-8").split("\n")
    merges = _pairs(lines[: _CLIP_MERGES + 1])
    signs = list(_byte_signs())
    words = [*signs, *(sign + WORD_END for sign in signs), *map("".join, merges)]
    return _byte_pairs({word: number for number, word in enumerate(words)}, merges)


def _byte_pairs(vocabulary: dict[str, int], merges: list[tuple[str, str]]) -> "Tokenizer":
    from tokenizers import Regex, Tokenizer
    from tokenizers.models import BPE
    from tokenizers.normalizers import NFC, Lowercase, Replace, Sequence
    from tokenizers.pre_tokenizers import ByteLevel, Split
    from tokenizers.pre_tokenizers import Sequence as Steps

    tokenizer = Tokenizer(BPE(vocabulary, merges, end_of_word_suffix=WORD_END))
    tokenizer.normalizer = Sequence([NFC(), Replace(Regex(r"\s+"), " "), Lowercase()])
    tokenizer.pre_tokenizer = Steps(
        [
            Split(Regex(_WORDS), behavior="removed", invert=True),
            ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    return tokenizer


def _pairs(lines: list[str]) -> list[tuple[str, str]]:
    """Merges in order; the first line tells the version."""
    parted = (line.split() for line in lines[1:])
    return [(parts[0], parts[1]) for parts in parted if len(parts) == 2]


def _byte_signs() -> tuple[str, ...]:
    """The sign of each byte, those of printable bytes first, as CLIP numbers them."""
    shown = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return (*map(chr, shown), *(chr(256 + place) for place in range(len(hidden))))


def _json(path: Path) -> dict[str, Any]:
    content = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if not isinstance(content, dict):
        raise ValueError(f"{path.name} is no JSON object")
    return content


def _context(*told: object) -> int:
    """The first number of tokens that can be one; CLIP's where none is."""
    for value in told:
        if isinstance(value, int) and ENDS < value <= CONTEXT_HIGH:
            return value
    return CONTEXT
