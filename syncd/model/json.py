"""The only values that pass the parser: what JSON can say (R25)."""

from collections.abc import Mapping
from typing import TypeAlias, Union

Json: TypeAlias = Union[bool, int, float, str, "list[Json]", "dict[str, Json]", None]
JsonObject: TypeAlias = dict[str, Json]


def text_at(value: Mapping[str, Json], *path: str) -> str | None:
    """The string at a path of keys, or None where there is no string."""
    current: Json | Mapping[str, Json] = value
    for key in path:
        if not isinstance(current, Mapping) or key not in current:
            return None
        current = current[key]
    return current if isinstance(current, str) else None
