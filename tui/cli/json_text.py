"""JSON for pipes and for eyes alike: what could act on a terminal is spelled as a JSON escape (R74)."""

import json
from re import Match
from typing import Any

from tui.safe_text import dangerous


def json_text(value: Any, *, indent: int | None = None) -> str:
    """`value` as JSON. Reading it back gives `value` exactly; no control or invisible character stands in it raw."""
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    if text.isascii() and "\x7f" not in text:
        return text
    return dangerous().sub(_escape, text)


def _escape(match: Match[str]) -> str:
    character = match.group()
    if character == "\n":  # laid out by `indent`; a newline inside a string is escaped already
        return character
    code = ord(character)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
