"""Entities of declared kinds and their Blueprints (Port 17.1): what relations lead to, and whether all of it fits.

Kinds of the table are none of its business.
"""

from collections.abc import Iterator
from urllib.parse import unquote

from syncd.blueprints.blueprint import Blueprint, blueprint_of
from syncd.blueprints.builtin import BUILT_IN
from syncd.blueprints.identifier import target_ref
from syncd.blueprints.values import written
from syncd.model.json import Json, JsonObject, text_at
from syncd.model.ref import DEFAULT_NAMESPACE, EntityRef, RefError, parse_ref
from syncd.process.kinds import BLUEPRINT
from syncd.process.own_kinds import is_declared
from syncd.process.schema import Violation
from syncd.store.voices import Voices

PREFIX = f"{BLUEPRINT.lower()}:{DEFAULT_NAMESPACE}/"
"""What the refs of Blueprints begin with; the rest is the kind as refs write it."""


def declared_kind(ref: str) -> str:
    """The kind, as refs write it, that the Blueprint with this ref declares; "" where it is no Blueprint."""
    return ref.removeprefix(PREFIX) if ref.startswith(PREFIX) else ""


def has_identifiers(entity: JsonObject) -> bool:
    """Whether an entity of a declared kind has a relation that holds an identifier in place of a ref."""
    return is_declared(entity) and any(map(_is_short, _relations(entity).values()))


class Fit:
    """Holds entities against the Blueprints that are in force within one publication."""

    def __init__(self, voices: Voices) -> None:
        self._voices = voices
        self._known: dict[str, Blueprint | None] = {}

    def violations(self, entity: JsonObject) -> Iterator[Violation]:
        """What an entity of a declared kind holds that its Blueprint does not allow; paths begin at the entity."""
        kind = text_at(entity, "kind") or ""
        blueprint = self._blueprint(kind)
        if blueprint is None:
            hint = f"declare it: a document with kind: {BLUEPRINT}, or a blueprint made by API"
            yield Violation(("kind",), "entity.kind", f"there is no blueprint {kind}", hint)
            return
        found = written(blueprint, _body(entity), None, "whole")
        for one in found if isinstance(found, list) else ():
            yield Violation(("spec", *one.path), one.code, f"spec.{one.message}", one.hint)

    def whole(self, entity: JsonObject) -> JsonObject:
        """The entity with refs in place of the identifiers that its relations hold, since its Blueprint says what
        these lead to; the same object where there are none."""
        if not has_identifiers(entity):
            return entity
        blueprint = self._blueprint(text_at(entity, "kind") or "")
        known = blueprint.relations if blueprint is not None else {}
        whole: JsonObject = {
            name: _refs(known[name].target, value) if name in known else value
            for name, value in _relations(entity).items()
        }
        return {**entity, "spec": {**_mapping(entity.get("spec")), "relations": whole}}

    def _blueprint(self, kind: str) -> Blueprint | None:
        if kind not in self._known:
            ref = str(EntityRef(BLUEPRINT, DEFAULT_NAMESPACE, kind))
            said = self._voices.spoken([ref]).get(ref)
            definition = said.entity.get("spec") if said is not None else None
            self._known[kind] = blueprint_of(definition) if isinstance(definition, dict) else None
        return self._known[kind]


def _relations(entity: JsonObject) -> JsonObject:
    return _mapping(_mapping(entity.get("spec")).get("relations"))


def _mapping(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _is_short(value: Json) -> bool:
    """Whether a relation holds an identifier."""
    if isinstance(value, list):
        return any(map(_is_short, value))
    if not isinstance(value, str):
        return False
    try:
        parse_ref(value)
    except RefError:
        return True
    return False


def _refs(target: str, value: Json) -> Json:
    if isinstance(value, list):
        return [_refs(target, item) for item in value]
    return str(target_ref(target, unquote(value), BUILT_IN)) if isinstance(value, str) and _is_short(value) else value


def _body(entity: JsonObject) -> JsonObject:
    """What the entity holds, in the form in which it would be written by API."""
    spec = entity.get("spec")
    parts: JsonObject = (
        {key: value for key, value in spec.items() if value is not None} if isinstance(spec, dict) else {}
    )
    name: Json = text_at(entity, "metadata", "name")
    return {"identifier": name, **parts}
