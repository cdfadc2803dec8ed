"""Strict JSON under the same caps as YAML (R29): no duplicate keys, no NaN, no lone surrogates."""

import json
from itertools import pairwise
from typing import NoReturn

from syncd.ingest.failure import ParseError
from syncd.ingest.limits import ParseLimits
from syncd.ingest.scalars import json_integer, json_number
from syncd.model.json import Json, JsonObject


def parse_json(text: str, limits: ParseLimits) -> Json:
    """The value of a JSON text. Raises `ParseError`; the place is known for syntax errors only."""
    _refuse_depth(text, limits)
    try:
        value: Json = json.loads(
            text,
            object_pairs_hook=lambda pairs: _object(pairs, limits),
            parse_constant=_refuse_constant,
            parse_int=json_integer,
            parse_float=lambda digits: json_number(float(digits)),
        )
    except json.JSONDecodeError as error:
        raise ParseError("syntax", f"not JSON: {error.msg}", error.lineno, error.colno) from None
    _check(value, limits)
    return value


def _refuse_depth(text: str, limits: ParseLimits) -> None:
    """Brackets outside strings; done before the decoder, which recurses."""
    depth = 0
    for index, part in enumerate(text.replace("\\\\", "").replace('\\"', "").split('"')):
        if index % 2:
            continue
        for character in part:
            if character in "[{":
                depth += 1
                if depth > limits.depth:
                    raise limits.exceeded("depth")
            elif character in "]}":
                depth -= 1


def _object(pairs: list[tuple[str, Json]], limits: ParseLimits) -> JsonObject:
    result = dict(pairs)
    if len(result) > limits.mapping_keys:
        raise limits.exceeded("mapping_keys")
    if len(result) < len(pairs):
        names = sorted(key for key, _ in pairs)
        twice = next(name for name, following in pairwise(names) if name == following)
        raise ParseError("duplicate_key", f"the key {twice!r} stands twice in one object")
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise ParseError("not_a_number", f"{name} is not JSON")


def _check(value: Json, limits: ParseLimits) -> None:
    waiting: list[Json] = [value]
    nodes = 0
    while waiting:
        item = waiting.pop()
        nodes += 1
        if nodes > limits.events:
            raise limits.exceeded("events")
        if isinstance(item, dict):
            for key in item:
                _check_text(key, limits, "key_bytes")
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str):
            _check_text(item, limits, "scalar_bytes")


def _check_text(text: str, limits: ParseLimits, limit: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise ParseError("invalid_character", "a text holds half of a surrogate pair") from None
    if size > getattr(limits, limit):
        raise limits.exceeded(limit)
    if "\0" in text:
        raise ParseError("invalid_character", "a text holds the character NUL, which no store keeps")
