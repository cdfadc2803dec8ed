"""What an entity holds, as Port says it: checked against its blueprint, and written in one of three modes (Port 4)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from query.rows import RowsError, search_rows
from query.suggestion import did_you_mean
from syncd.blueprints.blueprint import Blueprint, RelationDefinition
from syncd.blueprints.identifier import ENTITY, PROPERTY, new_identifier
from syncd.blueprints.property_schema import property_schema
from syncd.model.json import FieldPath, Json, JsonObject
from syncd.model.text import shown
from syncd.process.schema import Text, Violation, described, field_text

Mode: TypeAlias = Literal["whole", "merge", "patch"]
"""`whole`: what is not given is cleared. `merge` and `patch`: what is not given is kept, null clears; `patch` takes no
keys beside those of an entity."""

Related: TypeAlias = str | tuple[str, ...] | None
"""The identifier of a relation's target; several for a many-relation."""

FIELDS: Final = ("identifier", "title", "icon", "team", "properties", "relations")
RESERVED: Final = frozenset(("name", "namespace", "uid", "etag", "title", "icon"))
"""Fields of `metadata` that are no properties."""


@dataclass(frozen=True, slots=True)
class Values:
    """Everything that is written of an entity. Properties without a value are left out; each relation of the blueprint
    is there, None or empty where it leads nowhere."""

    identifier: str
    title: str | None = None
    icon: str | None = None
    team: tuple[str, ...] = ()
    properties: JsonObject = field(default_factory=dict)
    relations: Mapping[str, Related] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """An entity that a relation names: its path in the body, the blueprint of the relation, and the identifier."""

    path: FieldPath
    blueprint: str
    identifier: str


def written(blueprint: Blueprint, body: Json, old: Values | None, mode: Mode) -> Values | list[Violation]:
    """What an entity holds after a body was written to it; or everything that is wrong with the body.

    `old` is what it held before, None where it is new: then defaults fill what is not given, and an identifier is made
    up where there is none. Another identifier than the old one is a rename. Whether the targets of relations exist is
    asked with `absent_targets`; search queries in place of identifiers are to be resolved before.
    """
    if not isinstance(body, dict):
        return [
            Violation((), "entity.type", f"an entity is an object, not {described(body)}", 'write {"identifier": …}')
        ]
    write = _Write(blueprint, body, old, mode)
    values = write.values()
    return write.found or values


def is_query(value: Json) -> bool:
    """Whether a search query stands in place of an identifier."""
    return isinstance(value, dict) and "rules" in value


def targets(blueprint: Blueprint, relations: Mapping[str, Related]) -> Iterator[Target]:
    """The entities that relations name."""
    for name, related in relations.items():
        definition = blueprint.relations.get(name)
        if definition is None:
            continue
        if isinstance(related, str):
            yield Target(("relations", name), definition.target, related)
        for index, identifier in enumerate(related if isinstance(related, tuple) else ()):
            yield Target(("relations", name, index), definition.target, identifier)


def absent_targets(
    blueprint: Blueprint, relations: Mapping[str, Related], exists: Callable[[str, str], bool]
) -> list[Violation]:
    """A violation for each target that `exists(blueprint, identifier)` denies (P22)."""
    return [
        Violation(
            target.path,
            "entity.ref",
            f"{field_text(target.path)}: there is no {target.blueprint} {shown(target.identifier)}",
            "create it first, or ask with create_missing_related_entities=true",
        )
        for target in targets(blueprint, relations)
        if not exists(target.blueprint, target.identifier)
    ]


class _Write:
    """One body on its way to values; `found` is what is wrong with it."""

    def __init__(self, blueprint: Blueprint, body: JsonObject, old: Values | None, mode: Mode) -> None:
        self._blueprint, self._body, self._old, self._mode = blueprint, body, old, mode
        self._kept = old if mode != "whole" else None
        self.found: list[Violation] = []
        if blueprint.owner:
            self._body = self._owned(body, blueprint.owner)

    def values(self) -> Values:
        if self._mode == "patch":
            self._known_fields()
        kept = self._kept
        values = Values(
            self._identifier(),
            self._text("title", kept.title if kept else None),
            self._text("icon", kept.icon if kept else None),
            self._team(kept.team if kept else ()),
            self._properties(kept.properties if kept else {}),
            self._relations(kept.relations if kept else {}),
        )
        if not self.found:
            self._case(values.properties)
        return values

    def _say(self, path: FieldPath, message: str, hint: str = "", code: str = "entity.format") -> None:
        self.found.append(Violation(path, code, f"{field_text(path)} {message}", hint))

    def _known_fields(self) -> None:
        for name in self._body:
            if name not in FIELDS:
                hint = did_you_mean(name, FIELDS, f"allowed here are {', '.join(FIELDS)}", cutoff=0.7)
                self._say((name,), "is not a field that a PATCH can change", hint, "entity.unknown_field")

    def _identifier(self) -> str:
        if "identifier" not in self._body:
            return self._old.identifier if self._old else new_identifier()
        value = self._body["identifier"]
        Text(ENTITY).check(value, ("identifier",), self.found)
        return value if isinstance(value, str) else ""

    def _text(self, name: str, kept: str | None) -> str | None:
        value = self._body.get(name, kept)
        if value is None or isinstance(value, str):
            return value or None
        self._say((name,), f"must be text, not {described(value)}", code="entity.type")
        return None

    def _team(self, kept: tuple[str, ...]) -> tuple[str, ...]:
        if "team" not in self._body:
            return kept
        value = self._body["team"]
        names = [] if value is None else value if isinstance(value, list) else [value]
        if all(isinstance(name, str) and name.strip() for name in names):
            return tuple(dict.fromkeys(name for name in names if isinstance(name, str)))
        self._say(
            ("team",), f"must be the name of a team or a list of names, not {described(value)}", code="entity.type"
        )
        return ()

    def _owned(self, body: JsonObject, owner: str) -> JsonObject:
        """The body with the first team and the property that says the same both given where one of them is."""
        properties = body.get("properties", {})
        if not isinstance(properties, dict):
            return body
        if "team" not in body:
            return {**body, "team": properties[owner]} if owner in properties else body
        team = body["team"]
        first = (team[0] if team else None) if isinstance(team, list) else team
        if properties.get(owner, first) != first:
            path = ("properties", owner)
            self._say(path, f"and team name different owners: {described(properties[owner])}", "give one of them")
        return {**body, "properties": {**properties, owner: first}}

    def _given(self, name: str) -> JsonObject:
        value = self._body.get(name, {})
        if isinstance(value, dict):
            return value
        self._say((name,), f"must be an object, not {described(value)}", code="entity.type")
        return {}

    # Properties

    def _properties(self, kept: JsonObject) -> JsonObject:
        given = self._given("properties")
        for name, value in given.items():
            self._check_property(name, value)
        values = {**self._defaults(given), **kept, **given}
        for name in sorted(self._blueprint.required):
            cleared = name in given or (self._kept is None and name not in kept)
            if values.get(name) is None and cleared:
                self._say(("properties", name), "is required", f"{self._blueprint.title} asks for it", "entity.missing")
        return {name: value for name, value in values.items() if value is not None}

    def _defaults(self, given: JsonObject) -> JsonObject:
        if self._kept is not None:
            return {}
        return {name: one.default for name, one in self._blueprint.properties.items() if name not in given}

    def _check_property(self, name: str, value: Json) -> None:
        path = ("properties", name)
        definition = self._blueprint.properties.get(name)
        if definition is None:
            self._undeclared(name, path)
        elif value is not None:
            self.found.extend(property_schema(definition.schema).violations(value, path))

    def _undeclared(self, name: str, path: FieldPath) -> None:
        if name in self._blueprint.computed:
            self._say(path, "is computed, and nobody writes it", "leave it out", "entity.unknown_field")
        elif not self._blueprint.open:
            hint = _near(name, self._blueprint.properties)
            self._say(path, f"is not a property of {self._blueprint.identifier}", hint, "entity.unknown_field")
        elif name in RESERVED or not PROPERTY.fits(name):
            self._say(path, "cannot be the name of a property", PROPERTY.rule)

    # Relations

    def _relations(self, kept: Mapping[str, Related]) -> dict[str, Related]:
        given = self._given("relations")
        for name in given:
            if name not in self._blueprint.relations:
                hint = _near(name, self._blueprint.relations)
                message = f"is not a relation of {self._blueprint.identifier}"
                self._say(("relations", name), message, hint, "entity.unknown_field")
        return {name: self._relation(definition, given, kept) for name, definition in self._blueprint.relations.items()}

    def _relation(self, definition: RelationDefinition, given: JsonObject, kept: Mapping[str, Related]) -> Related:
        name, none = definition.identifier, () if definition.many else None
        path = ("relations", name)
        related = kept.get(name, none)
        if name in given:
            value = given[name]
            related = self._many(value, path) if definition.many else self._one(value, path)
        if definition.required and not related and (name in given or self._kept is None):
            self._say(path, "is required", f"{self._blueprint.title} asks for it", "entity.missing")
        return related

    def _one(self, value: Json, path: FieldPath) -> str | None:
        if isinstance(value, list):
            self._say(path, "leads to one entity, not to a list", "write one identifier", "entity.type")
        elif value is not None:
            Text(ENTITY).check(value, path, self.found)
        return value if isinstance(value, str) else None

    def _many(self, value: Json, path: FieldPath) -> tuple[str, ...]:
        if value is not None and not isinstance(value, list):
            self._say(path, f"leads to many entities: a list, not {described(value)}", "write [ … ]", "entity.type")
            return ()
        items = value or []
        for index, item in enumerate(items):
            Text(ENTITY).check(item, (*path, index), self.found)
        return tuple(dict.fromkeys(item for item in items if isinstance(item, str)))

    def _case(self, properties: JsonObject) -> None:
        """Keys that differ in case only cannot be told apart when they are searched (C145)."""
        try:
            search_rows({"properties": properties})
        except RowsError as error:
            first, second = error.keys
            self._say(("properties",), f"holds {shown(first)} and {shown(second)}", "let them differ by more than case")


def _near(name: str, known: Mapping[str, object]) -> str:
    return did_you_mean(name, known, f"there are {', '.join(known)}" if known else "there are none")
