"""Home says what the warehouse holds, and which of it is synthetic."""

import os
import subprocess
import sys

import duckdb

from tests.pages.apps import ROOT, components, opened


def test_the_counts_are_those_of_the_warehouse(filled_home):
    app = opened("home")
    counts = {metric.label: metric.value for metric in app.metric}
    assert counts == {
        "Prompts": "3",
        "Models": "5",
        "Images": "17",
        "With a picture": "16",
        "With a GRE-Score": "14",
        "Judgments": "0",
    }


def test_synthetic_and_hidden_and_missing_pictures_are_marked(filled_home):
    words = " ".join(element.value for element in opened("home").markdown)
    assert "synthetic pictures: 17 of 17" in words
    assert "hidden as NSFW: 1" in words
    assert "metadata only: 1" in words


def test_real_pictures_carry_no_synthetic_mark(filled_home):
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        connection.execute("update images set simulated = false")
    assert "synthetic" not in " ".join(element.value for element in opened("home").markdown)


def test_the_missing_cell_is_counted(filled_home):
    words = " ".join(caption.value for caption in opened("home").caption)
    assert "14 of 15 cells" in words
    assert "93.3%" in words


def test_the_sources_and_the_weights_in_force_are_listed(filled_home):
    sources, profile = components(opened("home"), "fact_list")
    assert [fact["label"] for fact in sources["facts"]] == ["drawn for tests (synthetic)"]
    assert [(fact["label"], fact["value"]) for fact in profile["facts"]] == [
        ("λ CLIP score", "1"),
        ("λ mCos", "0.8"),
        ("λ Popularity", "0.2"),
        ("Profile", "GEMRec default"),
        ("Author", "GEMRec paper"),
    ]


def test_prompts_without_models_still_make_a_page(filled_home):
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        for table in ("models", "images", "image_metrics", "scored_metrics"):
            connection.execute(f"delete from {table}")
        connection.execute("update weight_profiles set active = false")
    app = opened("home")
    assert not app.exception
    assert not app.error
    assert "No weight profile is active" in " ".join(caption.value for caption in app.caption)


def test_home_stands_downloads_as_large_as_a_bigint(filled_home):
    with duckdb.connect(str(filled_home / "gemboard.duckdb")) as connection:
        connection.execute("update models set downloads = 9223372036854775807")
    app = opened("home")
    assert not app.exception
    assert not app.error


def judge(home, *, simulated, real):
    with duckdb.connect(str(home / "gemboard.duckdb")) as connection:
        for number in range(simulated + real):
            connection.execute(
                "insert into judgments (idempotency_key, session_id, person_id, mode, step, kind, "
                "profile, simulated) values ($key, 's', 'p', 'battle', $step, 'vote', 'x', "
                "$simulated)",
                {"key": str(number), "step": number, "simulated": number < simulated},
            )


def judgments_shown(app):
    (count,) = (metric.value for metric in app.metric if metric.label == "Judgments")
    return count


def test_simulated_judgments_count_only_where_the_switch_says_so(filled_home):
    judge(filled_home, simulated=5, real=2)
    app = opened("home")
    assert judgments_shown(app) == "2"
    assert "simulated judgments: 5 of 7" in " ".join(element.value for element in app.markdown)
    app.toggle[0].set_value(True).run()
    assert judgments_shown(app) == "7"
    app.toggle[0].set_value(False).run()
    assert judgments_shown(app) == "2"


def test_without_simulated_judgments_there_is_no_switch(filled_home):
    judge(filled_home, simulated=0, real=2)
    app = opened("home")
    assert not app.toggle
    assert judgments_shown(app) == "2"


def test_the_first_page_does_not_wait_for_scipys_statistics(filled_home):
    code = (
        "import sys\nfrom tests.pages.apps import opened\n"
        "app = opened('home')\nassert not app.exception and not app.error\n"
        "print('scipy.stats' in sys.modules)"
    )
    environment = {**os.environ, "GEMBOARD_HOME": str(filled_home), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "False", "import scipy whole: its parts load when first used"
