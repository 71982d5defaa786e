"""A line of `Key: value` pairs between commas; values with commas stand in JSON's quotes."""

import json
import re

PAIRS_LIMIT = 500  # what follows is left unread
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_NEXT = re.compile(r"\s*+(?:,|$)")
_WANTS_QUOTES = re.compile(r'[,:\n"{\[]')
_DECODER = json.JSONDecoder()


def write_pairs(pairs: list[tuple[str, str]]) -> str:
    """The pairs in one line."""
    return ", ".join(f"{key}: {_quoted(value)}" for key, value in pairs)


def read_pairs(line: str) -> list[tuple[str, str]]:
    """The pairs of a line, in order; what is no pair is passed over.

    Values may be in quotes, or bare JSON objects and lists, as some writers leave them.
    """
    pairs: list[tuple[str, str]] = []
    place = 0
    while len(pairs) < PAIRS_LIMIT and (colon := line.find(":", place)) >= 0:
        start = line.rfind(",", place, colon) + 1 or place
        value, place = _value(line, colon + 1)
        if key := line[start:colon].strip():
            pairs.append((key, value))
    return pairs


def _value(line: str, place: int) -> tuple[str, int]:
    """The value from `place` on, and where the next pair begins."""
    while place < len(line) and line[place].isspace():
        place += 1
    if line.startswith('"', place) and (match := _QUOTED.match(line, place)):
        end = _NEXT.match(line, match.end())
        if end:
            return _unquoted(match[0]), end.end()
    if line.startswith(("{", "["), place):
        try:
            _, last = _DECODER.raw_decode(line, place)
        except (ValueError, RecursionError):
            last = -1
        if last > 0 and (end := _NEXT.match(line, last)):
            return line[place:last], end.end()
    comma = line.find(",", place)
    if comma < 0:
        return line[place:].strip(), len(line)
    return line[place:comma].strip(), comma + 1


def _quoted(value: str) -> str:
    wants = _WANTS_QUOTES.search(value) or value != value.strip()
    return json.dumps(value, ensure_ascii=False) if wants else value


def _unquoted(value: str) -> str:
    try:
        text = json.loads(value)
    except ValueError:
        return value
    return text if isinstance(text, str) else value
