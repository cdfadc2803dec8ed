"""An entity as Port's replies write it, and the parts of it that were asked for (Port 5)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.values import Values
from syncd.model.json import Json, JsonObject


@dataclass(frozen=True, slots=True)
class Stamps:
    """When and by whom an entity was made and changed last; times as RFC 3339 in UTC with milliseconds
    (`query.rank.time_text`)."""

    created_at: str
    created_by: str
    updated_at: str
    updated_by: str


@dataclass(frozen=True, slots=True)
class Peer:
    """What a relation's target is called."""

    identifier: str
    title: str


def port_document(
    blueprint: Blueprint, values: Values, stamps: Stamps, *, computed: JsonObject, scorecards: JsonObject
) -> JsonObject:
    """An entity as Port's replies write it. `computed` are its mirrored, calculated and aggregated properties."""
    relations: JsonObject = {
        name: [*related] if isinstance(related, tuple) else related for name, related in values.relations.items()
    }
    return {
        "identifier": values.identifier,
        "title": values.title or values.identifier,
        "icon": values.icon,
        "blueprint": blueprint.identifier,
        "team": [*values.team],
        "properties": values.properties | computed,
        "relations": relations,
        "scorecards": scorecards,
        "createdAt": stamps.created_at,
        "createdBy": stamps.created_by,
        "updatedAt": stamps.updated_at,
        "updatedBy": stamps.updated_by,
    }


def with_titles(document: JsonObject, peer: Callable[[str, str], Peer]) -> JsonObject:
    """The document with each relation as `{identifier, title}` (P35); `peer` is asked by relation and identifier."""

    def titled(name: str, value: Json) -> Json:
        if isinstance(value, list):
            return [titled(name, one) for one in value]
        if not isinstance(value, str):
            return value
        found = peer(name, value)
        return {"identifier": found.identifier, "title": found.title}

    relations = document.get("relations")
    if not isinstance(relations, dict):
        return document
    return {**document, "relations": {name: titled(name, value) for name, value in relations.items()}}


@dataclass(frozen=True, slots=True)
class Projection:
    """Which parts of an entity a reply holds (P33): `include` alone these, then `exclude` not these.

    Parts are `identifier`, `title`, `properties`, `properties.x`, `relations.y` and so on, also with a `$` before a
    meta-property; names that are none of an entity take nothing.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @staticmethod
    def of(include: Iterable[str], exclude: Iterable[str]) -> "Projection":
        """From repeated parameters, each of which may also be a list with commas."""
        return Projection(_names(include), _names(exclude))

    def keeps(self, *path: str) -> bool:
        """Whether the part at a path is asked for."""
        names = {".".join(path[:size]) for size in range(1, len(path) + 1)}
        return (not self.include or not names.isdisjoint(self.include)) and names.isdisjoint(self.exclude)

    def apply(self, document: JsonObject) -> JsonObject:
        """A copy with only what is asked for."""
        kept = _only(document, self.include) if self.include else document
        for name in self.exclude:
            kept = _without(kept, name)
        return kept


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    found = (name.strip().removeprefix("$") for text in texts for name in text.split(","))
    return tuple(dict.fromkeys(name for name in found if name))


def _only(document: JsonObject, names: Iterable[str]) -> JsonObject:
    """The parts that are named, in the order of the document."""
    inner: dict[str, list[str]] = {}
    for name in names:
        key, _, rest = name.partition(".")
        inner.setdefault(key, []).append(rest)
    kept: JsonObject = {}
    for key, value in document.items():
        parts = inner.get(key, [])
        if "" in parts:
            kept[key] = value
        elif parts and isinstance(value, dict):
            kept[key] = _only(value, parts)
    return kept


def _without(document: JsonObject, name: str) -> JsonObject:
    key, dot, rest = name.partition(".")
    if not dot:
        return {other: value for other, value in document.items() if other != key}
    inner = document.get(key)
    return {**document, key: _without(inner, rest)} if isinstance(inner, dict) else document
