"""Texts that a catalog file may hold and a terminal must never see raw (R71)."""

import pytest

TEXTS = {
    "esc": "\x1b]0;owned\x07\x1b[2J\x1b[31mred",
    "c1": "\x9b31mred\x9d0;title\x9c",
    "bidi": "safe\u202eevil\u2066x\u2069\u200f",
    "zero-width": "a\u200bb\u200cc\u200dd\ufeffe\u2060f\u00adg",
    "tags": "x\U000e0041\U000e007f",
    "surrogate": "x\ud800y\udfff",
    "newlines": "a\nb\r\nc\u2028d\u2029e\x85f\tg\x0bh",
    "del-nul": "a\x7fb\x00c",
    "marks": "Z" + "\u0300" * 60,
}
"""By what is wrong with them."""

PARAMETERS = [pytest.param(text, id=f"r071-{name}") for name, text in TEXTS.items()]

FORBIDDEN = frozenset(
    [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0xAD, 0xFEFF, 0x61C, *range(0xD800, 0xE000))]
    + [chr(code) for code in (*range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070))]
    + [chr(code) for code in range(0xE0000, 0xE0080)]
)
"""What no output may hold, written down here on its own, so that the code's list is not its own judge."""


def raw(text: str, *, allowed: str = "\n") -> list[str]:
    """The forbidden characters in an output, as escapes."""
    return sorted({ascii(character) for character in text if character in FORBIDDEN and character not in allowed})
