"""Where an entity's value was written: the way back through what processing did with a document."""

from dataclasses import dataclass

from syncd.model.json import FieldPath, Json, JsonObject
from syncd.model.path import PathError, directory_of, repository_path
from syncd.model.port_entity import is_port_entity
from syncd.process import harness, port
from syncd.process.annotations import (
    EDIT_URL,
    MANAGED_BY,
    MANAGED_BY_ORIGIN,
    SLUG_ANNOTATIONS,
    SOURCE_LOCATION,
    VIEW_URL,
)
from syncd.process.codeowners import KINDS as OWNED_KINDS
from syncd.process.codeowners import ownership
from syncd.process.context import Context
from syncd.process.placeholders import UnusableError, path_of, placeholder_in

_WRITTEN_BY_PROCESSING = {
    MANAGED_BY: "processing says which file the entity is read from, whatever the file says",
    MANAGED_BY_ORIGIN: "processing says which registered location led to the file, whatever the file says",
}
_FILLED_IN = {
    VIEW_URL: "processing adds the web address of the file, as its host has it",
    EDIT_URL: "processing adds the address at which the file is edited, as its host has it",
    SOURCE_LOCATION: "processing adds the web address of the file's folder, as its host has it",
    port.CLEARED: "processing names what the file sets to null",
    **dict.fromkeys(SLUG_ANNOTATIONS, "processing names the repository ([catalog] scm_slug)"),
}


_NOT_OF_PORT = (("apiVersion",), ("metadata", "namespace"))


@dataclass(frozen=True, slots=True)
class Written:
    """It stands in the document, at this path of it."""

    path: FieldPath


@dataclass(frozen=True, slots=True)
class Included:
    """The document, at `path`, names another file of its repository; `inside` is the path within that file's value."""

    path: FieldPath
    word: str
    file: str
    inside: FieldPath


@dataclass(frozen=True, slots=True)
class Owned:
    """A line of a CODEOWNERS file says it, since the document does not."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Added:
    """Nothing that anybody wrote says it; `reason` is a sentence."""

    reason: str


Place = Written | Included | Owned | Added


def place_of(document: JsonObject, path: FieldPath, value: Json, context: Context) -> Place:
    """Where the value at a path of the document's entity comes from; there must be such a value."""
    annotation = str(path[2]) if path[:2] == ("metadata", "annotations") and len(path) == 3 else ""
    if annotation in _WRITTEN_BY_PROCESSING:
        return Added(_WRITTEN_BY_PROCESSING[annotation])
    found = _walk(document, _in_document(document, path), value, context)
    if found is not None:
        return found
    if annotation in _FILLED_IN:
        return Added(_FILLED_IN[annotation])
    if path == ("spec", "owner") and context.completion.codeowners and document.get("kind") in OWNED_KINDS:
        owned = ownership(context)
        if owned is not None:
            return Owned(owned.path, owned.line)
    return Added(_reason(document, path))


def _in_document(document: JsonObject, path: FieldPath) -> FieldPath:
    if is_port_entity(document):
        if path == ("kind",):
            return ("blueprint",)
        return path if path in _NOT_OF_PORT else port.place_in(document, path)
    if document.get("apiVersion") == harness.API_VERSION:
        return harness.place_in(document, path)
    return path


def _walk(document: JsonObject, path: FieldPath, value: Json, context: Context) -> Place | None:
    """None where the document has nothing at the path."""
    current: Json = document
    walked: list[str | int] = []
    for at, step in enumerate(path):
        included = _included(document, current, tuple(walked), path[at:], context)
        if included is not None:
            return included
        if isinstance(current, dict) and step in current:
            current = current[str(step)]
        elif isinstance(current, list) and isinstance(step, int):
            # Processing sorts lists of refs: an item is known by what it says.
            last = at == len(path) - 1
            step = next((n for n, item in enumerate(current) if last and item == value), step)
            if step >= len(current):
                return None
            current = current[step]
        else:
            return None
        walked.append(step)
    return _included(document, current, tuple(walked), (), context) or Written(tuple(walked))


def _included(
    document: JsonObject, value: Json, path: FieldPath, inside: FieldPath, context: Context
) -> Included | None:
    named = placeholder_in(value)
    try:
        if named is not None:
            return Included(path, named[0], path_of(named[1], context), inside)
        if isinstance(value, str) and value.startswith(port.FILE) and is_port_entity(document):
            name = value.removeprefix(port.FILE)
            here = directory_of(context.source.path) if name.startswith(("./", "../")) else ""
            return Included(path, port.FILE, repository_path(name, here), inside)
    except (UnusableError, PathError):
        return None
    return None


def _reason(document: JsonObject, path: FieldPath) -> str:
    if path == ("metadata", "namespace"):
        if document.get("apiVersion") == harness.API_VERSION:
            return "the file names no organisation: the entity belongs to the account"
        return "the file names no namespace: default"
    if path == ("apiVersion",):
        return "processing says it: the file has a form of its own"
    return "processing adds it: the file says nothing of it"
