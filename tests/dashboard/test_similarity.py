"""Similarity: links are typed, maps carry what they show, charts are valid, files say all."""

import base64
import io

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.similarity.cosine import prompt_similarity
from dashboard.charts import similarity as charts
from dashboard.components.similarity import maps
from dashboard.components.similarity.heat_map import AxisModel, HeatMap, _payload
from dashboard.components.similarity.matrix_export import matrix_csv
from dashboard.state import similarity as state


class TestLinks:
    def test_a_good_link_is_read(self):
        params = {"view": "models", "prompts": "7-5", "order": "gre", "together": "0",
                  "scale": "stretched", "threshold": "0.85", "encoder": "e"}  # fmt: skip
        link = state.read_similarity_link(params, [5, 7], ["e"])
        assert link == state.SimilarityLink(
            "models", (7, 5), "gre", False, "stretched", 0.85, "e", []
        )
        assert state.link_parameters(link) == params

    def test_an_empty_link_asks_nothing(self):
        assert state.read_similarity_link({}, [1], []) == state.SimilarityLink()
        assert state.link_parameters(state.SimilarityLink()) == {}

    @pytest.mark.parametrize(
        "prompts", ["", "9", "1-2-3-4-5", "1--2", "-1", "1,2", "²", "1" * 30, "1-9", "1; drop"]
    )
    def test_wrong_prompts_are_refused(self, prompts):
        link = state.read_similarity_link({"prompts": prompts}, [1, 2, 3, 4, 5], [])
        assert link.prompt_ids is None
        assert len(link.complaints) == 1

    @pytest.mark.parametrize("text", ["nan", "inf", "-0.1", "1.01", "x", "", "1e400", "٠.٥"])
    def test_wrong_thresholds_are_refused(self, text):
        link = state.read_similarity_link({"threshold": text}, [], [])
        assert link.threshold is None
        assert len(link.complaints) == 1

    def test_a_prompt_named_twice_counts_once(self):
        assert state.read_similarity_link({"prompts": "2-2"}, [2], []).prompt_ids == (2,)

    @given(st.dictionaries(st.sampled_from(state.LINK_PARAMETERS), st.text(max_size=20)))
    @settings(deadline=None)
    def test_no_link_gets_past_the_checks(self, params):
        link = state.read_similarity_link(params, [1, 2], ["e"])
        assert link.view in (None, *state.VIEWS)
        assert set(link.prompt_ids or ()) <= {1, 2}
        assert link.order in (None, *state.ORDERS)
        assert link.scale in (None, *state.SCALES)
        assert link.encoder in (None, "e")
        assert link.threshold is None or 0 <= link.threshold <= 1
        values = (link.view, link.prompt_ids, link.order, link.together, link.scale,
                  link.threshold, link.encoder)  # fmt: skip
        assert sum(value is not None for value in values) + len(link.complaints) == len(params)


def told(values, behind=None, names=None):
    count = len(values)
    names = names or [f"model {place}" for place in range(count)]
    return HeatMap(
        name="prompt-1",
        label="map",
        axis=[AxisModel(str(2**40 + i), name, "v1", None) for i, name in enumerate(names)],
        values=np.asarray(values, dtype=float),
        behind=np.ones((count, count), np.int64) if behind is None else np.asarray(behind),
        words=maps.PROMPT_WORDS,
        scale=(0.0, 1.0),
        scale_words="fixed",
        ends=("from", "to"),
    )


def numbers(text, kind):
    return np.frombuffer(base64.b64decode(text), dtype=kind)


class TestHeatMap:
    def test_half_of_the_symmetric_map_travels_in_single_precision(self):
        values = [[1, 0.25, np.nan], [0.25, 1, -0.5], [np.nan, -0.5, 1]]
        sent = _payload(told(values), "")
        np.testing.assert_array_equal(
            numbers(sent["values"], "<f4"), np.array([1, 0.25, np.nan, 1, -0.5, 1], "<f4")
        )

    def test_gemrec_s_200_models_are_light(self):
        random = np.random.default_rng(0)
        sent = _payload(told(random.random((200, 200))), "")
        assert len(sent["values"]) < 110_000
        assert sent["behind"] == 1, "equal counts travel once"

    def test_counts_that_differ_travel_too(self):
        sent = _payload(told(np.ones((3, 3)), [[0, 2, 4], [2, 1, 8], [4, 8, 6]]), "")
        assert numbers(sent["behind"], "<i4").tolist() == [0, 2, 4, 1, 8, 6]
        assert sent["own"] == [0, 1, 6]

    def test_another_order_scale_or_value_is_another_stamp(self):
        values = np.eye(2)
        stamp = _payload(told(values), "")["stamp"]
        assert _payload(told(values), "")["stamp"] == stamp
        assert _payload(told(values + 0.001), "")["stamp"] != stamp
        renamed = told(values)
        assert _payload(told(values, names=["a", "b"]), "")["stamp"] == stamp
        renamed = HeatMap(**{**vars(renamed), "axis": renamed.axis[::-1]})
        assert _payload(renamed, "")["stamp"] != stamp


class TestMaps:
    found = prompt_similarity(np.array([[1, 0], [1, 0.2], [0, 1]], np.float32), np.array([3, 5, 9]))

    def test_downloads_come_most_first_and_unknown_last(self):
        order = maps.ordered_models([self.found], "downloads", {3: 7.0, 9: 8.0}, {})
        assert order.tolist() == [9, 3, 5]

    def test_gre_comes_highest_first(self):
        assert maps.ordered_models([self.found], "gre", {}, {5: 1.0, 3: 2.0}).tolist() == [3, 5, 9]

    def test_several_prompts_share_an_axis_of_all_their_models(self):
        other = prompt_similarity(np.array([[1, 0], [0, 1]], np.float32), np.array([4, 5]))
        for order in state.ORDERS:
            models = maps.ordered_models([self.found, other], order, {}, {})
            assert sorted(models.tolist()) == [3, 4, 5, 9]

    def test_the_fixed_scale_is_0_to_1_and_says_what_lies_below(self):
        values = np.array([[1, -0.2], [-0.2, 1]])
        assert maps.scale_of([values], [np.ones((2, 2), int)], "fixed") == (0.0, 1.0)
        assert "1 below 0" in maps.scale_words([values], "fixed")
        assert "below" not in maps.scale_words([np.eye(2)], "fixed")

    def test_the_stretched_scale_spans_what_was_measured_in_all_maps(self):
        first, second = np.array([[1, 0.3], [0.3, 1]]), np.array([[1, 0.7], [0.7, 1]])
        behind = np.array([[0, 1], [1, 0]])
        span = maps.scale_of([first, second], [behind, behind], "stretched")
        assert span == (0.3, 0.7), "the 1 by definition does not count"

    @pytest.mark.parametrize("value", [0.5, np.nan])
    def test_a_stretched_scale_is_never_empty(self, value):
        values = np.array([[1, value], [value, 1]])
        low, high = maps.scale_of([values], [np.array([[0, 1], [1, 0]])], "stretched")
        assert high > low

    def test_a_model_out_of_the_roster_has_a_name_too(self):
        (model,) = maps.axis(np.array([77]), pl.DataFrame({"model_version_id": [1]}))
        assert model.name == "Model 77 (not in the roster)"


def test_the_csv_has_a_line_and_a_column_for_each_model_in_order():
    values = np.array([[1, 0.123456789, np.nan], [0.123456789, 1, -0.5], [np.nan, -0.5, 1]])
    text = matrix_csv(told(values, names=['=1+1,"x"', "b", "c"]))
    frame = pl.read_csv(io.StringIO(text))
    assert frame.columns[:3] == ["model_version_id", "model", "about"]
    assert frame["model"].to_list() == ['=1+1,"x"', "b", "c"]
    assert [str(i) for i in frame["model_version_id"]] == frame.columns[3:]
    np.testing.assert_allclose(
        frame.select(frame.columns[3:]).cast(pl.Float64).to_numpy(), values, atol=1e-6
    )


@pytest.fixture
def aps():
    prompts = pl.DataFrame(
        {"prompt_id": ["1"], "tag": ["<b>x</b>"], "prompt": ["p"], "aps": [0.5], "rank": [1],
         "pictures": [3]}
    )  # fmt: skip
    tags = pl.DataFrame(
        {"tag": ["<b>x</b>"], "prompts": [1], "mean": [0.5], "low": [None], "high": [None]},
        schema_overrides={"low": pl.Float64, "high": pl.Float64},
    )
    return prompts, tags


def test_the_aps_chart_is_valid_with_and_without_rows(aps):
    prompts, tags = aps
    assert len(charts.aps_by_tag(prompts, tags).to_dict()["layer"]) == 3
    assert charts.aps_by_tag(prompts.clear(), tags.clear()).to_dict()["layer"]


def test_a_dot_of_the_aps_chart_selects_its_prompt(aps):
    (param,) = charts.aps_by_tag(*aps).to_dict()["params"]
    assert param["name"] == charts.PROMPT
    assert param["select"]["fields"] == ["prompt_id"]
