"""NSFW scores of pictures that were just made, by a checker whose weights lie on this machine."""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import GemboardError, MissingPackageError, shortened
from core.generation.weights_hash import weights_sha256
from core.settings import ROOT, Settings

if TYPE_CHECKING:
    import torch
    from PIL import Image

    Judge = Callable[[torch.Tensor], torch.Tensor]  # pixels (n, 3, h, w) -> scores (n,)

HOW = "docs/generation.md says which checkers can be used and where they lie."
OFF = "none"  # the setting that says there shall be no checker
WEIGHTS, CONFIG, PREPROCESSOR = "model.safetensors", "config.json", "preprocessor_config.json"
SAFETY_CHECKER = "StableDiffusionSafetyChecker"
CLASSIFIER_ENDING = "ForImageClassification"
BATCH = 16  # pictures at once
_PICKLES = {".bin", ".pt", ".pth", ".ckpt", ".pkl"}
_UNSAFE = re.compile(r"nsfw|unsafe|porn|hentai|explicit|nude|nudity|sexual|sexy|gore", re.I)
_NEGATED = re.compile(r"^(not|non|no)\b", re.I)
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")


class CheckerError(GemboardError):
    """An NSFW checker that cannot be used; its text says why and what to do."""


@dataclass(frozen=True)
class NsfwChecker:
    """Scores pictures; made by `load_checker`."""

    words: str  # name, kind and hash, for people
    _prepare: "Callable[[list[Image.Image]], torch.Tensor]"
    _judge: "Judge"

    def scores(self, images: "Sequence[Image.Image]") -> list[float]:
        """0 to 1 for each picture, larger is less safe. Raises CheckerError."""
        import torch

        found: list[float] = []
        with torch.inference_mode():
            for start in range(0, len(images), BATCH):
                batch = [image.convert("RGB") for image in images[start : start + BATCH]]
                scores = self._judge(self._prepare(batch)).float().cpu()
                if not bool(torch.isfinite(scores).all()):
                    raise CheckerError(f"The NSFW checker {self.words} gave no numbers. {HOW}")
                # Sums of float32 shares may pass 1 by rounding.
                found.extend(scores.clamp(0, 1).tolist())
        return found


def checker_place(settings: Settings) -> Path | str | None:
    """The checker's folder, or its id on the hub; None where there is none.

    What is set is returned even where it is not there, so that loading says so.
    """
    told = settings.nsfw_checker.strip()
    if told.lower() == OFF:
        return None
    if not told:
        usual = settings.home_path / "models" / "nsfw-checker"
        return usual if usual.is_dir() else None
    folder = ROOT / Path(told).expanduser()
    return told if _HUB_ID.fullmatch(told) and not folder.exists() else folder


def load_checker(place: Path | str, device: str) -> NsfwChecker:
    """The checker in a folder, or of a hub id, ready on a device (`cpu`, `cuda:0`).

    Raises CheckerError where it is not there, is pickled, incomplete or of another kind; and
    MissingPackageError.
    """
    folder = place if isinstance(place, Path) else _fetched(place)
    name = folder.name if isinstance(place, Path) else place
    if not folder.is_dir():
        raise CheckerError(f"There is no NSFW checker at {folder}. {HOW}")
    config = _config(folder, name)
    kind = str((config.get("architectures") or [""])[0])
    if kind != SAFETY_CHECKER and not kind.endswith(CLASSIFIER_ENDING):
        raise CheckerError(
            f"{name} is no NSFW checker: it is {shortened(kind or 'of no kind that it tells')}, "
            f"not an image classifier or diffusers' {SAFETY_CHECKER}. {HOW}"
        )
    _check_weights(folder, name)
    try:
        hashed = weights_sha256((folder / WEIGHTS).resolve())  # the hub's copies are links
        prepare = _preprocessing(folder, device)
        if kind == SAFETY_CHECKER:
            judge, told = _safety_checker(folder, name, device), "flags pictures"
        else:
            judge, told = _classifier(folder, name, device)
    except ImportError as error:
        raise MissingPackageError("Checking pictures", error.name or "torch") from error
    except (OSError, ValueError, RuntimeError, KeyError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise CheckerError(f"The NSFW checker {name} cannot be loaded: {reason} {HOW}") from error
    return NsfwChecker(f"{name} ({told}; SHA-256 {hashed[:12]})", prepare, judge)


def unsafe_labels(labels: Mapping[int, str]) -> tuple[int, ...]:
    """The classes whose label tells of unsafe content; `sfw`, `safe` and `non-nsfw` do not."""
    return tuple(
        sorted(
            number
            for number, label in labels.items()
            if _UNSAFE.search(label) and not _NEGATED.search(re.sub(r"[_-]+", " ", label))
        )
    )


def _classifier(folder: Path, name: str, device: str) -> "tuple[Judge, str]":
    from transformers import AutoModelForImageClassification

    model = _loaded(AutoModelForImageClassification, folder, name).to(device).eval()
    labels = {int(number): str(label) for number, label in model.config.id2label.items()}
    unsafe = unsafe_labels(labels)
    if not unsafe or len(unsafe) == len(labels):
        told = ", ".join(shortened(label, 30) for label in list(labels.values())[:6])
        raise CheckerError(
            f"{name} is no NSFW checker that can be used: of its labels ({told}) "
            f"{'none' if not unsafe else 'each'} tells of unsafe content. {HOW}"
        )
    several = model.config.problem_type == "multi_label_classification"

    def judge(pixels: "torch.Tensor") -> "torch.Tensor":
        logits: torch.Tensor = model(pixel_values=pixels).logits.float()
        if several:  # each label has a probability of its own
            return logits.sigmoid()[:, list(unsafe)].amax(dim=1)
        return logits.softmax(dim=1)[:, list(unsafe)].sum(dim=1)

    return judge, "probability of " + ", ".join(shortened(labels[each], 30) for each in unsafe)


def _safety_checker(folder: Path, name: str, device: str) -> "Judge":
    import numpy as np
    from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker

    model = _loaded(StableDiffusionSafetyChecker, folder, name).to(device).eval()
    # It says that pictures were made black, which happens to the stand-ins below alone.
    logging.getLogger(StableDiffusionSafetyChecker.__module__).setLevel(logging.ERROR)

    def judge(pixels: "torch.Tensor") -> "torch.Tensor":
        import torch

        _, flagged = model(clip_input=pixels, images=np.zeros((len(pixels), 1)))
        return torch.tensor(flagged, dtype=torch.float32)

    return judge


def _loaded(model_class: Any, folder: Path, name: str) -> Any:
    """The model in float32 with every weight from the file: none is left to chance."""
    import torch
    from safetensors import SafetensorError

    try:
        model, told = model_class.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            dtype=torch.float32,
            output_loading_info=True,
        )
    except SafetensorError as error:  # a plain Exception
        raise ValueError(f"{WEIGHTS} cannot be read ({error}).") from error
    missing = sorted(map(str, told["missing_keys"]))
    if missing or told["mismatched_keys"]:
        raise CheckerError(
            f"The weights of {name} do not fit its {CONFIG}"
            f"{': ' + shortened(missing[0]) + ' is missing' if missing else ''}. {HOW}"
        )
    return model


def _preprocessing(folder: Path, device: str) -> "Callable[[list[Image.Image]], torch.Tensor]":
    from transformers import AutoImageProcessor

    # Stable Diffusion's folders keep it beside the checker.
    places = (folder, folder.parent / "feature_extractor")
    place = next((each for each in places if (each / PREPROCESSOR).is_file()), None)
    if place is None:
        raise CheckerError(f"{folder.name} holds no {PREPROCESSOR}, which says how it sees. {HOW}")
    processor = AutoImageProcessor.from_pretrained(place, local_files_only=True)

    def prepare(images: "list[Image.Image]") -> "torch.Tensor":
        pixels: torch.Tensor = processor(images=images, return_tensors="pt")["pixel_values"]
        return pixels.to(device)

    return prepare


def _config(folder: Path, name: str) -> dict[str, Any]:
    try:
        content = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except OSError:
        raise CheckerError(f"{name} holds no {CONFIG}, so it is no checker. {HOW}") from None
    except ValueError:
        raise CheckerError(f"The {CONFIG} of {name} is not JSON. {HOW}") from None
    if not isinstance(content, dict):
        raise CheckerError(f"The {CONFIG} of {name} is no JSON object. {HOW}")
    return content


def _check_weights(folder: Path, name: str) -> None:
    if (folder / WEIGHTS).is_file():
        return
    pickled = sorted(each.name for each in folder.iterdir() if each.suffix in _PICKLES)
    if pickled:
        raise CheckerError(
            f"{name} keeps its weights in {shortened(pickled[0])}, which may run code when it is "
            f"loaded, so it is refused: bring them as {WEIGHTS}. {HOW}"
        )
    raise CheckerError(f"{name} holds no weights: {WEIGHTS} is missing. {HOW}")


def _fetched(hub_id: str) -> Path:
    """The local copy of a checker on the hub, without its pickles; asked for once."""
    from huggingface_hub import snapshot_download

    for here in (True, False):
        try:
            copy = snapshot_download(
                hub_id, allow_patterns=["*.json", WEIGHTS], local_files_only=here
            )
        except Exception as error:  # the client raises errors of several libraries
            if here:
                continue
            reason = " ".join(str(error).split())[:200]
            raise CheckerError(
                f"There is no folder {hub_id}, and the hub gives no NSFW checker of that name "
                f"({reason}). {HOW}"
            ) from error
        return Path(copy)
    raise AssertionError("the second try returns or raises")
