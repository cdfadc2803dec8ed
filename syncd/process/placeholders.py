"""Placeholders: `$text`, `$json`, `$yaml`, `$openapi` and `$asyncapi` put a file of the same commit into an entity.

Spec 2.5.
"""

from dataclasses import dataclass, field

from syncd.model.json import FieldPath, Json, JsonObject
from syncd.model.path import PathError
from syncd.model.problem import Problem
from syncd.model.url import UrlError
from syncd.process.bundle import BundleError, Bundler, File
from syncd.process.context import Context
from syncd.process.reach import absolute_url, is_own_repository, is_own_revision, own_path
from syncd.process.schema import Violation, described, field_text
from syncd.process.yaml_text import yaml_text

BUNDLED = ("$openapi", "$asyncapi")
PLACEHOLDERS = ("$text", "$json", "$yaml", *BUNDLED)


class UnusableError(Exception):
    """A placeholder that cannot be filled in."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


@dataclass(slots=True)
class Filled:
    """A document with its placeholders filled in; `dependencies` are the paths that were asked for."""

    data: JsonObject
    dependencies: list[str] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)


def fill_in(data: JsonObject, context: Context) -> Filled:
    """Replace every placeholder; `data` is not changed. One that cannot be filled in stays, as a violation."""
    filled = Filled(data)
    filled.data = _mapping(data, (), filled, context)
    return filled


def placeholder_in(value: Json) -> tuple[str, str] | None:
    """The word and the target where a value is a placeholder; None for every other value."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    key, target = next(iter(value.items()))
    return (key, target) if key in PLACEHOLDERS and isinstance(target, str) else None


def _value(value: Json, path: FieldPath, filled: Filled, context: Context) -> Json:
    if type(value) is dict:
        for key in value:
            if key[:1] == "$":
                return _marked(value, path, filled, context)
        return _mapping(value, path, filled, context)
    if type(value) is list:
        changed: list[Json] | None = None
        for index, item in enumerate(value):
            if type(item) is dict or type(item) is list:
                new = _value(item, (*path, index), filled, context)
                if new is not item:
                    changed = changed if changed is not None else list(value)
                    changed[index] = new
        return value if changed is None else changed
    return value


def _mapping(data: JsonObject, path: FieldPath, filled: Filled, context: Context) -> JsonObject:
    changed: JsonObject | None = None
    for key, item in data.items():
        if type(item) is dict or type(item) is list:
            new = _value(item, (*path, key), filled, context)
            if new is not item:
                changed = changed if changed is not None else dict(data)
                changed[key] = new
    return data if changed is None else changed


def _marked(value: JsonObject, path: FieldPath, filled: Filled, context: Context) -> Json:
    """A mapping with a `$` key: filled in when that is its only key and a known one, else left alone (C104, C105)."""
    key = next(iter(value))
    if len(value) != 1 or key not in PLACEHOLDERS:
        return value
    try:
        return _content(key, value[key], filled, context)
    except UnusableError as error:
        message = f"{field_text(path)}: {key} {error}"
        filled.violations.append(Violation(path, error.code, message, error.hint))
        return value


def _content(key: str, target: Json, filled: Filled, context: Context) -> Json:
    if not isinstance(target, str):
        raise UnusableError("placeholder.type", f"must name a file, not {described(target)}")
    path = path_of(target, context)
    if key in BUNDLED:
        return _bundled(path, filled, context)
    content = _content_of(path, target, filled, context)
    return _text(content, target) if key == "$text" else _parsed(content, target, key, context)


def text_of(path: str, target: str, filled: Filled, context: Context) -> str:
    """The text of a file of the same commit, which `target` names; raises `UnusableError`."""
    return _text(_content_of(path, target, filled, context), target)


def _content_of(path: str, target: str, filled: Filled, context: Context) -> bytes:
    if path not in filled.dependencies:
        filled.dependencies.append(path)
    content = context.read(path)
    if isinstance(content, Problem):
        raise UnusableError(content.code, f"{target}: {content.message}", content.hint)
    return content


def _parsed(content: bytes, target: str, key: str, context: Context) -> Json:
    parsed = context.values(content, "json" if key == "$json" else "yaml")
    if isinstance(parsed, Problem):
        line = f":{parsed.line}" if parsed.line else ""
        raise UnusableError(parsed.code, f"{target}{line}: {parsed.message}", parsed.hint)
    return parsed


def _bundled(path: str, filled: Filled, context: Context) -> str:
    """A description as text, with what it refers to in other files of the repository."""

    def load(inner: str) -> File:
        content = _content_of(inner, inner, filled, context)
        return File(len(content), _parsed(content, inner, "$yaml", context))

    def locate(text: str, beside: str) -> str:
        return path_of(text, context, beside)

    try:
        return yaml_text(Bundler(locate, load).bundle(path))
    except BundleError as error:
        raise UnusableError(error.code, f"{path}: {error}", error.hint) from None


def _text(content: bytes, target: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnusableError("placeholder.encoding", f"{target} is not UTF-8 text") from None


def path_of(target: str, context: Context, beside: str = "") -> str:
    """The path that a text means, in the entity's file or in another one of the same repository.

    Raises `UnusableError`.
    """
    try:
        file = absolute_url(target, context)
        if file is None:
            return own_path(target, context, beside=beside)
    except UrlError as error:
        raise UnusableError("placeholder.url", str(error), error.hint) from None
    except PathError as error:
        raise UnusableError("placeholder.path", str(error), error.hint) from None
    branch = context.source.branch
    if not is_own_repository(file, branch):
        raise UnusableError(
            "placeholder.repository", f"{target} is in another repository", "name a file of this repository"
        )
    if not is_own_revision(file, branch):
        raise UnusableError("placeholder.revision", f"{target} is not at {branch.short}", "write a relative path")
    return file.path
