"""Backstage's `filter` parameter (spec 3.3): pieces in a set are ANDed, sets are ORed."""

from collections.abc import Iterable

from query.ast import Everything, Node, all_of, any_of, equals, exists
from query.errors import QueryError
from query.text import fold


def parse_filter(sets: Iterable[str]) -> Node:
    """Read every occurrence of `filter`; none, or none with a piece in it, means everything.

    Raises `QueryError` for an empty occurrence and for a piece without a key (C140).
    """
    found = [node for text in sets if (node := _parse_set(text)) is not None]
    return any_of(found) if found else Everything()


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
