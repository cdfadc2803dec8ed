"""Bundling: `$openapi` and `$asyncapi` take in what the description refers to in other files (spec 2.5).

The first reference to a place in another file is replaced by what stands there, each later one by a reference to where
that was put. So the result refers to nothing outside itself, what is used twice stands there once, and cycles become
references to what is around them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from syncd.model.json import Json, JsonObject
from syncd.model.text import shown

MAX_FILES = 200
MAX_BYTES = 8 * 1024 * 1024
"""Bytes of the files taken in, all together."""
MAX_NODES = 100_000
MAX_DEPTH = 100
"""Lists and mappings inside each other in the result."""

_Step = str | int


class BundleError(Exception):
    """The description cannot be bundled."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


@dataclass(frozen=True, slots=True)
class File:
    """A file of the description: its size in bytes and the value that it holds."""

    size: int
    value: Json


@dataclass(slots=True)
class Bundler:
    """One run. `locate` gives the path that a text in a file names, `load` its content; both raise BundleError."""

    locate: Callable[[str, str], str]
    load: Callable[[str], File]
    _files: dict[str, Json] = field(default_factory=dict)
    _placed: dict[tuple[str, str], str] = field(default_factory=dict)
    """Where in the result stands what a file holds at a pointer."""
    _root: str = ""
    _bytes: int = 0
    _nodes: int = 0

    def bundle(self, path: str) -> Json:
        """The value of the file with everything it refers to."""
        self._root = path
        return self._copy(self._value(path), path, ())

    def _copy(self, value: Json, path: str, at: tuple[_Step, ...]) -> Json:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise BundleError("placeholder.limit", f"the result has more than {MAX_NODES} values")
        if len(at) > MAX_DEPTH:
            raise BundleError("placeholder.limit", f"the result is nested more than {MAX_DEPTH} deep")
        if isinstance(value, list):
            return [self._copy(item, path, (*at, index)) for index, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        if isinstance(reference, str) and not (path == self._root and reference.startswith("#")):
            return self._referred(value, reference, path, at)
        return {key: self._copy(item, path, (*at, key)) for key, item in value.items()}

    def _referred(self, value: JsonObject, reference: str, path: str, at: tuple[_Step, ...]) -> Json:
        text, _, fragment = reference.partition("#")
        target = self.locate(text, path) if text else path
        siblings = {key: self._copy(item, path, (*at, key)) for key, item in value.items() if key != "$ref"}
        if target == self._root:
            return {"$ref": f"#{fragment}", **siblings}
        pointer = _steps(fragment, reference)
        key = (target, "/".join(map(_escaped, pointer)))
        if key in self._placed:
            return {"$ref": self._placed[key], **siblings}
        if not siblings:
            self._placed[key] = "#" + "".join(f"/{_escaped(str(step))}" for step in at)
        found = self._copy(_at(self._value(target), pointer, reference), target, at)
        return {**found, **siblings} if isinstance(found, dict) else found

    def _value(self, path: str) -> Json:
        if path not in self._files:
            if len(self._files) >= MAX_FILES:
                raise BundleError("placeholder.limit", f"more than {MAX_FILES} files are referred to")
            file = self.load(path)
            self._bytes += file.size
            if self._bytes > MAX_BYTES:
                raise BundleError("placeholder.limit", f"the files referred to have more than {MAX_BYTES} bytes")
            self._files[path] = file.value
        return self._files[path]


def _steps(fragment: str, reference: str) -> list[str]:
    """A JSON pointer cut into its steps."""
    if not fragment:
        return []
    if not fragment.startswith("/"):
        raise BundleError("placeholder.pointer", f"{shown(reference)} is no pointer", "write file.yaml#/path/in/it")
    return [unquote(step).replace("~1", "/").replace("~0", "~") for step in fragment[1:].split("/")]


def _at(value: Json, steps: list[str], reference: str) -> Json:
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isascii() and step.isdigit() and int(step[:9]) < len(value):
            value = value[int(step[:9])]
        else:
            raise BundleError("placeholder.pointer", f"{shown(reference)} points at nothing: there is no {shown(step)}")
    return value


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
