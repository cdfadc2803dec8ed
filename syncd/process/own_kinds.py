"""Kinds with an apiVersion of our own: Blueprints, and the kinds that they declare (Port 17.1).

What a declared kind holds is said by its Blueprint, which processing does not see: whether an entity fits it is looked
at when stitching.
"""

from typing import Final

from syncd.blueprints.definition import ProgramFault, any_program, check_definition
from syncd.blueprints.identifier import BLUEPRINT as IDENTIFIER
from syncd.blueprints.identifier import ENTITY
from syncd.model.json import Json, JsonObject, text_at
from syncd.model.ref import DEFAULT_NAMESPACE, RefError, parse_ref
from syncd.process.envelope import metadata_of
from syncd.process.kinds import BLUEPRINT, KINDS, OWN_VERSION
from syncd.process.schema import Choice, Either, Fields, Items, Text, Violation, described, field_text

RESERVED: Final = frozenset(name.lower() for name in KINDS)
"""Identifiers that no blueprint may have, in lower case: kinds of the table are not declared."""

_NAMESPACE: Final = Choice((DEFAULT_NAMESPACE,))
_ROOT: Final = ("relations", "status")
_BLUEPRINT: Final = Fields(
    {"metadata": metadata_of(Text(IDENTIFIER, example="service"), _NAMESPACE), "spec": Fields()},
    {"apiVersion": Text(), "kind": Text()},
    closed=True,
    ours=_ROOT,
)
_TEAM: Final = Either(Text(), Items(Text()))
_DECLARED: Final = Fields(
    {"kind": Text(IDENTIFIER), "metadata": metadata_of(Text(ENTITY, example="my-service"), _NAMESPACE)},
    {
        "apiVersion": Text(),
        "spec": Fields(
            {},
            {"team": _TEAM, "properties": Fields(), "relations": Fields()},
            closed=True,
            of="an entity of a blueprint",
        ),
    },
    closed=True,
    ours=_ROOT,
)


def is_own(entity: JsonObject) -> bool:
    """Whether the entity is a Blueprint, or of a kind that one declares."""
    return entity.get("apiVersion") == OWN_VERSION and (entity.get("kind") == BLUEPRINT or is_declared(entity))


def is_declared(entity: JsonObject) -> bool:
    """Whether the kind is one that a Blueprint declares, not one of the table."""
    kind = entity.get("kind")
    return entity.get("apiVersion") == OWN_VERSION and isinstance(kind, str) and kind.lower() not in RESERVED


def check_own(entity: JsonObject, found: list[Violation], jq_fault: ProgramFault = any_program) -> None:
    """Add what is wrong with an entity of a kind of our own, as far as it can be said without the catalog."""
    if entity.get("kind") == BLUEPRINT:
        _BLUEPRINT.check(entity, (), found)
        found.extend(_definition(entity, jq_fault))
        return
    _DECLARED.check(entity, (), found)
    found.extend(_relations(entity))


def _definition(entity: JsonObject, jq_fault: ProgramFault) -> list[Violation]:
    definition = entity.get("spec")
    if not isinstance(definition, dict):
        return []
    found = [
        Violation(("spec", *one.path), one.code, f"spec: {one.message}", one.hint)
        for one in check_definition(definition, lambda _: True, jq_fault)
    ]
    identifier, name = text_at(definition, "identifier"), text_at(entity, "metadata", "name")
    path = ("spec", "identifier")
    if identifier is not None and identifier != name:
        message = f"spec.identifier is {identifier} while metadata.name is {name}"
        found.append(Violation(path, "entity.ref", message, "let both be the same"))
    elif identifier is not None and identifier.lower() in RESERVED:
        message = f"spec.identifier: {identifier} is a kind that is there already"
        found.append(Violation(path, "entity.ref", message, "name the blueprint otherwise"))
    return found


def _relations(entity: JsonObject) -> list[Violation]:
    """Relations are refs, or identifiers of entities of the blueprint that the relation leads to."""
    spec = entity.get("spec")
    relations = spec.get("relations") if isinstance(spec, dict) else None
    found: list[Violation] = []
    for name, value in relations.items() if isinstance(relations, dict) else ():
        for index, item in enumerate(value) if isinstance(value, list) else ((None, value),):
            path = ("spec", "relations", name) if index is None else ("spec", "relations", name, index)
            fault = None if item is None and index is None else _ref_fault(item)
            if fault:
                hint = "write it as text: an identifier, or kind:default/name"
                found.append(Violation(path, "entity.ref", f"{field_text(path)}: {fault}", hint))
    return found


def _ref_fault(item: Json) -> str:
    if not isinstance(item, str):
        return f"must be the ref of an entity, not {described(item)}"
    try:
        parse_ref(item, kind="any")
    except RefError as error:
        return str(error)
    return ""
