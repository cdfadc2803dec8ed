"""Text as search rows hold it: lower case, and numbers as JavaScript prints them (spec 2.12)."""

import math
from decimal import Decimal

SEARCHABLE_LENGTH = 200
"""Longest key and longest value that can be searched, in UTF-16 code units of the lower-cased text."""


def fold(text: str) -> str:
    """Lower case, letter by letter.

    A capital sigma becomes σ wherever it stands (`str.lower` looks at its neighbours), so that folding a path and
    folding its pieces give the same text.
    """
    return text.lower() if text.isascii() else text.replace("Σ", "σ").lower()


def is_searchable(folded: str) -> bool:
    """Whether a folded key or value is short enough to be searched."""
    if len(folded) * 2 <= SEARCHABLE_LENGTH:
        return True
    wide = sum(1 for character in folded if character > "\uffff")
    return len(folded) + wide <= SEARCHABLE_LENGTH


def scalar_text(value: bool | int | float | str) -> str | None:
    """The text that a JSON scalar is searched by; None for the numbers that JSON cannot say."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value)


def number_value(value: int | float) -> float | None:
    """The number as a JavaScript number; None where that is not finite."""
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def number_text(value: int | float) -> str | None:
    """A number as JavaScript prints it: `1.5`, `1e+21`, no trailing `.0`, `0` for -0; None where it is not finite."""
    number = number_value(value)
    if number is None:
        return None
    if number == 0:
        return "0"
    if number.is_integer() and abs(number) < 2**53:
        return str(int(number))
    sign = "-" if number < 0 else ""
    return sign + _positive_text(abs(number))


def _positive_text(number: float) -> str:
    _, digit_list, exponent = Decimal(repr(number)).normalize().as_tuple()
    digits = "".join(map(str, digit_list))
    point = len(digits) + int(exponent)  # where the decimal point stands, counted from the first digit
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    mantissa = digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{mantissa}e{point - 1:+d}"
