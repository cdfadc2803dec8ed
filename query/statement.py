"""Pieces of SQL with their parameters, put together without ever writing a value into the text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

Parameter: TypeAlias = str | int


@dataclass(frozen=True, slots=True)
class Sql:
    """SQL text and the values of its `?`, in order."""

    text: str
    params: tuple[Parameter, ...] = ()


LAST: Final = chr(0x10FFFF)
"""Comes after every other character: what begins with `x` stands from `x` up to `x` and this."""

TRUE: Final = Sql("TRUE")
FALSE: Final = Sql("FALSE")


def chained(separator: str, parts: Iterable[Sql]) -> Sql:
    """The parts one after the other; empty ones leave no trace."""
    found = [part for part in parts if part.text]
    return Sql(separator.join(part.text for part in found), tuple(value for part in found for value in part.params))


def all_hold(parts: Iterable[Sql]) -> Sql:
    """The parts under AND, in parentheses; `TRUE` where there is none."""
    return _joined(" AND ", parts, TRUE)


def any_holds(parts: Iterable[Sql]) -> Sql:
    """The parts under OR, in parentheses; `FALSE` where there is none."""
    return _joined(" OR ", parts, FALSE)


def _joined(operator: str, parts: Iterable[Sql], neutral: Sql) -> Sql:
    found = [part for part in parts if part != neutral]
    inner = chained(operator, found)
    return neutral if not found else found[0] if len(found) == 1 else Sql(f"({inner.text})", inner.params)
