"""Where entities are written as Port says it: made, replaced, changed, renamed (Port 4, 17.2)."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from syncd.blueprints.asked import SOURCE, Apply, Asked, attempted, carry_out, carry_out_once
from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.builtin import BUILT_IN, Path
from syncd.blueprints.dependents import Dependents
from syncd.blueprints.document import entity_of, field_paths
from syncd.blueprints.identifier import entity_ref, target_ref
from syncd.blueprints.latch import Latch
from syncd.blueprints.links import links, with_value
from syncd.blueprints.lookup import Lookup
from syncd.blueprints.precondition import Overlay, check_tag
from syncd.blueprints.reader import Held, Reader
from syncd.blueprints.refusal import IdentifierTakenError, NoEntityError, OwnedByGitError, UnfitBodyError
from syncd.blueprints.values import Mode, Values, absent_targets, targets, written
from syncd.errors import CatalogError, PreconditionError
from syncd.model.change import MUST_NOT_EXIST, WHOLE, Change
from syncd.model.custom_property import CustomProperty
from syncd.model.json import JsonObject, text_at, value_at
from syncd.model.text import shown
from syncd.overlay.merge import in_order, merged
from syncd.overlay.path import path_text
from syncd.process.schema import Violation
from syncd.stitch.effective import effective

SYSTEM: Final = "_"
"""Blueprints of Port's own begin so: their entities are never made by the way (P22)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an entity: the blueprint and what was published of it, or would be in a dry run."""

    blueprint: Blueprint
    entity: JsonObject
    values: Values
    created: bool


@dataclass(frozen=True, slots=True)
class Posted:
    """One of several entities that were written, and whether it is new."""

    identifier: str
    created: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    """Changes to be applied, and what the entity comes to by them."""

    blueprint: Blueprint
    values: Values
    changes: tuple[Change, ...]
    created: bool


class Desk:
    """Writes entities; durable and visible when a call returns. Thread-safe."""

    def __init__(self, reader: Reader, overlay: Overlay, apply: Apply, latch: Latch) -> None:
        self._reader = reader
        self._book = reader.book
        self._dependents = Dependents(reader, overlay)
        self._lookup = Lookup(reader)
        self._overlay = overlay
        self._apply = apply
        self._latch = latch

    def post(self, blueprint: str, body: JsonObject, asked: Asked, *, upsert: bool, merge: bool) -> Outcome:
        """Make an entity; with `upsert` replace the one that is there as a whole, with `merge` too only what is given.

        Raises `IdentifierTakenError` where there is one and `upsert` is not asked for (P11).
        """

        return self._write(lambda: self._posting(blueprint, body, asked, upsert=upsert, merge=merge), asked)

    def post_each(
        self, blueprint: str, bodies: Sequence[JsonObject], asked: Asked, *, upsert: bool, merge: bool
    ) -> list[Posted | CatalogError]:
        """As `post` of each: what goes wrong with one stops none of the others (P26).

        What can be decided without the others is written in one transaction, which is a tenth of the work; the rest,
        and all where that is refused, one after the other.
        """
        done: dict[int, Posted | CatalogError] = {}
        if asked.if_match is None and len(bodies) > 1:
            done.update(self._post_together(blueprint, bodies, asked, upsert=upsert, merge=merge))
        for index, body in enumerate(bodies):
            if index not in done:
                try:
                    outcome = self.post(blueprint, body, asked, upsert=upsert, merge=merge)
                    done[index] = Posted(outcome.values.identifier, outcome.created)
                except CatalogError as error:
                    done[index] = error
        return [done[index] for index in range(len(bodies))]

    def _post_together(
        self, blueprint: str, bodies: Sequence[JsonObject], asked: Asked, *, upsert: bool, merge: bool
    ) -> dict[int, Posted]:
        """Those that were written, by their place; none where anything was refused."""
        done: dict[int, Posted] = {}
        changes: list[Change] = []
        taken: set[str] = set()
        with self._latch.together():
            for index, body in enumerate(bodies):
                with suppress(CatalogError):  # told when it is tried by itself
                    plan = self._posting(blueprint, body, asked, upsert=upsert, merge=merge)
                    refs = {change.ref for change in plan.changes}
                    if refs.isdisjoint(taken):
                        taken |= refs
                        changes += plan.changes
                        done[index] = Posted(plan.values.identifier, plan.created)
            try:
                carry_out_once(self._apply, changes, asked)
            except CatalogError:
                return {}
        return done

    def _posting(self, blueprint: str, body: JsonObject, asked: Asked, *, upsert: bool, merge: bool) -> _Plan:
        found = self._book.get(blueprint)
        given = self._lookup.resolved(found, body)
        identifier = given.get("identifier")
        held = self._reader.find(found, identifier) if isinstance(identifier, str) and identifier else None
        if held is None:
            return self._created(found, given, asked)
        if not upsert or held.identifier != identifier:
            raise _taken(held)
        return self._changed(held, given, "merge" if merge else "whole", asked)

    def put(self, blueprint: str, identifier: str, body: JsonObject, asked: Asked) -> Outcome:
        """Replace an entity as a whole; `NotFoundError` where there is none (P14)."""
        return self._write(lambda: self._change(blueprint, identifier, body, "whole", asked), asked)

    def patch(self, blueprint: str, identifier: str, body: JsonObject, asked: Asked) -> Outcome:
        """Change what is given of an entity; `NotFoundError` where there is none (P15)."""
        return self._write(lambda: self._change(blueprint, identifier, body, "patch", asked), asked)

    def _write(self, plan: Callable[[], _Plan], asked: Asked) -> Outcome:
        def decide() -> _Plan:
            decided = plan()
            carry_out(self._apply, decided.changes, asked)
            return decided

        with self._latch.together():
            done = attempted(decide, asked)
        held = self._reader.find(done.blueprint, done.values.identifier)
        if held is None or asked.dry_run:
            entity = entity_of(done.blueprint, done.values)
            if held is not None:  # what others say of it is no part of the write
                entity["relations"] = held.entity.get("relations")
            return Outcome(done.blueprint, entity, done.values, done.created)
        return Outcome(done.blueprint, held.entity, self._reader.values(held), done.created)

    def _change(self, blueprint: str, identifier: str, body: JsonObject, mode: Mode, asked: Asked) -> _Plan:
        found = self._book.get(blueprint)
        held = self._reader.find(found, identifier)
        if held is None:
            raise NoEntityError(blueprint, identifier)
        return self._changed(held, self._lookup.resolved(found, body), mode, asked)

    # An entity of the API

    def _created(self, blueprint: Blueprint, body: JsonObject, asked: Asked) -> _Plan:
        if asked.if_match is not None:
            raise PreconditionError("there is no such entity yet", hint="leave If-Match out to make one")
        values = _untitled(_fitting(written(blueprint, body, None, "whole")))
        missing = self._missing(blueprint, values, body, asked)
        entity = entity_of(blueprint, values)
        made = Change(_ref(blueprint, values), WHOLE, "replace", entity, "document", asked.actor, MUST_NOT_EXIST)
        return _Plan(blueprint, values, (*missing, made), created=True)

    def _changed(self, held: Held, body: JsonObject, mode: Mode, asked: Asked) -> _Plan:
        check_tag(self._reader, held, self._overlay, asked)
        if held.is_of_git:
            return self._overlaid(held, body, mode, asked)
        assert held.document is not None
        records = [one for one in self._records(held.ref) if one.source == SOURCE]
        said = merged(held.document.entity, in_order(records))
        old = self._reader.values_in([(held.blueprint, said)])[0]
        values = _untitled(_fitting(written(held.blueprint, body, old, mode)))
        missing = self._missing(held.blueprint, values, body, asked)
        renamed = _ref(held.blueprint, values) != held.ref
        entity = entity_of(held.blueprint, values)
        if renamed:
            changes = self._renamed(held, values, entity, asked.actor)
        else:
            etag = held.document.etag
            changes = [Change(held.ref, WHOLE, "replace", entity, "document", asked.actor, etag)]
        dropped = [Change(held.ref, one.path, "remove", actor=asked.actor) for one in records]
        return _Plan(held.blueprint, values, (*missing, *changes, *dropped), created=False)

    def _renamed(self, held: Held, values: Values, entity: JsonObject, actor: str) -> list[Change]:
        """The entity under its new name, custom properties and the relations of others with it (P15)."""
        assert held.document is not None
        ref = _ref(held.blueprint, values)
        taken = self._reader.find(held.blueprint, values.identifier)
        if taken is not None:
            raise _taken(taken)
        for link in links(held.blueprint, entity):
            if held.ref in link.refs:
                entity = with_value(entity, link.path, link.exchanged({held.ref: ref}))
        changes = [
            Change(ref, WHOLE, "replace", entity, "document", actor, MUST_NOT_EXIST, moved_from=held.ref),
            Change(held.ref, WHOLE, "remove", None, "document", actor, held.document.etag),
        ]
        for one in self._records(held.ref):
            if one.source != SOURCE:
                changes.append(Change(ref, one.path, one.base, one.value, actor=actor))
                changes.append(Change(held.ref, one.path, "remove", actor=actor))
        for other in self._dependents.of(held):
            if other.ref != held.ref:
                changes += self._dependents.relinked(other, {held.ref: ref}, actor)
        return changes

    # An entity of git

    def _overlaid(self, held: Held, body: JsonObject, mode: Mode, asked: Asked) -> _Plan:
        """Given parts become custom properties; what is cleared is again as the file says (P29)."""
        records = {one.path: one for one in self._records(held.ref)}
        given = _given_paths(held.blueprint, body)
        gone = {path_text(path) for path, is_cleared in given.items() if is_cleared}
        if mode == "whole":
            gone |= {path for path, one in records.items() if one.source == SOURCE}
        base = self._reader.values_in([(held.blueprint, self._without(held, records, gone, mode))])[0]
        wanted = written(held.blueprint, _uncleared(body, base), base, "patch" if mode == "patch" else "merge")
        values = _fitting(wanted)
        if _ref(held.blueprint, values) != held.ref:
            raise OwnedByGitError(
                f"{held.identifier} is owned by Git: {self._reader.file(held.ref)} says what it is called",
                hint="rename it in that file",
            )
        missing = self._missing(held.blueprint, values, body, asked)
        entity = entity_of(held.blueprint, values)
        etag = text_at(held.entity, "metadata", "etag") if asked.if_match is not None else None
        put = {path_text(path): value_at(entity, path) for path, is_cleared in given.items() if not is_cleared}
        put = {path: value for path, value in put.items() if value is not None}
        changes = [
            Change(held.ref, path, "replace", value, actor=asked.actor, if_match=etag) for path, value in put.items()
        ]
        changes += [
            Change(held.ref, path, "remove", actor=asked.actor, if_match=etag)
            for path in sorted(gone.intersection(records).difference(put))
        ]
        if mode == "whole" and held.document is not None:  # what the API said before there was a file
            changes.append(Change(held.ref, WHOLE, "remove", None, "document", asked.actor, held.document.etag))
        return _Plan(held.blueprint, values, (*missing, *changes), created=False)

    def _without(self, held: Held, records: Mapping[str, CustomProperty], gone: set[str], mode: Mode) -> JsonObject:
        """The entity as it is without some of its custom properties."""
        said = self._reader.said(held.ref)
        beneath = None if mode == "whole" else held.document
        if said is None or (not gone.intersection(records) and beneath is held.document):
            return held.entity
        return effective(said, [one for path, one in records.items() if path not in gone], beneath).entity

    def _records(self, ref: str) -> Sequence[CustomProperty]:
        return self._overlay([ref]).get(ref, ())

    # Targets and searches

    def _missing(self, blueprint: Blueprint, values: Values, body: JsonObject, asked: Asked) -> list[Change]:
        """Changes that make the targets of given relations that are not there; refuses them where nobody asks for
        that (P22)."""
        given = body.get("relations")
        relations = {name: values.relations.get(name) for name in given} if isinstance(given, dict) else {}
        named = {
            (one.blueprint, one.identifier): str(target_ref(one.blueprint, one.identifier, BUILT_IN))
            for one in targets(blueprint, relations)
        }
        there = self._reader.present(sorted(set(named.values()))) | {_ref(blueprint, values)}
        made = {place for place, ref in named.items() if ref not in there and self._may_make(place[0], asked)}
        absent = absent_targets(blueprint, relations, lambda *place: named[place] in there or place in made)
        if absent:
            if asked.create_missing:
                absent = [replace(one, hint="entities of this blueprint are not made by the way") for one in absent]
            raise UnfitBodyError(absent)
        return [self._bare(kind, identifier, asked.actor) for kind, identifier in sorted(made)]

    def _may_make(self, blueprint: str, asked: Asked) -> bool:
        return asked.create_missing and not blueprint.startswith(SYSTEM) and self._book.knows(blueprint)

    def _bare(self, kind: str, identifier: str, actor: str) -> Change:
        target = self._book.get(kind)
        values = Values(
            identifier, relations={name: () if one.many else None for name, one in target.relations.items()}
        )
        entity = entity_of(target, values)
        return Change(_ref(target, values), WHOLE, "replace", entity, "document", actor, MUST_NOT_EXIST)


def _fitting(values: Values | Sequence[Violation]) -> Values:
    if not isinstance(values, Values):
        raise UnfitBodyError(values)
    return values


def _untitled(values: Values) -> Values:
    """An entity without a title is shown as its identifier, so a title that says the same is none: what was read can
    be written back, and changes nothing (P76)."""
    return replace(values, title=None) if values.title == values.identifier else values


def _taken(held: Held) -> IdentifierTakenError:
    return IdentifierTakenError(
        f"{held.blueprint.identifier} has an entity {shown(held.identifier)} already",
        hint="write with upsert=true to replace it, and merge=true to keep what is not given",
    )


def _ref(blueprint: Blueprint, values: Values) -> str:
    return str(entity_ref(blueprint.identifier, values.identifier, BUILT_IN))


def _given_paths(blueprint: Blueprint, body: JsonObject) -> dict[Path, bool]:
    """The fields that the parts of a body are, each with whether it is cleared."""
    parts: JsonObject = {name: value for name, value in body.items() if name in ("title", "icon", "team")}
    for group in ("properties", "relations"):
        inner = body.get(group)
        parts |= {f"{group}.{name}": value for name, value in inner.items()} if isinstance(inner, dict) else {}
    return {path: value is None for name, value in parts.items() for path in field_paths(blueprint, name)}


def _uncleared(body: JsonObject, base: Values) -> JsonObject:
    """The body without what is cleared and has another value of itself: that is kept, not missing."""
    others: dict[str, Mapping[str, object]] = {"properties": base.properties, "relations": base.relations}
    kept: JsonObject = {name: value for name, value in body.items() if value is not None}
    for group, held in others.items():
        inner = kept.get(group)
        if isinstance(inner, dict):
            kept[group] = {name: value for name, value in inner.items() if value is not None or not held.get(name)}
    return kept
