"""What new pictures need to take part: features, scores, and a place on the maps that are kept."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from core.encoders import EncoderIdentity
from core.errors import GemboardError
from core.generation.devices import DeviceRunner
from core.settings import Settings
from warehouse.database import Warehouse
from warehouse.embedding import embed
from warehouse.encoder_registry import scoring_encoder
from warehouse.projections import kept_projection
from warehouse.scoring import score
from warehouse.search_encoder import encoder_specs

NO_ENCODER = (
    "There is no encoder here yet, so the new pictures have no scores: "
    "`python -m warehouse embed` computes features."
)


@dataclass(frozen=True)
class RunnerEncoder:
    """An encoder on the device that made the pictures (a FeatureEncoder)."""

    runner: DeviceRunner
    spec: str
    identity: EncoderIdentity

    def encode_images(self, images: "Sequence[Image.Image]") -> np.ndarray:
        """(n_images, dimension) float32."""
        return self.runner.features(self.spec, [_png(image) for image in images], [])[1]

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        """(n_texts, dimension) float32."""
        return self.runner.features(self.spec, [], texts)[1]


def runner_encoder(
    warehouse: Warehouse, settings: Settings, runner: DeviceRunner
) -> RunnerEncoder | None:
    """The scoring encoder on this device; None where its weights are not on this machine."""
    key = scoring_encoder(warehouse)
    if key is None:
        return None
    rows = warehouse.select(
        "select name, preprocessing from encoders where encoder = $key", {"key": key}
    )
    for name, preprocessing in rows.iter_rows():
        for spec in encoder_specs(name, preprocessing, settings):
            identity, _ = runner.features(spec, [], [])
            if identity.key == key:
                return RunnerEncoder(runner, spec, identity)
    return None


def finish_pictures(
    warehouse: Warehouse,
    settings: Settings,
    runner: DeviceRunner,
    image_ids: Collection[str],
    place: Callable[[str], None],
    on_words: Callable[[str], None] = lambda words: None,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> str:
    """Features and scores of these images, and their places; a note where something is missing.

    Maps of one prompt are drawn and brought up to date when somebody looks; the one of all
    pictures, where it was ever drawn, by `place`, which gets the encoder's key.
    """
    on_words("Reading features")
    note = ""
    try:
        encoder = runner_encoder(warehouse, settings, runner)
    except GemboardError as error:
        encoder, note = None, f"No features: {error}"
    if encoder is None:
        note = note or NO_ENCODER
    else:
        embed(
            warehouse,
            encoder,
            limit_mpx=settings.picture_limit_mpx,
            only=image_ids,
            on_progress=on_progress,
        )
    on_words("Scoring")
    score(warehouse, limit_mpx=settings.picture_limit_mpx, workers=settings.workers)
    if encoder is not None and kept_projection(warehouse, encoder.identity.key, None) is not None:
        on_words("Placing on the map")
        place(encoder.identity.key)
    return note


def _png(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
