"""Rows on their way out. The engine writes each as a JSON list; here it becomes a line of the format asked for."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, Protocol


class Writer(Protocol):
    """`first` comes before all rows; `row` makes the bytes of the row that the engine wrote as a JSON list."""

    first: bytes

    def row(self, text: str, number: int) -> bytes: ...


class JsonRows:
    """Lists with commas between them: what stands between `[` and `]` of a JSON list of rows."""

    first = b""

    def __init__(self, names: Sequence[str]) -> None:
        del names  # the rows are lists

    def row(self, text: str, number: int) -> bytes:
        """The row itself."""
        return (",\n" if number else "").encode() + _proper(text).encode("utf-8", "replace")


class JsonLines:
    """An object a line."""

    first = b""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def row(self, text: str, _number: int) -> bytes:
        """One object with the columns' names."""
        values = json.loads(text, parse_constant=str)
        line = json.dumps(dict(zip(self._names, values, strict=True)), ensure_ascii=False, separators=(",", ":"))
        return line.encode("utf-8", "replace") + b"\n"


class CsvLines:
    """RFC 4180 with a line of names."""

    def __init__(self, names: Sequence[str]) -> None:
        self.first = _csv_line(names)

    def row(self, text: str, _number: int) -> bytes:
        """The cells of one row."""
        return _csv_line([cell(value) for value in json.loads(text, parse_constant=str)])


WRITERS: dict[str, type[JsonRows] | type[JsonLines] | type[CsvLines]] = {
    "json": JsonRows,
    "jsonl": JsonLines,
    "csv": CsvLines,
}


def cell(value: Any) -> str:
    """A value as a cell: nothing for null, a list of texts with commas, what else has parts as JSON."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def distinct(names: Sequence[str]) -> list[str]:
    """The names, each only once: a second `name` becomes `name_1`, as the engine has it."""
    found: list[str] = []
    given = {name.lower() for name in names}
    taken: set[str] = set()
    for name in names:
        one, number = name, 0
        while one.lower() in taken or (number and one.lower() in given):
            number += 1
            one = f"{name}_{number}"
        taken.add(one.lower())
        found.append(one)
    return found


def _proper(text: str) -> str:
    """JSON has no NaN and no Infinity, which the engine writes: they become texts."""
    if "NaN" in text or "Infinity" in text:
        return json.dumps(json.loads(text, parse_constant=str), ensure_ascii=False, separators=(",", ":"))
    return text


def _csv_line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode("utf-8", "replace")
