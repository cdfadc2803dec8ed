"""The entities that lead to another one, and what becomes of their relations when it is renamed or gone."""

from collections.abc import Mapping

from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.builtin import BUILT_IN, Path
from syncd.blueprints.links import links, with_value
from syncd.blueprints.precondition import Overlay
from syncd.blueprints.reader import Held, Reader
from syncd.model.change import WHOLE, Change
from syncd.model.json import Json, JsonObject
from syncd.overlay.path import path_text


class Dependents:
    """Finds and changes what leads to an entity."""

    def __init__(self, reader: Reader, overlay: Overlay) -> None:
        self._reader = reader
        self._overlay = overlay

    def of(self, held: Held) -> list[Held]:
        """The entities that may have a relation to this one: its own relations name both ends."""
        relations = held.entity.get("relations")
        said = [one for one in relations if isinstance(one, dict)] if isinstance(relations, list) else []
        refs = sorted({str(one.get("targetRef")) for one in said})
        return [other for other in self._reader.held(refs) if other is not None]

    def relinked(self, held: Held, moved: Mapping[str, str | None], actor: str) -> list[Change]:
        """Changes after which an entity leads to others than those that `moved` names; None takes a target out.

        What a file says stays: a target that it names and that is gone can only be taken out there.
        """
        if held.is_of_git:
            return self._overlaid(held, moved, actor)
        assert held.document is not None
        entity = held.document.entity
        for link in links(held.blueprint, entity):
            if not moved.keys().isdisjoint(link.refs):
                entity = _put(held.blueprint, entity, link.path, link.exchanged(moved))
        if entity == held.document.entity:
            return []
        return [Change(held.ref, WHOLE, "replace", entity, "document", actor, held.document.etag)]

    def _overlaid(self, held: Held, moved: Mapping[str, str | None], actor: str) -> list[Change]:
        records = {one.path for one in self._overlay([held.ref]).get(held.ref, ())}
        changes: list[Change] = []
        for link in links(held.blueprint, held.entity):
            path, value = path_text(link.path), link.exchanged(moved)
            if moved.keys().isdisjoint(link.refs) or (None in moved.values() and path not in records):
                continue
            changes.append(Change(held.ref, path, "replace" if value else "remove", value or None, actor=actor))
        return changes


def _put(blueprint: Blueprint, entity: JsonObject, path: Path, value: Json) -> JsonObject:
    """The entity with another value of a relation, written as `entity_of` writes it."""
    if blueprint.identifier in BUILT_IN:
        always = any(one.path == path and one.always for one in BUILT_IN[blueprint.identifier].relations.values())
        return with_value(entity, path, value if value or always else None)
    changed = with_value(entity, path, value or [])
    return changed if value is not None else _put_null(changed, path)


def _put_null(entity: JsonObject, path: Path) -> JsonObject:
    key, *rest = path
    inner = entity.get(key)
    return {**entity, key: _put_null(inner if isinstance(inner, dict) else {}, tuple(rest)) if rest else None}
