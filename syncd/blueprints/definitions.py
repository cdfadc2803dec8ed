"""Where blueprints are written: made, replaced, changed, taken away, their parts renamed (Port 3, 17.1)."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from query.rows import RowsError, search_rows
from syncd.blueprints.asked import Apply, Asked, attempted, carry_out
from syncd.blueprints.blueprint import Blueprint, blueprint_of
from syncd.blueprints.book import Book, blueprint_ref
from syncd.blueprints.definition import STAMPS, ProgramFault, check_definition
from syncd.blueprints.document import API_VERSION
from syncd.blueprints.latch import Latch
from syncd.blueprints.precondition import Overlay
from syncd.blueprints.reader import Held, Reader
from syncd.blueprints.refusal import IdentifierTakenError, RestedUponError, UnfitBodyError
from syncd.blueprints.removal import blueprint_removal, check_changeable
from syncd.blueprints.renaming import Part, Renaming
from syncd.blueprints.reply import Stamps
from syncd.errors import InputError, NotFoundError
from syncd.model.change import MUST_NOT_EXIST, WHOLE, Change
from syncd.model.json import Json, JsonObject, text_at
from syncd.model.text import shown
from syncd.overlay.path import parse_path, path_text
from syncd.process.kinds import BLUEPRINT
from syncd.process.own_kinds import RESERVED
from syncd.process.schema import Violation, field_text

MAPS: Final = ("relations", "mirrorProperties", "calculationProperties", "aggregationProperties")
"""Parts of a definition that a PATCH changes one by one; null takes one out."""

BUILT_IN_STAMPS: Final = Stamps("1970-01-01T00:00:00.000Z", "git-catalog", "1970-01-01T00:00:00.000Z", "git-catalog")
"""Of the blueprints that come with the program."""


class Definitions:
    """Writes blueprints; nobody writes entities meanwhile."""

    def __init__(self, reader: Reader, overlay: Overlay, apply: Apply, latch: Latch, jq_fault: ProgramFault) -> None:
        self._reader = reader
        self._book: Book = reader.book
        self._overlay = overlay
        self._apply = apply
        self._latch = latch
        self._jq_fault = jq_fault

    def create(self, definition: JsonObject, asked: Asked) -> Blueprint:
        """Make a blueprint; 409 where there is one of that identifier, 422 where one differs from it by case only."""

        def decide() -> str:
            self._check(definition)
            identifier = str(definition["identifier"])
            same = self._book.like(identifier)
            if same is not None and same.identifier == identifier:
                raise IdentifierTakenError(f"there is a blueprint {identifier} already", hint="change it with PUT")
            if same is not None or identifier.lower() in RESERVED:
                other = same.identifier if same is not None else identifier.lower()
                raise InputError(
                    f"identifier: {identifier} and {other} differ by case only, which refs do not tell apart",
                    hint="name the blueprint otherwise",
                )
            self._carry_out([_put(definition, asked.actor, MUST_NOT_EXIST)], asked)
            return identifier

        return self._done(decide, asked, definition)

    def replace(self, identifier: str, definition: JsonObject, asked: Asked) -> Blueprint:
        """Let a blueprint have another definition as a whole."""
        return self._change(identifier, lambda _: definition, asked)

    def patch(self, identifier: str, parts: JsonObject, asked: Asked) -> Blueprint:
        """Change the given parts of a definition: of properties, relations and the like those that are named, of all
        else the whole; null takes out."""
        return self._change(identifier, lambda old: patched(old, parts), asked)

    def delete(self, identifier: str, asked: Asked) -> None:
        """Take a blueprint away; refused while it has entities, or while another one leads to it (P48)."""

        def decide() -> None:
            found = self._book.get(identifier)
            changes = blueprint_removal(self._reader, found, asked.actor)
            if count := self._reader.count(found):
                raise RestedUponError(
                    f"blueprint {identifier} has {count} {'entity' if count == 1 else 'entities'}",
                    hint="delete them first, or DELETE all-entities with delete_blueprint=true",
                )
            self._carry_out(changes, asked)

        with self._latch.alone():
            attempted(decide, asked)

    def rename(self, identifier: str, part: Part, old: str, new: str, asked: Asked) -> Blueprint:
        """Call a property, mirror or relation otherwise, in every definition and every entity that has it (P50)."""

        def decide() -> str:
            found = self._book.get(identifier)
            check_changeable(self._book, found)
            self._check_names(found, part, old, new)
            renaming = Renaming(identifier, part, old, new, self._book.find)
            changes = [*self._definitions(renaming, asked.actor)]
            if part != "mirror" and old != new:
                changes += self._data(found, "properties" if part == "property" else "relations", old, new, asked.actor)
            self._carry_out(changes, asked)
            return identifier

        return self._done(decide, asked, None)

    def shown(self, blueprints: Sequence[Blueprint]) -> list[JsonObject]:
        """Definitions as replies write them: every part is there, and who made it when."""
        refs = {blueprint_ref(one.identifier): one for one in blueprints}
        entities = self._reader.entities(list(refs))
        stamps = self._reader.stamps(list(entities.values()))
        return [_shown(one, stamps.get(ref, BUILT_IN_STAMPS)) for ref, one in refs.items()]

    # One write

    def _done(self, decide: Callable[[], str], asked: Asked, definition: JsonObject | None) -> Blueprint:
        with self._latch.alone():
            identifier = attempted(decide, asked)
        if asked.dry_run and definition is not None:
            return blueprint_of(definition)
        return self._book.get(identifier)

    def _carry_out(self, changes: list[Change], asked: Asked) -> None:
        carry_out(self._apply, changes, asked)

    def _change(self, identifier: str, change: Callable[[JsonObject], JsonObject], asked: Asked) -> Blueprint:
        def decide() -> str:
            found = self._book.get(identifier)
            check_changeable(self._book, found)
            definition = change(found.definition)
            definition = {"identifier": identifier, **definition}
            if definition["identifier"] != identifier:
                raise InputError("identifier: a blueprint keeps its identifier", hint="make another one with POST")
            self._check(definition)
            _check_types(found, blueprint_of(definition))
            self._carry_out([_put(definition, asked.actor, self._etag(identifier))], asked)
            return identifier

        return self._done(decide, asked, None)

    def _etag(self, identifier: str) -> str | None:
        document = self._reader.document(blueprint_ref(identifier))
        return document.etag if document is not None else None

    def _check(self, definition: JsonObject) -> None:
        found = check_definition(definition, self._book.knows, self._jq_fault)
        if not found:
            try:
                search_rows(entity_of_definition(definition))
            except RowsError as error:
                found = [Violation((), "entity.keys", str(error))]
        if found:
            raise UnfitBodyError(found)

    # Renaming

    def _check_names(self, blueprint: Blueprint, part: Part, old: str, new: str) -> None:
        groups = {"property": blueprint.properties, "mirror": blueprint.mirrors, "relation": blueprint.relations}
        if old not in groups[part]:
            raise NotFoundError(f"{blueprint.identifier} has no {part} {shown(old)}")
        names = blueprint.relations if part == "relation" else {*blueprint.properties, *blueprint.computed}
        if new != old and new in names:
            raise IdentifierTakenError(f"{blueprint.identifier} has {part} {new} already", hint="choose another name")

    def _definitions(self, renaming: Renaming, actor: str) -> Iterator[Change]:
        for blueprint in self._book.all():
            definition = renaming.apply(blueprint)
            if definition is blueprint.definition:
                continue
            check_changeable(self._book, blueprint)
            if blueprint.identifier == renaming.blueprint:
                self._check(definition)
            yield _put(definition, actor, self._etag(blueprint.identifier))

    def _data(self, blueprint: Blueprint, group: str, old: str, new: str, actor: str) -> Iterator[Change]:
        """What entities hold under the old name, under the new one."""
        for held in self._reader.held(self._reader.refs(blueprint)):
            if held is not None:
                yield from self._moved(held, group, old, new, actor)

    def _moved(self, held: Held, group: str, old: str, new: str, actor: str) -> Iterator[Change]:
        if not held.is_of_git and held.document is not None:
            entity = held.document.entity
            spec = _mapping(entity.get("spec"))
            inner = _mapping(spec.get(group))
            if old in inner:
                renamed: JsonObject = {new if key == old else key: value for key, value in inner.items()}
                changed: JsonObject = {**entity, "spec": {**spec, group: renamed}}
                yield Change(held.ref, WHOLE, "replace", changed, "document", actor, held.document.etag)
        prefix = ("spec", group, old)
        recorded = False
        for one in self._overlay([held.ref]).get(held.ref, ()):
            path = parse_path(one.path)
            if path[:3] == prefix:
                recorded = recorded or path == prefix
                moved = path_text(("spec", group, new, *path[3:]))
                yield Change(held.ref, moved, one.base, one.value, actor=actor)
                yield Change(held.ref, one.path, "remove", actor=actor)
        value = _mapping(_mapping(held.entity.get("spec")).get(group)).get(old)
        if held.is_of_git and not recorded and value is not None:  # the file keeps the old name; its value goes on
            yield Change(held.ref, path_text(("spec", group, new)), "replace", value, actor=actor)


def _shown(blueprint: Blueprint, stamps: Stamps) -> JsonObject:
    definition = blueprint.definition
    schema: JsonObject = {"properties": {}, "required": [], **_mapping(definition.get("schema"))}
    return {
        "identifier": blueprint.identifier,
        "title": blueprint.title,
        **{name: {} for name in MAPS},
        **definition,
        "schema": schema,
        "createdAt": stamps.created_at,
        "createdBy": stamps.created_by,
        "updatedAt": stamps.updated_at,
        "updatedBy": stamps.updated_by,
    }


def patched(old: JsonObject, parts: JsonObject) -> JsonObject:
    """A definition with the given parts changed."""
    new = dict(old)
    for name, value in parts.items():
        if name == "schema" and isinstance(value, dict):
            schema = _mapping(old.get("schema"))
            inner = {**schema, **value}
            if isinstance(value.get("properties"), dict):
                inner["properties"] = _merged(schema.get("properties"), _mapping(value["properties"]))
            new[name] = inner
        elif name in MAPS and isinstance(value, dict):
            new[name] = _merged(old.get(name), value)
        elif value is None:
            new.pop(name, None)
        else:
            new[name] = value
    return new


def entity_of_definition(definition: JsonObject) -> JsonObject:
    """The entity that declares a blueprint; stamps that came with the definition are left out."""
    spec = {name: value for name, value in definition.items() if name not in STAMPS}
    metadata: JsonObject = {"namespace": "default", "name": definition.get("identifier")}
    title = text_at(definition, "title")
    if title:
        metadata["title"] = title
    return {"apiVersion": API_VERSION, "kind": BLUEPRINT, "metadata": metadata, "spec": spec}


def _put(definition: JsonObject, actor: str, etag: str | None) -> Change:
    ref = blueprint_ref(str(definition["identifier"]))
    return Change(ref, WHOLE, "replace", entity_of_definition(definition), "document", actor, etag)


def _check_types(old: Blueprint, new: Blueprint) -> None:
    """A property keeps its type: what entities hold is of it (P51)."""
    found = [
        Violation(
            path := ("schema", "properties", name, "type"),
            "entity.type",
            f"{field_text(path)}: {name} is {before.type}, and a property keeps its type",
            "add a property of another name, and move the values there",
        )
        for name, before in old.properties.items()
        if name in new.properties and new.properties[name].type != before.type
    ]
    if found:
        raise UnfitBodyError(found)


def _merged(old: Json, given: JsonObject) -> JsonObject:
    return {name: value for name, value in {**_mapping(old), **given}.items() if value is not None}


def _mapping(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}
