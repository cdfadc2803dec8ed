"""The tree every dialect is read into: conditions on the search rows of one entity (spec 2.12).

Keys and values in leaves are lower-case, as they are in search rows; `exists`, `equals`, `starts_with` and `has_text`
see to that. A new kind of leaf needs a class here, a case in `sql.py` and a case in `match.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from query.text import fold


@dataclass(frozen=True, slots=True)
class Everything:
    """True for every entity."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """True for no entity."""


@dataclass(frozen=True, slots=True)
class Exists:
    """Some row has this key, rows without a value included (C128)."""

    key: str


@dataclass(frozen=True, slots=True)
class Equals:
    """Some row of this key has one of these values; without values never true."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Some row of this key has a value that begins with this text; the empty text asks for any value but null."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Contains:
    """Some row of this key has a value that holds this text anywhere; the empty text asks for any value but null."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class And:
    """All parts are true; true without parts."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part is true; false without parts."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part is false; so `Not(Equals(k, v))` holds for entities that lack `k`."""

    part: "Node"


Node: TypeAlias = Everything | Nothing | Exists | Equals | Prefix | Contains | And | Or | Not


def exists(key: str) -> Exists:
    """`key` has a row, in any spelling of the key."""
    return Exists(fold(key))


def equals(key: str, values: Iterable[str]) -> Equals:
    """`key` has one of `values`, in any spelling; repeated values count once, in the order of their first mention."""
    return Equals(fold(key), tuple(dict.fromkeys(map(fold, values))))


def starts_with(key: str, value: str) -> Prefix:
    """`key` has a value that begins with `value`, in any spelling."""
    return Prefix(fold(key), fold(value))


def has_text(key: str, value: str) -> Contains:
    """`key` has a value that holds `value`, in any spelling; nothing in `value` is a wildcard (C187)."""
    return Contains(fold(key), fold(value))


def all_of(parts: Iterable[Node]) -> Node:
    """All parts, without a wrapper where there is one part or none."""
    found = tuple(parts)
    return found[0] if len(found) == 1 else And(found) if found else Everything()


def any_of(parts: Iterable[Node]) -> Node:
    """At least one part, without a wrapper where there is one part or none."""
    found = tuple(parts)
    return found[0] if len(found) == 1 else Or(found) if found else Nothing()
