"""How a value is written: in the style that its neighbours have, as far as it can carry the value."""

import json
import re
from dataclasses import dataclass, replace
from typing import Final

from syncd.ingest.scalars import Resolver, resolve
from syncd.model.json import Json

_PRINTABLE: Final = re.compile("[ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ff27]*")
"""One line that YAML 1.1 and 1.2 read alike; the last block holds stand-ins of our reader."""
_NOT_PLAIN: Final = re.compile(r"^[\s,\[\]{}#&*!|>'\"%@`]|^[-?:](?:\s|\Z)|^(?:---|\.\.\.)|:\s|\s#|[:\s]\Z|\t")
_NOT_PLAIN_IN_FLOW: Final = re.compile(r"[,\[\]{}]|^[-?:]|:[,\[\]{}'\"]|\?")
_TO_ESCAPE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_LITERAL: Final = re.compile(r"(?![ \t\n])(?:[^\n]*\n)*[^\n]+\n*")
_UNTIDY: Final = re.compile(r"[ \t](?:\n|\Z)|\n\n\Z|\t")


@dataclass(frozen=True, slots=True)
class Pen:
    """The habits of a document: its quotes, the step of its indentation, that of lists below their key, line ends.

    `resolve` says what a plain text means in it. `caution` 0 leaves away quotes where a plain text reads back, 1 puts
    every new text into quotes, 2 into double quotes with escapes, in one line.
    """

    quote: str
    step: int
    list_step: int
    resolve: Resolver = resolve
    eol: str = "\n"
    caution: int = 0

    def with_eol(self, eol: str) -> "Pen":
        """The same for lines that end in `eol`."""
        return self if eol == self.eol else replace(self, eol=eol)

    def scalar(self, value: Json, style: str = "", *, flow: bool = False) -> str:
        """A single value in one line; `style` ("", `'`, `"`) is that of a text that it is to look like."""
        if not isinstance(value, str):
            return json.dumps(value)
        if self.caution < 2 and style != '"' and _PRINTABLE.fullmatch(value):
            if not style and not self.caution and self._is_plain(value, flow=flow):
                return value
            if style == "'" or (not style and self.quote == "'"):
                return "'" + value.replace("'", "''") + "'"
        return _TO_ESCAPE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))

    def key(self, key: str, style: str = "", *, flow: bool = False) -> str:
        """A key, which other readers must not take for a merge."""
        return self.scalar(key, style or (self.quote if key == "<<" else ""), flow=flow)

    def flow(self, value: Json, style: str = "") -> str:
        """Any value in one line; `style` is that of all its texts and keys."""
        if isinstance(value, dict):
            pairs = (f"{self.key(key, style, flow=True)}: {self.flow(item, style)}" for key, item in value.items())
            return "{" + ", ".join(pairs) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.flow(item, style) for item in value) + "]"
        return self.scalar(value, style, flow=True)

    def block(self, value: Json, column: int) -> str:
        """A collection that is not empty, its first line without the indentation that the others have."""
        if isinstance(value, dict):
            lines = [self.key(key) + ":" + self.below_key(item, column) for key, item in value.items()]
        else:
            lines = ["- " + self.inside(item, column + 2) for item in value] if isinstance(value, list) else []
        return (self.eol + " " * column).join(lines)

    def below_key(self, value: Json, column: int, style: str = "") -> str:
        """What follows the `:` of a key in `column`."""
        if not is_block(value):
            return " " + self.inside(value, column + self.step, style)
        inner = column + (self.list_step if isinstance(value, list) else self.step)
        return self.eol + " " * inner + self.block(value, inner)

    def inside(self, value: Json, column: int, style: str = "") -> str:
        """What follows a `- ` and stands in `column`; also a value that needs no line of its own below a key."""
        if is_block(value):
            return self.block(value, column)
        if isinstance(value, dict | list):
            return self.flow(value)
        if self.takes_lines(value, style):
            return self._literal(str(value), column)
        return self.scalar(value, style)

    def takes_lines(self, value: Json, style: str = "") -> bool:
        """Is it written in lines of its own, where there is room for them?"""
        if isinstance(value, str):
            return self.caution < 2 and style != '"' and _is_paragraph(value)
        return is_block(value)

    def _is_plain(self, text: str, *, flow: bool) -> bool:
        if not text or _NOT_PLAIN.search(text) or (flow and _NOT_PLAIN_IN_FLOW.search(text)):
            return False
        return isinstance(self.resolve(text), str)

    def _literal(self, value: str, column: int) -> str:
        lines = value.removesuffix("\n").split("\n")
        written = (self.eol + (" " * column + line if line else "") for line in lines)
        return ("|" if value.endswith("\n") else "|-") + "".join(written)


def is_block(value: Json) -> bool:
    """Is it a collection that needs lines of its own?"""
    return isinstance(value, dict | list) and bool(value)


def can_block(text: str) -> bool:
    """Can lines below a `|` hold the text without saying how far they are indented?"""
    return _LITERAL.fullmatch(text) is not None and all(map(_PRINTABLE.fullmatch, re.split(r"[\n\t]", text)))


def _is_paragraph(text: str) -> bool:
    """Is it a text that people would write below a `|`?"""
    return "\n" in text.rstrip("\n") and can_block(text) and not _UNTIDY.search(text)
