"""How values are read as numbers, as texts, as true or false (JEXL's lenient ways)."""

import json
import math
import re

from syncd.expressions.errors import FaultError
from syncd.model.json import Json

MAX_RESULT = 65_536
"""Characters of a computed text, and items of a computed list."""

LARGEST_INTEGER = 2**63

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(\.[0-9]*)?|(\.[0-9]+))([eE][+-]?[0-9]{1,4})?", re.ASCII)
_LONGEST_NUMBER = 40


def number_of(value: Json) -> int | float | None:
    """The number that a value is or, as a text, reads as; true is 1 and false 0."""
    if isinstance(value, int | float):
        return bounded(value + 0)
    if not isinstance(value, str) or len(value) > _LONGEST_NUMBER:
        return None
    found = _NUMBER.fullmatch(value.strip())
    if found is None:
        return None
    return bounded(int(value) if not any(found.groups()) else float(value))


def bounded(number: int | float) -> int | float | None:
    """The number in 64 bits: a large integer becomes a fraction, what is beyond any bound is none."""
    if isinstance(number, int):
        if abs(number) < LARGEST_INTEGER:
            return number
        number = float(number) if number.bit_length() < 1024 else math.inf
    return number if math.isfinite(number) else None


def is_true(value: Json) -> bool:
    """Whether a value holds: not null, false, 0, an empty text or the text "false"."""
    if isinstance(value, str):
        return value not in ("", "false")
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0
    return value is not None


def is_empty(value: Json) -> bool:
    """Whether there is nothing in a value: null, or an empty text, list or mapping."""
    return value is None or (isinstance(value, str | list | dict) and not value)


def text_of(value: Json) -> str:
    """A value as people read it; a list of plain values with commas. FaultError where it is too long."""
    if isinstance(value, str):
        text = value
    elif value is None:
        text = ""
    elif isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        text = ", ".join(item if isinstance(item, str) else _json(item) for item in value)
    else:
        text = _json(value)
    return checked(text)


def checked(text: str) -> str:
    """The text, unless it is longer than a result may be: FaultError."""
    if len(text) > MAX_RESULT:
        raise FaultError(f"the result has {len(text)} characters, more than {MAX_RESULT}")
    return text


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
