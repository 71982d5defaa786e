"""The command line as people and machines meet it: JSON, exit codes, and no way to write."""

import json
import os
import re
import subprocess
import sys

import pytest
import typer.main

from tests.warehouse.grids import ROOT, gemrec_grid, image_id, write_csv, write_features
from warehouse.__main__ import app
from warehouse.database import open_warehouse
from warehouse.migration import known_migrations


def commands():
    """Every command with its words: ("import", "gemrec"), ("stats",), ..."""
    group = typer.main.get_command(app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from ((name, sub) for sub in command.commands)
        else:
            yield (name,)


COMMANDS = sorted(commands())


@pytest.fixture
def filled(command, tmp_path):
    """The command line on a home with six images."""
    grid = gemrec_grid(tmp_path / "data")
    assert command("import", "gemrec", *grid.options).code == 0
    assert command("score").code == 0
    return command


def run_process(*arguments, home):
    return subprocess.run(
        [sys.executable, "-m", "warehouse", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "GEMBOARD_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def is_one_line(text):
    return text.count("\n") == 1 and text.endswith("\n") and "Traceback" not in text


class TestHelp:
    def test_all_commands_of_the_brief_are_there(self):
        assert set(COMMANDS) >= {
            *(("import", name) for name in ("gemrec", "parquet", "folder", "features")),
            *(
                (name,)
                for name in [
                    "migrate",
                    "embed",
                    "score",
                    "stats",
                    "check",
                    "export",
                    "sql",
                    "starter",
                    "synthetic",
                ]
            ),
        }

    @pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
    def test_the_help_of_a_command_says_what_it_does(self, command, words):
        ran = command(*words, "--help")
        assert ran.code == 0
        text = " ".join(ran.out.split())
        assert re.search(rf"Usage: .*warehouse {' '.join(words)} ", text)
        assert len(text) > 120
        assert "--json" in text

    def test_the_help_names_every_command(self, command):
        text = command("--help").out
        assert all(words[0] in text for words in COMMANDS)
        assert "GEMBOARD_HOME" in text

    def test_no_command_at_all_shows_the_help(self, command):
        ran = command()
        assert "Usage" in ran.out + ran.err
        assert ran.code == 2


class TestJson:
    def test_stats_is_an_object_of_table_names_and_rows(self, filled):
        counts = filled("stats", "--json").json
        assert (counts["images"], counts["prompts"], counts["models"]) == (6, 2, 3)
        assert all(isinstance(count, int) for count in counts.values())
        assert "image_scores" not in counts

    def test_every_writing_command_answers_in_one_line(self, command, tmp_path):
        grid = gemrec_grid(tmp_path / "data")
        made = command("migrate", "--json").json
        assert (made["made"], made["schema"]) == (True, known_migrations()[-1].version)
        first = command("import", "gemrec", *grid.options, "--json").json
        assert (first["changes"], first["rejected"], first["rejects_file"]) == (23, 0, None)
        assert first["tables"]["images"] == {"added": 6, "changed": 0, "unchanged": 0}
        assert command("import", "gemrec", *grid.options, "--json").json["changes"] == 0
        assert command("score", "--json").json["present"]["clip"] == 6
        assert command("check", "--json").json == {"ok": True, "problems": []}
        assert command("export", tmp_path / "out", "--json").json["pictures"] == 6

    def test_sql_is_a_list_of_row_objects(self, filled):
        rows = filled(
            "sql", "select image_id, seed, nsfw_score from images order by 1", "--json"
        ).json
        assert len(rows) == 6
        assert all(isinstance(row["image_id"], str) for row in rows)
        assert {row["image_id"] for row in rows} == {
            image_id(p, m) for p in (1, 2) for m in (1, 2, 3)
        }
        assert rows[0]["seed"] > 2**63

    def test_sql_without_rows_is_an_empty_list(self, filled):
        assert filled("sql", "select * from images where false", "--json").json == []

    def test_what_json_lacks_becomes_null_or_text(self, filled):
        statement = (
            "select 'nan'::double as a, 'inf'::float as b, null as c, ['x', null] as d, "
            "{'k': 'nan'::double} as e, date '2024-01-02' as f, '\\xFF'::blob as g, "
            "340282366920938463463374607431768211455::uhugeint as h, interval 1 day as i, "
            "map {'m': 1} as j, '\u2028\n\"'::varchar as k"
        )
        (row,) = filled("sql", statement, "--json").json
        assert [row[name] for name in "abcdefghj"] == [
            None, None, None, ["x", None], {"k": None}, "2024-01-02", "ff", 2**128 - 1, {"m": 1}
        ]  # fmt: skip
        assert isinstance(row["i"], str)
        assert row["k"] == '\u2028\n"'

    @pytest.mark.parametrize("table", ["images", "weight_profiles", "score_runs", "audit"])
    def test_times_are_told_with_their_zone(self, filled, table):
        rows = filled("sql", f"select * from {table}", "--json").json
        times = [value for name, value in rows[0].items() if name.endswith("_at")]
        assert times
        assert all(re.search(r"T.*\+00:00$", time) for time in times)

    def test_columns_of_the_same_name_are_both_told(self, filled):
        (row,) = filled("sql", "select 1 as a, 2 as a", "--json").json
        assert sorted(row.values()) == [1, 2]

    @pytest.mark.parametrize(
        "statement",
        ["select nothing", "select cast(image_id || 'x' as int) from images",
         "select if(range = 25000, error('late'), 1) from range(30000)"],
    )  # fmt: skip
    def test_an_error_leaves_standard_output_empty(self, filled, statement):
        ran = filled("sql", statement, "--json")
        assert ran.code in (1, 2)
        assert ran.out == ""
        assert is_one_line(ran.err)

    def test_many_rows_come_whole(self, filled):
        rows = filled("sql", "select range as n from range(25000)", "--json").json
        assert [row["n"] for row in rows] == list(range(25000))

    def test_csv_has_a_header_and_quotes(self, filled):
        ran = filled("sql", "select 'a,\"b' as x, null as y", "--csv")
        assert ran.out == 'x,y\n"a,""b",\n'


class TestExitCodes:
    def test_a_missing_warehouse_is_a_problem_of_one_line(self, command):
        for words in (("stats",), ("check",), ("sql", "select 1")):
            ran = command(*words)
            assert (ran.code, ran.out) == (1, "")
            assert is_one_line(ran.err)
            assert "migrate" in ran.err

    def test_a_bad_row_is_a_problem_of_one_line(self, command, tmp_path):
        grid = gemrec_grid(tmp_path / "data")
        grid.metadata[2]["seed"] = "lots"
        ran = command("import", "gemrec", *grid.write().options)
        assert ran.code == 1
        assert is_one_line(ran.err)
        assert all(word in ran.err for word in ("metadata.csv", "row 4", "seed", "lots"))
        assert command("stats", "--json").json["images"] == 0

    def test_skipping_bad_rows_is_fine_and_names_the_file(self, command, tmp_path):
        grid = gemrec_grid(tmp_path / "data")
        grid.metadata[2]["seed"] = "lots"
        ran = command("import", "gemrec", *grid.write().options, "--skip-bad")
        assert ran.code == 0
        assert "1 bad rows were left out" in ran.out
        assert "rejected-" in ran.out

    def test_check_tells_a_problem_by_its_code(self, filled, home):
        next((home / "pictures").rglob("*.png")).unlink()
        assert filled("check").code == 1
        found = filled("check", "--json")
        assert found.code == 1
        assert found.json["problems"][0]["check"] == "missing picture files"
        assert filled("check", "--quick").code == 1

    @pytest.mark.parametrize(
        "words",
        [
            ("nonsense",),
            ("stats", "--nonsense"),
            ("sql",),
            ("import", "gemrec", "--roster", "/no/such.csv", "--prompts", "/no/such.csv"),
            ("export",),
            ("sql", "select 1", "--json", "--csv"),
            ("sql", "selekt 1"),
            ("sql", "select * from nowhere"),
            ("sql", ""),
        ],
    )
    def test_wrong_usage_is_2(self, filled, words):
        ran = filled(*words)
        assert ran.code == 2
        assert ran.out == ""
        assert "Traceback" not in ran.err

    def test_a_bad_setting_is_named(self, command, monkeypatch):
        monkeypatch.setenv("GEMBOARD_THUMBNAIL_PX", "7")
        ran = command("migrate")
        assert ran.code == 2
        assert "GEMBOARD_THUMBNAIL_PX" in ran.err
        assert is_one_line(ran.err)

    def test_a_damaged_file_is_told_in_one_line(self, command, home):
        (home / "gemboard.duckdb").write_bytes(b"rubbish" * 1000)
        for words in (("stats",), ("migrate",), ("score",)):
            ran = command(*words)
            assert ran.code == 1
            assert is_one_line(ran.err)
            assert "backup" in ran.err

    def test_a_home_that_is_a_file_is_told_in_one_line(self, command, home, monkeypatch):
        (home / "file").write_text("x")
        monkeypatch.setenv("GEMBOARD_HOME", str(home / "file"))
        ran = command("migrate")
        assert ran.code == 1
        assert is_one_line(ran.err)

    def test_an_export_into_a_full_folder_is_a_problem(self, filled, home):
        ran = filled("export", home)
        assert ran.code == 1
        assert is_one_line(ran.err)


WRITES = """
insert into people (person_id, name, role) values ('a', 'b', 'viewer')
update models set downloads = 0
delete from images
drop table images
create table mine (a integer)
alter table images add column a integer
copy (select 1) to 'FILE'
copy (select 1) to 'DATABASE'
copy (select repeat('x', 10000)) to 'DATABASE.wal'
copy (select 1) to 'DATABASE.tmp'
copy images to 'FILE'
export database 'FILE'
attach 'FILE' as theirs
attach ':memory:' as theirs
select * from read_csv('/etc/passwd')
select * from read_text('/etc/passwd')
select * from read_blob('DATABASE')
select * from '/etc/passwd'
select * from glob('/etc/*')
select * from read_parquet('https://example.org/a.parquet')
install httpfs
load httpfs
set enable_external_access = true
set disabled_filesystems = ''
set lock_configuration = false
pragma memory_limit = '1GB'
select 1; delete from images
create secret (type s3)
""".strip().splitlines()


@pytest.mark.parametrize("statement", WRITES)
def test_sql_can_neither_write_nor_reach_files(filled, home, tmp_path, statement):
    def contents():
        return {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    before = contents()
    database = str(home / "gemboard.duckdb")
    statement = statement.replace("DATABASE", database).replace("FILE", str(tmp_path / "written"))
    ran = filled("sql", statement, "--json")
    assert ran.code in (1, 2), ran.out
    assert ran.out == ""
    assert is_one_line(ran.err)
    assert contents() == before


def test_a_folder_and_features_are_imported_from_the_command_line(filled, tmp_path):
    folder = tmp_path / "data/grid/images"
    write_csv(folder / "metadata.csv", [{"file": "1-1.png", "prompt": "new", "model": "mine"}])
    assert filled("import", "folder", folder, "--json").json["changes"] == 3
    path = write_features(tmp_path / "f.parquet", "image_id", [image_id(1, 1)], [[1.0, 2.0]])
    ran = filled("import", "features", path, "--encoder", "theirs", "--json")
    assert ran.json["tables"] == {"image_features": {"added": 1, "changed": 0, "unchanged": 0}}


def test_a_second_import_says_that_nothing_changed(filled, tmp_path):
    grid = gemrec_grid(tmp_path / "again")
    assert "Nothing changed" in filled("import", "gemrec", *grid.options).out


class TestProcesses:
    def test_json_is_one_line_and_errors_are_one_line(self, home):
        made = run_process("migrate", "--json", home=home)
        assert (made.returncode, made.stderr) == (0, "")
        assert json.loads(made.stdout)["made"]
        assert is_one_line(made.stdout)
        wrong = run_process("sql", "select nothing", "--json", home=home)
        assert (wrong.returncode, wrong.stdout) == (2, "")
        assert is_one_line(wrong.stderr)

    def test_a_warehouse_in_use_is_told_in_one_line(self, home):
        warehouse = open_warehouse(home)
        try:
            for words in (("score",), ("stats", "--json")):
                ran = run_process(*words, home=home)
                assert (ran.returncode, ran.stdout) == (1, "")
                assert is_one_line(ran.stderr)
                assert "in use by another process" in ran.stderr
        finally:
            warehouse.close()
        assert run_process("stats", "--json", home=home).returncode == 0
