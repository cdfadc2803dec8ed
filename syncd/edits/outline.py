"""The outline of an entity that nobody has written yet: what its kind asks for, and which of that nobody has said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from query.suggestion import did_you_mean
from syncd.blueprints.blueprint import Blueprint
from syncd.edits.field import field_edits, field_path
from syncd.errors import InputError
from syncd.model.change import WHOLE
from syncd.model.edit import FieldChange
from syncd.model.json import FieldPath, Json, JsonObject
from syncd.model.ref import DEFAULT_NAMESPACE
from syncd.overlay.path import path_text
from syncd.patch.edit import applied
from syncd.patch.refusal import PatchRefusedError
from syncd.process.judgement import check_entity
from syncd.process.kinds import KINDS, OWN_VERSION
from syncd.process.schema import Items, Rule, Violation

_SHAPED: Final[Mapping[str, Json]] = {"definition": {"$text": "./openapi.yaml"}}
"""Examples that are no texts."""
_EMPTY: Final[Mapping[str, Json]] = {"number": 0, "boolean": False, "object": {}, "array": []}


@dataclass(frozen=True, slots=True)
class Outline:
    """An entity with every field that its kind must have. `open` are those that only hold an example, `flaws` what
    the catalog would not take."""

    entity: JsonObject
    open: tuple[str, ...]
    flaws: tuple[Violation, ...]


def outline(
    kind: str,
    name: str,
    namespace: str,
    values: Sequence[tuple[str, Json]],
    declared: Callable[[str], Blueprint | None],
) -> Outline:
    """An entity of a kind, spelled in any case, with these values at these paths.

    `declared` finds the Blueprint of a kind. Raises `InputError` for an unknown kind and for a path that leads nowhere.
    """
    version, spelled, spec = _asked_for(kind, declared)
    metadata: JsonObject = {"name": name}
    if namespace != DEFAULT_NAMESPACE:
        metadata["namespace"] = namespace
    entity: JsonObject = {"apiVersion": version, "kind": spelled, "metadata": metadata, "spec": {}}
    fields = {path: example for path, example, _ in spec}
    for path, example in fields.items():
        entity = _with(entity, path_text(tuple(map(str, path))), example)
    said: list[FieldPath] = []
    for text, value in values:
        if text == WHOLE:
            raise InputError("a value has a path", hint="such as spec.owner")
        said.append(field_path(text, entity))
        entity = _with(entity, text, value)
    left = [path for path, _, needs_one in spec if needs_one and not any(path[: len(one)] == one for one in said)]
    entity = orjson.loads(orjson.dumps(entity))  # an edited list is a type of its own
    flaws: list[Violation] = []
    check_entity(_filled_in(entity), flaws)
    return Outline(entity, tuple(path_text(tuple(map(str, path))) for path in left), tuple(flaws))


def _asked_for(
    kind: str, declared: Callable[[str], Blueprint | None]
) -> tuple[str, str, list[tuple[FieldPath, Json, bool]]]:
    """apiVersion, the kind as it is spelled, and what it needs: path, example, whether somebody must say it."""
    known = next((one for one in KINDS.values() if one.name.lower() == kind.lower()), None)
    if known is not None:
        return known.api_versions[0], known.name, [_field(name, rule) for name, rule in known.spec.required.items()]
    blueprint = declared(kind)
    if blueprint is None:
        kinds = f"kinds are {', '.join(KINDS)}, and those of Blueprints"
        hint = did_you_mean(kind.lower(), map(str.lower, KINDS), kinds, cutoff=0.7)
        raise InputError(f"there is no kind {kind}", code="entity.kind", hint=hint)
    found: list[tuple[FieldPath, Json, bool]] = []
    for name, one in blueprint.properties.items():
        if name in blueprint.required:
            given = one.default is not None
            example = one.default if given else _EMPTY.get(one.type, _first(one.schema) or name)
            found.append((("spec", "properties", name), example, not given))
    for name, relation in blueprint.relations.items():
        if relation.required:
            found.append((("spec", "relations", name), [relation.target] if relation.many else relation.target, True))
    return OWN_VERSION, blueprint.identifier, found


def _field(name: str, rule: Rule) -> tuple[FieldPath, Json, bool]:
    if isinstance(rule, Items):
        return ("spec", name), [], False  # an empty list says something: nobody is in it
    return ("spec", name), _SHAPED.get(name, rule.example), True


def _first(schema: JsonObject) -> Json:
    values = schema.get("enum")
    return values[0] if isinstance(values, list) and values else None


def _filled_in(entity: JsonObject) -> JsonObject:
    """With a text for each placeholder in `spec`, whose file nobody has read yet."""
    spec = entity.get("spec")
    if not isinstance(spec, dict):
        return entity
    return {**entity, "spec": {name: "…" if _is_placeholder(value) else value for name, value in spec.items()}}


def _is_placeholder(value: Json) -> bool:
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith("$")


def _with(entity: JsonObject, path: str, value: Json) -> JsonObject:
    try:
        changed = applied(entity, field_edits([FieldChange("", path, "replace", value)], entity))
    except PatchRefusedError as refusal:
        raise InputError(f"{path}: {refusal.message}", hint=refusal.hint) from None
    assert isinstance(changed, dict)
    return changed
