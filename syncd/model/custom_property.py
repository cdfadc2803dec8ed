"""A custom property: a value that somebody says of an entity beside what its file says."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from syncd.model.json import Json

Base: TypeAlias = Literal["replace", "append", "union"]


@dataclass(frozen=True, slots=True)
class CustomProperty:
    """One record of the overlay. `path` is canonical, `set_at` RFC 3339.

    `base` says what becomes of the file's value at the same path: hidden, or added to; with `union` only what it lacks
    is added. `source` is the door that it came by, `set_by` who said it.
    """

    ref: str
    path: str
    value: Json
    base: Base
    source: str
    set_by: str
    set_at: str
