"""Datasets and models on the Hugging Face hub, fetched once into its cache."""

import re
from pathlib import Path

from core.errors import FileFormatError

_HUB_ID = re.compile(r"^[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}$")


MODEL_PARTS = ("unet", "vae", "text_encoder*", "tokenizer*", "scheduler")
MODEL_ENDINGS = (".safetensors", ".json", ".txt")  # pickles are never fetched


def is_hub_id(name: str) -> bool:
    """Whether `name` has the form OWNER/NAME."""
    return bool(_HUB_ID.match(name)) and "--" not in name and ".." not in name


def dataset_folder(name: str) -> Path:
    """The local copy of the dataset `OWNER/NAME`. Raises FileFormatError where there is none."""
    if not is_hub_id(name) or name.endswith(".parquet"):
        raise FileFormatError(name, "is neither a file, a folder nor a dataset id (OWNER/NAME).")
    return _fetched(name, "dataset", ["*.parquet"])


def model_folder(name: str) -> Path:
    """The local copy of the model `OWNER/NAME`: its pipeline's parts, or the files of a LoRA.

    Raises FileFormatError where there is none.
    """
    if not is_hub_id(name):
        raise FileFormatError(name, "is neither a file, a folder nor a hub id (OWNER/NAME).")
    folder = _fetched(name, "model", ["model_index.json"])
    if (folder / "model_index.json").is_file():
        patterns = [f"{part}/*{ending}" for part in MODEL_PARTS for ending in MODEL_ENDINGS]
        return _fetched(name, "model", ["model_index.json", *patterns])
    return _fetched(name, "model", [f"*{ending}" for ending in MODEL_ENDINGS])


def _fetched(name: str, kind: str, patterns: list[str]) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, repo_type=kind, allow_patterns=patterns))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        reason = " ".join(str(error).split())[:200]
        raise FileFormatError(
            name,
            f"cannot be fetched from the hub ({reason}). "
            "Fetch it elsewhere and give the folder instead.",
        ) from error
