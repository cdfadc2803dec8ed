"""A small declarative schema: every violation of a document is found, each with the path of its field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol

from query.suggestion import did_you_mean
from syncd.model.json import FieldPath, Json
from syncd.model.text import shown
from syncd.process.formats import Format, quoted

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong at one field; the field itself may be missing."""

    path: FieldPath
    code: str
    message: str
    hint: str = ""


class Rule(Protocol):
    """What a field must hold."""

    @property
    def noun(self) -> str:
        """What it must hold, in a word or two: `a list`."""

    @property
    def example(self) -> str:
        """A value that is right, as YAML; "" where none helps."""

    def check(self, value: Json, path: FieldPath, found: list[Violation]) -> None:
        """Add what is wrong with `value` to `found`."""


def field_text(path: FieldPath) -> str:
    """A field as people write it: `metadata.tags[0]`, `metadata.labels["a b"]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN_KEY.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f"[{quoted(step)}]" if text else quoted(step)
    return text or "the document"


def described(value: Json) -> str:
    """What a value is, for a sentence: `a list`, `the number 5`."""
    if value is None:
        return "empty (null)"
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    return "a list" if isinstance(value, list) else "a mapping"


def _wrong_type(rule: Rule, value: Json, path: FieldPath) -> Violation:
    name = field_text(path)
    if value is None:
        return Violation(path, "entity.type", f"{name} is empty (null)", f"give it {rule.noun}, or remove the key")
    hint = ""
    if isinstance(rule, Text) and isinstance(value, bool | int | float):
        hint = "write it in quotes"
    elif isinstance(rule, Items) and isinstance(value, str):
        hint = f"write {path[-1]}: [{shown(value)}]"
    elif isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith("$"):
        hint = "the placeholders are $text, $json, $yaml, $openapi and $asyncapi"
    return Violation(path, "entity.type", f"{name} must be {rule.noun}, not {described(value)}", hint)


@dataclass(frozen=True, slots=True)
class Text:
    """A string: not empty unless `empty`, in `format` if there is one, and accepted by `test` if there is one."""

    format: Format | None = None
    empty: bool = False
    test: Callable[[str], bool] | None = None
    wanted: str = ""
    example: str = ""
    noun: str = "text"

    def check(self, value: Json, path: FieldPath, found: list[Violation]) -> None:
        """See `Rule`."""
        if type(value) is not str:
            found.append(_wrong_type(self, value, path))
        elif not value:
            if not self.empty:
                hint = self.format.rule if self.format else "give it a value, or remove the key"
                found.append(Violation(path, "entity.empty", f"{field_text(path)} is empty", hint))
        elif self.format is not None and not self.format.fits(value):
            message = f"{field_text(path)} {quoted(value)} {self.format.fault(value)}"
            found.append(Violation(path, "entity.format", message, self.format.rule))
        elif self.test is not None and not self.test(value):
            message = f"{field_text(path)} {quoted(value)} is not {self.wanted}"
            found.append(Violation(path, "entity.format", message))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few texts."""

    values: tuple[str, ...]
    example: str = ""
    noun: str = "text"

    def check(self, value: Json, path: FieldPath, found: list[Violation]) -> None:
        """See `Rule`."""
        if value not in self.values:
            message = f"{field_text(path)} must be {' or '.join(self.values)}, not {described(value)}"
            found.append(Violation(path, "entity.format", message))


@dataclass(frozen=True, slots=True)
class Items:
    """A list whose items all keep one rule; it may be empty."""

    item: Rule
    example: str = "[]"
    noun: str = "a list"

    def check(self, value: Json, path: FieldPath, found: list[Violation]) -> None:
        """See `Rule`."""
        if type(value) is not list:
            found.append(_wrong_type(self, value, path))
            return
        for index, item in enumerate(value):
            self.item.check(item, (*path, index), found)


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping of any keys in one format, whose values all keep one rule; null is no entries, if `nullable`."""

    key: Format
    value: Rule
    nullable: bool = False
    example: str = ""
    noun: str = "a mapping"

    def check(self, value: Json, path: FieldPath, found: list[Violation]) -> None:
        """See `Rule`."""
        if value is None and self.nullable:
            return
        if type(value) is not dict:
            found.append(_wrong_type(self, value, path))
            return
        for key, item in value.items():
            if not self.key.fits(key):
                fault = self.key.fault(key) if key else "is empty"
                message = f"{field_text(path)} has a key {quoted(key)} that {fault}"
                found.append(Violation((*path, key), "entity.format", message, self.key.rule))
            self.value.check(item, (*path, key), found)


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping with known fields; others are kept as they are, unless it is `closed`."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    closed: bool = False
    ours: tuple[str, ...] = ()
    """Fields that only the catalog writes; a closed mapping says so."""
    example: str = ""
    noun: str = "a mapping"
    of: str = "an entity"
    """What the fields are fields of, for a sentence."""

    def check(self, value: Json, path: FieldPath, found: list[Violation]) -> None:
        """See `Rule`."""
        if type(value) is not dict:
            found.append(_wrong_type(self, value, path))
            return
        for name, rule in self.required.items():
            if name in value:
                rule.check(value[name], (*path, name), found)
            else:
                found.append(self._missing(name, value, path))
        for name, rule in self.optional.items():
            if name in value:
                rule.check(value[name], (*path, name), found)
        if self.closed:
            found.extend(self._unknown(name, path) for name in value if not self._knows(name))

    def _knows(self, name: str) -> bool:
        return name in self.required or name in self.optional

    def _missing(self, name: str, value: dict[str, Json], path: FieldPath) -> Violation:
        near = get_close_matches(name, [key for key in value if not self._knows(key)], n=1, cutoff=0.7)
        rule = self.required[name]
        hint = f"there is {near[0]}: spell it {name}" if near else f"add {name}: {rule.example or rule.noun}"
        return Violation((*path, name), "entity.missing", f"{field_text((*path, name))} is missing", hint)

    def _unknown(self, name: str, path: FieldPath) -> Violation:
        known = [*self.required, *self.optional]
        hint = did_you_mean(name, known, f"allowed here are {', '.join(known)}", cutoff=0.7)
        message = f"{field_text((*path, name))} is not a field of {self.of}"
        if name in self.ours:
            message, hint = f"{field_text((*path, name))} is written by the catalog only", "remove it"
        return Violation((*path, name), "entity.unknown_field", message, hint)


@dataclass(frozen=True, slots=True)
class Either:
    """One of two rules; a value that keeps neither is told both."""

    first: Rule
    second: Rule
    example: str = ""

    @property
    def noun(self) -> str:
        """Both nouns."""
        return f"{self.first.noun} or {self.second.noun}"

    def check(self, value: Json, path: FieldPath, found: list[Violation]) -> None:
        """See `Rule`."""
        attempts: list[list[Violation]] = []
        for rule in (self.first, self.second):
            attempts.append([])
            rule.check(value, path, attempts[-1])
            if not attempts[-1]:
                return
        inside = [attempt for attempt in attempts if all(len(v.path) > len(path) for v in attempt)]
        found.extend(inside[0] if inside else [_wrong_type(self, value, path)])


@dataclass(frozen=True, slots=True)
class Boolean:
    """true or false."""

    example: str = "true"
    noun: str = "true or false"

    def check(self, value: Json, path: FieldPath, found: list[Violation]) -> None:
        """See `Rule`."""
        if type(value) is not bool:
            found.append(_wrong_type(self, value, path))
