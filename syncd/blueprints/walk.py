"""From entity to entity by the relations of their blueprints, in both directions."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, Protocol

from query.ast import Node
from query.text import fold
from syncd.blueprints.blueprint import Blueprint, PathFilter
from syncd.blueprints.builtin import BUILT_IN
from syncd.blueprints.document import relation_refs
from syncd.blueprints.identifier import entity_ref
from syncd.blueprints.reply import Stamps
from syncd.model.json import JsonObject, text_at

MAX_RELATED: Final = 20_000
"""How many related entities are looked at for one property."""


class Entities(Protocol):
    """The catalog as computed properties ask for it; refs are canonical. Asked for many at once, since each question
    costs more than what it finds."""

    def blueprints(self) -> Mapping[str, Blueprint]:
        """Every blueprint by identifier, those of Backstage's kinds among them."""
        ...

    def entities(self, refs: Sequence[str]) -> Mapping[str, JsonObject]:
        """Those that are there, with their relations from both ends."""
        ...

    def meant(self, refs: Sequence[str], where: Node) -> Collection[str]:
        """Those of the refs that are there and that a tree means."""
        ...

    def stamps(self, entities: Sequence[JsonObject]) -> Mapping[str, Stamps]:
        """When and by whom each was made and changed, by ref."""
        ...


class TooManyError(Exception):
    """More entities are related than are looked at."""


class Walk:
    """Steps along relations, each entity read once. Entities that are not there lead nowhere."""

    def __init__(self, catalog: Entities) -> None:
        self._catalog = catalog
        self._read: dict[str, JsonObject | None] = {}

    @cached_property
    def blueprints(self) -> Mapping[str, Blueprint]:
        """All blueprints by identifier."""
        return self._catalog.blueprints()

    def blueprint(self, entity: JsonObject) -> Blueprint | None:
        """The blueprint of an entity."""
        kind = text_at(entity, "kind") or ""
        return self.blueprints.get(kind) or self.blueprints.get(fold(kind) if fold(kind) in BUILT_IN else kind)

    def entity(self, ref: str) -> JsonObject | None:
        """An entity; None where there is none."""
        self.read([ref])
        return self._read[ref]

    def read(self, refs: Iterable[str]) -> None:
        """Read entities together that will be asked for one by one."""
        unread = [ref for ref in refs if ref not in self._read]
        if unread:
            found = self._catalog.entities(unread)
            self._read.update((ref, found.get(ref)) for ref in unread)

    def know(self, entities: Iterable[tuple[str, JsonObject]]) -> None:
        """Take in entities that were read already."""
        self._read.update(entities)

    def targets(self, ref: str, relation: str) -> tuple[str, ...]:
        """The entities that a relation of this one leads to."""
        entity = self.entity(ref)
        blueprint = self.blueprint(entity) if entity is not None else None
        if entity is None or blueprint is None:
            return ()
        return relation_refs(blueprint, entity).get(relation, ())

    def sources(self, ref: str, blueprint: Blueprint, relation: str) -> Iterator[str]:
        """The entities of a blueprint whose relation leads to this one."""
        reverse = _reverse(blueprint, relation)
        kind = _kind(blueprint.identifier)
        yield from (other for type_, other in self._arrows(ref) if type_ == reverse and other.startswith(kind))

    def related(self, ref: str, target: str, path: PathFilter | None) -> list[str]:
        """The entities of blueprint `target` that a path joins with this one; without a path those that it depends on,
        or that depend on it, through any number of relations. Raises `TooManyError`."""
        if path is None:
            found: Iterable[str] = dict.fromkeys(
                (*self._closure(ref, forward=True), *self._closure(ref, forward=False))
            )
        elif path.from_blueprint is None:
            found = self.along(ref, path.path)
        else:
            found = self._against(ref, path.from_blueprint, path.path)
        kind = _kind(target)
        return [other for other in found if other.startswith(kind) and other != ref]

    def along(self, ref: str, path: Iterable[str]) -> list[str]:
        """The ends of a path of relations from this entity, each once."""
        found = [ref]
        for relation in path:
            self.read(found)
            found = _bounded(other for one in found for other in self.targets(one, relation))
        return found

    def _against(self, ref: str, begins: str, path: tuple[str, ...]) -> list[str]:
        """The beginnings, of blueprint `begins`, of a path that leads to this entity."""
        found = [ref]
        for blueprint, relation in reversed(self._schema(begins, path)):
            self.read(found)
            found = _bounded(other for one in found for other in self.sources(one, blueprint, relation))
        return found

    def _schema(self, begins: str, path: tuple[str, ...]) -> list[tuple[Blueprint, str]]:
        """Each relation of a path with the blueprint that it starts from; nothing where the path breaks off."""
        steps: list[tuple[Blueprint, str]] = []
        at = self.blueprints.get(begins)
        for relation in path:
            if at is None or relation not in at.relations:
                return []
            steps.append((at, relation))
            at = self.blueprints.get(at.relations[relation].target)
        return steps

    def _closure(self, ref: str, *, forward: bool) -> list[str]:
        seen = {ref: None}
        frontier = [ref]
        while frontier:
            self.read(frontier)
            reached = [other for one in frontier for other in (self._needs(one) if forward else self._needed_by(one))]
            frontier = [*dict.fromkeys(other for other in reached if other not in seen)]
            seen.update(dict.fromkeys(frontier))
            if len(seen) > MAX_RELATED:
                raise TooManyError
        del seen[ref]
        return [*seen]

    def _needs(self, ref: str) -> Iterator[str]:
        """What an entity depends on: the targets of its relations that are not backward."""
        entity = self.entity(ref)
        blueprint = self.blueprint(entity) if entity is not None else None
        if entity is None or blueprint is None:
            return
        for relation, refs in relation_refs(blueprint, entity).items():
            if not _is_backward(blueprint, relation):
                yield from refs

    def _needed_by(self, ref: str) -> Iterator[str]:
        yield from (other for type_, other in self._arrows(ref) if type_ in self._reverse_types)

    @cached_property
    def _reverse_types(self) -> frozenset[str]:
        """What entities say of those that depend on them."""
        return frozenset(
            _reverse(blueprint, relation)
            for blueprint in self.blueprints.values()
            for relation in blueprint.relations
            if not _is_backward(blueprint, relation)
        )

    def _arrows(self, ref: str) -> Iterator[tuple[str, str]]:
        """The relations of an entity from both ends: type and the other entity."""
        entity = self.entity(ref)
        relations = entity.get("relations") if entity is not None else None
        for arrow in relations if isinstance(relations, list) else ():
            if isinstance(arrow, dict):
                yield text_at(arrow, "type") or "", text_at(arrow, "targetRef") or ""


def _bounded(refs: Iterable[str]) -> list[str]:
    found = [*dict.fromkeys(refs)]
    if len(found) > MAX_RELATED:
        raise TooManyError
    return found


def _reverse(blueprint: Blueprint, relation: str) -> str:
    builtin = BUILT_IN.get(blueprint.identifier)
    return builtin.relations[relation].reverse if builtin is not None else f"{relation}Of"


def _is_backward(blueprint: Blueprint, relation: str) -> bool:
    builtin = BUILT_IN.get(blueprint.identifier)
    return builtin is not None and builtin.relations[relation].backward


def _kind(blueprint: str) -> str:
    """How the refs of a blueprint's entities begin."""
    return str(entity_ref(blueprint, "x", BUILT_IN)).partition(":")[0] + ":"
