"""Entities as Harness's IDP 2.0 writes them (`apiVersion: harness.io/v1`), read as the same kinds of Backstage."""

from syncd.model.json import Json, JsonObject, text_at
from syncd.process.kinds import CORE_VERSIONS, KINDS

API_VERSION = "harness.io/v1"
SCOPE = "account"
"""The namespace of what belongs to no organisation; below it come the organisation and the project, with dots."""

_NAMES = {kind.lower(): kind for kind in KINDS}
_ROOT_OF_SPEC = ("type", "owner", "lifecycle")
_MOVED = frozenset(("identifier", "name", "orgIdentifier", "projectIdentifier", *_ROOT_OF_SPEC))


def from_harness(document: JsonObject) -> JsonObject:
    """The document with its fields where Backstage has them; any other document as it is.

    `identifier` is the name, `name` the title, scope the namespace; `type`, `owner` and `lifecycle` belong to `spec`.
    """
    if document.get("apiVersion") != API_VERSION:
        return document
    metadata: JsonObject = {**_mapping(document.get("metadata")), "namespace": _scope(document)}
    if "identifier" in document:
        metadata["name"] = document["identifier"]
    if "name" in document:
        metadata["title"] = document["name"]
    spec = {name: document[name] for name in _ROOT_OF_SPEC if name in document} | _mapping(document.get("spec"))
    kind = text_at(document, "kind") or ""
    rest = {key: value for key, value in document.items() if key not in _MOVED}
    return rest | {
        "apiVersion": CORE_VERSIONS[0],
        "kind": _NAMES.get(kind.lower(), document.get("kind")),
        "metadata": metadata,
        "spec": spec,
    }


def place_in(document: JsonObject, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Where in a document of this form stands what is at this path of its entity."""
    match path:
        case ("metadata", "name"):
            return ("identifier",)
        case ("metadata", "title") if "name" in document:
            return ("name",)
        case ("metadata", "namespace"):
            return ("projectIdentifier",) if "projectIdentifier" in document else ("orgIdentifier",)
        case ("spec", str(name), *rest) if name in _ROOT_OF_SPEC and name not in _mapping(document.get("spec")):
            return (name, *rest)
    return path


def _scope(document: JsonObject) -> str:
    parts = [SCOPE, text_at(document, "orgIdentifier"), text_at(document, "projectIdentifier")]
    return ".".join(part for part in parts if part)


def _mapping(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}
