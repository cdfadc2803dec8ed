"""Columns of a table of entities, and the text of their cells."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from syncd.errors import InputError

UPDATED = "updated"
"""The one column that is no part of the entity: the time of its last change."""

MAX_COLUMNS = 50

COLUMNS: dict[str, str] = {
    "kind": "kind",
    "apiversion": "apiVersion",
    "relations": "relations",
    "status": "status",
    "name": "metadata.name",
    "namespace": "metadata.namespace",
    "title": "metadata.title",
    "description": "metadata.description",
    "uid": "metadata.uid",
    "tags": "metadata.tags",
    "labels": "metadata.labels",
    "annotations": "metadata.annotations",
    "links": "metadata.links",
    "type": "spec.type",
    "lifecycle": "spec.lifecycle",
    "owner": "spec.owner",
    "system": "spec.system",
    "domain": "spec.domain",
}
"""Short names of columns, and the paths that they show; `updated` and `ref` come beside them."""

_ALIASES = {"tag": "tags", "label": "labels", "annotation": "annotations"}

Cell = str | None
Reader = Callable[[Mapping[str, Any], str, str], Cell]


def read_columns(names: Sequence[str]) -> list[tuple[str, Reader]]:
    """Each column with how its cell is read from (entity, ref, time of last change); InputError for an unknown name."""
    asked = [name.strip() for name in names if name.strip()]
    if not asked or len(asked) > MAX_COLUMNS:
        raise InputError(f"columns must name 1 to {MAX_COLUMNS} columns")
    return [(name, _reader(name)) for name in asked]


def _reader(name: str) -> Reader:
    folded = name.lower()
    if folded == UPDATED:
        return lambda _entity, _ref, updated: updated or None
    if folded == "ref":
        return lambda _entity, ref, _updated: ref
    first, dot, rest = name.partition(".")
    path = COLUMNS.get(_ALIASES.get(folded, folded))
    if path is None and dot and rest:
        path = f"metadata.{_ALIASES[first.lower()]}.{rest}" if first.lower() in _ALIASES else name
    if path is None:
        known = ", ".join([*COLUMNS, "ref", UPDATED])
        raise InputError(f"unknown column {name[:100]!r}", hint=f"columns are {known}, or a path such as spec.type")
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
