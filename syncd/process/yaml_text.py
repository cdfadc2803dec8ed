"""A value as YAML text that every reader, of version 1.1 or 1.2, takes for the same value."""

import json
import re
from collections.abc import Iterator

from syncd.model.json import Json

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_/.-]*(?: [A-Za-z0-9_/.(][A-Za-z0-9_/.(),-]*)*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def yaml_text(value: Json) -> str:
    """Block mappings and lists, two spaces a level; text in double quotes unless it is plain words."""
    return "\n".join(_lines(value, "")) + "\n"


def _lines(value: Json, indent: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _entry(f"{indent}{_text(key)}:", item, indent + "  ")
    elif isinstance(value, list) and value:
        for item in value:
            yield from _item(item, indent)
    else:
        yield indent + _scalar(value)


def _entry(head: str, item: Json, indent: str) -> Iterator[str]:
    if item and isinstance(item, dict | list):
        yield head
        yield from _lines(item, indent)
    else:
        yield f"{head} {_scalar(item)}"


def _item(item: Json, indent: str) -> Iterator[str]:
    if item and isinstance(item, dict | list):
        first, *rest = _lines(item, indent + "  ")
        yield f"{indent}- {first[len(indent) + 2 :]}"
        yield from rest
    else:
        yield f"{indent}- {_scalar(item)}"


def _scalar(value: Json) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return "{}"
    return "[]" if isinstance(value, list) else _number(json.dumps(value))


def _number(text: str) -> str:
    """A number with a point before its exponent: without one it is a text in YAML 1.1."""
    return text.replace("e", ".0e") if "e" in text and "." not in text and text[-1].isdigit() else text


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return quoted if quoted.isprintable() else "".join(map(_character, quoted))


def _character(character: str) -> str:
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
