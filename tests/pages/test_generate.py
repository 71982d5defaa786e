"""Generate: the form on real models and a device that paints; links, files, mistakes, roles."""

import hashlib
import time
from io import BytesIO

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.errors import NotAllowedError
from core.generation.png import png_with_recipe
from core.generation.recipe import identity, write_recipe
from core.generation.request import Lora, Weights
from core.starter.roster import BASE_MODEL
from dashboard import access, blocked_words, generation, model_adding, resources
from dashboard.access import Person, Role
from dashboard.components.generate.adding_dialog import adding_dialog
from dashboard.components.generate.words_dialog import words_dialog
from dashboard.generation_models import combined, roster
from dashboard.state import generate as state
from tests.core.generation.asking import a_recipe, a_request
from tests.pages.apps import opened
from tests.pages.test_summary import changed, words
from tests.seeding import HIDDEN_ID, HOSTILE_MODEL, HOSTILE_PROMPTS
from tests.warehouse.making import Painter
from tests.weights_on_disk import diffusers_lora, ldm, write_safetensors
from warehouse import selections
from warehouse.generation.orders import Order, OrderedPicture
from warehouse.landing import land
from warehouse.records import ModelRecord

PLAIN, OTHER, INK, SEA, SMALL = 101, 102, 103, 104, 105
NAMES = {PLAIN: "Plain", OTHER: "Other", INK: "Ink", SEA: "Sea", SMALL: "Small"}


def digest(key):
    return hashlib.sha256(f"weights {key}".encode()).hexdigest()


def stock(warehouse):
    """Two checkpoints and two LoRAs of one base, and a checkpoint of the starter's."""
    for key in (PLAIN, OTHER, SMALL):
        (warehouse.home / "models").mkdir(exist_ok=True)
        (warehouse.home / f"models/{key}").write_text(f"weights {key}")
    for key in (INK, SEA):
        (warehouse.home / f"models/{key}").mkdir(parents=True)
        write_safetensors(warehouse.home / f"models/{key}/lora.safetensors", diffusers_lora(768))
    models = [
        ModelRecord(
            key,
            name,
            kind="lora" if key in (INK, SEA) else "checkpoint",
            base_model=BASE_MODEL if key == SMALL else "SD 1.5",
            path=f"models/{key}",
            sha256=digest(key),
            downloads=1_000 - key,
        )
        for key, name in NAMES.items()
    ]
    land(warehouse, "test", "test", models=models)
    with warehouse.transaction() as cursor:
        cursor.execute(
            "insert into base_settings values ($base, 64, 64, 4, 4.0, 'DDIM trailing', 0.6)",
            {"base": BASE_MODEL},
        )


@pytest.fixture
def painters():
    return []


@pytest.fixture
def stocked_home(filled_home, painters, monkeypatch):
    """A home with usable models, and painters for devices."""
    changed(filled_home, stock)

    def painter(name, checker):
        painters.append(Painter(name))
        return painters[-1]

    monkeypatch.setattr(resources, "WorkerProcess", painter)
    return filled_home


def told(app):
    """All that stands on the page in letters."""
    labels = [str(button.label) for button in app.button]
    return "\n".join([words(app), *labels]).replace("\\", "").replace("\u2060", "")


def button(app, label):
    found = [each for each in app.button if each.label == label]
    return found[0] if found else None


def field(app, key):
    """The widget of a key; the settings' keys end with how often they were laid down."""
    kinds = ("text_area", "text_input", "number_input", "multiselect", "selectbox", "toggle")
    if key in state.SETTINGS.values():
        key = f"{key}.{app.session_state[state.EPOCH]}"
    (found,) = [each for kind in kinds for each in getattr(app, kind) if each.key == key]
    return found


def put(app, **values):
    """Fill fields by the names of their keys."""
    for name, value in values.items():
        field(app, getattr(state, name)).set_value(value)
    return app.run()


def asked_job(app):
    """The job that the page asked for, when it has ended."""
    job_id = app.session_state[state.ASKED]
    for _ in range(600):
        job = generation.job(job_id)
        if job is not None and job.ended:
            return job
        time.sleep(0.05)
    raise AssertionError("the job does not end")


def asked_for(app):
    """The requests of the job that was asked for, by row."""
    order = generation.job(app.session_state[state.ASKED]).order
    across = len(order.columns)
    requests = [picture.request for picture in order.pictures]
    return [requests[start : start + across] for start in range(0, len(requests), across)]


def test_without_usable_models_it_says_why_and_what_to_do(filled_home):
    app = opened("generate")
    assert not app.exception and not app.error and not app.warning
    assert "No model here can make pictures yet" in app.info[0].value
    problems = app.dataframe[0].value
    assert problems.shape[0] == 5
    assert any("add their file with" in why for why in problems["Why"])
    app = button(app, "Make pictures").click().run()
    assert not app.exception
    assert "Still missing: a prompt and a model." in told(app)


def test_a_prompt_and_a_model_are_enough(stocked_home, painters):
    app = opened("generate")
    assert button(app, "Make pictures")
    assert {field(app, state.MODELS).options[0], field(app, state.MODELS).options[1]} == {
        "Plain · SD 1.5",
        "Other · SD 1.5",
    }
    app = put(app, PROMPT="a cat in ink", MODELS=[PLAIN], SEED="7")
    assert not app.exception
    assert "1 picture · 1 model load · by a guess" in told(app)
    assert "4 of 75 tokens" in told(app)
    app = button(app, "Make 1 picture").click().run()
    assert not app.exception and not app.error
    job = asked_job(app)
    assert job.state == "done"
    ((request,),) = asked_for(app)
    assert request == a_request(
        model=Weights("Plain", digest(PLAIN)), seed=7, width=512, height=512, steps=30
    )
    first = app.session_state[state.ASKED]
    app = app.run()
    assert "1 here already" in told(app)
    app = button(app, "Show 1 picture").click().run()
    assert asked_job(app).counts == {"found": 1} or app.session_state[state.ASKED] == first
    assert sum(len(batch.keep) for batch in painters[0].batches) == 1


def test_the_device_starts_while_the_form_is_filled_in(stocked_home, painters):
    opened("generate")
    for _ in range(100):
        if painters and painters[0].words == "warm":
            return
        time.sleep(0.05)
    raise AssertionError("nothing was started")


def test_a_second_click_is_the_same_job(stocked_home, painters):
    app = put(opened("generate"), PROMPT="a cat", MODELS=[PLAIN], SEED="7")
    painters[0].gate.clear()
    app = button(app, "Make 1 picture").click().run()
    first = app.session_state[state.ASKED]
    app = button(app, "Make 1 picture").click().run()
    assert app.session_state[state.ASKED] == first
    painters[0].gate.set()
    assert asked_job(app).state == "done"


def test_models_by_seeds(stocked_home):
    app = put(opened("generate"), PROMPT="a cat", MODELS=[PLAIN, INK], SEED="7", SEEDS=3)
    assert "6 pictures · 2 model loads" in told(app)
    app = button(app, "Make 6 pictures").click().run()
    rows = asked_for(app)
    assert [[each.seed for each in row] for row in rows] == [[7, 8, 9]] * 2
    assert [row[0].loras for row in rows] == [(), (Lora("Ink", digest(INK)),)]
    assert asked_job(app).order.rows == ("Plain", "Ink")


def test_an_x_y_grid_over_two_parameters(stocked_home):
    app = put(opened("generate"), PROMPT="a cat", MODELS=[PLAIN], SEED="7")
    app = _xy(app, "steps", "10, 20", "cfg_scale", "4..8 by 2")
    assert "6 pictures · 1 model load" in told(app)
    app = button(app, "Make 6 pictures").click().run()
    rows = asked_for(app)
    assert [[(each.steps, each.cfg_scale) for each in row] for row in rows] == [
        [(steps, scale) for scale in (4, 6, 8)] for steps in (10, 20)
    ]
    assert asked_job(app).order.columns == ("CFG scale 4", "CFG scale 6", "CFG scale 8")


def test_prompts_of_an_axis_take_the_place_of_the_one_above(stocked_home):
    app = put(opened("generate"), MODELS=[PLAIN], SEED="7")
    app = _xy(app, "prompt", "a cat\na dog", "seed", "1..2")
    app = button(app, "Make 4 pictures").click().run()
    assert [[(each.prompt, each.seed) for each in row] for row in asked_for(app)] == [
        [("a cat", 1), ("a cat", 2)],
        [("a dog", 1), ("a dog", 2)],
    ]


def _xy(app, row, row_values, column, column_values):
    app.session_state[state.LAYOUT] = "axes"
    app = put(app.run(), ROW_AXIS=row, COLUMN_AXIS=column)
    if row_values is not None:
        field(app, f"{state.AXIS_VALUES}{state.ROW_AXIS}.{row}").set_value(row_values)
    field(app, f"{state.AXIS_VALUES}{state.COLUMN_AXIS}.{column}").set_value(column_values)
    return app.run()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"SEED": "-1"}, "The seed “-1” is no whole number: give one."),
        ({"SEED": "99999999999999999999"}, "is out of range: take 0 to 18446744073709551615"),
        ({"WIDTH": 513}, "The width of 513 px is not a multiple of 8: take 512 or 520"),
        ({"PROMPT": "a\x00b"}, "The prompt holds the control character U+0000"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_nothing_is_asked_for(stocked_home, values, says):
    app = put(opened("generate"), PROMPT="a cat", MODELS=[PLAIN], SEED="7")
    app = put(app, **values)
    assert not app.exception
    assert says in told(app)
    app = button(app, "Make pictures").click().run()
    assert state.ASKED not in app.session_state


def test_mistakes_of_axes_are_said(stocked_home):
    app = put(opened("generate"), PROMPT="a cat", MODELS=[PLAIN, OTHER])
    app = _xy(app, "steps", "10, x", "cfg_scale", "4")
    assert "Steps: “x” cannot be read" in told(app)
    app = _xy(app, "steps", "10", "steps", "20")
    assert "Both axes are Steps" in told(app)
    app = _xy(app, "steps", "10", "cfg_scale", "4")
    assert "2 models are picked, and no axis is Model" in told(app)
    app = put(app, MODELS=[PLAIN])
    app = _xy(app, "steps", "10", "lora_scale", "0.5")
    assert "has no LoRA whose scale could change" in told(app)
    app = put(app, MODELS=[INK, SEA])
    app = _xy(app, "model", None, "lora_scale", "0, 1")
    assert "Two places ask for the same picture (Ink, LoRA scale 0; Sea, LoRA scale 0)" in told(app)


def dialog(opens):
    """An app that holds one dialog open."""

    def script(opens):
        opens()

    return AppTest.from_function(script, default_timeout=30, args=(opens,)).run()


def test_words_not_allowed_are_edited_and_then_refused_in_a_sentence(stocked_home):
    edited = dialog(words_dialog)
    kept = field(edited, state.WORDS_TEXT).value.splitlines()
    edited = put(edited, WORDS_TEXT="\n".join([*kept[1:], "cat", "Blue   whale"]))
    button(edited, "Save the list").click().run()
    assert edited.session_state[state.TOLD] == "Words not allowed: 2 added, 1 removed."
    assert {"cat", "blue whale"} <= set(blocked_words.words())
    assert not {kept[0]} & set(blocked_words.words())
    assert blocked_words.change(["cat", "long gone"], ["blue whale"]) == ((), ("cat",))
    assert len(blocked_words.words()) == len(kept), "what was not in the list that was read stays"
    blocked_words.change([], ["cat"])
    again = dialog(words_dialog)
    again = button(put(again, WORDS_TEXT="x"), "Save the list").click().run()
    assert "fewer than 2 letters" in again.error[0].value
    app = put(opened("generate"), PROMPT="a cat", MODELS=[PLAIN])
    app = button(app, "Make 1 picture").click().run()
    assert "The prompt holds “cat”" in app.error[0].value
    assert state.ASKED not in app.session_state


def test_settings_follow_the_model_until_somebody_changes_them(stocked_home):
    app = put(opened("generate"), MODELS=[SMALL])
    assert (field(app, state.WIDTH).value, field(app, state.SAMPLER).value) == (64, "DDIM trailing")
    app = put(app, STEPS=9)
    app = put(put(app, MODELS=[]), MODELS=[PLAIN])
    assert (field(app, state.WIDTH).value, field(app, state.STEPS).value) == (512, 9)
    app = button(app, "Take these").click().run()
    assert field(app, state.STEPS).value == 30


def test_models_that_want_other_settings_cannot_share_a_grid(stocked_home):
    app = put(opened("generate"), MODELS=[PLAIN])
    assert len(field(app, state.MODELS).options) == 4
    assert "Not beside Plain, since a grid has one set of settings: 1 model" in told(app)
    app = put(put(app, MODELS=[]), MODELS=[SMALL])
    assert field(app, state.MODELS).options == [f"Small · {BASE_MODEL}"]


def test_fields_are_not_laid_anew_over_what_a_person_does_meanwhile(stocked_home):
    app = put(opened("generate"), MODELS=[PLAIN])
    app = put(app.run(), MODELS=[PLAIN, INK], LORAS=[SEA], STEPS=9)
    for key in (state.MODELS, state.LORAS, state.STEPS, state.CFG_SCALE):
        proto = field(app, key).proto
        assert not proto.set_value, f"{key}: a pick that is on its way would be undone"
    assert not any(field(app, key).proto.select_all for key in (state.MODELS, state.LORAS))


def test_a_models_label_is_the_same_whatever_is_picked(stocked_home):
    app = opened("generate")
    before = field(app, state.MODELS).options
    after = field(put(app, MODELS=[PLAIN]), state.MODELS).options
    assert set(after) < set(before), "what was picked a moment ago comes by its label"


def test_a_model_with_a_further_lora_is_a_model_of_its_own(stocked_home):
    app = put(opened("generate"), PROMPT="a cat", MODELS=[INK], SEED="7")
    app = put(app, LORAS=[SEA])
    field(app, f"{state.LORA_SCALE}{SEA}").set_value(0.5)
    app = app.run()
    before = set(roster().by_id)
    app = button(app, "Make 1 picture").click().run()
    assert not app.exception and not app.error
    assert asked_job(app).state == "done"
    (made,) = set(roster().by_id) - before
    assert roster().by_id[made].kind == "merge"
    assert asked_job(app).order.pictures[0].model_version_id == made
    app = button(app.run(), "Show 1 picture").click().run()
    assert set(roster().by_id) == before | {made}


def test_a_lora_that_the_model_is_made_of_is_refused(stocked_home):
    app = put(opened("generate"), PROMPT="a cat", MODELS=[INK])
    app = put(app, LORAS=[INK])
    assert "is part of the model" in told(app)


def test_a_link_takes_prompt_and_models(stocked_home):
    app = opened("generate", prompt="a fox", model=[str(OTHER), str(INK), "4", "999"])
    assert not app.exception and not app.warning
    assert field(app, state.PROMPT).value == "a fox"
    assert field(app, state.MODELS).value == [OTHER, INK]
    notes = told(app)
    assert "Cannot be used here: Model 4" in notes
    assert "1 model asked for that this warehouse lacks." in notes
    app = put(app, PROMPT="a hare")
    assert "prompt" not in app.query_params, "the address no longer says what the form holds"


def test_a_link_takes_a_prompt_of_the_warehouse_letter_by_letter(stocked_home):
    app = opened("generate", prompt_id="1")
    assert field(app, state.PROMPT).value == HOSTILE_PROMPTS[0]
    assert field(app, state.NEGATIVE).value == "<u>blurry</u>, *ugly*"
    app = opened("generate", prompt_id="77")
    assert "names a prompt that is not in this warehouse" in app.warning[0].value


def test_the_selection_brings_models_and_prompt(stocked_home):
    def work(warehouse):
        with warehouse.transaction() as cursor:
            cursor.execute(
                f"update images set model_version_id = {INK} where image_id = 'p2-m2-s1'"
            )
        picker = selections.Picker("local", "Local person", "maintainer")
        selections.pick(warehouse, picker, ["p2-m2-s1", "p1-m3-s1"], page="tests")

    changed(stocked_home, work)
    app = opened("generate", start="picks")
    assert not app.exception and not app.warning
    assert field(app, state.MODELS).value == [INK]
    assert field(app, state.PROMPT).value == HOSTILE_PROMPTS[1]
    assert "pictures of 2 prompts" in told(app) and "Cannot be used here: Model 3" in told(app)
    app = put(app, MODELS=[])
    app = button(app, "Take the 1 model of your selection").click().run()
    assert field(app, state.MODELS).value == [INK]


def test_an_empty_selection_is_said(stocked_home):
    assert "Your selection is empty." in told(opened("generate", start="picks"))


def test_remix_takes_the_recipe_of_a_picture_made_here(stocked_home):
    request = a_request(model=Weights("Plain", digest(PLAIN)), loras=(Lora("Ink", digest(INK)),),
                        seed=2**63, steps=11, width=128, height=64, clip_skip=2)  # fmt: skip
    recipe = a_recipe(request)

    def work(warehouse):
        with warehouse.transaction() as cursor:
            cursor.execute(
                "insert into image_recipes (image_id, identity, recipe) values ($id, $of, $recipe)",
                {"id": "p1-m2-s1", "of": identity(request), "recipe": write_recipe(recipe)},
            )

    changed(stocked_home, work)
    app = opened("generate", remix="p1-m2-s1")
    assert not app.exception and not app.warning
    assert field(app, state.MODELS).value == [INK]
    app = button(app, "Show 1 picture").click().run()
    ((asked,),) = asked_for(app)
    assert asked == request


def test_remix_of_a_picture_without_recipe_says_what_is_unknown(stocked_home):
    app = opened("generate", remix="p1-m1-s2")
    assert not app.exception and not app.warning
    assert field(app, state.PROMPT).value == HOSTILE_PROMPTS[0]
    assert (field(app, state.SEED).value, field(app, state.STEPS).value) == (str(2**40 + 2), 25)
    assert HOSTILE_MODEL in told(app)
    for image_id in ("nobody", HIDDEN_ID):
        app = opened("generate", remix=image_id)
        assert "names a picture that is not in this warehouse" in app.warning[0].value


def dropped(app, content, name="picture.png"):
    app.file_uploader[0].set_value((name, content, "image/png"))
    return app.run()


def test_a_png_gives_its_recipe_back(stocked_home):
    request = a_request(model=Weights("Other", digest(OTHER)), seed=5, steps=12, sampler="DDIM")
    picture = png_with_recipe(Image.new("RGB", (8, 8)), a_recipe(request))
    app = dropped(opened("generate"), picture)
    assert not app.exception
    app = app.run()
    assert field(app, state.MODELS).value == [OTHER]
    app = button(app, "Make 1 picture").click().run()
    assert asked_for(app) == [[request]]


def test_a_png_that_tells_nothing_is_said(stocked_home):
    plain = BytesIO()
    Image.new("RGB", (8, 8)).save(plain, "PNG")
    app = dropped(opened("generate"), plain.getvalue())
    assert "tells nothing of how it was made" in told(app)
    app = dropped(opened("generate"), b"no picture")
    assert "cannot be read as a PNG" in told(app)
    app.session_state[state.NOTES] = ("Its model of before is not here.",)
    app = dropped(app, b"another")
    assert "Its model of before" not in told(app)
    app.file_uploader[0].set_value([])
    assert "cannot be read as a PNG" not in told(app.run())


def test_what_a_remix_of_another_size_cannot_have_is_said(stocked_home):
    def work(warehouse):
        with warehouse.transaction() as cursor:
            cursor.execute(
                "update images set width = 100, steps = 5000 where image_id = 'p1-m2-s1'"
            )

    changed(stocked_home, work)
    app = opened("generate", remix="p1-m2-s1")
    assert not app.exception
    assert "Its width of 100 cannot be asked for here." in told(app)
    assert "Its number of steps of 5000 cannot be asked for here." in told(app)
    app = button(app, "All right").click().run()
    assert "cannot be asked for here" not in told(app)


def test_a_maintainer_adds_a_model_by_its_path(stocked_home, tmp_path):
    place = tmp_path / "fog.safetensors"
    write_safetensors(place, ldm(768))
    app = dialog(adding_dialog)
    assert "Choose a file first." in told(button(app, "Add").click().run())
    app.session_state[state.ADD_WAY] = "named"
    app = put(app.run(), ADD_PLACE=str(tmp_path / "gone.safetensors"), ADD_NAME="Fog *1*")
    app = button(app, "Add").click().run()
    assert len(app.error) == 1 and len(roster().models) == 10
    app = button(put(app, ADD_PLACE=str(place), ADD_BASE="SD 1.5"), "Add").click().run()
    assert not app.exception and not app.error
    added = app.session_state[state.ADDED]
    assert roster().usable[added].model_name == "Fog *1*"
    page = opened("generate", {state.ADDED: added, state.TOLD: app.session_state[state.TOLD]})
    assert field(page, state.MODELS).value == [added]
    assert page.toast[0].value == "**Fog \\*1\\*** is in the roster now and picked."


@pytest.mark.parametrize("place", ["~nobody-is-called-so/x", "x" * 5_000, "a\x00b"])
def test_a_path_that_cannot_be_is_an_error_in_a_sentence(stocked_home, place):
    app = dialog(adding_dialog)
    app.session_state[state.ADD_WAY] = "named"
    app = button(put(app.run(), ADD_PLACE=place), "Add").click().run()
    assert not app.exception
    assert "There is no file or folder" in app.error[0].value
    assert not app.get("progress"), "nothing goes on beside the error"


def test_a_combination_is_added_for_nobody_who_may_not_ask_for_it(stocked_home, monkeypatch):
    app = put(opened("generate"), PROMPT="some gore", MODELS=[INK], SEED="7")
    app = put(app, LORAS=[SEA])
    known = roster()
    before = set(known.by_id)
    app = button(app, "Make 1 picture").click().run()
    assert "The prompt holds “gore”" in app.error[0].value
    viewer = Person("vi", "Vi", Role.VIEWER)
    for module in (access, generation):
        monkeypatch.setattr(module, "current_person", lambda: viewer)
    made_so = a_request(model=known.by_id[INK].checkpoint, loras=(Lora("Sea", digest(SEA), 0.3),))
    order = Order((OrderedPicture(made_so, PLAIN),), ("",), ("",))
    with pytest.raises(NotAllowedError, match="Only an annotator or above may have pictures made"):
        combined(order, known)
    assert set(roster().by_id) == before


def test_only_maintainers_add_models_and_edit_words(stocked_home, monkeypatch):
    annotator = Person("ann", "Ann", Role.ANNOTATOR)
    for module in (access, generation, blocked_words, model_adding):
        monkeypatch.setattr(module, "current_person", lambda: annotator)
    app = opened("generate")
    assert not app.exception
    assert button(app, "Add a model") is None and button(app, "Words not allowed") is None
    with pytest.raises(Exception, match="Only a maintainer or above may add models"):
        model_adding.add_named("x", None, None)
    with pytest.raises(Exception, match="Only a maintainer or above may edit the words"):
        blocked_words.change([], ["cat"])
    with pytest.raises(Exception, match="Only a maintainer or above may edit the words"):
        blocked_words.words()


def test_strangers_names_stay_letters(stocked_home):
    app = put(opened("generate"), PROMPT=HOSTILE_PROMPTS[0], MODELS=[PLAIN])
    for element in (*app.caption, *app.markdown, *app.info, *app.warning):
        assert "<img" not in element.value and "<b>hi" not in element.value
