"""The dataset builder with the starter's real models: killed and started again, the same bytes."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from core.generation.png import read_png
from tests.starter_models import SIDE_PX, add_starter_models
from tests.warehouse.grids import ROOT
from warehouse.database import open_warehouse
from warehouse.generation import building
from warehouse.generation.build_plans import BuildError, Wishes, plan_build
from warehouse.health import find_problems

PROMPTS = ("a red house in a meadow", "a blue fish at sea", "a yellow star at night", "a bird")
SLUGS = ("base", "ink", "oil")
DEVICES = ("cpu",)
ALL = ("--models", "all", "--prompts", "all")


def filled(home, slugs=SLUGS, prompts=PROMPTS, **more):
    opened = open_warehouse(home)
    ids = add_starter_models(opened, slugs, prompts, **more)
    opened.close()
    return ids


def generate(home, *options):
    return subprocess.Popen(
        [sys.executable, "-m", "warehouse", "generate", *ALL, "--no-score", "--json", *options],
        cwd=ROOT,
        env={**os.environ, "GEMBOARD_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def pictures(home):
    return {path.name for path in (home / "pictures").rglob("*.png")}


def kill_after(home, count, *options):
    """Start the builder and kill it as soon as it has stored `count` pictures."""
    process = generate(home, *options)
    deadline = time.monotonic() + 600
    while process.poll() is None and len(pictures(home)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def cells(home):
    opened = open_warehouse(home)
    rows = opened.select(
        "select model_version_id, prompt_id, seed, sha256 from images order by all"
    ).rows()
    assert {problem.check for problem in find_problems(opened)} <= {"scores out of date"}
    opened.close()
    return rows


def check_killed_twice(tmp_path, slugs, prompts, options, side=SIDE_PX):
    """An undisturbed run and one that is killed twice end with the same cells and bytes."""
    calm, rough = tmp_path / "calm", tmp_path / "rough"
    total = len(slugs) * len(prompts)
    for home in (calm, rough):
        filled(home, slugs, prompts, side=side)
    out, err = generate(calm, *options).communicate()
    assert json.loads(out)["cells"] == total, err
    kill_after(rough, total // 4, *options)
    first = len(cells(rough))
    kill_after(rough, 2 * total // 3, *options)
    assert first < len(cells(rough)) < total
    left = total - len(cells(rough))
    out, err = generate(rough, *options).communicate()
    assert json.loads(out)["cells"] == left, err
    assert cells(rough) == cells(calm)
    assert len(cells(rough)) == total
    assert pictures(rough) == pictures(calm)


def test_a_run_that_was_killed_twice_ends_with_the_cells_and_bytes_of_an_undisturbed_one(tmp_path):
    check_killed_twice(tmp_path, SLUGS, PROMPTS, ("--batch", "2", "--steps", "3"))


@pytest.mark.soak
def test_twelve_models_by_twelve_prompts_killed_twice_are_made_once_each(tmp_path):
    slugs = ("base", "ink", "oil", "pixel", "neon", "chalk", "riso", "glass", "grey", "autumn",
             "little-cat", "ink+autumn")  # fmt: skip
    prompts = [f"a {colour} {thing}" for colour in ("red", "blue", "green", "yellow")
               for thing in ("house in a meadow", "fish at sea", "boat at night")]  # fmt: skip
    check_killed_twice(tmp_path, slugs, prompts, ("--steps", "16", "--cfg", "4"), side=128)


def test_a_grid_is_built_scored_and_complete_with_one_seed_per_prompt(command, home):
    filled(home, SLUGS[:2], PROMPTS[:2])
    told = command("generate", *ALL, "--dry-run", "--json").json
    assert (told["cells"], told["filled"], told["model_loads"]) == (4, 0, 2)
    assert told["estimated_seconds"] > 0
    assert told["measured"] is False
    ran = command("generate", "--models", "all", "--prompts", "1,2", "--steps", "2", "--json")
    assert (ran.code, ran.json["cells"]) == (0, 4)
    assert "no encoder" in ran.json["notes"][0]
    rows = cells(home)
    assert len(rows) == 4
    assert len({(prompt, seed) for _, prompt, seed, _ in rows}) == 2
    opened = open_warehouse(home)
    for path in opened.select("select path from images")["path"]:
        recipe = read_png((home / path).read_bytes()).recipe
        assert len(recipe.batch.members) == 2
        assert (recipe.request.steps, recipe.request.cfg_scale) == (2, 7.0)
    opened.close()
    after = command("generate", *ALL, "--dry-run", "--json").json
    assert (after["cells"], after["filled"], after["model_loads"]) == (0, 4, 0)
    assert command("generate", *ALL).out.startswith("0 cells")


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (("--models", "x", "--prompts", "1"), 2, "--models: “x” is no number"),
        (("--models", "1", "--prompts", "1"), 1, "no model version named “1”"),
        (("--models", "all", "--prompts", "99"), 1, "no prompt named “99”"),
        (("--models", "all", "--prompts", "1", "--steps", "9999"), 1, "Prompt 1: The number of"),
        (("--models", "all", "--prompts", "1", "--sampler", "?"), 1, "There is no sampler"),
        (("--models", "all", "--prompts", "1", "--device", "tpu"), 2, "'tpu' is no device"),
    ],
)
def test_what_cannot_be_built_is_one_sentence(command, home, options, code, says):
    filled(home, SLUGS[:1], PROMPTS[:1])
    ran = command("generate", *options)
    assert ran.code == code
    assert says in ran.err
    assert ran.err.count("\n") == 1


def test_models_without_weights_are_named_and_left_out_of_all(home):
    filled(home, SLUGS[:2], PROMPTS[:1])
    opened = open_warehouse(home)
    with opened.transaction() as cursor:
        cursor.execute(
            "insert into models (model_version_id, model_name, base_model) "
            "values (5, 'Elsewhere', 'SD 1.5')"
        )
        cursor.execute("insert into models by name select * replace (6 as model_version_id) "
                       "from models where path like '%base'")  # fmt: skip
    plan = plan_build(opened, None, None, DEVICES)
    assert plan.missing == 2
    assert len(plan.skipped) == 2
    assert any(line.startswith("5: ") for line in plan.skipped)
    assert any("the same weights" in line for line in plan.skipped)
    with pytest.raises(BuildError, match="Model version 5 cannot be built"):
        plan_build(opened, [5], None, DEVICES)
    opened.close()


def test_a_prompts_own_wishes_count_before_the_bases_and_ours_before_both(home):
    filled(home, SLUGS[:1], PROMPTS[:2])
    opened = open_warehouse(home)
    with opened.transaction() as cursor:
        cursor.execute("update prompts set seed = 42, cfg_scale = 3, sampler = 'Euler a' "
                       "where prompt_id = 1")  # fmt: skip
    asked = [
        picture.request for picture in plan_build(opened, None, [1], DEVICES).pictures.values()
    ]
    assert [(one.seed, one.cfg_scale, one.sampler, one.steps) for one in asked] == [
        (42, 3.0, "Euler a", 30)
    ]
    wishes = Wishes(steps=8, cfg_scale=5, sampler="DDIM")
    plan = plan_build(opened, None, None, DEVICES, wishes)
    asked = [picture.request for picture in plan.pictures.values()]
    assert {(one.cfg_scale, one.sampler, one.steps) for one in asked} == {(5.0, "DDIM", 8)}
    assert len(plan.batches) == 1
    opened.close()


def test_several_devices_share_the_grid(home, settings):
    from tests.warehouse.making import Painter

    filled(home, SLUGS, PROMPTS[:2])
    opened = open_warehouse(home)
    plan = plan_build(opened, None, None, ("cpu", "cpu"), Wishes(batch=2))
    painters = [Painter("cpu"), Painter("cpu")]
    report = building.Builder(opened, settings, painters).build(plan, finish=False)
    assert report.made == 6
    assert all(painter.batches for painter in painters)
    assert len(opened.select("select distinct model_version_id, prompt_id from images")) == 6
    opened.close()
