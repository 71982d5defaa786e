"""Where an encoder's weights come from: a local folder or file, or the hub."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import EncoderError

LOCAL_FOLDER = "local-dir:"
CONFIG_FILE = "open_clip_config.json"
WEIGHT_FILES = (  # in the order in which open_clip prefers them
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.safetensors",
    "open_clip_pytorch_model.bin",
)
HUB_FILES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
PREPROCESSINGS = ("squash", "crop")


@dataclass(frozen=True)
class EncoderSpec:
    """An encoder as a person writes it."""

    text: str
    name: str  # of an open_clip architecture; empty for a folder
    pretrained: str  # tag or path of a weights file; empty for a folder
    folder: Path | None
    preprocessing: str  # squash or crop


@dataclass(frozen=True)
class Weights:
    """Weights on this machine, in the words of `open_clip.create_model`."""

    name: str  # for the identity
    sha256: str
    model: str
    pretrained: str | None
    preprocess: dict[str, Any] = field(default_factory=dict)  # mean, std, ... of a hub tag


def parse_spec(text: str) -> EncoderSpec:
    """`NAME/PRETRAINED`, `NAME//path/to/weights` or `local-dir:FOLDER`, each with `+crop` or not.

    Raises EncoderError where it is none of these.
    """
    body, plus, ending = text.strip().rpartition("+")
    if not plus or ending not in PREPROCESSINGS:
        body, ending = text.strip(), PREPROCESSINGS[0]
    if body.startswith(LOCAL_FOLDER) and body != LOCAL_FOLDER:
        folder = Path(body.removeprefix(LOCAL_FOLDER)).expanduser().resolve()
        return EncoderSpec(text, "", "", folder, ending)
    name, slash, pretrained = body.partition("/")
    if not (name and slash and pretrained) or ":" in name:
        raise EncoderError(
            f"“{text}” names no encoder: write NAME/PRETRAINED (ViT-L-14-quickgelu/openai), "
            "NAME//path/to/weights or local-dir:FOLDER."
        )
    return EncoderSpec(text, name, pretrained, None, ending)


def find_weights(spec: EncoderSpec) -> Weights:
    """The weights on disk, fetched from the hub where open_clip names them; needs open_clip.

    Raises EncoderError where they are not there, or do not fit the architecture's activation.
    """
    if spec.folder:
        file = _folder_weights(spec.folder)
        return Weights(spec.folder.name, _sha256(file), f"{LOCAL_FOLDER}{spec.folder}", None)
    import open_clip
    from open_clip.pretrained import get_pretrained_cfg
    from open_clip.transform import merge_preprocess_dict

    if open_clip.get_model_config(spec.name) is None:
        raise EncoderError(f"open_clip knows no architecture named “{spec.name}”.")
    path = Path(spec.pretrained).expanduser()
    if path.is_absolute():
        if not path.is_file():
            raise EncoderError(f"There is no weights file {path}.")
        return Weights(f"{spec.name}/{path.name}", _sha256(path), spec.name, str(path))
    tag = get_pretrained_cfg(spec.name, spec.pretrained)
    if not tag:
        known = ", ".join(open_clip.list_pretrained_tags_by_model(spec.name)) or "none"
        raise EncoderError(
            f"open_clip has no weights “{spec.pretrained}” for {spec.name}; it has: {known}."
        )
    name = _fitting_architecture(spec, bool(tag.get("quick_gelu")))
    file = _hub_weights(f"{name}/{spec.pretrained}", tag)
    preprocess = merge_preprocess_dict({}, tag)
    return Weights(f"{name}/{spec.pretrained}", _sha256(file), name, str(file), preprocess)


def _fitting_architecture(spec: EncoderSpec, trained_with_quick_gelu: bool) -> str:
    """`spec.name`, or its QuickGELU twin where the weights were trained with that activation."""
    import open_clip

    if trained_with_quick_gelu == bool(open_clip.get_model_config(spec.name).get("quick_gelu")):
        return spec.name
    twin = f"{spec.name}-quickgelu"
    if trained_with_quick_gelu and open_clip.get_model_config(twin) is not None:
        return twin
    raise EncoderError(
        f"{spec.name}/{spec.pretrained} would give wrong features: these weights were trained "
        f"{'with' if trained_with_quick_gelu else 'without'} QuickGELU and the architecture runs "
        f"{'without' if trained_with_quick_gelu else 'with'} it."
    )


def _folder_weights(folder: Path) -> Path:
    if not folder.is_dir():
        raise EncoderError(f"There is no folder {folder}.")
    if not (folder / CONFIG_FILE).is_file():
        raise EncoderError(f"{folder} holds no {CONFIG_FILE}.")
    for file in (folder / name for name in WEIGHT_FILES):
        if file.is_file():
            return file
    raise EncoderError(f"{folder} holds no weights: {WEIGHT_FILES[0]} is missing.")


def _hub_weights(name: str, tag: dict[str, Any]) -> Path:
    from huggingface_hub import file_exists, hf_hub_download, try_to_load_from_cache
    from open_clip.pretrained import download_pretrained

    repository, _, file = tag.get("hf_hub", "").rpartition("/")
    files = (file,) if file else HUB_FILES
    for candidate in files if repository else ():
        cached = try_to_load_from_cache(repository, candidate)
        if isinstance(cached, str):
            return Path(cached)
    try:
        if not repository:
            return Path(download_pretrained(tag))
        for candidate in files:
            if file_exists(repository, candidate):  # fails at once where the hub is out of reach
                return Path(hf_hub_download(repository, candidate))
    except Exception as error:  # the client raises errors of several libraries
        source = repository or tag.get("url", "the hub")
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise EncoderError(
            f"The weights of {name} cannot be fetched from {source} ({lines[0]}). Without the hub, "
            f"bring them in a folder with {CONFIG_FILE}, {WEIGHT_FILES[0]} and the tokenizer "
            "files, and name it: --encoder local-dir:FOLDER."
        ) from error
    raise EncoderError(f"{repository} on the hub holds none of {', '.join(files)} for {name}.")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
