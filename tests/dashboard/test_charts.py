"""Charts are valid, light, and draw strangers' texts from data alone."""

import polars as pl
import pytest
from streamlit.dataframe_util import convert_anything_to_arrow_bytes

from dashboard.charts import dataset


@pytest.fixture(scope="module")
def cells():
    """A full grid of GEMRec's size."""
    prompts = pl.DataFrame(
        {"prompt_place": range(90), "prompt": [f"prompt {i}" for i in range(90)]}
    )
    models = pl.DataFrame({"model_place": range(200), "model": [f"model {i}" for i in range(200)]})
    return prompts.join(models, how="cross").select(
        pl.col("prompt_place", "model_place").cast(pl.Int16),
        "prompt",
        "model",
        pl.lit(1, pl.Int16).alias("images"),
        pl.lit(100, pl.UInt8).alias("percent_filled"),
    )


def test_the_coverage_of_gemrec_is_light(cells):
    chart = dataset.coverage(cells)
    assert len(convert_anything_to_arrow_bytes(chart.data)) < 250_000


def test_the_coverage_names_prompt_and_model(cells):
    tooltip = dataset.coverage(cells.head(3)).to_dict()["encoding"]["tooltip"]
    assert [entry["title"] for entry in tooltip] == [
        "prompt",
        "model",
        "images",
        "% of cells filled",
    ]


@pytest.mark.parametrize(
    ("draw", "rows"),
    [
        (dataset.prompts_by_tag, {"tag": ["<b>x</b>"], "prompts": [3], "images": [4]}),
        (dataset.models_by_base, {"base_model": ["$a$"], "kind": ["lora"], "models": [3]}),
        (
            dataset.downloads,
            {"lower_downloads": [10.0], "upper_downloads": [17.8], "models": [3]},
        ),
    ],
)
def test_each_chart_is_valid_with_and_without_rows(draw, rows):
    frame = pl.DataFrame(rows)
    assert draw(frame).to_dict()["encoding"]
    assert draw(frame.clear()).to_dict()["encoding"]


def test_downloads_stand_on_a_logarithmic_axis():
    rows = {"lower_downloads": [10.0], "upper_downloads": [17.8], "models": [3]}
    encoding = dataset.downloads(pl.DataFrame(rows)).to_dict()["encoding"]
    assert encoding["x"]["scale"]["type"] == "log"
