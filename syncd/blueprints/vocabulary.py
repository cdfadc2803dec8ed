"""What Port's search rules can name in these blueprints, and where the index has it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from query.dialects.rules import BlueprintFields, Field, RelationField, ScorecardFields, Vocabulary
from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.builtin import BUILT_IN
from syncd.blueprints.document import field_paths
from syncd.model.json import JsonObject, text_at

_NO_SCORECARDS: Final[Mapping[str, ScorecardFields]] = {}


def vocabulary_of(
    blueprints: Iterable[Blueprint],
    searched: str | None = None,
    *,
    meta: Mapping[str, Field] | None = None,
    computed: str = "",
    scorecards: Mapping[str, Mapping[str, ScorecardFields]] | None = None,
) -> Vocabulary:
    """The vocabulary of all blueprints, to search the entities of one of them or of all.

    `meta` are meta-properties that the index has beside the usual ones, `computed` is the key before the names of
    computed properties (empty: these cannot be searched), `scorecards` are by blueprint.
    """
    cards = scorecards or {}
    fields = {
        one.identifier: BlueprintFields(
            dict(_properties(one, computed)),
            dict(_relations(one)),
            cards.get(one.identifier, _NO_SCORECARDS),
            namespaced=one.identifier in BUILT_IN,
            undeclared="metadata" if one.open else "",
        )
        for one in blueprints
    }
    return Vocabulary(fields, searched, meta or {})


def _properties(blueprint: Blueprint, computed: str) -> Iterator[tuple[str, Field]]:
    for name, one in blueprint.properties.items():
        for path in field_paths(blueprint, f"properties.{name}"):
            yield name, _field(".".join(path), one.schema)
    if not computed:
        return
    for name, calculation in blueprint.calculations.items():
        yield name, Field(f"{computed}.{name}", calculation.type, calculation.format)
    for name in blueprint.aggregations:
        yield name, Field(f"{computed}.{name}", "number")
    for name in blueprint.mirrors:
        yield name, Field(f"{computed}.{name}", "any")


def _field(key: str, schema: JsonObject) -> Field:
    type_ = text_at(schema, "type")
    items = text_at(schema, "items", "type") or ""
    format_ = text_at(schema, "format") or ""
    match type_:
        case "string" | "number" | "boolean" | "object" | "array":
            return Field(key, type_, format_, items)
        case _:
            return Field(key, "any")


def _relations(blueprint: Blueprint) -> Iterator[tuple[str, RelationField]]:
    builtin = BUILT_IN.get(blueprint.identifier)
    for name, relation in blueprint.relations.items():
        known = builtin.relations[name] if builtin is not None else None
        type_, backward = (known.type, known.backward) if known is not None else (name, False)
        yield name, RelationField(type_, relation.target, relation.required, backward)
