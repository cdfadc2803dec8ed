"""Merging custom properties into what git says: from the shortest path to the longest, whatever came first."""

from collections.abc import Iterable

from syncd.model.custom_property import Base, CustomProperty
from syncd.model.json import Json, JsonObject
from syncd.overlay.path import PropertyPath, parse_path


def in_order(properties: Iterable[CustomProperty]) -> list[CustomProperty]:
    """The order in which properties are merged: the longer path wins at its own place (spec 15.1)."""
    return sorted(properties, key=lambda one: (len(parse_path(one.path)), one.path))


def merged(entity: JsonObject, properties: Iterable[CustomProperty]) -> JsonObject:
    """The entity with its custom properties, which come in order. The given entity is not changed."""
    result = entity
    for one in properties:
        result = _with_value(result, parse_path(one.path), one.value, one.base)
    return result


def combined(old: Json, new: Json, base: Base) -> Json:
    """A new value on top of an old one (spec 2.5). Only lists and maps are added to; all else is replaced."""
    if base == "replace" or old is None:
        return new
    if isinstance(old, list):
        added: list[Json] = new if isinstance(new, list) else [new]
        return [*old, *(item for item in added if base == "append" or item not in old)]
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **new}
    if isinstance(old, dict) and isinstance(new, list) and new and all(_is_pair(item) for item in new):
        result = dict(old)
        for item in new:
            if isinstance(item, dict):
                result |= item
        return result
    return new


def _is_pair(value: Json) -> bool:
    return isinstance(value, dict) and len(value) == 1


def _with_value(entity: JsonObject, path: PropertyPath, value: Json, base: Base) -> JsonObject:
    head, *rest = path
    old = entity.get(head)
    if not rest:
        return {**entity, head: combined(old, value, base)}
    return {**entity, head: _with_value(old if isinstance(old, dict) else {}, tuple(rest), value, base)}
