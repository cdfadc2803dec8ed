"""Columns of a table of entities, and the text of their cells."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from query.dialects.line.fields import COLUMN_NAMES, column_path
from query.rows import UPDATED
from query.suggestion import did_you_mean
from syncd.errors import InputError

MAX_COLUMNS = 50

Cell = str | None
Reader = Callable[[Mapping[str, Any], str, str], Cell]


def read_columns(names: Sequence[str]) -> list[tuple[str, Reader]]:
    """Each column with how its cell is read from (entity, ref, time of last change); InputError for an unknown name."""
    asked = [name.strip() for name in names if name.strip()]
    if not asked or len(asked) > MAX_COLUMNS:
        raise InputError(f"columns must name 1 to {MAX_COLUMNS} columns")
    return [(name, _reader(name)) for name in asked]


def _reader(name: str) -> Reader:
    path = column_path(name)
    if path is None:
        known = f"columns are {', '.join(COLUMN_NAMES)}, or a path such as spec.type"
        hint = did_you_mean(name.lower()[:100], COLUMN_NAMES, known)
        raise InputError(f"unknown column {name[:100]!r}", hint=hint)
    if path == UPDATED:
        return lambda _entity, _ref, updated: updated or None
    if path == "ref":
        return lambda _entity, ref, _updated: ref
    segments = path.split(".")
    return lambda entity, _ref, _updated: cell_text(_find(entity, segments))


def cell_text(value: Any) -> Cell:
    """A value as a person reads it in one line: lists of plain values with commas, anything else nested as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return ", ".join(cell_text(item) or "" for item in value)
    return orjson.dumps(value).decode()


def _find(entity: Mapping[str, Any], segments: Sequence[str]) -> Any:
    """The value at a path, keys in any case; a key may hold dots, so segments are glued where there is no such key."""
    current: Any = entity
    glued = ""
    for segment in segments:
        key = f"{glued}.{segment}" if glued else segment
        found, child = _child(current, key)
        current, glued = (child, "") if found else (current, key)
    return None if glued else current


def _child(container: Any, key: str) -> tuple[bool, Any]:
    if not isinstance(container, dict):
        return False, None
    if key in container:
        return True, container[key]
    folded = key.lower()
    return next(((True, value) for name, value in container.items() if name.lower() == folded), (False, None))
