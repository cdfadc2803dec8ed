"""The functions and methods that an expression may call, and no others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from syncd.expressions import pattern
from syncd.expressions.comparison import equal
from syncd.expressions.errors import FaultError
from syncd.expressions.values import MAX_RESULT, checked, is_empty, text_of
from syncd.model.json import Json


@dataclass(frozen=True, slots=True)
class Function:
    """Something to be called. `works` gets the receiver of a method first; `arguments` counts what is in brackets.

    `pattern` tells that the argument is a regular expression.
    """

    arguments: int
    works: Callable[..., Json]
    pattern: bool = False


def _size(value: Json) -> Json:
    if value is None:
        return 0
    if isinstance(value, str | list | dict):
        return len(value)
    raise FaultError("size needs a text, a list or a mapping")


def _contains(value: Json, wanted: Json) -> Json:
    if isinstance(value, list):
        return any(equal(item, wanted) for item in value)
    return wanted is not None and text_of(wanted) in _text(value, "contains")


def _replace(value: Json, old: Json, new: Json) -> Json:
    text, wanted, other = _text(value, "replace"), text_of(old), text_of(new)
    if len(text) + text.count(wanted) * (len(other) - len(wanted)) > MAX_RESULT:
        raise FaultError(f"the result of replace has more than {MAX_RESULT} characters")
    return text.replace(wanted, other)


def _split(value: Json, separator: Json) -> Json:
    pieces: list[Json] = [*pattern.split(text_of(separator), _text(value, "split"))]
    return pieces


def _contains_key(value: Json, key: Json) -> Json:
    return isinstance(key, str) and key in _mapping(value, "containsKey")


def _key_set(value: Json) -> Json:
    return [*_mapping(value, "keySet")]


def _text(value: Json, name: str) -> str:
    if isinstance(value, list | dict | bool):
        raise FaultError(f"{name} needs a text")
    return text_of(value)


def _mapping(value: Json, name: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise FaultError(f"{name} needs a mapping")
    return value


FUNCTIONS: Mapping[str, Function] = {
    "size": Function(1, _size),
    "empty": Function(1, is_empty),
}
"""What may be called by itself. They take null, too."""

METHODS: Mapping[str, Function] = {
    "contains": Function(1, _contains),
    "startsWith": Function(1, lambda value, start: _text(value, "startsWith").startswith(text_of(start))),
    "endsWith": Function(1, lambda value, end: _text(value, "endsWith").endswith(text_of(end))),
    "toLowerCase": Function(0, lambda value: checked(_text(value, "toLowerCase").lower())),
    "toUpperCase": Function(0, lambda value: checked(_text(value, "toUpperCase").upper())),
    "trim": Function(0, lambda value: _text(value, "trim").strip()),
    "split": Function(1, _split, pattern=True),
    "replace": Function(2, _replace),
    "length": Function(0, lambda value: len(_text(value, "length"))),
    "size": Function(0, _size),
    "isEmpty": Function(0, is_empty),
    "keySet": Function(0, _key_set),
    "containsKey": Function(1, _contains_key),
    "matches": Function(1, lambda value, wanted: pattern.fits(text_of(wanted), _text(value, "matches")), pattern=True),
}
"""What may be called on a value. A method of null is null."""
