"""Encoders: open_clip models that turn pictures and prompts into features."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from core.encoder_weights import EncoderSpec, Weights, find_weights, parse_spec
from core.errors import EncoderError, GemboardError, MissingPackageError

if TYPE_CHECKING:
    import torch
    from PIL import Image

RESIZE_MODES = {"squash": "squash", "crop": "shortest"}  # ours: open_clip's


@dataclass(frozen=True)
class EncoderIdentity:
    """What must agree for two vectors to be comparable.

    The name of a local folder is the folder's own name, so that moving it changes nothing.
    """

    name: str  # `NAME/PRETRAINED`, or the name of the folder
    weights_sha256: str  # of the weights file, as `sha256sum` prints it
    preprocessing: str  # squash or crop
    dimension: int

    @property
    def key(self) -> str:
        """Short and stable: stored beside every vector."""
        return f"{self.name}@{self.weights_sha256[:12]}+{self.preprocessing}"


class FeatureEncoder(Protocol):
    """Whatever gives features; `Encoder` is the real one."""

    @property
    def identity(self) -> EncoderIdentity:
        """Stored beside each vector."""

    def encode_images(self, images: "Sequence[Image.Image]") -> np.ndarray:
        """(n_images, dimension) float32, not normalised."""

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        """(n_texts, dimension) float32, not normalised."""


class Encoder:
    """An open_clip model on one device; made by `load_encoder`.

    Always float32 without TF32 and without dropout: the same input gives the same features, but
    for rounding (1e-5) between devices and batch sizes.
    """

    def __init__(
        self,
        identity: EncoderIdentity,
        model: Any,
        preprocess: "Callable[[Image.Image], torch.Tensor]",
        tokenize: "Callable[[list[str]], torch.Tensor]",
        device: str,
        batch_size: int,
    ) -> None:
        self.identity = identity
        self.device = device
        self.batch_size = batch_size
        self._model = model
        self._preprocess = preprocess
        self._tokenize = tokenize

    def encode_images(self, images: "Sequence[Image.Image]") -> np.ndarray:
        """Features as the encoder gives them, not normalised: (n_images, dimension) float32.

        Pictures of any mode and size; transparency is dropped, as CLIP does.
        """
        import torch

        with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:

            def batch_features(batch: "Sequence[Image.Image]") -> "torch.Tensor":
                pixels = torch.stack(list(pool.map(self._pixels, batch)))
                features = self._model.encode_image(pixels.to(self.device), normalize=False)
                assert isinstance(features, torch.Tensor)
                return features

            return self._features(images, batch_features)

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        """Features as the encoder gives them, not normalised: (n_texts, dimension) float32.

        Tokens beyond the model's context are dropped.
        """

        def batch_features(batch: Sequence[str]) -> "torch.Tensor":
            tokens = self._tokenize(list(batch)).to(self.device)
            features: torch.Tensor = self._model.encode_text(tokens, normalize=False)
            return features

        return self._features(texts, batch_features)

    def _pixels(self, image: "Image.Image") -> "torch.Tensor":
        return self._preprocess(image.convert("RGB"))

    def _features(
        self, items: Sequence[Any], batch_features: "Callable[[Any], torch.Tensor]"
    ) -> np.ndarray:
        import torch

        features = np.empty((len(items), self.identity.dimension), np.float32)
        exact = torch.backends.cudnn.flags(
            enabled=True, benchmark=False, deterministic=True, allow_tf32=False
        )
        with torch.inference_mode(), exact:
            for start in range(0, len(items), self.batch_size):
                batch = items[start : start + self.batch_size]
                features[start : start + len(batch)] = batch_features(batch).float().cpu().numpy()
        if not np.isfinite(features).all():
            raise EncoderError(f"Encoder {self.identity.name} gave features that are not finite.")
        return features


def load_encoder(spec: str, *, device: str = "auto", batch_size: int = 32) -> Encoder:
    """The encoder that `spec` names, ready on `device` (`auto`, `cpu` or `cuda`).

    `spec` is `NAME/PRETRAINED` of open_clip, `NAME//path/to/weights` or `local-dir:FOLDER`, each
    with `+crop` at the end where pictures should be cropped as CLIP does instead of squashed as
    GEMRec does. Weights that open_clip names are fetched from the hub once.
    Raises EncoderError, and MissingPackageError where torch is not installed.
    """
    parsed = parse_spec(spec)
    if batch_size < 1:
        raise EncoderError(f"An encoder's batch size is at least 1, not {batch_size}.")
    try:
        import open_clip
        import torch
        from open_clip.transform import PreprocessCfg, image_transform_v2
    except ImportError as error:
        raise MissingPackageError("Encoding pictures", error.name or "torch") from error
    place = _device(device, torch.cuda.is_available())
    with _refusing(parsed):
        weights = find_weights(parsed)
        model = open_clip.create_model(
            weights.model,
            weights.pretrained,
            force_preprocess_cfg=weights.preprocess,
            device=place,
            require_pretrained=True,
        ).eval()
        tokenize = open_clip.get_tokenizer(weights.model)
        config = open_clip.get_model_config(weights.model)
        _check_tokens(tokenize, config, weights)
        settings = PreprocessCfg(
            **model.visual.preprocess_cfg | {"resize_mode": RESIZE_MODES[parsed.preprocessing]}
        )
    identity = EncoderIdentity(
        weights.name, weights.sha256, parsed.preprocessing, int(config["embed_dim"])
    )
    preprocess = image_transform_v2(settings, is_train=False)
    return Encoder(identity, model, preprocess, tokenize, place, batch_size)


def _device(wanted: str, has_cuda: bool) -> str:
    if wanted == "auto":
        return "cuda" if has_cuda else "cpu"
    if wanted not in ("cpu", "cuda"):
        raise EncoderError(f"Device {wanted!r} is none of auto, cpu, cuda.")
    if wanted == "cuda" and not has_cuda:
        raise EncoderError("Device cuda was asked for, but torch finds no GPU here: use auto.")
    return wanted


def _check_tokens(
    tokenize: "Callable[[list[str]], torch.Tensor]", config: dict[str, Any], weights: Weights
) -> None:
    # A folder whose config names no tokenizer gets CLIP's own, whose ids a small model lacks.
    largest, vocabulary = int(tokenize(["a picture"]).max()), config["text_cfg"].get("vocab_size")
    if vocabulary and largest >= vocabulary:
        raise EncoderError(
            f"Encoder {weights.name}: its tokenizer gives token {largest}, but the model knows "
            f"only {vocabulary}. Set text_cfg.hf_tokenizer_name in open_clip_config.json, so that "
            "the tokenizer files in the folder are used."
        )


@contextmanager
def _refusing(spec: EncoderSpec) -> Iterator[None]:
    """Errors of open_clip, torch and the tokenizers become one line of ours."""
    try:
        yield
    except GemboardError:
        raise
    except Exception as error:  # torch, safetensors and the tokenizers each raise their own
        lines = str(error).strip().splitlines() or [type(error).__name__]
        reason = " ".join(lines[:3])[:300]
        raise EncoderError(f"Encoder {spec.text} cannot be loaded: {reason}") from error
