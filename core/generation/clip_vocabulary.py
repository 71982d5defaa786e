"""CLIP's tokenizer as files that transformers reads, from the byte pairs that ship with open_clip.

The vocabulary's rule is that of https://github.com/openai/CLIP (`clip/simple_tokenizer.py`): bytes,
bytes that end a word, one entry for each merge, start and end.
"""

import gzip
import json
from importlib.util import find_spec
from pathlib import Path

from core.errors import MissingPackageError

START, END = "<|startoftext|>", "<|endoftext|>"
LENGTH = 77  # tokens of a prompt, both ends included
VOCABULARY = 49_408
WORD_END = "</w>"
_MERGES = VOCABULARY - 2 * 256 - 2
_FILE = "bpe_simple_vocab_16e6.txt.gz"


def write_tokenizer(folder: Path, pad_token: str) -> None:
    """Write vocabulary, merges and settings of `transformers.CLIPTokenizer`.

    Raises MissingPackageError.
    """
    merges = _merges()
    letters = _letters_of_bytes()
    entries = [*letters, *(letter + WORD_END for letter in letters)]
    entries += [merge.replace(" ", "") for merge in merges]
    entries += [START, END]
    settings = {
        "tokenizer_class": "CLIPTokenizer",
        "model_max_length": LENGTH,
        "bos_token": START,
        "eos_token": END,
        "unk_token": END,
        "pad_token": pad_token,
    }
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "vocab.json", json.dumps({each: number for number, each in enumerate(entries)}))
    _write(folder / "merges.txt", "\n".join(["#version: 0.2", *merges, ""]))
    _write(folder / "tokenizer_config.json", json.dumps(settings))


def _merges() -> list[str]:
    spec = find_spec("open_clip")  # found, not imported
    if spec is None or spec.origin is None:
        raise MissingPackageError("Loading a single-file checkpoint", "open_clip")
    with gzip.open(Path(spec.origin).with_name(_FILE), "rt", encoding="utf-8") as file:
        return file.read().split("\n")[1 : 1 + _MERGES]


def _letters_of_bytes() -> list[str]:
    """A visible letter for each byte: itself where it has one, else one from U+0100 on."""
    visible = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = 256 - len(visible)
    return [chr(byte) for byte in visible] + [chr(0x100 + each) for each in range(hidden)]


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
