"""Datasets on the Hugging Face hub, fetched once into its cache."""

import re
from pathlib import Path

from core.errors import FileFormatError

_HUB_ID = re.compile(r"^[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}$")


def dataset_folder(name: str) -> Path:
    """The local copy of the dataset `OWNER/NAME`. Raises FileFormatError where there is none."""
    if not _HUB_ID.match(name) or "--" in name or ".." in name or name.endswith(".parquet"):
        raise FileFormatError(name, "is neither a file, a folder nor a dataset id (OWNER/NAME).")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, repo_type="dataset", allow_patterns=["*.parquet"]))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        reason = " ".join(str(error).split())[:200]
        raise FileFormatError(
            name,
            f"cannot be fetched from the hub ({reason}). "
            "Fetch it elsewhere and give the folder instead.",
        ) from error
