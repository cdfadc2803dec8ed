"""A blueprint as a value: a kind of entities with properties, relations and what is computed for them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias, cast

from syncd.model.json import Json, JsonObject, text_at

Type: TypeAlias = Literal["string", "number", "boolean", "object", "array"]


@dataclass(frozen=True, slots=True)
class Property:
    """A property that is written. `schema` is its definition as Port has it, limits included."""

    identifier: str
    type: Type
    schema: JsonObject

    @property
    def format(self) -> str:
        """`date-time`, `url`, …; empty for none."""
        return text_at(self.schema, "format") or ""

    @property
    def items(self) -> JsonObject:
        """What a list holds."""
        return _mapping(self.schema, "items")

    @property
    def default(self) -> Json:
        """What it has where nothing is given; None for nothing."""
        return self.schema.get("default")


@dataclass(frozen=True, slots=True)
class RelationDefinition:
    """A named arrow to one entity of the target blueprint, or to many."""

    identifier: str
    target: str
    title: str = ""
    required: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Mirror:
    """A property of another entity: relations to follow, and at their end a property or meta-property (`$title`)."""

    identifier: str
    relations: tuple[str, ...]
    property: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Calculation:
    """A property that a jq program makes of the entity."""

    identifier: str
    program: str
    type: Type
    format: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class PathFilter:
    """Relations to follow, from the blueprint `from_blueprint`, or from the one that aggregates where that is None."""

    path: tuple[str, ...]
    from_blueprint: str | None = None


@dataclass(frozen=True, slots=True)
class Aggregation:
    """A number made of the related entities of another blueprint. `spec` is Port's `calculationSpec`."""

    identifier: str
    target: str
    spec: Mapping[str, str]
    query: JsonObject | None = None
    path: PathFilter | None = None
    title: str = ""


@dataclass(frozen=True)
class Blueprint:
    """A checked definition. `definition` is Port's JSON unchanged; ids keep the order of the definition.

    For the kinds of Backstage properties that are not declared may be written too (`open`), and one property says the
    same as the first team (`owner`).
    """

    identifier: str
    definition: JsonObject
    open: bool = False
    owner: str = ""

    @property
    def title(self) -> str:
        """What people call it; the identifier where no title is given."""
        return text_at(self.definition, "title") or self.identifier

    @cached_property
    def properties(self) -> Mapping[str, Property]:
        """By identifier."""
        found = _mappings(_mapping(self.definition, "schema"), "properties")
        return {name: Property(name, _type(schema), schema) for name, schema in found}

    @cached_property
    def required(self) -> frozenset[str]:
        """Properties that every entity must have."""
        return frozenset(_texts(_mapping(self.definition, "schema").get("required")))

    @cached_property
    def relations(self) -> Mapping[str, RelationDefinition]:
        """By identifier."""
        return {name: _relation(name, value) for name, value in _mappings(self.definition, "relations")}

    @cached_property
    def mirrors(self) -> Mapping[str, Mirror]:
        """By identifier."""
        return {name: _mirror(name, value) for name, value in _mappings(self.definition, "mirrorProperties")}

    @cached_property
    def calculations(self) -> Mapping[str, Calculation]:
        """By identifier."""
        found = _mappings(self.definition, "calculationProperties")
        return {
            name: Calculation(
                name,
                text_at(value, "calculation") or "",
                _type(value),
                text_at(value, "format") or "",
                text_at(value, "title") or "",
            )
            for name, value in found
        }

    @cached_property
    def aggregations(self) -> Mapping[str, Aggregation]:
        """By identifier."""
        return {name: _aggregation(name, value) for name, value in _mappings(self.definition, "aggregationProperties")}

    @cached_property
    def computed(self) -> frozenset[str]:
        """Properties that nobody writes: mirrored, calculated, aggregated."""
        return frozenset((*self.mirrors, *self.calculations, *self.aggregations))

    @property
    def owner_path(self) -> tuple[str, ...]:
        """The relations at whose end the owning teams are (ownership `Inherited`); none where they are written."""
        path = text_at(self.definition, "ownership", "path")
        return tuple(path.split(".")) if path else ()


def blueprint_of(definition: JsonObject) -> Blueprint:
    """The blueprint of a definition that `check_definition` has found nothing wrong with."""
    return Blueprint(text_at(definition, "identifier") or "", definition)


def _relation(name: str, value: JsonObject) -> RelationDefinition:
    return RelationDefinition(
        name,
        text_at(value, "target") or "",
        text_at(value, "title") or "",
        value.get("required") is True,
        value.get("many") is True,
    )


def _mirror(name: str, value: JsonObject) -> Mirror:
    *relations, last = (text_at(value, "path") or "").split(".")
    return Mirror(name, tuple(relations), last, text_at(value, "title") or "")


def _aggregation(name: str, value: JsonObject) -> Aggregation:
    spec = {key: text for key, text in _mapping(value, "calculationSpec").items() if isinstance(text, str)}
    query = value.get("query")
    return Aggregation(
        name,
        text_at(value, "target") or "",
        spec,
        query if isinstance(query, dict) else None,
        _path_filter(value.get("pathFilter")),
        text_at(value, "title") or "",
    )


def _path_filter(value: Json) -> PathFilter | None:
    found = value[0] if isinstance(value, list) and value else value
    if not isinstance(found, dict):
        return None
    return PathFilter(tuple(_texts(found.get("path"))), text_at(found, "fromBlueprint"))


def _type(schema: JsonObject) -> Type:
    return cast("Type", text_at(schema, "type") or "string")


def _mapping(value: Mapping[str, Json], key: str) -> JsonObject:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _mappings(value: JsonObject, key: str) -> Iterator[tuple[str, JsonObject]]:
    for name, item in _mapping(value, key).items():
        yield name, item if isinstance(item, dict) else {}


def _texts(value: Json) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
