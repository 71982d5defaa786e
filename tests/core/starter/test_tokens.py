"""Every word that a caption may hold is one token."""

from random import Random

import pytest

from core.starter.grammar import STYLES, full_caption, partial_caption, sample_scene
from core.starter.manifest import BASE_FOLDER
from core.starter.train.tokens import CONTEXT_LENGTH, caption_words

SHIPPED = BASE_FOLDER / "tokenizer"


def test_the_list_of_caption_words_is_complete() -> None:
    words = set(caption_words())
    for seed in range(2000):
        rng, scene = Random(seed), sample_scene(seed)
        style = rng.choice(list(STYLES))
        caption = f"{full_caption(scene, rng, style)}, {partial_caption(scene, rng, style)}"
        assert set(caption.replace(",", " ").replace("-", " ").split()) <= words


@pytest.mark.skipif(not SHIPPED.exists(), reason="no weights are shipped yet")
def test_every_caption_word_is_one_token_of_the_shipped_tokenizer() -> None:
    transformers = pytest.importorskip("transformers")
    tokenizer = transformers.CLIPTokenizer.from_pretrained(SHIPPED)
    assert tokenizer.model_max_length == CONTEXT_LENGTH
    split = {word: tokenizer.tokenize(word) for word in caption_words()}
    assert {word: tokens for word, tokens in split.items() if tokens != [f"{word}</w>"]} == {}


@pytest.mark.skipif(not SHIPPED.exists(), reason="no weights are shipped yet")
def test_no_caption_is_too_long() -> None:
    transformers = pytest.importorskip("transformers")
    tokenizer = transformers.CLIPTokenizer.from_pretrained(SHIPPED)
    for seed in range(500):
        caption = full_caption(sample_scene(seed), Random(seed), list(STYLES)[seed % len(STYLES)])
        assert len(tokenizer(caption).input_ids) <= CONTEXT_LENGTH
