"""A JSON value: as a person writes it in one line, and read without trusting its form."""

from collections.abc import Mapping, Sequence
from typing import Any


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def sequence(value: object) -> Sequence[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list | tuple) else ()


def json_or_text(text: str) -> Any:
    """The JSON value that a text spells, else the text. What JSON does not know (`NaN`) is text, and so is a number
    that would not be kept as it is written: whole ones of more than 64 bits, fractions beyond all bounds."""
    import json

    try:
        return json.loads(text, parse_constant=_no_json, parse_int=_whole, parse_float=_fraction)
    except (ValueError, RecursionError):
        return text


def _whole(text: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError(text)
    return number


def _fraction(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(text)
    return number


def _no_json(text: str) -> Any:
    raise ValueError(text)
