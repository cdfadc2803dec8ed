"""What to set, as a person writes it: `PATH=VALUE`, or a path and its value as two words."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.model.json_value import json_or_text

_QUOTES = "\"'"


class Assignment(NamedTuple):
    """A property path and the JSON value it is to have."""

    path: str
    value: Any


def read_assignments(words: Sequence[str]) -> list[Assignment]:
    """`PATH=VALUE…` or `PATH VALUE`. Raises `Failure` for anything else."""
    if len(words) == 2 and not _split(words[0])[1]:
        return [_assignment(words[0], words[1])]
    found = []
    for word in words:
        path, sign, text = _split(word)
        if not (path and sign):
            raise Failure(
                f"{word!r} gives no value",
                next_step="write PATH=VALUE, such as metadata.tier=gold; `unset` removes a value",
                code=ExitCode.USAGE,
            )
        found.append(_assignment(path, text))
    if not found:
        raise Failure("nothing to set", next_step="write PATH=VALUE, such as metadata.tier=gold", code=ExitCode.USAGE)
    return found


def read_value(text: str) -> Any:
    """JSON where the text is JSON, else the text itself; `-` reads standard input, `@FILE` a file."""
    if text == "-":
        return json_or_text(_decoded(sys.stdin.buffer.read(), "standard input").removesuffix("\n"))
    if text.startswith("@") and len(text) > 1:
        return json_or_text(_decoded(Path(text[1:]).read_bytes(), text[1:]).removesuffix("\n"))
    return json_or_text(text)


def _assignment(path: str, text: str) -> Assignment:
    value = read_value(text)
    if value is None:
        raise Failure(
            f"{path}: null is no value",
            next_step="`unset` removes the value; '\"null\"' sets that text",
            code=ExitCode.USAGE,
        )
    return Assignment(path, value)


def _split(word: str) -> tuple[str, str, str]:
    """Path, `=` and value; an `=` between quotes belongs to the path."""
    quote = ""
    for at, character in enumerate(word):
        if quote:
            quote = "" if character == quote and word[at - 1] != "\\" else quote
        elif character in _QUOTES:
            quote = character
        elif character == "=":
            return word[:at], "=", word[at + 1 :]
    return word, "", ""


def _decoded(content: bytes, place: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Failure(
            "the value is not UTF-8 text", where=place, next_step="give text or JSON", code=ExitCode.USAGE
        ) from error
