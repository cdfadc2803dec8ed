"""What the definition of a property must look like (Port 3): its type, and what that type allows."""

from collections.abc import Mapping
from typing import Final, TypeGuard

from query.suggestion import did_you_mean
from syncd.blueprints.property_schema import FORMATS, MAX_PATTERN, property_schema
from syncd.model.json import Json, JsonObject
from syncd.process.schema import Choice, Either, Fields, Items, Rule, Text, Violation, described, field_text

COLORS: Final = (
    "blue",
    "turquoise",
    "orange",
    "purple",
    "pink",
    "yellow",
    "green",
    "red",
    "gold",
    "silver",
    "paleBlue",
    "darkGray",
    "lightGray",
    "bronze",
    "lime",
    "olive",
    "brown",
)
"""What `enumColors` may name."""
TYPES: Final = ("string", "number", "boolean", "object", "array")
MAX_NESTING: Final = 10
"""How deep lists and objects of a definition may lie in each other."""

_ANY_TEXT: Final = Text(empty=True)
_COMMON: Final = ("type", "title", "description", "icon", "default", "format", "spec", "specAuthentication")
_OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "string": ("minLength", "maxLength", "pattern", "enum", "enumColors"),
    "number": ("minimum", "maximum", "enum", "enumColors"),
    "boolean": (),
    "object": ("properties", "required", "patternProperties", "additionalProperties"),
    "array": ("items", "minItems", "maxItems", "uniqueItems"),
}
_FORMATS: Final[Mapping[str, tuple[str, ...]]] = {"string": tuple(FORMATS), "object": ("labeled-url",)}
_SPECS: Final[Mapping[str, tuple[str, ...]]] = {
    "string": ("open-api", "async-api", "embedded-url"),
    "object": ("open-api", "async-api"),
}
_PAIRS: Final = (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems"))
_COUNTS: Final = ("minLength", "maxLength", "minItems", "maxItems")
_AUTHENTICATION: Final = Fields(
    optional=dict.fromkeys(("authorizationUrl", "tokenUrl", "clientId"), Text()) | {"authorizationScope": Items(Text())}
)
_TEXTS: Final[Mapping[str, Rule]] = {
    "title": _ANY_TEXT,
    "description": _ANY_TEXT,
    "icon": Either(_ANY_TEXT, Fields()),
    "specAuthentication": _AUTHENTICATION,
}


class PropertyRule:
    """A definition of a property, or of what lies in a list or object (`nesting` counts these)."""

    noun = "the definition of a property"
    example = "{type: string}"

    def __init__(self, nesting: int = 0) -> None:
        self._nesting = nesting

    def check(self, value: Json, path: tuple[str | int, ...], found: list[Violation]) -> None:
        """See `Rule`."""
        if not isinstance(value, dict):
            found.append(Violation(path, "entity.type", f"{field_text(path)} must be {self.noun}", "write an object"))
            return
        if self._nesting > MAX_NESTING:
            message = f"{field_text(path)} lies more than {MAX_NESTING} definitions deep"
            found.append(Violation(path, "entity.format", message, "make it flatter"))
            return
        before = len(found)
        type_ = self._type(value, path, found)
        if type_ is not None:
            _Definition(type_, value, path, found, self._nesting).check()
        if len(found) == before:
            self._compile(value, path, found)

    def _type(self, value: JsonObject, path: tuple[str | int, ...], found: list[Violation]) -> str | None:
        type_ = value.get("type")
        place = (*path, "type")
        if type_ is None and self._nesting:
            return _guessed(value)
        if "type" not in value:
            found.append(Violation(place, "entity.missing", f"{field_text(place)} is missing", _one_of(TYPES)))
            return None
        if not isinstance(type_, str) or type_ not in TYPES:
            hint = did_you_mean(type_ if isinstance(type_, str) else "", TYPES, _one_of(TYPES))
            message = f"{field_text(place)} is not a type: {described(type_)}"
            found.append(Violation(place, "entity.format", message, hint))
            return None
        return type_

    def _compile(self, value: JsonObject, path: tuple[str | int, ...], found: list[Violation]) -> None:
        """A definition that fits may still hold a pattern that is none, or a default that does not fit it."""
        try:
            schema = property_schema(value)
        except ValueError as error:
            place = (*path, "pattern") if "pattern" in value else path
            hint = "patterns are regular expressions without look-around and back-references"
            found.append(Violation(place, "entity.format", f"{field_text(place)}: {error}", hint))
            return
        if value.get("default") is not None:
            found.extend(schema.violations(value["default"], (*path, "default")))


class _Definition:
    """One definition of a known type, and where what is wrong with it goes."""

    def __init__(
        self, type_: str, value: JsonObject, path: tuple[str | int, ...], found: list[Violation], nesting: int
    ) -> None:
        self._type, self._value, self._path, self._found, self._nesting = type_, value, path, found, nesting

    def check(self) -> None:
        allowed = (*_COMMON, *_OWN[self._type])
        for key in self._value:
            if key not in allowed:
                self._foreign(key, allowed)
        for key, rule in _TEXTS.items():
            if self._value.get(key) is not None:
                rule.check(self._value[key], (*self._path, key), self._found)
        self._choice("format", _FORMATS.get(self._type, ()))
        self._choice("spec", _SPECS.get(self._type, ()))
        self._limits()
        self._enum()
        self._nested()

    def _say(self, key: str, message: str, hint: str = "", code: str = "entity.format") -> None:
        place = (*self._path, key)
        self._found.append(Violation(place, code, f"{field_text(place)} {message}", hint))

    def _foreign(self, key: str, allowed: tuple[str, ...]) -> None:
        elsewhere = [type_ for type_, own in _OWN.items() if key in own]
        if elsewhere:
            self._say(key, f"does not belong to a {self._type}", f"it belongs to {' and '.join(elsewhere)}")
            return
        hint = did_you_mean(key, allowed, f"allowed here are {', '.join(allowed)}", cutoff=0.7)
        self._say(key, f"is not a field of a {self._type} property", hint, "entity.unknown_field")

    def _choice(self, key: str, allowed: tuple[str, ...]) -> None:
        value = self._value.get(key)
        if value is None or value in allowed:
            return
        if not allowed:
            self._say(key, f"does not belong to a {self._type}", "remove it")
            return
        hint = did_you_mean(value if isinstance(value, str) else "", allowed, _one_of(allowed))
        self._say(key, f"is not known: {described(value)}", hint)

    def _limits(self) -> None:
        for key in _COUNTS:
            if key in self._value and not _is_count(self._value[key]):
                self._say(key, f"must be a whole number from 0, not {described(self._value[key])}", code="entity.type")
        for key in ("minimum", "maximum"):
            if key in self._value and not _is_number(self._value[key]):
                self._say(key, f"must be a number, not {described(self._value[key])}", code="entity.type")
        if "uniqueItems" in self._value and not isinstance(self._value["uniqueItems"], bool):
            self._say("uniqueItems", "must be true or false", code="entity.type")
        pattern = self._value.get("pattern")
        if pattern is not None and (not isinstance(pattern, str) or len(pattern) > MAX_PATTERN):
            self._say("pattern", f"must be a text of at most {MAX_PATTERN} characters")
        for low, high in _PAIRS:
            first, second = self._value.get(low), self._value.get(high)
            if _is_number(first) and _is_number(second) and first > second:
                self._say(low, f"is greater than {high}", "exchange them")

    def _enum(self) -> None:
        values, colors = self._value.get("enum"), self._value.get("enumColors")
        if values is not None:
            self._values(values)
        if colors is None:
            return
        Fields().check(colors, (*self._path, "enumColors"), self._found)
        known = {str(value) for value in values} if isinstance(values, list) else set()
        for name, color in colors.items() if isinstance(colors, dict) else ():
            place = (*self._path, "enumColors", name)
            Choice(COLORS).check(color, place, self._found)
            if name not in known:
                message = f"{field_text(place)}: {name} is not in enum"
                self._found.append(Violation(place, "entity.format", message, "add it to enum, or remove its color"))

    def _values(self, values: Json) -> None:
        if not isinstance(values, list) or not values:
            self._say("enum", "must be a list of at least one value", code="entity.type")
            return
        fits = _is_number if self._type == "number" else _is_text
        if not all(map(fits, values)):
            self._say("enum", f"must hold values of type {self._type} only", code="entity.type")
        elif len({*map(str, values)}) < len(values):
            self._say("enum", "has a value twice", "remove one of them")

    def _nested(self) -> None:
        inner = PropertyRule(self._nesting + 1)
        for key in ("properties", "patternProperties"):
            value = self._value.get(key)
            if value is None:
                continue
            Fields().check(value, (*self._path, key), self._found)
            for name, part in value.items() if isinstance(value, dict) else ():
                inner.check(part, (*self._path, key, name), self._found)
        if self._value.get("items") is not None:
            inner.check(self._value["items"], (*self._path, "items"), self._found)
        if self._value.get("required") is not None:
            Items(Text()).check(self._value["required"], (*self._path, "required"), self._found)
        extra = self._value.get("additionalProperties")
        if extra is not None and not isinstance(extra, bool):
            inner.check(extra, (*self._path, "additionalProperties"), self._found)


def _guessed(value: JsonObject) -> str | None:
    """The type that a part without one is meant to have: what its limits belong to."""
    return next((type_ for type_, own in _OWN.items() if any(key in own for key in value)), "string")


def _is_count(value: Json) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: Json) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _one_of(names: tuple[str, ...]) -> str:
    return f"write one of {', '.join(names)}"
