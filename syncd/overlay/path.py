"""Paths of custom properties, `metadata.annotations."harness.io/id"`; one path has one canonical text (H42, H48)."""

import re
from typing import TypeAlias

from syncd.errors import InputError

PropertyPath: TypeAlias = tuple[str, ...]

MAX_LENGTH = 1024
MAX_SEGMENTS = 32

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_UNQUOTED = re.compile(r"""[^.\[\]"'\s\x00-\x1f]+""")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)+)"')
_BRACKET = re.compile(r"""\[(?:'((?:[^'\\]|\\.)+)'|"((?:[^"\\]|\\.)+)")\]""")
_ESCAPE = re.compile(r"\\(.)")


class PathError(InputError):
    """The text is no path; `position` is the offset of the mistake."""

    code = "property.path"

    def __init__(self, text: str, position: int, reason: str) -> None:
        super().__init__(
            f"property path {text[:200]!r}, at {position}: {reason}",
            hint='write metadata.a.b, and a key that holds dots in quotes: metadata.annotations."example.com/key"',
        )
        self.position = position


def parse_path(text: str) -> PropertyPath:
    """Read a path: segments joined by dots, one with odd characters in quotes, or in brackets and quotes.

    Raises `PathError`.
    """
    if not text:
        raise PathError(text, 0, "it is empty")
    if len(text) > MAX_LENGTH:
        raise PathError(text, MAX_LENGTH, f"it is longer than {MAX_LENGTH} characters")
    segments: list[str] = []
    at = 0
    while at < len(text):
        bracket = _BRACKET.match(text, at) if segments else None
        if bracket is not None:
            segments.append(_unescaped(bracket[1] or bracket[2]))
            at = bracket.end()
            continue
        if segments:
            if text[at] != ".":
                raise PathError(text, at, "expected a dot")
            at += 1
        segment, at = _segment(text, at)
        segments.append(segment)
    if len(segments) > MAX_SEGMENTS:
        raise PathError(text, len(text), f"it has more than {MAX_SEGMENTS} segments")
    return tuple(segments)


def path_text(path: PropertyPath) -> str:
    """The canonical text: what `parse_path` reads back."""
    return ".".join(segment if _PLAIN.fullmatch(segment) else _quoted(segment) for segment in path)


def canonical(text: str) -> str:
    """The canonical text of a path however it is written; raises `PathError`."""
    return path_text(parse_path(text))


def _segment(text: str, at: int) -> tuple[str, int]:
    quoted = _QUOTED.match(text, at)
    if quoted is not None:
        return _unescaped(quoted[1]), quoted.end()
    plain = _UNQUOTED.match(text, at)
    if plain is not None:
        return plain[0], plain.end()
    if at == len(text):
        raise PathError(text, at, "a segment is missing behind the dot")
    if text[at] == '"':
        raise PathError(text, at, "the quotes are not closed, or there is nothing between them")
    raise PathError(text, at, f"expected a segment, not {text[at]!r}")


def _quoted(segment: str) -> str:
    escaped = segment.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(r"\1", text)
