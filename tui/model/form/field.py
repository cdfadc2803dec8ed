"""The fields of a form, read from the JSON Schema of a kind; and what a schema says of a value."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

FieldType = Literal["text", "number", "boolean", "list", "map", "value"]
"""`value` is anything else: written as JSON, judged by the daemon."""

Path = tuple[str, ...]

UNEDITED = frozenset(("metadata", name) for name in ("name", "namespace", "uid", "etag"))
"""An edit keeps the name of its entity; the catalog itself writes the rest."""

FIRST = ("title", "description", "type", "lifecycle", "owner", "system", "tags")
"""Names of fields that people change most."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: where it stands, what it may hold.

    `ref` is the kind that a text without one means, "" where it must say one, None where it is no ref.
    """

    path: Path
    type: FieldType
    required: bool = False
    choices: tuple[str, ...] = ()
    rule: Mapping[str, Any] = field(default_factory=dict)
    ref: str | None = None

    @property
    def label(self) -> str:
        """Its name without where it stands."""
        return self.path[-1]


def fields_of(schema: Mapping[str, Any], document: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of a document: those of the schema, and what stands beside them; what is changed most comes first."""
    found: dict[Path, Field] = {}
    for part in ("metadata", "spec"):
        below = _at(schema, "properties", part)
        for one in _fields(below, (part,)):
            found[one.path] = one
        values = document.get(part)
        for name, value in values.items() if isinstance(values, Mapping) else ():
            path = (part, str(name))
            if not any(known[: len(path)] == path for known in found):
                found[path] = Field(path, type_of(value))
    wanted = [one for one in found.values() if one.path not in UNEDITED]
    return tuple(sorted(wanted, key=_rank))


def _rank(one: Field) -> tuple[int, bool, bool]:
    order = FIRST.index(one.label) if one.label in FIRST else len(FIRST)
    return order, one.type == "map", one.path[0] == "metadata"


def _fields(schema: Mapping[str, Any], above: Path) -> Iterator[Field]:
    required = schema.get("required")
    needed = required if isinstance(required, list) else []
    for name, rule in _at(schema, "properties").items():
        if not isinstance(rule, Mapping):
            continue
        path = (*above, str(name))
        if path in (("spec", "properties"), ("spec", "relations")) and "properties" in rule:  # a kind of a Blueprint
            yield from _fields(rule, path)
            continue
        yield field_of(rule, path, required=name in needed)


def field_of(rule: Mapping[str, Any], path: Path, *, required: bool = False) -> Field:
    """The field that a schema describes."""
    types = rule.get("type")
    wanted = next((one for one in types if one != "null"), "") if isinstance(types, list) else types
    names: dict[Any, FieldType] = {
        "string": "text",
        "number": "number",
        "integer": "number",
        "boolean": "boolean",
        "array": "list",
    }
    type_: FieldType = names.get(wanted, "value")
    if wanted == "object" and isinstance(rule.get("additionalProperties"), Mapping):
        type_ = "map"
    values = rule.get("enum")
    choices = tuple(map(str, values)) if isinstance(values, list) and type_ == "text" else ()
    ref = rule.get("x-ref")
    return Field(path, type_, required, choices, rule, ref if isinstance(ref, str) else None)


def item_of(one: Field) -> Field:
    """What the items of a list, or the values of a map, may be."""
    inner = one.rule.get("items" if one.type == "list" else "additionalProperties")
    return field_of(inner if isinstance(inner, Mapping) else {}, one.path) if inner else Field(one.path, "value")


def type_of(value: object) -> FieldType:
    """The type that a value without a schema is edited as."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, list):
        return "list"
    return "text" if isinstance(value, str) else "value"


def fault(one: Field, value: object) -> str:
    """What is wrong with a value, empty where nothing is; None is no value."""
    if value is None or value == "" or value == []:
        if one.required and value != []:
            return "it needs a value"
        return "" if value is None or value == [] or not one.rule.get("minLength") else "it is empty: x removes it"
    if one.type == "list" and isinstance(value, Sequence) and not isinstance(value, str):
        inner = item_of(one)
        return next((f"{item}: {wrong}" for item in value if (wrong := fault(inner, item))), "")
    if one.type == "map" and isinstance(value, Mapping):
        inner = item_of(one)
        return next(
            (f"{key}: {wrong}" for key, item in value.items() if (wrong := _entry_fault(one, inner, key, item))), ""
        )
    return _scalar_fault(one, value)


def key_fault(one: Field, key: str) -> str:
    """What is wrong with a key of a map."""
    names = one.rule.get("propertyNames")
    return _scalar_fault(Field(one.path, "text", rule=names), key) if isinstance(names, Mapping) else ""


def _entry_fault(one: Field, inner: Field, key: str, item: object) -> str:
    return key_fault(one, key) or ("" if item == "" else fault(inner, item))


def _scalar_fault(one: Field, value: object) -> str:
    wanted = {"text": str, "number": int | float, "boolean": bool}.get(one.type)
    if wanted is None or isinstance(value, Mapping):
        return ""  # placeholders, and what has no form here: the daemon judges
    if not isinstance(value, wanted) or (one.type == "number" and isinstance(value, bool)):
        return f"it must be a {one.type}" if one.type != "boolean" else "it must be true or false"
    if one.choices and value not in one.choices:
        return f"choose {', '.join(one.choices[:-1])} or {one.choices[-1]}"
    if isinstance(value, str):
        pattern, longest = one.rule.get("pattern"), one.rule.get("maxLength")
        if isinstance(pattern, str) and not _matches(pattern, value):
            return str(one.rule.get("description") or "it has another form")
        if isinstance(longest, int) and len(value) > longest:
            return f"{len(value)} characters, at most {longest}"
    return ""


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> "re.Pattern[str] | None":
    try:
        return re.compile(pattern)
    except re.error:
        return None


LONGEST_MATCHED = 1_000
"""Characters of longer texts are not matched here: patterns are others', and the daemon judges in any case."""


def _matches(pattern: str, value: str) -> bool:
    compiled = _compiled(pattern)
    return compiled is None or len(value) > LONGEST_MATCHED or compiled.search(value) is not None


def _at(value: object, *path: str) -> Mapping[str, Any]:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}
