"""The only values that pass the parser: what JSON can say (R25)."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, Union

Json: TypeAlias = Union[bool, int, float, str, "list[Json]", "dict[str, Json]", None]
JsonObject: TypeAlias = dict[str, Json]

FieldPath: TypeAlias = tuple[str | int, ...]
"""Where a value stands: texts are keys of mappings, numbers count the items of lists from 0."""


def found_at(value: Json, path: Sequence[str | int]) -> tuple[bool, Json]:
    """Whether there is a value at a path, and the value."""
    for step in path:
        if isinstance(value, dict) and step in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return False, None
    return True, value


def value_at(value: Json, path: Sequence[str | int]) -> Json:
    """The value at a path; None where there is none."""
    return found_at(value, path)[1]


def text_at(value: Mapping[str, Json], *path: str) -> str | None:
    """The string at a path of keys, or None where there is no string."""
    current: Json | Mapping[str, Json] = value
    for key in path:
        if not isinstance(current, Mapping) or key not in current:
            return None
        current = current[key]
    return current if isinstance(current, str) else None
