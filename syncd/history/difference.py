"""What differs between two versions of an entity, field by field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from syncd.model.json import Json, JsonObject, found_at
from syncd.overlay.path import PropertyPath, parse_path, path_text

Effect = Literal["added", "updated", "removed", "unreadable"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, by the canonical text of its path; "" is the entity itself. A list is a value like any other."""

    path: str
    effect: Effect
    old: Json = None
    new: Json = None


def differences(old: JsonObject | None, new: JsonObject | None) -> list[FieldChange]:
    """What changed from one version to the next, by path; None stands for no entity."""
    if old is None and new is None:
        return []
    if old is None:
        return [FieldChange("", "added", None, new)]
    if new is None:
        return [FieldChange("", "removed", old, None)]
    return list(_differences(old, new, ()))


def _differences(old: JsonObject, new: JsonObject, path: PropertyPath) -> Iterator[FieldChange]:
    for key in sorted(old.keys() | new.keys()):
        before, after, at = old.get(key), new.get(key), (*path, key)
        if key not in new:
            yield FieldChange(path_text(at), "removed", before, None)
        elif key not in old:
            yield FieldChange(path_text(at), "added", None, after)
        elif isinstance(before, dict) and isinstance(after, dict):
            yield from _differences(before, after, at)
        elif before != after or isinstance(before, bool) != isinstance(after, bool):
            yield FieldChange(path_text(at), "updated", before, after)


def narrowed(changes: Sequence[FieldChange], path: PropertyPath) -> list[FieldChange]:
    """What the changes did at a path, below it, or to what is around it as far as that concerns it."""
    return [change for one in changes for change in _narrowed(one, path)]


def _narrowed(one: FieldChange, path: PropertyPath) -> Iterator[FieldChange]:
    own = parse_path(one.path) if one.path else ()
    if own[: len(path)] == path:
        yield one
    elif path[: len(own)] == own and one.effect != "unreadable":
        (had, old), (has, new) = found_at(one.old, path[len(own) :]), found_at(one.new, path[len(own) :])
        if had and has and old != new:
            yield FieldChange(path_text(path), "updated", old, new)
        elif had != has:
            yield FieldChange(path_text(path), "added" if has else "removed", old, new)
