"""What a plain scalar means: the YAML 1.2 core schema, and 1.1 for documents that ask for it (spec 2.3, C36-C44).

Values are those that JSON can say (R25): infinities and NaN become null as in JavaScript, an integral float within
2^53 becomes an integer, an integer beyond 64 bits becomes a float. Dates, times and binary data stay text.
"""

import re
from collections.abc import Callable

from syncd.model.json import Json

Resolver = Callable[[str], Json]

_EXACT = 2**53
_INT64 = 2**63

_NOT_FINITE = {
    **{sign + word: "Infinity" for sign in ("", "+") for word in (".inf", ".Inf", ".INF")},
    **{"-" + word: "-Infinity" for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys((".nan", ".NaN", ".NAN"), "NaN"),
}
_WORDS: dict[str, Json] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL", *_NOT_FINITE), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WORDS_1_1: dict[str, Json] = {
    **_WORDS,
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF"), False),
}
_FIRST = frozenset("+-.0123456789~nNtTfF")
_FIRST_1_1 = _FIRST | frozenset("yYoO")

_NUMBER = re.compile(
    r"(?P<int>[-+]?[0-9]+)"
    r"|0o(?P<oct>[0-7]+)"
    r"|0x(?P<hex>[0-9a-fA-F]+)"
    r"|(?P<float>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
)
_NUMBER_1_1 = re.compile(
    r"(?P<sign>[-+]?)(?:"
    r"0b(?P<bin>[01_]+)"
    r"|0x(?P<hex>[0-9a-fA-F_]+)"
    r"|0(?P<oct>[0-7_]+)"
    r"|(?P<int>[0-9][0-9_]*)"
    r"|(?P<sixty>[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)"
    r"|(?P<float>(?:[0-9][0-9_]*)?\.[0-9_]*|(?:[0-9][0-9_]*)(?:\.[0-9_]*)?[eE][-+]?[0-9]+)"
    r")"
)
_RADIX = {"bin": 2, "oct": 8, "hex": 16}


def resolve(text: str) -> Json:
    """The value of an untagged plain scalar by the YAML 1.2 core schema."""
    if text and text[0] not in _FIRST:
        return text
    if text in _WORDS:
        return _WORDS[text]
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text
    group = match.lastgroup
    if group == "float":
        return json_number(float(text))
    return _integer(match[group or 0], _RADIX.get(group or "", 10))


def resolve_1_1(text: str) -> Json:
    """The value of an untagged plain scalar in a document with a `%YAML 1.1` directive; dates stay text."""
    if text and text[0] not in _FIRST_1_1:
        return text
    if text in _WORDS_1_1:
        return _WORDS_1_1[text]
    match = _NUMBER_1_1.fullmatch(text)
    if match is None:
        return text
    group = match.lastgroup or ""
    digits = match[group].replace("_", "")
    if digits in ("", "."):
        return text
    if group == "sixty":
        return json_number(_sexagesimal(match["sign"], digits))
    if group == "float":
        return json_number(float(match["sign"] + digits))
    return _integer(match["sign"] + digits, _RADIX.get(group, 10))


def json_number(value: float) -> int | float | None:
    """A float as JSON keeps it: null unless finite, an integer where that is exact (so that 1.0 is 1)."""
    if value - value != 0.0:
        return None
    if value.is_integer() and abs(value) <= _EXACT:
        return int(value)
    return value


def json_integer(digits: str) -> int | float | None:
    """A decimal integer; beyond 64 bits the nearest double (C41), null where that is infinite."""
    if len(digits) > 20:
        return json_number(float(digits))
    value = int(digits)
    return value if -_INT64 <= value < _INT64 else float(value)


def key_text(text: str, value: Json) -> str:
    """The text of a plain key whose resolved value is not a string, as JavaScript writes that value (C50)."""
    if value is None:
        return _NOT_FINITE.get(text, "")
    if isinstance(value, bool):
        return "true" if value else "false"
    return _js_float(value) if isinstance(value, float) else str(value)


def flow_text(value: Json) -> str:
    """A list or mapping that is a key, in flow style: `[ a, b ]`, `{ a: 1 }`, and `{ a }` where the value is null."""
    if isinstance(value, list):
        return f"[ {', '.join(map(flow_text, value))} ]" if value else "[]"
    if isinstance(value, dict):
        pairs = [key if item is None else f"{key}: {flow_text(item)}" for key, item in value.items()]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    return value if isinstance(value, str) else key_text("", value) or "null"


def _integer(digits: str, radix: int) -> Json:
    if radix == 10:
        return json_integer(digits)
    value = int(digits, radix)
    if -_INT64 <= value < _INT64:
        return value
    return float(value) if value.bit_length() <= 1023 else None


def _sexagesimal(sign: str, text: str) -> float:
    total = 0.0
    for part in text.split(":"):
        total = total * 60 + float(part)
    return -total if sign == "-" else total


def _js_float(value: float) -> str:
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    sign = "-" if value < 0 else ""
    if 0 < point <= 21:
        padded = digits.ljust(point, "0")
        return sign + padded[:point] + ("." + padded[point:] if padded[point:] else "")
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    tail = "." + digits[1:] if digits[1:] else ""
    return f"{sign}{digits[0]}{tail}e{point - 1:+d}"
