"""What was read of the pictures is old: new ones were made, or some were thrown away."""

from dashboard.data import dataset, explore, similarity
from dashboard.data import map as maps
from dashboard.resources import SCORES, feature_index, weights_revisions

_UNKEYED = (  # cached reads that no revision tells apart
    dataset.image_sources,
    dataset.grid_coverage,
    dataset.prompts_by_tag,
    dataset.models_by_base,
    dataset.downloads_histogram,
    explore.image_neighbours,
    explore.cell_siblings,
    explore.hidden_pictures,
    maps.map_labels,
    maps.map_models,
    maps.map_projection,
    similarity.compared_models,
    similarity.compared_prompts,
    similarity.feature_encoders,
    similarity.pair_similarity,
    similarity.prompt_similarity,
)


def pictures_changed() -> None:
    """From now on everything is read anew; any thread may call it."""
    weights_revisions()[SCORES] += 1
    for read in _UNKEYED:
        read.clear()
    feature_index.clear()
