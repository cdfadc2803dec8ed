"""The blueprints of Backstage's kinds: which field of an entity each of their properties and relations is (Port 17.1).

A property that is not declared is the field `metadata.<id>`, so these blueprints take any property.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from query.arrows import FORWARD
from syncd.blueprints.blueprint import Blueprint
from syncd.model.json import Json, JsonObject

Path = tuple[str, ...]
"""Keys from the entity down to a field."""


@dataclass(frozen=True, slots=True)
class RelationPath:
    """The field whose refs are a relation, the kind of those that do not say it, and the relation that they emit.

    `always`: the kind asks for the field, so it is written empty where there is none.
    """

    path: Path
    kind: str
    type: str
    reverse: str
    always: bool = False

    @property
    def backward(self) -> bool:
        """Whether it is said of the other end first (`dependencyOf`), so that nothing depends on what it leads to."""
        return self.type in FORWARD


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """The blueprint of a kind: `kind` and `api_version` as its documents write them.

    `owner` is the field of the team, None where the kind has no owner.
    """

    kind: str
    api_version: str
    blueprint: Blueprint
    properties: Mapping[str, Path]
    relations: Mapping[str, RelationPath]
    owner: Path | None

    def property_path(self, identifier: str) -> Path:
        """The field that a property is."""
        return self.properties.get(identifier, ("metadata", identifier))


_TEXT: Final[JsonObject] = {"type": "string"}
_TEXTS: Final[JsonObject] = {"type": "array", "items": {"type": "string"}}
_OBJECT: Final[JsonObject] = {"type": "object"}
_METADATA: Final[Mapping[str, JsonObject]] = {
    "description": _TEXT,
    "tags": _TEXTS,
    "labels": _OBJECT,
    "annotations": _OBJECT,
    "links": {"type": "array", "items": _OBJECT},
}
_CORE: Final = "backstage.io/v1alpha1"


@dataclass(frozen=True, slots=True)
class _Arrow:
    """A relation as a row of the table below; `field` is in `spec`."""

    field: str
    target: str
    type: str
    reverse: str
    many: bool = False
    always: bool = False


_SYSTEM: Final = _Arrow("system", "system", "partOf", "hasPart")
_DEPENDS: Final = (
    _Arrow("dependsOn", "component", "dependsOn", "dependencyOf", many=True),
    _Arrow("dependencyOf", "component", "dependencyOf", "dependsOn", many=True),
)


def _built_in(
    kind: str, spec: Mapping[str, JsonObject], *arrows: _Arrow, required: str = "", owned: bool = True
) -> BuiltIn:
    identifier = kind.lower()
    properties: JsonObject = {**_METADATA, **spec}
    if owned:
        properties["owner"] = _TEXT
    needed: list[Json] = [*required.split()]
    definition: JsonObject = {
        "identifier": identifier,
        "title": kind,
        "schema": {"properties": properties, "required": needed},
        "relations": {
            arrow.field: {"title": arrow.field, "target": arrow.target, "many": arrow.many, "required": False}
            for arrow in arrows
        },
    }
    return BuiltIn(
        kind,
        "scaffolder.backstage.io/v1beta3" if kind == "Template" else _CORE,
        Blueprint(identifier, definition, open=True, owner="owner" if owned else ""),
        {name: ("metadata" if name in _METADATA else "spec", name) for name in properties},
        {arrow.field: _relation_path(arrow) for arrow in arrows},
        ("spec", "owner") if owned else None,
    )


def _relation_path(arrow: _Arrow) -> RelationPath:
    return RelationPath(("spec", arrow.field), arrow.target, arrow.type, arrow.reverse, arrow.always)


_LIST: Final[JsonObject] = {"type": "array", "items": _OBJECT}
_ALL: Final = (
    _built_in(
        "Component",
        {"type": _TEXT, "lifecycle": _TEXT},
        _SYSTEM,
        _Arrow("subcomponentOf", "component", "partOf", "hasPart"),
        _Arrow("providesApis", "api", "providesApi", "apiProvidedBy", many=True),
        _Arrow("consumesApis", "api", "consumesApi", "apiConsumedBy", many=True),
        *_DEPENDS,
        required="type lifecycle owner",
    ),
    _built_in(
        "API",
        {"type": _TEXT, "lifecycle": _TEXT, "definition": _TEXT},
        _SYSTEM,
        required="type lifecycle owner definition",
    ),
    _built_in("Resource", {"type": _TEXT}, _SYSTEM, *_DEPENDS, required="type owner"),
    _built_in("System", {"type": _TEXT}, _Arrow("domain", "domain", "partOf", "hasPart"), required="owner"),
    _built_in("Domain", {"type": _TEXT}, _Arrow("subdomainOf", "domain", "partOf", "hasPart"), required="owner"),
    _built_in(
        "Group",
        {"type": _TEXT, "profile": _OBJECT},
        _Arrow("parent", "group", "childOf", "parentOf"),
        _Arrow("children", "group", "parentOf", "childOf", many=True, always=True),
        _Arrow("members", "user", "hasMember", "memberOf", many=True),
        required="type",
        owned=False,
    ),
    _built_in(
        "User",
        {"profile": _OBJECT},
        _Arrow("memberOf", "group", "memberOf", "hasMember", many=True, always=True),
        owned=False,
    ),
    _built_in("Location", {"type": _TEXT, "target": _TEXT, "targets": _TEXTS, "presence": _TEXT}, owned=False),
    _built_in(
        "Template",
        {
            "type": _TEXT,
            "lifecycle": _TEXT,
            "parameters": _LIST,
            "steps": _LIST,
            "output": _OBJECT,
        },
        required="type steps",
    ),
)

BUILT_IN: Final[Mapping[str, BuiltIn]] = {one.blueprint.identifier: one for one in _ALL}
"""By the identifier of the blueprint, which is the kind in lower case."""
