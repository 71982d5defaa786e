"""Features of pictures and prompts: what is missing is computed and lands as it comes."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self, TypeVar

import numpy as np
import polars as pl
import pyarrow as pa
from PIL import Image

from core.encoders import EncoderIdentity, FeatureEncoder
from core.errors import EncoderError, PictureError
from warehouse.database import Warehouse, query_text
from warehouse.encoder_registry import register_encoder
from warehouse.landing import record
from warehouse.lookahead import map_ahead
from warehouse.pictures import read_upright

DEFAULT_LIMIT_MPX = 64.0
COMMIT_ROWS = 1024
COMMIT_S = 10.0  # a commit rewrites up to 2,048 vectors of a list column: 0.1 to 0.6 s at 768-d

Item = TypeVar("Item")
Progress = Callable[[str, int, int], None]  # what, done, of how many


@dataclass(frozen=True)
class EmbedReport:
    """What one run of `embed` did."""

    encoder: str
    images_added: int
    prompts_added: int
    images_already: int
    prompts_already: int
    images_without_picture: int  # rows of images without a path
    skipped: list[tuple[str, str]]  # image_id, why its picture cannot be read


def embed(
    warehouse: Warehouse,
    encoder: FeatureEncoder,
    *,
    batch_size: int = 32,
    limit_mpx: float = DEFAULT_LIMIT_MPX,
    commit_s: float = COMMIT_S,
    only: Collection[str] | None = None,
    on_progress: Progress | None = None,
) -> EmbedReport:
    """Compute the features of `encoder` that are missing, from prompts and stored originals.

    `only` names the images that count, with their prompts; None: all.

    Pictures are seen as shown: upright, transparent parts on white. Whole batches land every
    `commit_s` seconds, so a run that was killed loses no more, and the next goes on from there;
    one that fails or is interrupted loses nothing. The first encoder whose features land becomes
    the scoring one. Pictures that are missing or unreadable are reported, not fatal.
    Raises EncoderError where features do not fit what is stored under the encoder's key.
    """
    identity = encoder.identity
    _check_stored(warehouse, identity)
    show = on_progress or (lambda what, done, total: None)
    already = warehouse.frame("features_present", encoder=identity.key).row(0, named=True)
    key, wanted = identity.key, None if only is None else list(only)
    prompts = warehouse.frame("prompts_to_embed", encoder=key, image_ids=wanted)
    prompts_added = _embed_prompts(warehouse, encoder, prompts, batch_size, commit_s, show)
    images = warehouse.frame("images_to_embed", encoder=key, image_ids=wanted)
    images_added, skipped = _embed_images(
        warehouse, encoder, images, batch_size, limit_mpx, commit_s, show
    )
    if images_added or prompts_added:
        counts = {"images": images_added, "prompts": prompts_added, "skipped": len(skipped)}
        with warehouse.transaction() as cursor:
            record(cursor, "embed", identity.key, after=counts)
    return EmbedReport(
        identity.key,
        images_added,
        prompts_added,
        already["images"],
        already["prompts"],
        already["images_without_picture"],
        skipped,
    )


def _check_stored(warehouse: Warehouse, identity: EncoderIdentity) -> None:
    stored = warehouse.value(
        "select dimension from encoders where encoder = $key", {"key": identity.key}
    )
    if stored is not None and stored != identity.dimension:
        raise EncoderError(
            f"Encoder {identity.key} has {identity.dimension} dimensions here and {stored} in the "
            "warehouse."
        )


class _Landing:
    """Features on their way: held until they land together, also when the work breaks off."""

    def __init__(
        self, warehouse: Warehouse, identity: EncoderIdentity, kind: str, commit_s: float
    ) -> None:
        self.added = 0
        self._warehouse = warehouse
        self._identity = identity
        self._kind = kind
        self._commit_s = commit_s
        self._ids: list[str | int] = []
        self._vectors: list[np.ndarray] = []  # each (n, dimension) float32
        self._landed_at = monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._land()

    def add(self, ids: Sequence[str | int], vectors: np.ndarray) -> None:
        """Take one batch; lands it with those before when enough time or rows have gathered."""
        if vectors.shape != (len(ids), self._identity.dimension):
            raise EncoderError(
                f"Encoder {self._identity.key} gave features of shape {vectors.shape} "
                f"for {len(ids)} inputs."
            )
        self._ids += ids
        self._vectors.append(vectors)
        if len(self._ids) >= COMMIT_ROWS or monotonic() - self._landed_at >= self._commit_s:
            self._land()

    def _land(self) -> None:
        if not self._ids:
            return
        vectors = _vector_column(np.concatenate(self._vectors))
        features = pa.table({f"{self._kind}_id": self._ids, "vector": vectors})
        with self._warehouse.transaction() as cursor:
            cursor.register("incoming_features", features)
            register_encoder(cursor, self._identity.key, **asdict(self._identity))
            landed = cursor.execute(
                query_text(f"land_{self._kind}_features"), {"encoder": self._identity.key}
            )
            added = len(landed.fetchall())
        self.added += added
        self._ids, self._vectors = [], []
        self._landed_at = monotonic()


def _embed_prompts(
    warehouse: Warehouse,
    encoder: FeatureEncoder,
    missing: pl.DataFrame,
    batch_size: int,
    commit_s: float,
    show: Progress,
) -> int:
    done = 0
    with _Landing(warehouse, encoder.identity, "prompt", commit_s) as landing:
        for rows in _batches(missing.iter_rows(), batch_size):
            vectors = encoder.encode_texts([text for _, text in rows])
            landing.add([prompt_id for prompt_id, _ in rows], vectors)
            done += len(rows)
            show("prompts", done, missing.height)
    return landing.added


def _embed_images(
    warehouse: Warehouse,
    encoder: FeatureEncoder,
    missing: pl.DataFrame,
    batch_size: int,
    limit_mpx: float,
    commit_s: float,
    show: Progress,
) -> tuple[int, list[tuple[str, str]]]:
    skipped: list[tuple[str, str]] = []
    done = 0

    def decoded(row: tuple[str, str]) -> Image.Image | PictureError:
        return _picture(warehouse.home, row[1], limit_mpx)

    with (
        closing(map_ahead(decoded, missing.iter_rows())) as pictures,
        _Landing(warehouse, encoder.identity, "image", commit_s) as landing,
    ):
        for batch in _batches(pictures, batch_size):
            good = [(row[0], image) for row, image in batch if isinstance(image, Image.Image)]
            skipped += [
                (row[0], str(image)) for row, image in batch if isinstance(image, PictureError)
            ]
            if good:
                vectors = encoder.encode_images([image for _, image in good])
                landing.add([image_id for image_id, _ in good], vectors)
            done += len(batch)
            show("images", done, missing.height)
    return landing.added, skipped


def _picture(home: Path, path: str, limit_mpx: float) -> Image.Image | PictureError:
    try:
        return read_upright(home, path, limit_mpx)
    except PictureError as error:
        return error


def _vector_column(vectors: np.ndarray) -> pa.Array:
    flat = np.ascontiguousarray(vectors, np.float32)
    offsets = np.arange(0, flat.size + 1, flat.shape[1], dtype=np.int32)
    return pa.ListArray.from_arrays(offsets, flat.ravel())


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
