"""Token counts beside the tokenizers that models read with, and where a prompt is cut."""

import html
import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.generation.token_count import TokenizerError, load_counter

ROOT = Path(__file__).parents[3]
BASE = ROOT / "core/starter/world/base"
COUNTERS = {"clip": load_counter(None), "starter": load_counter(BASE)}
# What people write: words of many scripts, signs, entities, numbers.
PIECES = ["a ", "castle", "'s", "don't", "1girl", "(gore:1.3)", "&amp", " ", "\n", "Straße", "😀"]
prompts = st.one_of(
    st.text(st.characters(codec="latin-1", exclude_categories=["Cc"])),
    st.text(st.characters(min_codepoint=0x370, max_codepoint=0x1FFF, categories=["Ll", "Zs"])),
    st.text(st.characters(min_codepoint=0x3040, max_codepoint=0x9FFF, categories=["Lo", "Nd"])),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
)


@pytest.fixture(scope="module")
def open_clip():
    """The tokenizer of open_clip with its cleaning; importing it loads torch."""
    from open_clip import tokenizer

    return tokenizer


@given(prompts)
def test_counts_agree_with_open_clip(open_clip, text):
    cleaned = open_clip.basic_clean(text)  # mends broken encodings, which pipelines leave alone
    assume(open_clip.basic_clean(cleaned) == cleaned == html.unescape(cleaned))
    counted = COUNTERS["clip"].count(cleaned)
    tokens = open_clip._tokenizer.encode(cleaned)
    assert counted.tokens == len(tokens)
    assert bool(counted.cut) == (len(tokens) > 75)


@given(prompts)
def test_counts_agree_with_the_tokenizer_of_the_pipeline(text):
    from transformers import CLIPTokenizer

    pipeline = CLIPTokenizer.from_pretrained(BASE / "tokenizer")
    assert COUNTERS["starter"].count(text).tokens == len(pipeline(text).input_ids) - 2


@given(prompts, st.sampled_from(sorted(COUNTERS)))
def test_what_is_cut_ends_the_prompt_and_begins_behind_the_limit(text, name):
    counter = COUNTERS[name]
    counted = counter.count(text * 9)
    assert (text * 9).endswith(counted.cut)
    assert bool(counted.cut) == (counted.tokens > counted.limit)


def test_accents_count_alike_in_either_form_of_unicode(open_clip):
    text = unicodedata.normalize("NFD", "über café, señor")
    assert COUNTERS["clip"].count(text).tokens == len(open_clip._tokenizer.encode(text))


def test_the_limit_is_the_context_less_its_two_ends():
    assert COUNTERS["clip"].limit == 75
    assert COUNTERS["starter"].limit == 30


@pytest.mark.parametrize("name", COUNTERS)
def test_whole_words_beyond_the_limit_are_cut(name):
    counter = COUNTERS[name]
    assert counter.count("a " * counter.limit).cut == ""
    counted = counter.count("a " * counter.limit + "red circle")
    assert counted.cut == "red circle"
    assert counted.tokens > counter.limit


def test_an_empty_prompt_takes_nothing():
    counted = COUNTERS["clip"].count(" \n ")
    assert (counted.tokens, counted.cut) == (0, "")


def test_a_single_file_is_counted_as_clip(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"")
    assert load_counter(tmp_path / "model.safetensors").count("a castle").tokens == 2


class TestFolders:
    @pytest.fixture
    def folder(self, tmp_path):
        (tmp_path / "tokenizer").mkdir()
        for path in (BASE / "tokenizer").iterdir():
            (tmp_path / "tokenizer" / path.name).write_bytes(path.read_bytes())
        return tmp_path

    def test_older_folders_have_a_vocabulary_and_merges(self, folder):
        content = json.loads((folder / "tokenizer/tokenizer.json").read_text())
        (folder / "tokenizer/tokenizer.json").unlink()
        (folder / "tokenizer/vocab.json").write_text(json.dumps(content["model"]["vocab"]))
        merges = "\n".join(" ".join(pair) for pair in content["model"]["merges"])
        (folder / "tokenizer/merges.txt").write_text(f"#version: 0.2\n{merges}\n")
        older = load_counter(folder)
        text = "A red circle's shade over 12 blue squares, überall… " * 3
        assert older.count(text) == COUNTERS["starter"].count(text)

    def test_a_context_that_is_not_told_is_that_of_the_text_encoder(self, folder):
        (folder / "tokenizer/tokenizer_config.json").write_text(
            '{"model_max_length": 1000000000000000019884624838656}'
        )
        assert load_counter(folder).limit == 75
        (folder / "text_encoder").mkdir()
        (folder / "text_encoder/config.json").write_text('{"max_position_embeddings": 50}')
        assert load_counter(folder).limit == 48

    def test_cutting_that_the_file_asks_for_is_not_counted(self, folder):
        path = folder / "tokenizer/tokenizer.json"
        cutting = {"direction": "Right", "max_length": 5, "strategy": "LongestFirst", "stride": 0}
        path.write_text(json.dumps({**json.loads(path.read_text()), "truncation": cutting}))
        assert load_counter(folder).count("a " * 40).tokens == 40

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"model": 7}'])
    def test_a_damaged_tokenizer_is_named(self, folder, text):
        (folder / "tokenizer/tokenizer.json").write_text(text)
        with pytest.raises(TokenizerError, match=f"The tokenizer of {folder.name} cannot be read"):
            load_counter(folder)

    def test_a_folder_without_a_tokenizer_is_named(self, tmp_path):
        with pytest.raises(TokenizerError, match=r"merges\.txt"):
            load_counter(tmp_path)


def test_counting_loads_neither_torch_nor_what_needs_it():
    script = (
        "import sys; from pathlib import Path; from core.generation.token_count import *; "
        f"load_counter(None).count('a'); load_counter(Path({str(BASE)!r})).count('a'); "
        "print(sorted({'torch', 'open_clip', 'transformers'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert ran.stdout == "[]\n", ran.stderr
