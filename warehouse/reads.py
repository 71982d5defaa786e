"""What the screens read: one function per file in queries/, of the same name."""

from collections.abc import Sequence

import polars as pl

from warehouse.database import Warehouse


def dataset_counts(warehouse: Warehouse) -> pl.DataFrame:
    """One row of counts: prompts, models, images, pictures, judgments and marks."""
    return warehouse.frame("dataset_counts")


def image_sources(warehouse: Warehouse) -> pl.DataFrame:
    """Images by source and `simulated`."""
    return warehouse.frame("image_sources")


def grid_coverage(warehouse: Warehouse, *, max_prompts: int, max_models: int) -> pl.DataFrame:
    """Cells of the prompt x model grid, at most `max_prompts` x `max_models` of them."""
    return warehouse.frame("grid_coverage", max_prompts=max_prompts, max_models=max_models)


def prompts_by_tag(warehouse: Warehouse) -> pl.DataFrame:
    """Prompts and images of each tag."""
    return warehouse.frame("prompts_by_tag")


def models_by_base(warehouse: Warehouse) -> pl.DataFrame:
    """Models of each base model and kind."""
    return warehouse.frame("models_by_base")


def downloads_histogram(warehouse: Warehouse) -> pl.DataFrame:
    """Models in logarithmic bins of their downloads."""
    return warehouse.frame("downloads_histogram")


def active_profile(warehouse: Warehouse) -> pl.DataFrame:
    """The lambdas of the active weight profile."""
    return warehouse.frame("active_profile")


def prompt_choices(warehouse: Warehouse) -> pl.DataFrame:
    """Every prompt with its counts of visible, hidden and unscored images."""
    return warehouse.frame("prompt_choices")


def prompt_gallery(
    warehouse: Warehouse, *, prompt_id: int, sort: str, skip: int, page_size: int
) -> pl.DataFrame:
    """One page of a prompt's visible images by `sort`: gre, clip, distinctiveness or popularity."""
    return warehouse.frame(
        "prompt_gallery", prompt_id=prompt_id, sort=sort, skip=skip, page_size=page_size
    )


def image_details(warehouse: Warehouse, image_ids: Sequence[str]) -> pl.DataFrame:
    """Every fact about the images that are not hidden, in the order given."""
    return warehouse.frame("image_details", image_ids=list(image_ids))


def image_metric_details(warehouse: Warehouse, image_ids: Sequence[str]) -> pl.DataFrame:
    """Every metric of the images, with lambda and contribution to the GRE-Score."""
    return warehouse.frame("image_metric_details", image_ids=list(image_ids))


def hidden_pictures(warehouse: Warehouse) -> pl.DataFrame:
    """Hashes of pictures that only hidden images show."""
    return warehouse.frame("hidden_pictures")
