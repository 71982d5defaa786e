"""Finished pictures come to rest: the file, its row, its recipe, its prompt, all at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from core.generation.devices import MadeBatch, MadePicture
from core.generation.recipe import Recipe, identity, write_recipe
from core.settings import Settings
from warehouse import records
from warehouse.database import Warehouse, query_text
from warehouse.generation.orders import OrderedPicture
from warehouse.landing import stage
from warehouse.pictures import StoredPicture, store_picture
from warehouse.records import ImageRecord
from warehouse.selections import written
from warehouse.starter.pictures import QUERY_SOURCE

SOURCE = "generated"
OWN_TAG = "custom"
OWN_PROMPTS_FROM = 1_000_000_000  # datasets number theirs below
KEPT_APART = [QUERY_SOURCE]  # prompts that measure identification take no further pictures


@dataclass(frozen=True)
class LandedPicture:
    """A picture made here; `path` counts from the home."""

    place: int
    image_id: str
    prompt_id: int | None  # None: not kept, and its prompt is new
    stored: StoredPicture
    made: MadePicture
    asked: OrderedPicture


@dataclass(frozen=True)
class KeptPicture:
    """A picture made here that becomes an image; its size is the one that was asked for."""

    image_id: str
    prompt_id: int
    model_version_id: int
    recipe: Recipe
    path: str
    sha256: str
    nsfw_score: float | None


def image_id_of(sha256: str) -> str:
    """Key of a picture made here: the same bytes are the same image."""
    return f"made-{sha256[:24]}"


def land_batch(
    warehouse: Warehouse,
    settings: Settings,
    made: MadeBatch,
    asked: Sequence[tuple[int, OrderedPicture]],
    *,
    device: str,
    keep: bool,
    job_id: str | None = None,
) -> list[LandedPicture]:
    """Store a batch: `asked` tells place and order of each of its pictures.

    Kept ones become images with their recipes; others wait in the job. Raises PictureError, and
    OSError where the disk refuses.
    """
    stored = [
        store_picture(
            picture.png,
            "picture.png",
            warehouse.home,
            settings.picture_limit_mpx,
            settings.thumbnail_px,
        )
        for picture in made.pictures
    ]

    def work(cursor: duckdb.DuckDBPyConnection) -> list[LandedPicture]:
        landed = []
        for file, picture, (place, order) in zip(stored, made.pictures, asked, strict=True):
            prompt_id = order.prompt_id
            if prompt_id is None and keep:
                prompt_id = prompt_of(cursor, order)
            image_id = image_id_of(file.sha256)
            landed.append(LandedPicture(place, image_id, prompt_id, file, picture, order))
        if keep:
            add_images(cursor, [_kept(picture) for picture in landed], job_id)
        if job_id is not None:
            _add_to_job(cursor, job_id, landed, "kept" if keep else "fresh")
        if made.pictures:
            _note_speed(cursor, job_id, device, made)
        return landed

    return written(warehouse, work)


def prompt_of(cursor: duckdb.DuckDBPyConnection, order: OrderedPicture) -> int:
    """The prompt that a picture belongs to, added where nobody asked it before."""
    request = order.request
    key = {"prompt": request.prompt, "negative_prompt": request.negative_prompt}
    found = cursor.execute(query_text("prompt_like"), {**key, "kept_apart": KEPT_APART}).fetchone()
    if found is None:
        found = cursor.execute(
            query_text("add_own_prompt"),
            {
                **key,
                "numbers_from": OWN_PROMPTS_FROM,
                "tag": OWN_TAG,
                "source": SOURCE,
                "width": request.width,
                "height": request.height,
                "sampler": request.sampler,
                "cfg_scale": request.cfg_scale,
            },
        ).fetchone()
    assert found is not None
    return int(found[0])


def _kept(picture: LandedPicture) -> KeptPicture:
    assert picture.prompt_id is not None
    return KeptPicture(
        picture.image_id,
        picture.prompt_id,
        picture.asked.model_version_id,
        picture.made.recipe,
        picture.stored.path,
        picture.stored.sha256,
        picture.made.nsfw_score,
    )


def add_images(
    cursor: duckdb.DuckDBPyConnection, kept: Sequence[KeptPicture], job_id: str | None
) -> None:
    """Images and their recipes; the same bytes are the same image."""
    images = {each.image_id: _image(each) for each in kept}
    stage(cursor, "incoming_images", records.image_frame(list(images.values())))
    cursor.execute(query_text("merge_images"))
    for each in kept:
        cursor.execute(
            "insert or ignore into image_recipes (image_id, identity, recipe, job_id) "
            "values ($image_id, $identity, $recipe::json, $job_id)",
            {
                "image_id": each.image_id,
                "identity": identity(each.recipe.request),
                "recipe": write_recipe(each.recipe),
                "job_id": job_id,
            },
        )


def _image(kept: KeptPicture) -> ImageRecord:
    request = kept.recipe.request
    return ImageRecord(
        image_id=kept.image_id,
        prompt_id=kept.prompt_id,
        model_version_id=kept.model_version_id,
        source=SOURCE,
        seed=request.seed,
        width=request.width,
        height=request.height,
        steps=request.steps,
        cfg_scale=request.cfg_scale,
        sampler=request.sampler,
        path=kept.path,
        sha256=kept.sha256,
        nsfw_score=kept.nsfw_score,
    )


def _add_to_job(
    cursor: duckdb.DuckDBPyConnection, job_id: str, landed: Sequence[LandedPicture], state: str
) -> None:
    for picture in landed:
        cursor.execute(
            "insert or ignore into generated_pictures (job_id, place, identity, model_version_id, "
            "prompt_id, image_id, sha256, path, nsfw_score, recipe, state) values ($job_id, "
            "$place, $identity, $model_version_id, $prompt_id, $image_id, $sha256, $path, "
            "$nsfw_score, $recipe::json, $state)",
            {
                "job_id": job_id,
                "place": picture.place,
                "identity": identity(picture.made.recipe.request),
                "model_version_id": picture.asked.model_version_id,
                "prompt_id": picture.prompt_id,
                "image_id": picture.image_id,
                "sha256": picture.stored.sha256,
                "path": picture.stored.path,
                "nsfw_score": picture.made.nsfw_score,
                "recipe": write_recipe(picture.made.recipe),
                "state": state,
            },
        )


def _note_speed(
    cursor: duckdb.DuckDBPyConnection, job_id: str | None, device: str, made: MadeBatch
) -> None:
    recipe = made.pictures[0].recipe
    request = recipe.request
    cursor.execute(
        "insert into generation_runs (job_id, device, model_sha256, loras, pictures, width, "
        "height, steps, load_s, make_s) values ($job_id, $device, $model_sha256, $loras, "
        "$pictures, $width, $height, $steps, $load_s, $make_s)",
        {
            "job_id": job_id,
            "device": device,
            "model_sha256": request.model.sha256,
            "loras": len(request.loras),
            "pictures": len(recipe.batch.members),
            "width": request.width,
            "height": request.height,
            "steps": request.steps,
            "load_s": made.load_s,
            "make_s": made.make_s,
        },
    )
