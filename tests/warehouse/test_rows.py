"""Cells of foreign tables: what is taken, and how a bad one is named."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FileFormatError, GemboardError, RowError
from tests.warehouse.grids import LONG_ID
from warehouse.importers.rows import BIGINT_MAX, SEED_MAX, Row, read_csv


def cell(value):
    return Row("list.csv", 7, {"column": value})


def refused(read, *words):
    with pytest.raises(RowError) as caught:
        read()
    message = str(caught.value)
    for word in ("list.csv", "row 7", "column column", *words):
        assert word in message
    assert "\n" not in message
    return message


def rows_of(path, data, required=(), encoding="utf-8"):
    path.write_bytes(data if isinstance(data, bytes) else data.encode(encoding))
    return list(read_csv(path, required))


class TestIdentifiers:
    def test_39_digits_are_kept_digit_by_digit(self):
        assert cell(f" {LONG_ID} ").identifier("column") == str(LONG_ID)

    def test_leading_zeros_are_part_of_an_id(self):
        assert cell("007").identifier("column") == "007"

    @pytest.mark.parametrize("value", ["1.2E+38", "1.2e38", "3E+38", "1.23456789012345E+38"])
    def test_an_id_that_a_spreadsheet_rounded_is_refused(self, value):
        refused(lambda: cell(value).identifier("column"), value, "rounded by a spreadsheet")

    @pytest.mark.parametrize("value", ["", "   ", "\t"])
    def test_a_blank_id_is_refused(self, value):
        refused(lambda: cell(value).identifier("column"), "blank")

    def test_an_id_of_kilobytes_is_refused_and_shortened_in_the_message(self):
        assert len(refused(lambda: cell("9" * 5000).identifier("column"), "longer")) < 300


class TestNumbers:
    @given(st.integers(0, SEED_MAX))
    def test_every_seed_of_64_bits_is_taken(self, seed):
        assert cell(str(seed)).seed("column") == seed

    @pytest.mark.parametrize("value", ["-1", str(2**64), "9" * 150])
    def test_a_seed_beyond_64_bits_is_refused(self, value):
        refused(
            lambda: cell(value).seed("column"), value[:20], "between 0 and 18446744073709551615"
        )

    @pytest.mark.parametrize("value", ["-1", str(BIGINT_MAX + 1), "-" + "9" * 100])
    def test_an_integer_beyond_a_bigint_is_refused(self, value):
        refused(lambda: cell(value).integer("column"), "between")

    @pytest.mark.parametrize("value", ["12.5", "twelve", "1,000", "0x10", "1_000", "nan", "--1"])
    def test_what_is_no_whole_number_is_refused(self, value):
        refused(lambda: cell(value).integer("column"), value, "is not a whole number")

    @pytest.mark.parametrize("value", ["1E+15", "8.48647e9"])
    def test_a_rounded_number_is_refused(self, value):
        refused(lambda: cell(value).integer("column"), "rounded")

    def test_a_blank_number_is_missing_unless_it_is_required(self):
        assert cell(" ").integer("column") is None
        assert Row("list.csv", 7, {}).integer("column") is None
        refused(lambda: cell(" ").required_integer("column"), "blank")

    @pytest.mark.parametrize("value", ["nan", "NaN", "inf", "-inf", "Infinity", "1e999"])
    def test_a_decimal_must_be_finite(self, value):
        refused(lambda: cell(value).decimal("column"), value, "finite")

    @pytest.mark.parametrize("value", ["7,5", "high", "1_0", "0x1p3", "7.5.1"])
    def test_what_is_no_number_is_refused(self, value):
        refused(lambda: cell(value).decimal("column"), "is not a number")

    @given(st.floats(allow_nan=False, allow_infinity=False))
    def test_every_finite_number_is_taken(self, number):
        assert cell(repr(number)).decimal("column") == number

    def test_a_blank_decimal_is_missing(self):
        assert cell("").decimal("column") is None


class TestSizesFlagsAndChoices:
    @pytest.mark.parametrize("value", ["768x512", " 768 X 512 ", "768×512"])
    def test_a_size_is_width_times_height(self, value):
        assert cell(value).size("column") == (768, 512)

    @pytest.mark.parametrize("value", ["768", "768x", "0x512", "-768x512", "768x512x3", "1e9x2"])
    def test_another_size_is_refused(self, value):
        refused(lambda: cell(value).size("column"), "WIDTHxHEIGHT")

    def test_flags_are_read_however_they_are_written(self):
        assert [cell(v).flag("column") for v in ("True", "1", "yes")] == [True] * 3
        assert [cell(v).flag("column") for v in ("FALSE", "0", "no", "")] == [False] * 4
        refused(lambda: cell("maybe").flag("column"), "maybe")

    def test_a_choice_is_one_of_its_own(self):
        assert cell("LoRA").choice("column", ("checkpoint", "lora"), "checkpoint") == "lora"
        assert cell("").choice("column", ("checkpoint", "lora"), "checkpoint") == "checkpoint"
        refused(lambda: cell("gan").choice("column", ("lora",), "lora"), "gan", "lora")


class TestTextsAndLists:
    @pytest.mark.parametrize("value", ["a\x00b", "\x1b[31mred", "bell\x07", "del\x7f"])
    def test_control_characters_are_refused(self, value):
        refused(lambda: cell(value).text("column"), "control character")

    def test_lines_and_tabs_within_a_text_are_kept(self):
        assert cell(" a\n\tb\r\nc ").text("column") == "a\n\tb\r\nc"

    def test_a_text_beyond_the_limit_is_refused(self):
        refused(lambda: cell("x" * 20_001).text("column"), "20000")

    @pytest.mark.parametrize(
        ("value", "words"),
        [
            ("['']", ()),
            ("[]", ()),
            ("", ()),
            ("['hanfu', 'ink']", ("hanfu", "ink")),
            ('["a", "b, c"]', ("a", "b, c")),
            ("[' a ', 'a', '']", ("a",)),
            ("['it\\'s', 'é']", ("it's", "é")),
        ],
    )
    def test_a_list_is_read_as_python_or_json_writes_it(self, value, words):
        assert cell(value).listed("column") == words

    @pytest.mark.parametrize(
        "value",
        [
            "hanfu",
            "('a',)",
            "['a', 1]",
            "[['a']]",
            "[",
            "{'a': 1}",
            "{[]: 1}",
            "{[]}",
            "__import__('os').getcwd()",
            "['a'] * 10**9",
            "[" * 5_000,
            "-" * 5_000 + "1",
        ],
    )
    def test_what_is_no_list_of_texts_is_refused(self, value):
        refused(lambda: cell(value).listed("column"), "is not a list of texts")

    @pytest.mark.parametrize("value", [r"['\ud800']", r"['a\x00b']", r"['\x1b[31m']"])
    def test_a_list_cannot_smuggle_what_a_text_may_not_hold(self, value):
        refused(lambda: cell(value).listed("column"))

    def test_tags_are_split_at_bars_and_each_kept_once(self):
        assert cell(" a|b | a||").piped("column") == ("a", "b")

    @given(st.text())
    def test_any_text_is_read_or_refused_by_an_error_of_ours(self, value):
        row = cell(value)
        for read in (row.text, row.identifier, row.integer, row.decimal, row.size, row.flag,
                     row.listed, row.piped):  # fmt: skip
            try:
                read("column")
            except GemboardError as error:
                assert "\n" not in str(error)


class TestReadCsv:
    def test_rows_are_numbered_as_a_spreadsheet_does(self, tmp_path):
        rows = rows_of(tmp_path / "a.csv", 'a,b\n1,"two\nlines"\n\n3,4\n')
        assert [(row.number, dict(row.cells)) for row in rows] == [
            (2, {"a": "1", "b": "two\nlines"}),
            (4, {"a": "3", "b": "4"}),
        ]

    def test_a_byte_order_mark_is_no_part_of_the_first_name(self, tmp_path):
        assert rows_of(tmp_path / "a.csv", "\ufeffa,b\n1,2\n")[0].cells == {"a": "1", "b": "2"}

    def test_lines_may_end_as_windows_ends_them(self, tmp_path):
        assert rows_of(tmp_path / "a.csv", "a,b\r\n1,2\r\n")[0].cells == {"a": "1", "b": "2"}

    @pytest.mark.parametrize("data", ["a,b\n1\n", "a,b\n1,2,3\n"])
    def test_a_ragged_row_is_a_problem_of_its_own(self, tmp_path, data):
        (row,) = rows_of(tmp_path / "a.csv", data)
        assert "header has 2" in row.problem

    @pytest.mark.parametrize("line", [1, 3, 5000])
    def test_another_encoding_is_named_with_its_line(self, tmp_path, line):
        lines = ["text"] * 6000
        lines[line - 1] = "café"
        with pytest.raises(FileFormatError, match=rf"a\.csv.*UTF-8.*line {line}\b"):
            rows_of(tmp_path / "a.csv", "\n".join(lines), encoding="latin-1")

    def test_utf_16_is_named(self, tmp_path):
        with pytest.raises(FileFormatError, match="UTF-8"):
            rows_of(tmp_path / "a.csv", "a,b\n1,2\n", encoding="utf-16")

    def test_an_empty_file_lacks_its_columns(self, tmp_path):
        with pytest.raises(FileFormatError, match="lacks column prompt"):
            rows_of(tmp_path / "a.csv", b"", required=("prompt",))

    def test_a_missing_column_is_named_with_those_there_are(self, tmp_path):
        with pytest.raises(FileFormatError, match="lacks column prompt; it has a, b"):
            rows_of(tmp_path / "a.csv", "a,b\n", required=("a", "prompt"))

    def test_a_column_that_stands_twice_is_named(self, tmp_path):
        with pytest.raises(FileFormatError, match="column a twice"):
            rows_of(tmp_path / "a.csv", "a,a\n1,2\n")

    def test_broken_quotes_are_named_with_their_line(self, tmp_path):
        with pytest.raises(FileFormatError, match=r"a\.csv.*line 3"):
            rows_of(tmp_path / "a.csv", 'a,b\n1,2\n"x"y,2\n')

    def test_a_cell_beyond_any_limit_is_named_at_its_row(self, tmp_path):
        (row,) = rows_of(tmp_path / "a.csv", "a\n" + "x" * 200_000)
        with pytest.raises(RowError, match=r"row 2, column a: .* is longer than"):
            row.text("a")

    def test_names_cannot_turn_the_direction_of_the_text(self, tmp_path):
        (row,) = rows_of(tmp_path / "a.csv", "a\n\u202egnp.exe\n")
        with pytest.raises(RowError, match="turns the direction"):
            row.text("a", limit=200)

    def test_a_missing_file_and_a_folder_are_named(self, tmp_path):
        with pytest.raises(FileFormatError, match="no such file"):
            list(read_csv(tmp_path / "none.csv", ()))
        with pytest.raises(FileFormatError, match="folder"):
            list(read_csv(tmp_path, ()))

    @given(st.lists(st.lists(st.text(max_size=10), min_size=1, max_size=4), max_size=6))
    def test_any_table_is_read_or_refused_by_an_error_of_ours(self, tmp_path_factory, table):
        path = tmp_path_factory.mktemp("csv") / "a.csv"
        text = "\n".join(",".join(cells) for cells in table)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            for row in read_csv(path, ()):
                assert row.number >= 2
        except FileFormatError as error:
            assert "a.csv" in str(error)


def test_numbers_that_python_alone_reads_stay_out():
    assert math.isclose(cell("1e3").decimal("column"), 1000)
    refused(lambda: cell("1e3").integer("column"), "rounded")
