"""The tree every dialect is read into: conditions on the search rows of one entity (spec 2.12).

Keys and values in leaves are lower-case, as they are in search rows; `exists`, `below`, `equals`, `starts_with`,
`has_text`, `fitting` and `compared` see to that. A new kind of leaf needs a class here, a case in `condition.py`, in
`match.py` and in each printer of `dialects`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from query.pattern import literal, normal, segments
from query.rank import UNTYPED, Operator, is_typed
from query.text import fold

MAX_REACH: Final = 32
"""A chain of so many relations may have any length."""


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
class Below:
    """Some row has a key that begins with this one and a dot: a mapping, or a list of mappings, that is not empty.

    An item of a list that could be read as such a key is none.
    """

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
class Text:
    """Some term of the entity (`terms.py`) is this word or begins with it."""

    word: str


@dataclass(frozen=True, slots=True)
class Related:
    """A chain of 1 to `depth` relations (any number for `MAX_REACH`), each of one of `types`, joins the entity and one
    of `targets`.

    With direction `out` the chain leads from the entity to the target, with `in` from the target to the entity. Targets
    are refs, which need not exist, or a condition, which means the entities that fulfil it. An entity on a cycle
    reaches itself.
    """

    types: tuple[str, ...]
    targets: "tuple[str, ...] | Node"
    depth: int = 1
    direction: Literal["out", "in"] = "out"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Some row of this key has a value that the whole pattern describes (`query.pattern`)."""

    key: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Compare:
    """Some row of this key has a value that stands in this relation to `value`.

    `typed`: the value is a number, a version or a time, and only values of that type are compared with it
    (`query.rank`). Otherwise all values are compared as text, by code points.
    """

    key: str
    operator: Operator
    value: str
    typed: bool = True


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


Leaf: TypeAlias = Exists | Below | Equals | Prefix | Contains | Pattern | Compare
"""What asks for the rows of one key."""

Node: TypeAlias = Everything | Nothing | Leaf | Text | Related | And | Or | Not


def exists(key: str) -> Exists:
    """`key` has a row, in any spelling of the key."""
    return Exists(fold(key))


def below(key: str) -> Below:
    """There is a row below `key`, in any spelling of the key."""
    return Below(fold(key))


def equals(key: str, values: Iterable[str]) -> Equals:
    """`key` has one of `values`, in any spelling; repeated values count once, in the order of their first mention."""
    return Equals(fold(key), tuple(dict.fromkeys(map(fold, values))))


def starts_with(key: str, value: str) -> Prefix:
    """`key` has a value that begins with `value`, in any spelling."""
    return Prefix(fold(key), fold(value))


def has_text(key: str, value: str) -> Contains:
    """`key` has a value that holds `value`, in any spelling; nothing in `value` is a wildcard (C187)."""
    return Contains(fold(key), fold(value))


def related(
    types: Iterable[str],
    targets: "Iterable[str] | Node",
    depth: int = 1,
    direction: Literal["out", "in"] = "out",
) -> Related:
    """Joined by relations of `types`, in any spelling; `depth` is held between 1 and `MAX_REACH`."""
    meant = tuple(dict.fromkeys(map(fold, targets))) if isinstance(targets, Iterable) else targets
    return Related(tuple(dict.fromkeys(map(fold, types))), meant, min(max(depth, 1), MAX_REACH), direction)


def fitting(key: str, pattern: str) -> Node:
    """`key` has a value that fits the pattern, in any spelling; as the simplest leaf that says it.

    Raises `QueryError` for a pattern that is too long or has too many wildcards.
    """
    text = literal(pattern)
    if text is not None:
        return equals(key, [text])
    simplest = normal(fold(pattern))
    match list(segments(simplest)):
        case [("*", True)]:
            return starts_with(key, "")
        case [(text, False), ("*", True)]:
            return starts_with(key, text)
        case [("*", True), (text, False), ("*", True)]:
            return has_text(key, text)
    return Pattern(fold(key), simplest)


def compared(key: str, operator: Operator, value: str, *, typed: bool = True) -> Compare | Equals:
    """`key` has a value that stands in this relation to `value`, in any spelling.

    By type where `value` is a number, a version or a time and `typed` is not refused; else as text.
    """
    name, folded = fold(key), fold(value)
    if typed and name not in UNTYPED and is_typed(folded):
        return Compare(name, operator, folded.replace(" ", "t"))
    return equals(key, [value]) if operator == "=" else Compare(name, operator, folded, typed=False)


def all_of(parts: Iterable[Node]) -> Node:
    """All parts, without a wrapper where there is one part or none."""
    found = tuple(parts)
    return found[0] if len(found) == 1 else And(found) if found else Everything()


def any_of(parts: Iterable[Node]) -> Node:
    """At least one part, without a wrapper where there is one part or none."""
    found = tuple(parts)
    return found[0] if len(found) == 1 else Or(found) if found else Nothing()
