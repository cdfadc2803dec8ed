"""Entities as Port's GitOps writes them (`port.yml`), read as entities of the catalog (Port 12, P72, P73).

Of a blueprint that stands for a kind of Backstage the fields are known. What a declared blueprint says is not known
here: its relations stay identifiers, which become refs when stitching (`syncd.stitch.fit`).
"""

from collections.abc import Iterator, Sequence
from typing import Final

from syncd.blueprints.builtin import BUILT_IN, BuiltIn
from syncd.blueprints.document import entity_of, field_paths
from syncd.blueprints.identifier import BLUEPRINT, ENTITY, entity_ref
from syncd.blueprints.values import Values, written
from syncd.model.json import FieldPath, Json, JsonObject, text_at
from syncd.model.path import PathError, directory_of, repository_path
from syncd.overlay.path import path_text
from syncd.process.context import Context
from syncd.process.kinds import OWN_VERSION
from syncd.process.own_kinds import RESERVED
from syncd.process.placeholders import Filled, UnusableError, text_of
from syncd.process.schema import Fields, Text, Violation, field_text

FILE: Final = "file://"
"""What a value begins with that is the text of a file: `file://README.md` from the root, `file://./x` from here."""

CLEARED: Final = "git-catalog/cleared"
"""The annotation with the paths of what the file sets to null: there the API has nothing to say (P73)."""

_WRITTEN: Final = ("title", "icon", "team", "properties", "relations")
_STAMPS: Final = ("createdAt", "createdBy", "updatedAt", "updatedBy", "scorecards")
"""What entities that were exported from Port carry beside; it is not read."""


class _Anything:
    """A field that another step judges."""

    noun = "a value"
    example = ""

    def check(self, value: Json, path: FieldPath, found: list[Violation]) -> None:
        """See `Rule`."""


_SHAPE: Final = Fields(
    {"identifier": Text(ENTITY, example="my-service"), "blueprint": Text(BLUEPRINT, example="service")},
    dict.fromkeys((*_WRITTEN, *_STAMPS), _Anything()),
    closed=True,
    of="an entity of port.yml",
)


def from_port(document: JsonObject, context: Context) -> Filled:
    """The entity with the texts of files that it names; what is wrong has the paths of the document.

    What is null is left out, and named in an annotation. With something wrong the data are no more than its ref, or
    nothing where that is not known.
    """
    filled = Filled({})
    _SHAPE.check(document, (), filled.violations)
    blueprint = text_at(document, "blueprint") or ""
    if any(one.path in (("identifier",), ("blueprint",)) for one in filled.violations):
        return filled
    builtin = BUILT_IN.get(blueprint.lower())
    if builtin is None and blueprint.lower() in RESERVED:
        message = f"blueprint: {blueprint} has no entities of this form"
        filled.violations.append(Violation(("blueprint",), "entity.kind", message, f"write kind: {blueprint}"))
        return filled
    body: JsonObject = {name: document[name] for name in ("identifier", *_WRITTEN) if name in document}
    if "properties" in body:
        body["properties"] = _with_files(body["properties"], ("properties",), filled, context)
    cleared = list(_cleared(body))
    body = {name: value for name, value in body.items() if value is not None}
    if builtin is None:
        filled.data = _declared(blueprint, body)
        paths = [("metadata", name) if name in ("title", "icon") else ("spec", *name.split(".", 1)) for name in cleared]
    else:
        filled.data = _named(builtin, str(body["identifier"]))
        values = written(builtin.blueprint, body, Values(""), "merge")
        if isinstance(values, list):
            filled.violations.extend(values)
        else:
            filled.data = entity_of(builtin.blueprint, values)
        paths = [path for name in cleared for path in field_paths(builtin.blueprint, name)]
    if paths and not filled.violations:
        filled.data["metadata"] = _marked(filled.data["metadata"], paths)
    return filled


def place_in(document: JsonObject, path: FieldPath) -> FieldPath:
    """Where in a document of this form stands what is at this path of its entity."""
    if path[:1] not in (("metadata",), ("spec",)):
        return path
    rest = path[1:]
    if rest[:1] == ("name",):
        return ("identifier",)
    for before in ((), ("properties",), ("relations",)):
        at: Json = document
        for key in before:
            at = at.get(key) if isinstance(at, dict) else None
        if rest and isinstance(at, dict) and rest[0] in at:
            return (*before, *rest)
    return ()


def _with_files(value: Json, path: FieldPath, filled: Filled, context: Context) -> Json:
    """The value with the text of each file that it names; one that cannot be read stays, as a violation."""
    if isinstance(value, dict):
        return {key: _with_files(item, (*path, key), filled, context) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_files(item, (*path, index), filled, context) for index, item in enumerate(value)]
    if not isinstance(value, str) or not value.startswith(FILE):
        return value
    name = value.removeprefix(FILE)
    here = directory_of(context.source.path) if name.startswith(("./", "../")) else ""
    try:
        return text_of(repository_path(name, here), value, filled, context)
    except PathError as error:
        violation = Violation(path, "placeholder.path", f"{field_text(path)}: {error}", error.hint)
    except UnusableError as error:
        violation = Violation(path, error.code, f"{field_text(path)}: {error}", error.hint)
    filled.violations.append(violation)
    return value


def _cleared(body: JsonObject) -> Iterator[str]:
    """The parts that are null, as `overlay_of` names parts."""
    for name, value in body.items():
        if value is None:
            yield name
        elif name in ("properties", "relations") and isinstance(value, dict):
            yield from (f"{name}.{inner}" for inner, item in value.items() if item is None)


def _marked(metadata: Json, paths: Sequence[tuple[str, ...]]) -> JsonObject:
    assert isinstance(metadata, dict)
    annotations = metadata.get("annotations")
    written_ones = annotations if isinstance(annotations, dict) else {}
    return {**metadata, "annotations": {**written_ones, CLEARED: " ".join(map(path_text, paths))}}


def _named(builtin: BuiltIn, identifier: str) -> JsonObject:
    """No more of an entity than its ref."""
    ref = entity_ref(builtin.blueprint.identifier, identifier, BUILT_IN)
    return {"kind": builtin.kind, "metadata": {"namespace": ref.namespace, "name": ref.name}}


def _declared(blueprint: str, body: JsonObject) -> JsonObject:
    """The entity of a kind that some Blueprint declares, as far as it can be said without that."""
    metadata: JsonObject = {"name": body["identifier"]}
    metadata |= {name: body[name] for name in ("title", "icon") if name in body}
    spec: JsonObject = {name: body[name] for name in ("team", "properties", "relations") if name in body}
    for name in ("properties", "relations"):
        inner = spec.get(name)
        if isinstance(inner, dict):
            spec[name] = {key: item for key, item in inner.items() if item is not None}
    relations = spec.get("relations")
    if isinstance(relations, dict):
        spec["relations"] = {name: _identifiers(value) for name, value in relations.items()}
    return {"apiVersion": OWN_VERSION, "kind": blueprint, "metadata": metadata, "spec": spec}


def _identifiers(value: Json) -> Json:
    """Identifiers that are no whole refs, whatever colons they hold."""
    if isinstance(value, list):
        return [_identifiers(item) for item in value]
    return value.replace(":", "%3A") if isinstance(value, str) else value
