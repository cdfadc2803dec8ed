"""Regular expressions of an engine that never goes back: time grows with the text, whatever the pattern."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from syncd.expressions.errors import FaultError
from syncd.model.text import shown

MAX_PATTERN = 200
"""Characters of a regular expression."""
MEMORY = 1 << 20
"""Bytes that the engine may take for one pattern."""


def fits(pattern: str, text: str) -> bool:
    """Whether the pattern describes the whole text. FaultError where it is no pattern."""
    return compiled(pattern).fullmatch(text) is not None


def split(pattern: str, text: str) -> Sequence[str]:
    """What stands between the places that the pattern describes; empty texts at the end are left out, as in Java."""
    pieces: list[str] = list(compiled(pattern).split(text))
    while len(pieces) > 1 and not pieces[-1]:
        pieces.pop()
    return pieces


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Any:
    """The pattern of RE2. FaultError for what it does not know: looking around, references back."""
    if len(pattern) > MAX_PATTERN:
        raise FaultError(f"a regular expression has at most {MAX_PATTERN} characters, this one {len(pattern)}")
    re2, options = _engine()
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode(errors="replace") if error.args else "it cannot be read"
        raise FaultError(f"{shown(pattern)} is no regular expression: {reason}") from None


@cache
def _engine() -> tuple[Any, Any]:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    return re2, options
