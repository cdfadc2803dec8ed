"""Whether entities of declared kinds fit their Blueprints (Port 17.1). Kinds of the table are none of its business."""

from collections.abc import Iterator

from syncd.blueprints.blueprint import Blueprint, blueprint_of
from syncd.blueprints.values import written
from syncd.model.json import Json, JsonObject, text_at
from syncd.model.ref import DEFAULT_NAMESPACE, EntityRef
from syncd.process.kinds import BLUEPRINT
from syncd.process.schema import Violation
from syncd.store.voices import Voices

PREFIX = f"{BLUEPRINT.lower()}:{DEFAULT_NAMESPACE}/"
"""What the refs of Blueprints begin with; the rest is the kind as refs write it."""


def declared_kind(ref: str) -> str:
    """The kind, as refs write it, that the Blueprint with this ref declares; "" where it is no Blueprint."""
    return ref.removeprefix(PREFIX) if ref.startswith(PREFIX) else ""


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

    def _blueprint(self, kind: str) -> Blueprint | None:
        if kind not in self._known:
            ref = str(EntityRef(BLUEPRINT, DEFAULT_NAMESPACE, kind))
            said = self._voices.spoken([ref]).get(ref)
            definition = said.entity.get("spec") if said is not None else None
            self._known[kind] = blueprint_of(definition) if isinstance(definition, dict) else None
        return self._known[kind]


def _body(entity: JsonObject) -> JsonObject:
    """What the entity holds, in the form in which it would be written by API."""
    spec = entity.get("spec")
    parts: JsonObject = (
        {key: value for key, value in spec.items() if value is not None} if isinstance(spec, dict) else {}
    )
    name: Json = text_at(entity, "metadata", "name")
    return {"identifier": name, **parts}
