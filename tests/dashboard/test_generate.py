"""Generate's links and drafts: what is asked for, and what could not be taken over."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.generation.axes import Axis, expand
from core.generation.parameters_text import read_parameters, write_parameters
from core.generation.request import Lora, Weights
from dashboard.components.generate import drafts
from dashboard.components.generate.ordering import cost_words, duration
from dashboard.generation_models import Roster, axis_values, ordered
from dashboard.state.generate import draft_of, read_link
from tests.core.generation.asking import MODEL, a_request, requests
from warehouse.generation.catalogue import UsableModel
from warehouse.generation.job_views import Estimate

INK, SEA = Lora("Ink v1", "1" * 64), Lora("Sea", "2" * 64)
PLAIN, INKED, OCEAN, BOTH, GONE = 1, 2, 3, 4, 5


def usable(key, name, kind, loras=(), problem=""):
    checkpoint = None if problem else MODEL
    places = {MODEL.sha256: Path("/models/plain")}
    version = "v1" if kind == "lora" and name == "Ink" else ""
    return UsableModel(key, name, version, kind, "Base", None, checkpoint, loras, places, problem)


KNOWN = Roster(
    (
        usable(PLAIN, "Plain", "checkpoint"),
        usable(INKED, "Ink", "lora", (INK,)),
        usable(OCEAN, "Sea", "lora", (SEA,)),
        usable(BOTH, "Ink + Sea 0.5", "merge", (INK, replace(SEA, scale=0.5))),
        usable(GONE, "Gone", "checkpoint", (), "The weights of “Gone” are not here: add them."),
    )
)


def test_a_link_is_read_with_every_model_it_names():
    link = read_link({"model": ["3", "x", "3", "-4"], "prompt_id": ["7"], "start": ["picks"],
                      "remix": ["a-b"], "prompt": [" a fox "]})  # fmt: skip
    assert (link.model_version_ids, link.prompt_id, link.from_picks) == ((3, -4), 7, True)
    assert (link.image_id, link.prompt) == ("a-b", "a fox")
    assert link.complaints == ["names a model that is none"]
    assert read_link({"start": ["now"], "prompt_id": ["1e3"]}).complaints == [
        "names a prompt that is none",
        "begins with something that does not exist",
    ]


@given(st.dictionaries(st.sampled_from(["model", "prompt_id", "start", "prompt"]),
                       st.lists(st.text(max_size=30), min_size=1, max_size=3)))  # fmt: skip
def test_no_link_breaks_the_reader(params):
    link = read_link(params)
    assert all(abs(each) < 10**18 for each in link.model_version_ids)


@given(requests)
def test_a_draft_holds_all_of_a_request_but_its_weights(request):
    draft = draft_of(request, 7)
    again = replace(
        request,
        **{name: getattr(draft, name) for name in (
            "prompt", "negative_prompt", "width", "height", "steps", "cfg_scale", "sampler",
            "seed", "clip_skip", "guidance_rescale",
        )},
    )  # fmt: skip
    assert again == request
    assert (draft.model_version_ids, draft.loras, draft.notes) == ((7,), (), ())


@pytest.mark.parametrize(
    ("loras", "model", "extra"),
    [
        ((), PLAIN, ()),
        ((INK,), INKED, ()),
        ((INK, replace(SEA, scale=0.5)), BOTH, ()),
        ((replace(INK, scale=0.3),), PLAIN, ((INKED, 0.3),)),
        ((INK, replace(SEA, scale=0.7)), INKED, ((OCEAN, 0.7),)),
    ],
)
def test_a_request_is_drafted_by_the_model_that_holds_most_of_it(loras, model, extra):
    draft = drafts.of_request(a_request(loras=loras), KNOWN)
    assert (draft.model_version_ids, draft.loras, draft.notes) == ((model,), extra, ())


def test_weights_that_are_not_here_are_named():
    elsewhere = Weights("Elsewhere", "9" * 64)
    draft = drafts.of_request(a_request(model=elsewhere, loras=(Lora("Fog", "8" * 64),)), KNOWN)
    assert draft.model_version_ids == ()
    assert draft.prompt == a_request().prompt
    assert len(draft.notes) == 2
    assert draft.notes[0].startswith("Its model “Elsewhere” is not here")
    assert draft.notes[1].startswith("Its LoRA “Fog” is not here")


def test_what_a_web_ui_wrote_is_found_by_hash_and_by_name():
    asked = a_request(loras=(replace(INK, scale=0.4),), clip_skip=2, guidance_rescale=0.3)
    draft = drafts.of_parameters(read_parameters(write_parameters(asked)), KNOWN)
    assert draft == replace(draft_of(asked, PLAIN), loras=((INKED, 0.4),), notes=draft.notes)
    assert draft.notes == ("It tells more that is not taken over: “Version”.",)
    draft = drafts.of_parameters(
        read_parameters("a cat\nSteps: 20, Sampler: Euler a, Model: sea, Hires upscale: 2"), KNOWN
    )
    assert draft.model_version_ids == (OCEAN,)
    assert (draft.steps, draft.sampler, draft.seed) == (20, "Euler a", None)
    assert draft.notes[0].startswith("Not recorded: width, height, CFG scale and seed.")
    assert "“Hires upscale”" in draft.notes[1]


def test_an_unknown_sampler_and_model_are_said_and_the_rest_is_taken():
    told = read_parameters("a cat\nSteps: 20, Sampler: Magic, Model: Gone, Seed: 3, CFG scale: 5")
    draft = drafts.of_parameters(told, KNOWN)
    assert (draft.prompt, draft.steps, draft.seed, draft.sampler) == ("a cat", 20, 3, None)
    assert draft.model_version_ids == ()
    text = " ".join(draft.notes)
    assert "There is no sampler “Magic”" in text and "Its model “Gone” is not here" in text


def test_a_picture_without_recipe_says_what_nobody_recorded():
    row = {"model_version_id": PLAIN, "model_name": "Plain", "prompt": "a cat",
           "negative_prompt": None, "width": 96, "height": 64, "steps": None, "cfg_scale": 7.0,
           "sampler": None, "seed": 2**60}  # fmt: skip
    draft = drafts.of_picture(row, KNOWN)
    assert (draft.model_version_ids, draft.seed, draft.width) == ((PLAIN,), 2**60, 96)
    assert draft.notes == (
        "Not recorded: number of steps and sampler. The fields hold what the model is best asked "
        "with.",
    )
    notes = drafts.of_picture({**row, "model_version_id": GONE, "steps": 9}, KNOWN).notes
    assert any("The weights of “Gone” are not here" in note for note in notes)


def test_every_picture_of_a_grid_finds_its_model():
    models = [KNOWN.usable[key] for key in (PLAIN, INKED)]
    grid = expand(a_request(), rows=Axis("model", axis_values(models)))
    found = [ordered(row[0], KNOWN).model_version_id for row in grid.requests]
    assert found == [PLAIN, INKED]
    with_sea = expand(a_request(loras=(INK,)), extra=(SEA,)).requests[0][0]
    assert KNOWN.made_of(with_sea) is None
    assert KNOWN.parts_of(with_sea) == (KNOWN.usable[INKED], ((KNOWN.usable[OCEAN], 1.0),))


def test_costs_read_as_one_line():
    told = Estimate(pictures=12, here=3, loads=1, seconds=26.4, measured=True, ahead_s=95)
    assert cost_words(told) == (
        "12 pictures · 1 model load · about 26 s · 3 here already · others come first: 2 min"
    )
    assert cost_words(Estimate(0, 3, 0, 0.0, False)) == "3 here already"
    assert [duration(each) for each in (0.1, 89, 91, 3600 * 2)] == ["1 s", "89 s", "2 min", "2.0 h"]
