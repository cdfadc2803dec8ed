"""Edits of fields, and what they make of a document's data: no text here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from json import dumps
from typing import Final, Literal

from syncd.ingest.limits import ParseLimits
from syncd.ingest.scalars import json_integer, json_number
from syncd.model.json import FieldPath, Json
from syncd.patch.refusal import PatchRefusedError

Op = Literal["set", "remove", "append", "insert"]


class _Missing:
    """Stands where a mapping has no such key."""


_DEPTH: Final = ParseLimits().depth
_MISSING: Final = _Missing()
_KINDS: Final = {dict: "a mapping", list: "a list", type(None): "nothing"}


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """One change of one field; texts of the path are keys of mappings, numbers count the items of lists from 0.

    "set" gives the field `value`, and makes the mappings on the way where there is none, or null. "remove" takes the
    key or item away; a key that is not there stays away. "append" adds `value` to the list at `path`, which it makes
    where there is none. "insert" puts `value` before the item that `path` names, or behind the last one.
    """

    path: FieldPath
    op: Op
    value: Json = None


class Arranged(list[Json]):
    """A list that remembers for each item which one of the document's list it was, None for a new one.

    Without this, removing the first of two equal items would be the same as removing the second, comments and all.
    `origins` is None as a whole for a list that is not of the document.
    """

    def __init__(self, items: Iterable[Json], origins: Iterable[int | None] | None) -> None:
        super().__init__(items)
        self.origins = None if origins is None else list(origins)

    @classmethod
    def of(cls, items: list[Json]) -> "Arranged":
        """A copy to work on."""
        return cls(items, items.origins if isinstance(items, Arranged) else range(len(items)))

    def put_in(self, index: int, item: Json) -> None:
        """A new item, before the one that has this index."""
        self.insert(index, item)
        if self.origins is not None:
            self.origins.insert(index, None)

    def take_out(self, index: int) -> None:
        """Remove an item."""
        del self[index]
        if self.origins is not None:
            del self.origins[index]


def applied(value: Json, edits: Sequence[FieldEdit]) -> Json:
    """What the edits, one after the other, make of a document; the given value is left alone.

    Raises `PatchRefusedError` where a path leads nowhere or a value cannot be kept.
    """
    for edit in edits:
        value = _applied(value, edit, 0)
    return value


def taken_back(value: Json, edits: Sequence[FieldEdit]) -> list[FieldEdit]:
    """The edits that lead from `applied(value, edits)` back to `value`."""
    result: list[FieldEdit] = []
    for edit in edits:
        result[:0] = _reverse(value, edit)
        value = _applied(value, edit, 0)
    return result


def origins(old: list[Json], new: list[Json]) -> Sequence[int | None]:
    """Which item of `old` each one of `new` is; where `new` does not know, the longest runs of equal items decide."""
    if isinstance(new, Arranged) and new.origins is not None:
        return new.origins
    if not new:
        return []
    result: list[int | None] = [None] * len(new)
    matcher = SequenceMatcher(None, [_canonical(item) for item in old], [_canonical(item) for item in new])
    for _, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        # Equal items, and those that were exchanged for as many others.
        shared = min(old_to - old_from, new_to - new_from)
        result[new_from : new_from + shared] = range(old_from, old_from + shared)
    return result


def same(one: Json, other: Json) -> bool:
    """Are two values the same data? Keys have no order, and true is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(item, other[key]) for key, item in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


def _applied(value: "Json | _Missing", edit: FieldEdit, depth: int) -> Json:
    if depth == len(edit.path):
        return _final(value, edit)
    step = edit.path[depth]
    if isinstance(step, int):
        return _in_list(value, edit, depth, step)
    if value is None or isinstance(value, _Missing):
        value = {}
    if not isinstance(value, dict):
        raise _no_way(value, edit, depth, "a mapping")
    if edit.op == "remove" and (step not in value or depth + 1 == len(edit.path)):
        return {key: item for key, item in value.items() if key != step}
    return {**value, step: _applied(value.get(step, _MISSING), edit, depth + 1)}


def _in_list(value: "Json | _Missing", edit: FieldEdit, depth: int, index: int) -> Json:
    if not isinstance(value, list):
        raise _no_way(value, edit, depth, "a list")
    result = Arranged.of(value)
    last = depth + 1 == len(edit.path)
    if not 0 <= index < len(value) + (last and edit.op == "insert"):
        where = spelled(edit.path[:depth])
        message = f"{where} has {len(value)} items, counted from 0: there is no item {index}"
        raise PatchRefusedError("index", message, hint="append adds an item at the end")
    if last and edit.op == "insert":
        result.put_in(index, _kept(edit.value))
    elif last and edit.op == "remove":
        result.take_out(index)
    else:
        result[index] = _applied(value[index], edit, depth + 1)
    return result


def _final(value: "Json | _Missing", edit: FieldEdit) -> Json:
    if edit.op == "set":
        return _kept(edit.value)
    if edit.op == "append":
        if value is None or isinstance(value, _Missing):
            value = Arranged([], None)
        if not isinstance(value, list):
            raise _no_way(value, edit, len(edit.path), "a list")
        result = Arranged.of(value)
        result.put_in(len(result), _kept(edit.value))
        return result
    message = f"{edit.op} needs the path of a {'list item' if edit.op == 'insert' else 'field'}"
    raise PatchRefusedError("bad_path", message, hint="remove the file to remove an entity" if not edit.path else "")


def _no_way(value: "Json | _Missing", edit: FieldEdit, depth: int, wanted: str) -> PatchRefusedError:
    found = _KINDS.get(type(value), "nothing" if value is _MISSING else "a single value")
    return PatchRefusedError("bad_path", f"{spelled(edit.path[:depth])} is {found}, not {wanted}")


def _kept(value: Json, depth: int = 1) -> Json:
    """The value as the reader would give it: numbers as JSON keeps them. Raises `PatchRefusedError`."""
    if depth > _DEPTH:
        raise PatchRefusedError("bad_value", f"lists and mappings are nested deeper than {_DEPTH}")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise PatchRefusedError("bad_value", "a key of a mapping is not a text")
        return {_text(key): _kept(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return Arranged([_kept(item, depth + 1) for item in value], None)
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return json_integer(str(value)) if value.bit_length() < 1024 else None
    if isinstance(value, float) and value - value == 0.0:
        return json_number(value)
    raise PatchRefusedError("bad_value", f"{value!r} is no value that JSON can say")


def _text(text: str) -> str:
    if "\0" in text or (not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)):
        raise PatchRefusedError("bad_value", "a text holds the character NUL or half of a surrogate pair")
    return text


def spelled(path: FieldPath) -> str:
    """A path in words of a message."""
    return ".".join(map(str, path)) or "the document"


def _canonical(value: Json) -> str:
    return dumps(value, sort_keys=True)


def _reverse(value: Json, edit: FieldEdit) -> list[FieldEdit]:
    path = edit.path
    found: Json | _Missing = value
    known = 0
    while known < len(path) and not (edit.op == "insert" and known == len(path) - 1):
        inner = _step(found, path[known])
        if isinstance(inner, _Missing):
            break
        found, known = inner, known + 1
    if edit.op == "insert":
        return [FieldEdit(path, "remove")]
    if edit.op == "remove":
        back: Op = "insert" if isinstance(path[-1], int) else "set"
        return [FieldEdit(path, back, found)] if known == len(path) and not isinstance(found, _Missing) else []
    if found is None or (known == len(path) and edit.op == "set" and not isinstance(found, _Missing)):
        return [FieldEdit(path[:known], "set", found)]
    if known == len(path) and isinstance(found, list):
        return [FieldEdit((*path, len(found)), "remove")]
    return [FieldEdit(path[: known + 1], "remove")]


def _step(value: "Json | _Missing", step: str | int) -> "Json | _Missing":
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step, _MISSING)
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        return value[step]
    return _MISSING
