"""Where a setting stands in a TOML text: the standard library's reader tells no lines."""

import re

KeyPath = tuple[str | int, ...]

_KEY = r"(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')"
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_TABLE = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]")
_ASSIGNMENT = re.compile(rf"\s*({_DOTTED})\s*=")
_FENCE = re.compile(r"\"\"\"|'''")


def line_of(text: str, path: KeyPath) -> int:
    """The line, from 1, of a key or of the nearest table around it; 0 when the text says neither."""
    lines = _key_lines(text)
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return 0


def _key_lines(text: str) -> dict[KeyPath, int]:
    lines: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    fence = ""
    for number, line in enumerate(text.splitlines(), start=1):
        was_inside, fence = bool(fence), _fence_after(line, fence)
        if was_inside:
            continue
        if match := _TABLE.match(line):
            table = _parts(match[2])
            if match[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                lines.setdefault(table, number)
                table = (*table, counts[table])
            lines.setdefault(table, number)
        elif match := _ASSIGNMENT.match(line):
            lines.setdefault((*table, *_parts(match[1])), number)
    return lines


def _parts(dotted: str) -> KeyPath:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))


def _fence_after(line: str, fence: str) -> str:
    """Which multi-line quote is open after a line, given the one before it ("" for none)."""
    for mark in _FENCE.findall(line):
        fence = "" if fence == mark else fence or mark
    return fence
