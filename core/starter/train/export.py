"""Writes what ships with the project from what training has reached."""

import json
import shutil
from pathlib import Path

import torch

from core.starter.manifest import BASE_FOLDER, ENCODER_FOLDER, WORLD
from core.starter.train.autoencoder import load_autoencoder
from core.starter.train.pipeline import assemble, build_text_encoder, build_unet, export_pipeline
from core.starter.train.tokens import load_tokenizer
from core.starter.train.workplace import training_folder


def export_world() -> list[str]:
    """Export the base pipeline and the encoder; returns a line about each."""
    report = []
    checkpoint = training_folder("base") / "checkpoint.pt"
    if checkpoint.exists():
        # Our own file, see Checkpoint.load.
        saved = torch.load(checkpoint, map_location="cpu", weights_only=False)
        tokenizer = load_tokenizer()
        unet, text_encoder = build_unet(), build_text_encoder(tokenizer)
        unet.load_state_dict(saved["parts"][2])
        text_encoder.load_state_dict(saved["parts"][3])
        pipeline = assemble(load_autoencoder(), text_encoder, tokenizer, unet)
        export_pipeline(pipeline, BASE_FOLDER)
        _tidy(BASE_FOLDER)
        report.append(f"base after {saved['seen']:,} pictures: {_megabytes('base')}")
    trained = training_folder("encoder") / "open_clip"
    if trained.exists():
        shutil.copytree(trained, ENCODER_FOLDER, dirs_exist_ok=True)
        _tidy(ENCODER_FOLDER)
        report.append(f"encoder: {_megabytes(ENCODER_FOLDER.name)}")
    return report


def _tidy(folder: Path) -> None:
    """Readable by all, and no word of the machine that made it."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o644)
        if path.suffix == ".json":
            stored = json.loads(path.read_text())
            stored.pop("_name_or_path", None)
            if "dtype" in stored:
                # transformers would load the text encoder in half precision, the rest in single.
                stored["dtype"] = "float32"
            path.write_text(json.dumps(stored, indent=2, ensure_ascii=False) + "\n")


def _megabytes(part: str) -> str:
    total = sum(path.stat().st_size for path in (WORLD / part).rglob("*") if path.is_file())
    return f"{total / 1e6:.1f} MB"
