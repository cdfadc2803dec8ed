"""Text from outside made harmless for a terminal (R71)."""

import re
from functools import cache

LONGEST = 10_000
"""Characters of one text that are shown at most."""

MARKS = 4
"""Combining marks that one character may carry; what exceeds them is shown as one ellipsis."""

_DANGEROUS = (
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners and fillers that show nothing
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line separators, bidi
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # musical and shorthand format, tags
)
_NAMED = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


@cache
def dangerous() -> re.Pattern[str]:
    """One character that must not reach a terminal: it moves the cursor, reorders or hides text, or has no encoding."""
    return re.compile(f"[{_DANGEROUS}]")


def escaped(character: str) -> str:
    r"""The visible spelling of one character: `\n`, `\x1b`, `\u202e`, `\U000e0041`."""
    code = ord(character)
    if character in _NAMED:
        return _NAMED[character]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def safe_text(text: str, *, multiline: bool = False, limit: int = LONGEST) -> str:
    """`text` without anything that could act on a terminal: dangerous characters become visible escapes.

    `multiline` leaves newlines and tabs as they are. `limit` is the number of characters of `text` that are shown;
    a cut is marked by an ellipsis. Marks that pile up on one character are cut after four. The result can always be
    encoded as UTF-8. Every string that came from outside (entities, paths, branch names, errors of git and of the
    daemon, log lines) passes here on its way to a terminal (R71).
    """
    if len(text) > limit:
        text = text[:limit] + "…"
    if text.isascii() and text.isprintable():
        return text

    def replacement(match: re.Match[str]) -> str:
        character = match.group()
        return character if multiline and character in "\n\t" else escaped(character)

    text = dangerous().sub(replacement, text)
    return text if text.isascii() else _without_piles(text)


def _without_piles(text: str) -> str:
    import unicodedata

    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if run <= MARKS:
            kept.append(character)
        elif run == MARKS + 1:
            kept.append("…")
    return "".join(kept)
