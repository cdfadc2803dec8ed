"""Sums as in JEXL: numbers where both sides read as numbers, else `+` joins texts; integers divide as integers."""

import math
from collections.abc import Callable, Mapping

from syncd.expressions.errors import FaultError
from syncd.expressions.values import bounded, checked, number_of, text_of
from syncd.model.json import Json

Number = int | float


def calculate(operator: str, left: Json, right: Json) -> Json:
    """The result of one operation; null where a side is null. FaultError where there is no result."""
    if left is None or right is None:
        return None
    first, second = number_of(left), number_of(right)
    joins = isinstance(left, str) and isinstance(right, str)
    if operator == "+" and (joins or first is None or second is None):
        return checked(text_of(left) + text_of(right))
    if first is None or second is None:
        raise FaultError(f"{operator} needs numbers on both sides")
    result = bounded(_OPERATIONS[operator](first, second))
    if result is None:
        raise FaultError(f"the result of {operator} is beyond all numbers")
    return result


def negative(value: Json) -> Json:
    """The number with its sign turned round."""
    number = number_of(value)
    if number is None and value is not None:
        raise FaultError("- needs a number")
    return None if number is None else -number


def _product(first: Number, second: Number) -> Number:
    return first * second


def _quotient(first: Number, second: Number) -> Number:
    if second == 0:
        raise FaultError("a division by zero")
    if isinstance(first, int) and isinstance(second, int):
        whole = abs(first) // abs(second)
        return whole if (first < 0) == (second < 0) else -whole
    return first / second


def _remainder(first: Number, second: Number) -> Number:
    """With the sign of the first number, as in Java."""
    if second == 0:
        raise FaultError("a division by zero")
    if isinstance(first, int) and isinstance(second, int):
        return first - second * int(_quotient(first, second))
    return math.fmod(first, second)


_OPERATIONS: Mapping[str, Callable[[Number, Number], Number]] = {
    "+": lambda first, second: first + second,
    "-": lambda first, second: first - second,
    "*": _product,
    "/": _quotient,
    "%": _remainder,
}
