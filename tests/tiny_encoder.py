"""A random open_clip model of a few kilobytes with a tokenizer of its own, as a folder."""

import json
from pathlib import Path

WORDS = ("a", "the", "of", "in", "two", "red", "blue", "cat", "dog", "house", "moon", "style")
CONTEXT_LENGTH = 12
IMAGE_PX = 32
DIMENSION = 16


def make_tiny_encoder(folder: Path, seed: int = 0) -> str:
    """Fill `folder` with config, weights and tokenizer; returns its spec, `local-dir:FOLDER`."""
    import torch
    from open_clip.model import CLIP
    from safetensors.torch import save_file

    vocabulary = {word: n for n, word in enumerate(["<pad>", "<unk>", *WORDS, "<bos>", "<eos>"])}
    text = {
        "context_length": CONTEXT_LENGTH,
        "vocab_size": len(vocabulary),
        "width": 32,
        "heads": 2,
        "layers": 1,
        "hf_tokenizer_name": "./tokenizer",
    }
    vision = {"image_size": IMAGE_PX, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16}
    folder.mkdir(parents=True, exist_ok=True)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = CLIP(embed_dim=DIMENSION, vision_cfg=dict(vision), text_cfg=dict(text))
        with torch.no_grad():  # louder than the usual start, so that small changes are seen
            model.token_embedding.weight.normal_(std=1.0)
            model.visual.conv1.weight.normal_(std=0.1)
    save_file(
        {name: weight.contiguous() for name, weight in model.state_dict().items()},
        folder / "open_clip_model.safetensors",
    )
    config = {
        "model_cfg": {"embed_dim": DIMENSION, "vision_cfg": vision, "text_cfg": text},
        "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]},
    }
    (folder / "open_clip_config.json").write_text(json.dumps(config, indent=1))
    _write_tokenizer(folder, vocabulary)
    return f"local-dir:{folder}"


def _write_tokenizer(folder: Path, vocabulary: dict[str, int]) -> None:
    specials = ("<pad>", "<unk>", "<bos>", "<eos>")
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": vocabulary[token],
                "content": token,
                "special": True,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
            }
            for token in specials
        ],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": "<bos>", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "<eos>", "type_id": 0}},
            ],
            "pair": [
                {"Sequence": {"id": "A", "type_id": 0}},
                {"Sequence": {"id": "B", "type_id": 0}},
            ],
            "special_tokens": {
                token: {"id": token, "ids": [vocabulary[token]], "tokens": [token]}
                for token in ("<bos>", "<eos>")
            },
        },
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "<unk>"},
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    (folder / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "tokenizer_class": "PreTrainedTokenizerFast",
                "pad_token": "<pad>",
                "unk_token": "<unk>",
                "bos_token": "<bos>",
                "eos_token": "<eos>",
                "model_max_length": CONTEXT_LENGTH,
            }
        )
    )
