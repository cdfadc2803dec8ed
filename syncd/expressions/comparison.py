"""Comparing values as JEXL does, leniently: a text that reads as a number compares as a number.

Two texts are equal when they are the same text. Null is equal to null only, and ordering against it, or between things
that have no order, is no result.
"""

from collections.abc import Callable, Mapping

from syncd.expressions.pattern import fits
from syncd.expressions.values import number_of, text_of
from syncd.model.json import Json

WORDS: Mapping[str, str] = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
"""The operators that may be written as words."""


def compare(operator: str, left: Json, right: Json) -> bool | None:
    """What a comparison says; None where it is no question. FaultError for a bad regular expression."""
    return OPERATORS[operator](left, right)


def equal(left: Json, right: Json) -> bool:
    """Whether two values are the same; lists and mappings are compared item by item, exactly."""
    if left is None or right is None or isinstance(left, list | dict) or isinstance(right, list | dict):
        return left == right
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    if isinstance(left, bool) or isinstance(right, bool):
        first, second = _truth(left), _truth(right)
        return first is not None and first == second
    first_number, second_number = number_of(left), number_of(right)
    return first_number is not None and first_number == second_number


def _truth(value: Json) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value)
    return bool(value) if value in (0, 1) else None


def _order(left: Json, right: Json) -> int | None:
    """-1, 0 or 1; None where there is no order."""
    if isinstance(left, bool | list | dict | None) or isinstance(right, bool | list | dict | None):
        return None
    first, second = number_of(left), number_of(right)
    if first is not None and second is not None:
        return (first > second) - (first < second)
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    return None


def _ordered(test: Callable[[int], bool]) -> Callable[[Json, Json], bool | None]:
    def ordered(left: Json, right: Json) -> bool | None:
        order = _order(left, right)
        return None if order is None else test(order)

    return ordered


def _not(test: Callable[[Json, Json], bool]) -> Callable[[Json, Json], bool]:
    return lambda left, right: not test(left, right)


def matches(left: Json, right: Json) -> bool:
    """A member of a list, a key of a mapping, or a text that a regular expression describes as a whole."""
    if isinstance(right, list):
        return any(equal(left, item) for item in right)
    if isinstance(right, dict):
        return isinstance(left, str) and left in right
    if left is None or right is None or isinstance(left, list | dict):
        return False
    return fits(text_of(right), text_of(left))


def starts(left: Json, right: Json) -> bool:
    """Whether one text begins with the other."""
    return _plain(left) and _plain(right) and text_of(left).startswith(text_of(right))


def ends(left: Json, right: Json) -> bool:
    """Whether one text ends with the other."""
    return _plain(left) and _plain(right) and text_of(left).endswith(text_of(right))


def _plain(value: Json) -> bool:
    return value is not None and not isinstance(value, list | dict)


OPERATORS: Mapping[str, Callable[[Json, Json], bool | None]] = {
    "==": equal,
    "!=": _not(equal),
    "<": _ordered(lambda order: order < 0),
    "<=": _ordered(lambda order: order <= 0),
    ">": _ordered(lambda order: order > 0),
    ">=": _ordered(lambda order: order >= 0),
    "=~": matches,
    "!~": _not(matches),
    "=^": starts,
    "!^": _not(starts),
    "=$": ends,
    "!$": _not(ends),
}
"""By symbol."""
