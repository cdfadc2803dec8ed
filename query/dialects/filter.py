"""Backstage's `filter` parameter (spec 3.3): pieces in a set are ANDed, sets are ORed."""

from collections.abc import Iterable
from typing import Final, TypeAlias

from query.ast import And, Equals, Everything, Exists, Node, Nothing, Or, all_of, any_of, equals, exists
from query.errors import QueryError
from query.simplify import simplify
from query.text import fold

MAX_SETS: Final = 100
"""How many occurrences of `filter` a printed condition may take."""

_Set: TypeAlias = dict[str, tuple[str, ...] | None]
"""Values by key; None where the key need only be there."""


def parse_filter(sets: Iterable[str]) -> Node:
    """Read every occurrence of `filter`; none, or none with a piece in it, means everything.

    Raises `QueryError` for an empty occurrence and for a piece without a key (C140).
    """
    found = [node for text in sets if (node := _parse_set(text)) is not None]
    return any_of(found) if found else Everything()


def print_filter(node: Node) -> list[str]:
    """The occurrences of `filter` that read as a tree of the same meaning; none for everything.

    Raises `QueryError` for what a filter cannot say: negation, parts of values, comparisons, relations over more than
    one step, two values of one key at the same time.
    """
    found = _sets(simplify(node))
    if not found:
        raise QueryError("a filter cannot say: nothing at all")
    return [] if {} in found else [",".join(_pieces(wanted)) for wanted in found]


def _sets(node: Node) -> list[_Set]:
    match node:
        case Everything():
            return [{}]
        case Nothing():
            return []
        case Exists(key):
            return [{key: None}]
        case Equals(key, values):
            return [{key: values}]
        case Or(parts):
            return _bounded([found for part in parts for found in _sets(part)])
        case And(parts):
            found: list[_Set] = [{}]
            for part in parts:
                found = _bounded([_both(one, other) for one in found for other in _sets(part)])
            return found
        case _:
            raise QueryError(
                "a filter cannot say this: it knows key, key=value, all of and any of",
                hint="ask for it as a line or as SQL",
            )


def _bounded(found: list[_Set]) -> list[_Set]:
    if len(found) > MAX_SETS:
        raise QueryError(f"more than {MAX_SETS} filters would be needed", hint="ask for it as a line or as SQL")
    return found


def _both(one: _Set, other: _Set) -> _Set:
    return one | {key: _both_values(key, one[key], values) if key in one else values for key, values in other.items()}


def _both_values(key: str, one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if one is None or other is None:
        return one or other
    fewer, more = sorted((one, other), key=len)
    if not set(fewer) <= set(more):
        raise QueryError(f"a filter cannot ask two things of {key!r} at once", hint="ask for it as a line or as SQL")
    return fewer


def _pieces(wanted: _Set) -> Iterable[str]:
    for key, values in wanted.items():
        if not key or key != key.strip() or {",", "="} & set(key):
            raise QueryError(f"a filter cannot name the key {key!r}")
        for value in values or ():
            if value != value.strip() or "," in value:
                raise QueryError(f"a filter cannot name the value {value!r}")
            yield f"{key}={value}"
        if values is None:
            yield key


def _parse_set(text: str) -> Node | None:
    """One occurrence, or None where it holds nothing but commas. Keys merge whatever their case (C142)."""
    if not text:
        raise QueryError("filter is empty", 0, "write key=value or key")
    wanted: dict[str, list[str]] = {}
    position = 0
    for piece in text.split(","):
        if piece.strip():
            key, values = _parse_piece(piece, position)
            wanted.setdefault(key, []).extend(values)
        position += len(piece) + 1
    parts = [equals(key, values) if values else exists(key) for key, values in wanted.items()]
    return all_of(parts) if parts else None


def _parse_piece(piece: str, position: int) -> tuple[str, list[str]]:
    key, sign, value = (part.strip() for part in piece.partition("="))
    if not key:
        raise QueryError(f"filter piece {piece.strip()!r} has no key", position, "write key=value or key")
    return fold(key), [value] if sign else []
