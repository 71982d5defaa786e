"""`roster`: models drawn by popularity from files, and read from the pages of a hub."""

import csv
import json
import math
import threading
import urllib.request
from collections import Counter
from copy import copy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FileFormatError
from core.generation.civitai import read_page
from tests.warehouse.grids import gemrec_grid
from warehouse.commands import roster as roster_command
from warehouse.importers import civitai_pages
from warehouse.importers.civitai import Wanted, model_record, read_pages, roster_text
from warehouse.importers.civitai_pages import (
    CivitaiRedirects,
    HubUnreachableError,
    fetch_pages,
    first_page,
)
from warehouse.importers.gemrec import read_model
from warehouse.importers.rows import Row

PAGE = Path(__file__).parents[1] / "core/generation/civitai_page.json"
ONE = '{"model_name": "a", "modelVersion_id": 1, "model_download_count": 1'  # and a brace
COLUMNS = ("tag", "model_name", "modelVersion_id", "model_download_count", "stars")


def write_roster(path, downloads, columns=COLUMNS):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        for number, count in enumerate(downloads, start=1):
            writer.writerow(["a|b", f"model, {number}", number, count, "*" * (number % 3)])
    return path


def read_rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def decade(count):
    return math.floor(math.log10(int(count) + 1))


def model(number, **more):
    version = {"id": number * 10, "name": "v1", "stats": {"downloadCount": number}}
    return {"id": number, "name": f"m{number}", "type": "LORA", "modelVersions": [version]} | more


def page(items, following=None):
    return json.dumps({"items": items, "metadata": {"nextPage": following} if following else {}})


class TestSample:
    @pytest.fixture
    def source(self, tmp_path):
        return write_roster(
            tmp_path / "all.csv", [3] * 100 + [50] * 200 + [7_000] * 90 + [10**6] * 10
        )

    def test_each_power_of_ten_keeps_its_share(self, command, source, tmp_path):
        out = tmp_path / "new" / "roster.csv"
        ran = command("roster", "sample", "--from", source, "--n", 40, "--out", out)
        assert ran.code == 0, ran
        drawn = read_rows(out)
        assert Counter(decade(row["model_download_count"]) for row in drawn) == {
            0: 10, 1: 20, 3: 9, 6: 1
        }  # fmt: skip
        assert "40 of 400 models drawn:\n" in ran.out
        assert "9 to 98 downloads: 20 of 200\n" in ran.out

    def test_rows_come_as_the_file_had_them_and_in_its_order(self, command, source, tmp_path):
        out = tmp_path / "roster.csv"
        command("roster", "sample", "--from", source, "--n", 30, "--out", out)
        every, drawn = read_rows(source), read_rows(out)
        assert tuple(drawn[0]) == COLUMNS
        assert [row for row in every if row in drawn] == drawn

    def test_a_seed_gives_the_same_roster_and_another_another(self, command, source):
        def ids(*options):
            told = command("roster", "sample", "--from", source, "--n", 40, "--json", *options).json
            return told["model_version_ids"]

        assert ids() == ids("--seed", 0) != ids("--seed", 1)
        assert len(set(ids())) == 40

    def test_models_to_keep_are_in_every_roster(self, command, source):
        for seed in range(5):
            told = command(
                "roster", "sample", "--from", source, "--n", 5, "--keep", "1,400", "--seed", seed,
                "--json",
            ).json  # fmt: skip
            assert {1, 400} <= set(told["model_version_ids"])
            assert told["models"] == 5

    def test_finer_bins_are_asked_for(self, command, source):
        told = command("roster", "sample", "--from", source, "--n", 40, "--bins", 3, "--json").json
        assert {(each["low"], each["high"]) for each in told["bins"]} >= {(45, 98), (4641, 9998)}
        assert sum(each["drawn"] for each in told["bins"]) == 40

    def test_without_a_file_the_roster_is_standard_output(self, command, source, tmp_path):
        ran = command("roster", "sample", "--from", source, "--n", 7)
        (tmp_path / "piped.csv").write_text(ran.out)
        assert len(read_rows(tmp_path / "piped.csv")) == 7

    def test_a_drawn_roster_is_imported_as_it_is(self, command, source, tmp_path):
        grid = gemrec_grid(tmp_path / "grid")
        out = tmp_path / "roster.csv"
        command("roster", "sample", "--from", source, "--n", 25, "--out", out)
        prompts = grid.options[grid.options.index("--prompts") + 1]
        ran = command("import", "gemrec", "--roster", out, "--prompts", prompts, "--json")
        assert ran.json["tables"]["models"]["added"] == 25

    def test_json_gives_the_same_roster_as_csv(self, command, source, tmp_path):
        rows = [
            row
            | {
                "tag": row["tag"].split("|"),
                "modelVersion_id": int(row["modelVersion_id"]),
                "model_download_count": int(row["model_download_count"]),
            }
            for row in read_rows(source)
        ]
        (tmp_path / "all.json").write_text(json.dumps(rows))
        outs = []
        for name in ("all.csv", "all.json"):
            outs.append(tmp_path / f"of {name}.csv")
            command("roster", "sample", "--from", tmp_path / name, "--n", 40, "--out", outs[-1])
        assert read_rows(outs[0]) == read_rows(outs[1])

    @pytest.mark.parametrize(
        ("count", "reason"),
        [
            ("", "“” is blank, and models are drawn by their downloads"),
            ("many", "“many” is not a whole number"),
            ("-1", "“-1” is not between 0 and"),
        ],
    )
    def test_a_model_without_downloads_is_named_and_can_be_left_out(
        self, command, tmp_path, count, reason
    ):
        source = write_roster(tmp_path / "all.csv", [1, count, 5, count])
        ran = command("roster", "sample", "--from", source, "--n", 2)
        assert ran.code == 1
        assert ran.err.startswith(f"Error: all.csv, row 3, column model_download_count: {reason}")
        assert "(1 more bad rows). Nothing was drawn; --skip-bad" in ran.err
        told = command("roster", "sample", "--from", source, "--n", 2, "--skip-bad", "--json").json
        assert (told["model_version_ids"], told["rejected"]) == ([1, 3], 2)

    def test_a_version_listed_twice_is_named(self, command, tmp_path):
        source = write_roster(tmp_path / "all.csv", [1, 2])
        with source.open("a") as stream:
            stream.write("a,again,02,5,*\n")
        ran = command("roster", "sample", "--from", source, "--n", 2)
        assert "row 4, column modelVersion_id: “02” repeats row 3" in ran.err

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "is not JSON"),
            ("{}", "is no list of models"),
            ('{"items": []}', "is a page of Civitai's API: `roster civitai"),
            ('[{"model_name": "a"}]', "lacks column modelVersion_id, model_download_count"),
            (f"[{ONE}}}, 7]", "row 2, column model_name: “7” is no JSON object"),
            (f'[{ONE}, "x": "\\ud800"}}]', "row 1, column model_name: “a” holds half a character"),
        ],
    )  # fmt: skip
    def test_json_that_is_no_roster_is_named(self, command, tmp_path, text, reason):
        (tmp_path / "all.json").write_text(text)
        ran = command("roster", "sample", "--from", tmp_path / "all.json", "--n", 1)
        assert (ran.code, ran.err.count("\n")) == (1, 1)
        assert reason in ran.err

    def test_more_models_than_there_are_cannot_be_drawn(self, command, source):
        ran = command("roster", "sample", "--from", source, "--n", 401)
        assert (ran.code, ran.err.count("\n")) == (1, 1)
        assert "A roster of 401 models cannot be drawn from 400" in ran.err

    def test_wrong_ids_to_keep_are_wrong_usage(self, command, source):
        ran = command("roster", "sample", "--from", source, "--keep", "one")
        assert (ran.code, ran.out) == (2, "")


class TestSavedPages:
    def test_models_land_and_landing_them_again_changes_nothing(self, command):
        ran = command("roster", "civitai", PAGE, "--import", "--with-nsfw", "--json").json
        assert ran["tables"]["models"] == {"added": 4, "changed": 0, "unchanged": 0}
        assert ran["skipped"] == {"TextualInversion": 1}
        assert len(ran["refused"]) == 2
        again = command("roster", "civitai", PAGE, "--import", "--with-nsfw", "--json").json
        assert again["tables"]["models"] == {"added": 0, "changed": 0, "unchanged": 4}
        rows = command("sql", "select * from models where model_version_id = 9003", "--json").json
        assert (rows[0]["kind"], rows[0]["trained_words"]) == ("lora", ["tide lines, wave"])
        assert command("sql", "select action, subject from audit", "--json").json == [
            {"action": "import civitai", "subject": "civitai_page.json"}
        ]

    def test_the_csv_brings_the_same_rows_as_landing_at_once(self, command, tmp_path):
        grid = gemrec_grid(tmp_path / "grid")
        prompts = grid.options[grid.options.index("--prompts") + 1]
        out = tmp_path / "roster.csv"
        ran = command("roster", "civitai", PAGE, "--with-nsfw", "--out", out, "--import")
        assert f"Written to {out}." in ran.out
        ran = command("import", "gemrec", "--roster", out, "--prompts", prompts, "--json")
        assert ran.json["tables"]["models"] == {"added": 0, "changed": 0, "unchanged": 4}

    def test_what_the_hub_marks_as_nsfw_is_left_out_unless_asked_for(self, command):
        told = command("roster", "civitai", PAGE, "--json").json
        assert (told["models"], told["nsfw_left_out"]) == (3, 1)
        assert 9003 not in told["model_version_ids"]
        assert "1 that the hub marks as NSFW" in command("roster", "civitai", PAGE, "--import").out

    @pytest.mark.parametrize(
        ("options", "ids"),
        [
            (["--kind", "checkpoint"], [9002, 9001]),
            (["--kind", "lora"], [9006]),
            (["--base-model", "sd 1.4"], [9001]),
            (["--newest"], [9002, 9006]),
            (["--limit", 1], [9002]),
        ],
    )
    def test_a_choice_is_taken(self, command, options, ids):
        assert (
            command("roster", "civitai", PAGE, *options, "--json").json["model_version_ids"] == ids
        )

    def test_a_page_saved_twice_counts_once(self, command):
        told = command("roster", "civitai", PAGE, PAGE, "--json").json
        assert (told["models"], told["pages"], told["nsfw_left_out"]) == (3, 2, 1)

    def test_without_a_file_the_roster_is_standard_output(self, command):
        out = command("roster", "civitai", PAGE).out
        assert out.startswith("tag,model_name,model_id,")
        assert out.count("\n") == 4

    @pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"<html>"])
    def test_a_file_that_is_no_response_is_named_and_nothing_lands(
        self, command, tmp_path, content
    ):
        (tmp_path / "bad.json").write_bytes(content)
        ran = command("roster", "civitai", PAGE, tmp_path / "bad.json", "--import")
        assert (ran.code, ran.err.count("\n")) == (1, 1)
        assert ran.err.startswith("Error: bad.json: ")
        assert command("migrate").code == 0
        assert command("sql", "select 1 from models", "--json").json == []

    @pytest.mark.parametrize("options", [["--kind", "vae"], [PAGE, "--url", "https://civitai.com"]])
    def test_wrong_usage_is_told(self, command, options):
        ran = command("roster", "civitai", *options)
        assert (ran.code, ran.err.count("\n")) == (2, 1)

    def test_a_folder_that_cannot_be_written_is_told(self, command, tmp_path):
        (tmp_path / "file").write_text("")
        ran = command("roster", "civitai", PAGE, "--out", tmp_path / "file" / "roster.csv")
        assert (ran.code, ran.err.count("\n")) == (1, 1)

    def test_a_model_whose_words_no_csv_cell_takes_is_refused_by_name(self):
        words = [f"{number} {'w' * 4_000}" for number in range(6)]
        long = model(2)
        long["modelVersions"][0]["trainedWords"] = words
        found = read_pages([(page([model(1), long]), "p")], Wanted())
        assert [each.model_version_id for each in found.models] == [10]
        assert found.refused == (
            "p: Model version 20: modelVersion_trainedWords is longer than 20,000 characters.",
        )


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(
    name=texts,
    version=texts,
    tags=st.lists(texts, max_size=4),
    words=st.lists(texts, max_size=4),
    downloads=st.none() | st.integers(0, 10**12),
)
def test_a_model_is_the_same_by_way_of_the_csv(name, version, tags, words, downloads):
    stats = {} if downloads is None else {"downloadCount": downloads}
    versions = [{"id": 7, "name": version, "trainedWords": words}]
    item = model(1, name=name, tags=tags, stats=stats, modelVersions=versions)
    for row in read_page(page([item]), "p").rows:
        record = model_record(row)
        header, cells = csv.reader(roster_text([record]).splitlines(keepends=True))
        assert read_model(Row("roster.csv", 2, dict(zip(header, cells, strict=True)))) == record


class Hub:
    """A server of ours in the place of civitai.com: what it is asked, and what it answers."""

    def __init__(self):
        self.asked, self.answers = [], {}
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                hub.asked.append((self.path, dict(self.headers)))
                queue = hub.answers[self.path]
                status, headers, body = queue.pop(0) if len(queue) > 1 else queue[0]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path, body, status=200, **headers):
        content = body if isinstance(body, bytes) else body.encode()
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.setdefault(path, []).append((status, told, content))

    def opener(self):
        port = self.server.server_address[1]

        class ToTheServer(urllib.request.HTTPSHandler):
            def https_open(self, request):
                assert request.host == "civitai.com"
                assert request.timeout == civitai_pages.TIMEOUT_S
                led = copy(request)
                led.host = f"127.0.0.1:{port}"
                return urllib.request.HTTPHandler().http_open(led)

        return urllib.request.build_opener(ToTheServer, CivitaiRedirects)


@pytest.fixture
def hub():
    served = Hub()
    yield served
    served.server.shutdown()
    served.server.server_close()


class TestFetching:
    START = "https://civitai.com/api/v1/models?limit=100"
    PATH = "/api/v1/models?limit=100"

    def fetch(self, hub, pauses=None):
        pause = (pauses if pauses is not None else []).append
        return list(fetch_pages(self.START, hub.opener(), pause))

    def refused(self, hub, reason):
        with pytest.raises(HubUnreachableError, match=reason) as refusal:
            self.fetch(hub)
        assert "give the files: `roster civitai" in str(refusal.value)
        assert "\n" not in str(refusal.value)

    def test_pages_follow_one_another_with_a_pause_between(self, hub):
        hub.answer(self.PATH, page([model(1)], f"{self.START}&cursor=a"))
        hub.answer(f"{self.PATH}&cursor=a", page([model(2)], f"{self.START}&cursor=b"))
        hub.answer(f"{self.PATH}&cursor=b", page([model(3)]))
        pauses = []
        found = read_pages(self.fetch(hub, pauses), Wanted())
        assert [each.model_version_id for each in found.models] == [10, 20, 30]
        assert pauses == [1.0, 1.0]
        assert {headers["User-Agent"] for _, headers in hub.asked} == {"Gemboard"}

    def test_no_page_is_asked_for_beyond_the_limit(self, hub):
        hub.answer(self.PATH, page([model(1), model(2)], f"{self.START}&cursor=a"))
        pages = fetch_pages(self.START, hub.opener(), lambda _: None)
        found = read_pages(pages, Wanted(most=1))
        assert ([each.model_version_id for each in found.models], found.pages) == ([10], 1)
        assert len(hub.asked) == 1

    def test_a_busy_hub_is_asked_again_after_the_time_that_it_names(self, hub):
        hub.answer(self.PATH, "", 429, Retry_After="7")
        hub.answer(self.PATH, "", 503)
        hub.answer(self.PATH, page([model(1)]))
        pauses = []
        assert len(self.fetch(hub, pauses)) == 1
        assert pauses == [7.0, 4.0]

    def test_a_hub_that_stays_busy_is_given_up(self, hub):
        hub.answer(self.PATH, "", 503)
        self.refused(hub, "503 Service Unavailable")
        assert len(hub.asked) == 3

    def test_a_hub_that_wants_to_be_left_alone_for_long_is(self, hub):
        hub.answer(self.PATH, "", 429, Retry_After="3600")
        self.refused(hub, "asks to wait 3,600 s")
        assert len(hub.asked) == 1

    def test_a_wrong_request_is_not_repeated(self, hub):
        hub.answer(self.PATH, "", 400)
        self.refused(hub, "400 Bad Request")
        assert len(hub.asked) == 1

    def test_no_redirect_leads_away_from_the_hub(self, hub):
        hub.answer(self.PATH, "", 302, Location="http://127.0.0.1/models")
        self.refused(hub, "it leads away from civitai.com")

    def test_a_redirect_within_the_hub_is_followed(self, hub):
        hub.answer(self.PATH, "", 302, Location="https://civitai.com/api/v2")
        hub.answer("/api/v2", page([model(1)]))
        assert len(self.fetch(hub)) == 1

    def test_a_page_that_comes_round_again_ends_it(self, hub):
        hub.answer(self.PATH, page([model(1)], self.START))
        self.refused(hub, "names itself as the page after it")

    def test_a_page_too_long_is_not_read_to_its_end(self, hub, monkeypatch):
        monkeypatch.setattr(civitai_pages, "PAGE_LIMIT", 100)
        hub.answer(self.PATH, page([model(1)]))
        self.refused(hub, "longer than 100 bytes")

    def test_bytes_that_are_no_text_are_told(self, hub):
        hub.answer(self.PATH, b"\xff")
        self.refused(hub, "not UTF-8")

    def test_what_is_no_response_is_named_by_its_page(self, hub):
        hub.answer(self.PATH, "<html>")
        with pytest.raises(FileFormatError, match="page 1: is not JSON"):
            self.fetch(hub)

    def test_a_hub_that_does_not_answer_is_told(self, hub):
        opener = hub.opener()
        hub.server.shutdown()
        hub.server.server_close()
        with pytest.raises(HubUnreachableError, match="refused"):
            list(fetch_pages(self.START, opener))

    @pytest.mark.parametrize(
        "address", ["http://civitai.com/api", "https://civitai.com.evil.org/", "file:///etc/passwd"]
    )
    def test_no_other_address_is_asked(self, hub, address):
        with pytest.raises(HubUnreachableError, match="no address at civitai"):
            list(fetch_pages(address, hub.opener()))

    def test_the_command_asks_for_what_is_wanted_and_lands_it(self, command, hub, monkeypatch):
        start = urlsplit(first_page("checkpoint", "SD 1.5", True))
        assert parse_qs(start.query) == {
            "limit": ["100"], "sort": ["Most Downloaded"], "types": ["Checkpoint"],
            "baseModels": ["SD 1.5"], "nsfw": ["true"],
        }  # fmt: skip
        versions = [{"id": 10, "baseModel": "SD 1.5"}, {"id": 11, "baseModel": "Pony"}]
        body = page([model(1, type="Checkpoint", modelVersions=versions)])
        hub.answer(f"{start.path}?{start.query}", body)
        monkeypatch.setattr(civitai_pages, "build_opener", lambda *_: hub.opener())
        ran = command(
            "roster", "civitai", "--kind", "checkpoint", "--base-model", "SD 1.5", "--with-nsfw",
            "--import", "--json",
        )  # fmt: skip
        assert (ran.json["model_version_ids"], ran.json["pages"]) == ([10], 1)
        assert ran.json["tables"]["models"]["added"] == 1

    def test_all_kinds_are_asked_for_at_once(self):
        asked = parse_qs(urlsplit(first_page()).query)
        assert asked["types"] == ["Checkpoint", "LORA", "LoCon", "DoRA"]
        assert asked["nsfw"] == ["false"]
        assert roster_command.KINDS == ("checkpoint", "lora", "all")
