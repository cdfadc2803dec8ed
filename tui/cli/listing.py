"""What a command found, before it is known in which format it is wanted."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

COLUMNS = ("kind", "name", "owner", "type", "lifecycle", "description")
"""Columns of entities where nobody names any."""

WIDE = ("kind", "namespace", "name", "title", "owner", "type", "lifecycle", "system", "tags", "updated", "description")
"""Columns where there is room for more."""


class Row(NamedTuple):
    """One thing as cells; `name` is what `-o name` prints of it. None is a value that is not there."""

    name: str
    cells: Sequence[str | None]


class Listing(NamedTuple):
    """Columns and rows for people and spreadsheets, whole JSON values for programs; each made only when asked for."""

    columns: Sequence[str]
    rows: Callable[[], Iterable[Row]]
    items: Callable[[], Iterable[Any]]
    single: bool = False
    """One thing that was asked for by name: `-o json` prints it without a list around it."""


def as_text(value: Any) -> str | None:
    """A JSON value as a cell: text as it is, nothing for null, a list of texts with commas, all else as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    if isinstance(value, bool | int | float):
        return "true" if value is True else "false" if value is False else str(value)
    from tui.cli.json_text import json_text

    return json_text(value)


def value_at(item: Any, path: str) -> Any:
    """The value at a dotted path; keys may hold dots themselves, so the longest key that fits is taken."""
    if not path:
        return item
    if not isinstance(item, dict):
        return None
    if path in item:
        return item[path]
    head = path
    while "." in head:
        head = head.rpartition(".")[0]
        if head in item:
            return value_at(item[head], path[len(head) + 1 :])
    return None
