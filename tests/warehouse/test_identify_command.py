"""`identify` as people and machines meet it, on a planted grid; and the benchmark behind it."""

from pathlib import Path

import pytest

from core.identification.matching import METHODS
from core.identification.specification import SpecificationError
from tests.warehouse import planted
from tests.warehouse.planted import picture, prompt_text
from warehouse.database import open_in_memory, open_warehouse
from warehouse.identification import queries
from warehouse.identification.bench import COMPARED, bench
from warehouse.reads import identification as reads
from warehouse.starter.pictures import QUERY_SOURCE


@pytest.fixture
def planted_home(home, monkeypatch):
    """A home on disk with the planted grid, whose encoder is found."""
    warehouse = open_warehouse(home)
    encoder = planted.plant(warehouse)
    warehouse.close()
    monkeypatch.setattr("warehouse.search_encoder.search_encoder", lambda *given: encoder)
    return home


@pytest.fixture
def file(tmp_path):
    def save(model, prompt):
        path = tmp_path / f"of-{model}-{prompt}.png"
        picture(model, prompt).save(path)
        return path

    return save


def test_a_picture_is_told_in_json(planted_home, command, file):
    path = file(4, 41)
    said = command("identify", path, "--caption", prompt_text(5), "--json").json
    assert said["examples"] == [str(path)]
    assert said["captions"] == [{"text": prompt_text(5), "typed": True, "cosine": None}]
    first = said["models"][0]
    assert (first["rank"], first["model_version_id"], first["model_name"]) == (1, 4, "Model 4")
    assert 0.5 < first["probability"] <= 1
    assert len(first["evidence"]) == 1 and len(first["evidence"][0]) == 3


def test_options_may_come_first_and_the_long_form_says_the_same(planted_home, command, file):
    paths = file(2, 41), file(2, 42)
    short = command("identify", "--json", *paths)
    long = command("identify", "pictures", *paths, "--json")
    assert short.json == long.json
    assert short.json["models"][0]["model_version_id"] == 2


def test_people_get_a_table_and_the_suggested_caption(planted_home, command, file):
    said = command("identify", file(3, 41)).out
    assert said.index("Model 3") < said.index("Model 1")
    assert "no caption. The nearest prompt here is" in said
    assert "1 models have no pictures to be known by" in said


def test_one_caption_is_said_of_all(planted_home, command, file):
    said = command("identify", file(3, 41), file(3, 42), "--caption", "a", "--json").json
    assert [caption["text"] for caption in said["captions"]] == ["a", "a"]


def test_what_cannot_be_an_example_is_one_line(planted_home, command, tmp_path):
    (tmp_path / "words.png").write_text("words")
    for arguments, words in (
        ((tmp_path / "none.png",), "cannot be read"),
        ((tmp_path / "words.png",), "is not a picture"),
        (["x.png"] * 7, "7 pictures are too many"),
    ):
        ran = command("identify", *arguments)
        assert ran.code == 1 and words in ran.err and ran.err.count("\n") == 1
        assert ran.out == ""


def test_an_empty_home_says_how_to_go_on(command, file):
    for arguments in (("bench", "--json"), (file(1, 1),)):
        ran = command("identify", *arguments)
        assert ran.code == 1 and "embed" in ran.err and ran.out == ""


def test_bench_in_json_has_a_row_for_each_method_and_number_of_examples(planted_home, command):
    rows = command("identify", "bench", "--json").json
    assert {tuple(row) for row in rows} == {
        ("method", "examples", "top1", "top5", "mean_rank", "tasks")
    }
    # Three prompts are kept apart, so that three examples are the most.
    assert {(row["method"], row["examples"]) for row in rows} == {
        (method, count) for method in METHODS for count in (1, 2, 3)
    }
    by_method = {(row["method"], row["examples"]): row for row in rows}
    assert by_method["best", 1]["top1"] > 0.9 and by_method["best", 1]["tasks"] == 30
    assert by_method["most-downloaded", 1]["top1"] == 0.2, "one model of five, whatever is shown"
    assert by_method["most-downloaded", 1]["mean_rank"] == 3
    assert all(row["top5"] == 1 for row in rows)


@pytest.fixture(scope="module")
def benched(tmp_path_factory):
    warehouse = open_in_memory(tmp_path_factory.mktemp("bench"))
    encoder = planted.plant(warehouse)
    yield bench(warehouse, encoder.identity.key)
    warehouse.close()


def test_bench_compares_pmi_with_each_baseline_and_best_with_pmi(benched):
    assert {(each.one, each.other) for each in benched.differences} == set(COMPARED)
    assert ("best", "pmi") in COMPARED
    assert {other for one, other in COMPARED if one == "pmi"} == set(METHODS) - {"pmi", "best"}
    for each in benched.differences:
        top = {
            line.name: line.figures.top[0].value
            for line in benched.lines
            if line.examples == each.examples
        }
        assert each.top1.value == pytest.approx(top[each.one] - top[each.other])
        assert each.top1.lower <= each.top1.value <= each.top1.upper


def test_bench_varies_weights_captions_and_prompts(benched):
    varied = benched.ablations
    assert {line.name for line in varied.weights} == {
        "pmi, w as in Eq. 9",
        "pmi, w at least 0",
        "pmi, all w = 1",
    }
    assert len({line.name for line in varied.captions}) == 6
    assert len({line.name for line in varied.prompt_sets}) == 6
    assert {line.figures.tasks for line in varied.own_models if line.examples == 1} == {6}
    as_is = {line.name: line.figures for line in varied.captions if line.examples == 1}
    methods = {line.name: line.figures for line in benched.lines if line.examples == 1}
    assert as_is["best, captions by their own prompts"] == methods["best"]
    assert {each.examples for each in varied.calibrations} == {1, 2, 3}
    assert varied.distances.models == 5 and varied.distances.pictures == 6
    assert varied.distances.cmmd_true < varied.distances.cmmd_others


def test_bench_for_people_names_the_small_sample_distances(planted_home, command):
    ran = command("identify", "bench")
    assert ran.code == 0
    for words in ("KID and CMMD (not FID)", "best - pmi", "pmi - rkme", "calibration error"):
        assert words in ran.out


def test_a_query_prompt_among_the_specifications_is_refused(warehouse, monkeypatch):
    encoder = planted.plant(warehouse)

    def leaked(opened, **named):
        rows = reads.specification_pictures(opened, **named, prompt_set="default")
        return rows.head(4)

    monkeypatch.setattr(queries.reads, "query_pictures", leaked)
    with pytest.raises(
        SpecificationError, match="both in the specifications and among the queries"
    ):
        bench(warehouse, encoder.identity.key, with_ablations=False)


def test_a_warehouse_without_queries_says_what_they_are(warehouse):
    encoder = planted.plant(warehouse, queries=())
    with pytest.raises(SpecificationError, match=f"no queries.*{QUERY_SOURCE}"):
        bench(warehouse, encoder.identity.key, with_ablations=False)


def test_nothing_is_tuned_on_the_queries(warehouse, home):
    """Other queries leave every option as it was."""
    encoder = planted.plant(warehouse)
    first = bench(warehouse, encoder.identity.key, with_ablations=False)
    other = open_in_memory(Path(home) / "other")
    planted.plant(other, queries=(34, 35))
    second = bench(other, encoder.identity.key, with_ablations=False)
    other.close()
    assert second.tunings == first.tunings and second.lines != first.lines
