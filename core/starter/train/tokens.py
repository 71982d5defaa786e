"""Stage `tokenizer`: a small byte-pair vocabulary in which every caption word is one token."""

import json
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from core.starter.grammar import STYLES, full_caption, partial_caption, sample_scene
from core.starter.grammar.captions import (
    NUMBER_WORDS,
    PLACE_PHRASES,
    RELATION_PHRASES,
    STYLE_PHRASES,
    plural,
)
from core.starter.grammar.scene import COLOURS, KINDS, PLAIN_NAMES
from core.starter.manifest import BASE_FOLDER
from core.starter.train.workplace import training_folder

if TYPE_CHECKING:
    from transformers import CLIPTokenizer

CONTEXT_LENGTH = 32
LARGEST_VOCABULARY = 1400
START, END = "<|startoftext|>", "<|endoftext|>"
WORD_END = "</w>"


def caption_words() -> list[str]:
    """Every word that a caption may hold, sorted."""
    phrases = [
        *KINDS,
        *map(plural, KINDS),
        *COLOURS,
        *PLAIN_NAMES,
        *NUMBER_WORDS.values(),
        "a an one picture of image showing on background to the",
    ]
    for table in (PLACE_PHRASES, STYLE_PHRASES, RELATION_PHRASES):
        phrases += [phrase for variants in table.values() for phrase in variants]
    return sorted({word for phrase in phrases for word in phrase.replace("-", " ").split()})


def build_tokenizer(folder: Path) -> "CLIPTokenizer":
    """Train the merges on sampled captions and save them as a CLIPTokenizer."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
    from transformers import CLIPTokenizer

    learner = Tokenizer(models.BPE(end_of_word_suffix=WORD_END))
    learner.normalizer = normalizers.Lowercase()
    pieces = Regex(r"[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(pieces, behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=LARGEST_VOCABULARY,
        initial_alphabet=letters,
        end_of_word_suffix=WORD_END,
        min_frequency=2,
        show_progress=False,
    )
    learner.train_from_iterator([*_sample_captions(20_000), *(caption_words() * 5)], trainer)
    learned = json.loads(learner.to_str())["model"]
    # CLIP's layout: bytes, bytes that end a word, merges, and the two marks last.
    names = [*letters, *(letter + WORD_END for letter in letters)]
    names += [
        name
        for name in sorted(learned["vocab"], key=learned["vocab"].get)
        if name not in set(names)
    ]
    vocabulary = {name: index for index, name in enumerate([*names, START, END])}
    merges = [
        tuple(pair.split(" ")) if isinstance(pair, str) else tuple(pair)
        for pair in learned["merges"]
    ]
    tokenizer = CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=CONTEXT_LENGTH)
    tokenizer.save_pretrained(folder)
    return load_tokenizer()


def load_tokenizer() -> "CLIPTokenizer":
    """The tokenizer that was trained here, or else the shipped one."""
    from transformers import CLIPTokenizer

    trained = training_folder("tokenizer")
    shipped = BASE_FOLDER / "tokenizer"
    folder = trained if (trained / "tokenizer_config.json").exists() else shipped
    if not (folder / "tokenizer_config.json").exists():
        raise FileNotFoundError("No tokenizer yet: run `python -m core.starter.train tokenizer`.")
    return CLIPTokenizer.from_pretrained(folder)


def token_ids(tokenizer: "CLIPTokenizer", captions: list[str]) -> list[list[int]]:
    """Ids of each caption, padded to the context length."""
    batch = tokenizer(captions, padding="max_length", max_length=CONTEXT_LENGTH, truncation=True)
    ids: list[list[int]] = batch.input_ids
    return ids


def _sample_captions(count: int) -> list[str]:
    captions = []
    styles = list(STYLES)
    for seed in range(count):
        rng = Random(seed)
        scene = sample_scene(seed)
        style = rng.choice(styles)
        captions.append(full_caption(scene, rng, style if seed % 2 else None))
        captions.append(partial_caption(scene, rng, style))
    return captions
