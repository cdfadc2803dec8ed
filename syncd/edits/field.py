"""From changes of fields to edits of a document's data, and what stood at those fields before."""

from collections.abc import Sequence
from typing import Any

from syncd.errors import FieldConflict
from syncd.model.edit import FieldChange
from syncd.model.json import FieldPath, Json, value_at
from syncd.overlay.merge import combined
from syncd.overlay.path import parse_path, path_text
from syncd.patch.edit import FieldEdit, applied, same

ADDING = ("append", "union")
"""Operations that say nothing of what is there: they are as good on top of any value."""


def field_edits(changes: Sequence[FieldChange], data: Json) -> list[FieldEdit]:
    """The edits that the changes of one entity are, each on the result of those before.

    Raises `PatchRefusedError` where a path leads nowhere.
    """
    edits: list[FieldEdit] = []
    for change in changes:
        path = field_path(change.path, data)
        if change.op == "remove":
            edit = FieldEdit(path, "remove")
        else:
            old = value_at(data, path)
            edit = FieldEdit(path, "set", change.value if change.op == "replace" else _added(old, change))
        edits.append(edit)
        data = applied(data, [edit])
    return edits


def field_path(text: str, data: Json) -> FieldPath:
    """A path as its document has it: a number is the place in a list where a list stands, else a key."""
    path: list[str | int] = []
    for segment in parse_path(text):
        step: str | int = segment
        if isinstance(data, list) and segment.isascii() and segment.isdigit():
            step = int(segment)
            data = data[step] if step < len(data) else None
        else:
            data = data.get(segment) if isinstance(data, dict) else None
        path.append(step)
    return tuple(path)


def moved_fields(changes: Sequence[FieldChange], data: Json) -> list[FieldConflict]:
    """Fields that the changes would overwrite although they say something else by now (R49)."""
    found: list[FieldConflict] = []
    for change in changes:
        now = value_at(data, field_path(change.path, data))
        if change.op not in ADDING and not same(now, change.expected):
            found.append(FieldConflict(change.ref, change.path, change.expected, now))
    return found


def undo_expectations(edits: Sequence[FieldEdit], data: Json) -> list[Json]:
    """What stands, after an edit, at each place that taking it back would overwrite."""
    places = dict.fromkeys(edit.path[:-1] if edit.op == "insert" else edit.path for edit in edits)
    return [{"path": list(path), "value": value_at(data, path)} for path in places]


def moved_since(ref: str, expectations: Sequence[dict[str, Any]], data: Json) -> list[FieldConflict]:
    """Places that say something else by now than the edit that is to be taken back left there."""
    found: list[FieldConflict] = []
    for one in expectations:
        now = value_at(data, tuple(one["path"]))
        if not same(now, one["value"]):
            found.append(FieldConflict(ref, path_text(tuple(map(str, one["path"]))), one["value"], now))
    return found


def _added(old: Json, change: FieldChange) -> Json:
    return combined(old, change.value, "append" if change.op == "append" else "union")
