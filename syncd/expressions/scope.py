"""What an expression is evaluated against: one entity, and where its values came from."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from syncd.expressions.errors import FaultError
from syncd.model.json import Json

Path: TypeAlias = tuple[str | int, ...]
"""Steps from the root of an entity: `("metadata", "links", 0, "url")`."""

MAX_LOOKED_AT = 1_000_000
"""Characters that all expressions of one layout, or of one check, may look at together."""

_ADDITIONAL = ("metadata", "additionalInfo")
_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


class Allowance:
    """What evaluating may cost, in characters looked at; shared by expressions that are evaluated together."""

    def __init__(self, characters: int = MAX_LOOKED_AT) -> None:
        self._left = characters

    def spend(self, characters: int) -> None:
        """Take some; FaultError when there are none left."""
        self._left -= characters + 1
        if self._left < 0:
            raise FaultError("evaluating this takes too long")


@dataclass(frozen=True, slots=True)
class Scope:
    """An entity with its effective values. `ingested` are the paths that did not come from git.

    With `additional_info_fallback`, `metadata.additionalInfo.X` that is not there means `metadata.X`, where that was
    ingested (spec 15.5, H66).
    """

    entity: Mapping[str, Json]
    ingested: Collection[Path] = ()
    additional_info_fallback: bool = True
    allowance: Allowance = field(default_factory=Allowance)

    def value(self, path: Path) -> tuple[Json, Path]:
        """The value at a path, null where there is none, and the path where it was found."""
        found = part_of(self.entity, path)
        if found is None and self.additional_info_fallback and path[:2] == _ADDITIONAL and len(path) > len(_ADDITIONAL):
            plain = ("metadata", *path[2:])
            if any(_touch(plain, one) for one in self.ingested):
                return part_of(self.entity, plain), plain
        return found, path


def part_of(value: Json | Mapping[str, Json], path: Path) -> Json:
    """What is found by following steps; null where one leads nowhere."""
    for step in path:
        if isinstance(value, Mapping) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    assert value is None or isinstance(value, bool | int | float | str | list | dict)
    return value


def path_text(path: Path) -> str:
    """A path as expressions spell it: `metadata.annotations['a/b']`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += "['" + step.replace("\\", "\\\\").replace("'", "\\'") + "']"
    return text


def _touch(one: Path, other: Path) -> bool:
    """Whether one path is the other, or leads to it."""
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]
