"""Values of properties as JSON Schema: what a definition asks of a value, judged by `jsonschema_rs`.

Patterns run on an engine that takes time in proportion to the text (Rust's `regex`), so no blueprint can hold the
daemon; it knows neither look-around nor back-references. No schema may refer to another one.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final

import orjson
from jsonschema_rs import Draft202012Validator, RegexOptions, ValidationError

from syncd.blueprints.identifier import BLUEPRINT
from syncd.model.json import FieldPath, Json, JsonObject
from syncd.model.text import shown
from syncd.process.link import is_absolute_url
from syncd.process.schema import Violation, field_text

MAX_PATTERN: Final = 1_000
"""Characters in a pattern."""
MAX_REPORTED: Final = 20
"""What is wrong with one value is said so often at most."""

_PATTERNS: Final = RegexOptions(size_limit=1 << 20, dfa_size_limit=1 << 20)
_LIMITS: Final = (
    *("enum", "minLength", "maxLength", "pattern", "minimum", "maximum"),
    *("minItems", "maxItems", "uniqueItems", "required", "additionalProperties"),
)
_SCHEMAS: Final = ("properties", "patternProperties")
_URL_SPECS: Final = ("embedded-url",)


def _is_user(text: str) -> bool:
    return bool(text) and not any(map(str.isspace, text))


def _is_visible(text: str) -> bool:
    return bool(text.strip())


FORMATS: Final[Mapping[str, Callable[[str], bool] | None]] = {
    "date-time": None,
    "timer": Draft202012Validator({"format": "date-time"}, validate_formats=True).is_valid,
    "url": is_absolute_url,
    "email": None,
    "idn-email": None,
    "ipv4": None,
    "ipv6": None,
    "user": _is_user,
    "team": _is_visible,
    "blueprints": lambda text: bool(BLUEPRINT.fits(text)),
    "markdown": lambda _: True,
    "yaml": lambda _: True,
    "proto": lambda _: True,
}
"""The formats of texts; None where JSON Schema defines it. `user` is an e-mail address or an identifier."""

EXAMPLES: Final[Mapping[str, str]] = {
    "date-time": "2026-01-31T12:00:00Z",
    "timer": "2026-01-31T12:00:00Z",
    "url": "https://example.com",
    "email": "mira@example.com",
    "idn-email": "mira@example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "user": "mira@example.com",
    "team": "team-a",
    "blueprints": "service",
}
"""A text that is right, for hints."""

_LABELED_URL: Final[JsonObject] = {
    "required": ["url"],
    "properties": {"url": {"type": "string", "format": "url"}, "displayText": {"type": "string"}},
    "additionalProperties": False,
}


class PropertySchema:
    """What one definition asks of values. Raises `ValueError` for one that is no schema, with the reason."""

    def __init__(self, definition: JsonObject) -> None:
        self._definition = definition
        try:
            self._validator = Draft202012Validator(
                _json_schema(definition),
                formats={name: test for name, test in FORMATS.items() if test is not None},
                validate_formats=True,
                mask="value",
                pattern_options=_PATTERNS,
                offline=True,
            )
        except ValidationError as error:
            raise ValueError(error.message) from None

    def violations(self, value: Json, path: FieldPath) -> Iterator[Violation]:
        """What is wrong with a value at `path`; the parts of it at their own paths."""
        try:
            for number, error in enumerate(self._validator.iter_errors(value)):
                if number == MAX_REPORTED:
                    return
                yield self._violation(error, value, path)
        except ValueError as error:  # nested deeper than the library goes, or a number beyond every number
            yield Violation(path, "entity.type", f"{field_text(path)} cannot be checked: {error}")

    def _violation(self, error: ValidationError, value: Json, path: FieldPath) -> Violation:
        place = (*path, *_steps(value, error.instance_path))
        fault = error.message.removeprefix("value ")
        keyword = error.kind.name
        hint = _hint(self._definition, keyword)
        code = "entity.type" if keyword == "type" else "entity.missing" if keyword == "required" else "entity.format"
        return Violation(place, code, f"{field_text(place)}: {shown(fault, 300)}", hint)


@lru_cache(maxsize=4096)
def _compiled(definition: bytes) -> PropertySchema:
    return PropertySchema(orjson.loads(definition))


def property_schema(definition: JsonObject) -> PropertySchema:
    """The schema of a definition, made once for equal ones. Raises `ValueError` like the class."""
    return _compiled(orjson.dumps(definition))


def _hint(definition: JsonObject, keyword: str) -> str:
    if keyword == "type":
        return f"its type is {definition.get('type')}"
    name = definition.get("format")
    if keyword == "format" and isinstance(name, str) and name in EXAMPLES:
        return f"write it like {EXAMPLES[name]}"
    return ""


def _steps(value: Json, path: list[str | int]) -> Iterator[str | int]:
    """The path with each step as what it is there: the library takes a key of digits for an index."""
    for step in path:
        if isinstance(value, list):
            yield int(step)
            value = value[int(step)]
        else:
            yield str(step)
            value = value.get(str(step)) if isinstance(value, dict) else None


def _json_schema(definition: JsonObject) -> JsonObject:
    """The definition without all that is Port's own: titles, icons, colours, defaults."""
    schema: JsonObject = {key: value for key, value in definition.items() if key in _LIMITS}
    type_, format_ = definition.get("type"), definition.get("format")
    if type_ is not None:
        schema["type"] = type_
    if format_ == "labeled-url":
        schema |= _LABELED_URL
    elif isinstance(format_, str) and type_ in ("string", None):
        schema["format"] = format_
    if definition.get("spec") in _URL_SPECS:
        schema["format"] = "url"
    for key in _SCHEMAS:
        inner = definition.get(key)
        if isinstance(inner, dict):
            schema[key] = {name: _part(part) for name, part in inner.items()}
    for key in ("items", "additionalProperties"):
        if isinstance(definition.get(key), dict):
            schema[key] = _part(definition[key])
    return schema


def _part(value: Json) -> Json:
    return _json_schema(value) if isinstance(value, dict) else value
