r"""Patterns: `*` is any text, also none, `?` is one character; `\` before one of the three means the character itself.

Both readings take time in proportion to the text: Python looks for the pieces between stars from left to right, SQL
uses a regular expression of an engine that never goes back.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from query.errors import QueryError
from query.text import is_searchable

MAX_WILDCARDS: Final = 32
"""How many `*` and `?` a pattern may have."""

ANY: Final = None
"""`?` in a piece."""

_SPECIAL = "*?\\"


def escaped(text: str) -> str:
    """A pattern that is this text and nothing else."""
    return "".join(f"\\{character}" if character in _SPECIAL else character for character in text)


def literal(pattern: str) -> str | None:
    """The only text that the pattern fits; None where it has a wildcard."""
    found = list(_symbols(pattern))
    return None if any(wild for _, wild in found) else "".join(character for character, _ in found)


def normal(pattern: str) -> str:
    """The pattern with `?` before `*` in each run of wildcards, and one `*` at most.

    Raises `QueryError` for one that is too long or has more than `MAX_WILDCARDS` wildcards.
    """
    parts: list[str] = []
    single, many = 0, False
    wildcards = 0
    for character, wild in [*_symbols(pattern), ("", False)]:
        if wild:
            wildcards += 1
            single, many = single + (character == "?"), many or character == "*"
        else:
            parts += ["?" * single, "*" * many, escaped(character)]
            single, many = 0, False
    if wildcards > MAX_WILDCARDS:
        raise QueryError(f"{wildcards} wildcards, and {MAX_WILDCARDS} is the most", hint="one * stands for any text")
    if not is_searchable("".join(character for character, wild in _symbols(pattern) if not wild)):
        raise QueryError("the pattern is longer than any value that can be searched", hint="values end at 200")
    return "".join(parts)


def fits(pattern: str, value: str) -> bool:
    """Whether the whole value is described by the pattern."""
    pieces = _pieces(pattern)
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return len(value) == len(first) and _stands_at(first, value, 0)
    end = len(value) - len(last)
    if end < len(first) or not _stands_at(first, value, 0) or not _stands_at(last, value, end):
        return False
    at = len(first)
    for piece in pieces[1:-1]:
        at = next((at for at in range(at, end - len(piece) + 1) if _stands_at(piece, value, at)), -1)
        if at == -1:
            return False
        at += len(piece)
    return True


def regular_expression(pattern: str) -> str:
    """The pattern for RE2, to be met by the whole value."""
    return "(?s)" + "".join(_expression(character, wild) for character, wild in _symbols(pattern))


def segments(pattern: str) -> Iterator[tuple[str, bool]]:
    """Runs of plain text, and each wildcard alone, which the flag tells."""
    plain = ""
    for character, wild in _symbols(pattern):
        if not wild:
            plain += character
            continue
        if plain:
            yield plain, False
        yield character, True
        plain = ""
    if plain:
        yield plain, False


def _symbols(pattern: str) -> Iterator[tuple[str, bool]]:
    """Characters in order, each with whether it is a wildcard."""
    characters = iter(pattern)
    for character in characters:
        if character == "\\":
            yield next(characters, "\\"), False
        else:
            yield character, character in "*?"


@lru_cache(maxsize=256)
def _pieces(pattern: str) -> tuple[tuple[str | None, ...], ...]:
    pieces: list[list[str | None]] = [[]]
    for character, wild in _symbols(pattern):
        if wild and character == "*":
            pieces.append([])
        else:
            pieces[-1].append(ANY if wild else character)
    return tuple(map(tuple, pieces))


def _stands_at(piece: tuple[str | None, ...], value: str, at: int) -> bool:
    return all(own is ANY or own == value[at + number] for number, own in enumerate(piece))


def _expression(character: str, wild: bool) -> str:
    if wild:
        return ".*" if character == "*" else "."
    if character.isalnum() or ord(character) > 127:
        return character
    return f"\\x{{{ord(character):x}}}"
