"""What rules can name: the properties, relations and scorecards of blueprints, and where each is in the index."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from query.ref import ref_text
from query.rows import DEFAULT_NAMESPACE, UPDATED

Type: TypeAlias = Literal["string", "number", "boolean", "object", "array", "teams", "any"]
"""`teams`: names, which are asked for like one text and like a list. `any`: a property that no blueprint declares."""

DATES: Final = ("date-time", "timer")
"""Formats of texts that are times."""


@dataclass(frozen=True, slots=True)
class Field:
    """A property as the index holds it: the key of its search rows, its type and format, the type of its items."""

    key: str
    type: Type = "string"
    format: str = ""
    items: str = ""

    @property
    def is_time(self) -> bool:
        """Whether its values are times."""
        return self.type == "string" and self.format in DATES


@dataclass(frozen=True, slots=True)
class RelationField:
    """A relation: the type of the arrows it emits, and the blueprint they lead to. `backward` ones are said of the
    other end first (`dependencyOf`), so an entity does not depend on what they lead to."""

    type: str
    target: str
    required: bool = False
    backward: bool = False


@dataclass(frozen=True, slots=True)
class ScorecardFields:
    """Where the level of a scorecard is, and the status of each of its rules."""

    level: Field
    rules: Mapping[str, Field] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BlueprintFields:
    """All that rules can ask of the entities of one blueprint.

    `namespaced`: an identifier may be `namespace/name`. `undeclared`: the key before the name of a property that is
    not declared; empty where there are no such.
    """

    properties: Mapping[str, Field] = field(default_factory=dict)
    relations: Mapping[str, RelationField] = field(default_factory=dict)
    scorecards: Mapping[str, ScorecardFields] = field(default_factory=dict)
    namespaced: bool = False
    undeclared: str = ""


META: Final[Mapping[str, Field]] = {
    "$icon": Field("metadata.icon"),
    "$updatedAt": Field(UPDATED, format="date-time"),
}
"""Meta-properties beside `$identifier`, `$title`, `$team` and `$blueprint`, which are more than one field."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The blueprints by identifier; `searched` is the one whose entities are asked for, None for those of all.

    `meta` adds meta-properties to `META`, such as `$createdAt`.
    """

    blueprints: Mapping[str, BlueprintFields]
    searched: str | None = None
    meta: Mapping[str, Field] = field(default_factory=dict)

    @property
    def scope(self) -> tuple[str, ...]:
        """The blueprints whose entities are asked for."""
        return tuple(self.blueprints) if self.searched is None else (self.searched,)

    def meta_field(self, name: str) -> Field | None:
        """A meta-property that is one field."""
        return self.meta.get(name) or META.get(name)

    def meta_names(self) -> Iterable[str]:
        """The meta-properties that are one field."""
        return dict.fromkeys((*META, *self.meta))

    def property_fields(self, name: str) -> dict[Field, list[str]]:
        """The fields that a property is, each with the blueprints that have it so."""
        found: dict[Field, list[str]] = {}
        for blueprint in self.scope:
            fields = self.blueprints[blueprint]
            one = fields.properties.get(name)
            if one is None and fields.undeclared and self.searched is not None:
                one = Field(f"{fields.undeclared}.{name}", "any")
            if one is not None:
                found.setdefault(one, []).append(blueprint)
        return found

    def property_names(self) -> Iterable[str]:
        """The properties of all blueprints that are asked for."""
        return dict.fromkeys(name for blueprint in self.scope for name in self.blueprints[blueprint].properties)

    def forward_types(self, required: bool | None) -> list[str]:
        """The types of all relations by which one entity depends on another; only those that are required, or not."""
        relations = (one for fields in self.blueprints.values() for one in fields.relations.values())
        wanted = (one.type for one in relations if not one.backward and required in (None, one.required))
        return [*dict.fromkeys(wanted)]

    def refs(self, blueprint: str, identifier: str) -> list[str]:
        """The entities that an identifier may mean: a name with a slash, or a name in a namespace."""
        refs = [ref_text(blueprint, DEFAULT_NAMESPACE, identifier)]
        namespace, slash, name = identifier.partition("/")
        if slash and self.blueprints[blueprint].namespaced:
            refs.append(ref_text(blueprint, namespace, name))
        return refs
