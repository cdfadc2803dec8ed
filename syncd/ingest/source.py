"""A file's bytes as text that the C parser can read to its end, whatever they hold (R26, R28)."""

import re
from dataclasses import dataclass

from syncd.ingest.failure import ParseError

_BOM = "\ufeff"
_HARMLESS_BYTES = bytes({0x09, 0x0A, 0x0D, *range(0x20, 0x7F), *range(0x80, 0x100)})
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Line breaks of YAML 1.1 that are ordinary characters in 1.2; the C library is of 1.1, so it gets stand-ins.
_BREAKS = "\x85\u2028\u2029"
_STAND_INS = "\U0010ff85\U0010ff28\U0010ff29"
_HIDE = str.maketrans(_BREAKS, _STAND_INS)
_SHOW = str.maketrans(_STAND_INS, _BREAKS)
_ANY_BREAK = re.compile(f"[{_BREAKS}]")
_ANY_STAND_IN = re.compile(f"[{_STAND_INS}]")


@dataclass(frozen=True, slots=True)
class SourceText:
    """Text of a file without its byte-order mark, `data` the same in UTF-8; indexes count characters.

    Characters that YAML forbids are replaced one for one, so that they cost only the document that holds them;
    `original` is the text with them where there are any. `hidden` tells that scalars must go through `shown`.
    """

    text: str
    data: bytes
    original: str = ""
    hidden: bool = False

    def flaw_between(self, start: int, end: int, line: int) -> ParseError | None:
        """The first forbidden character of a stretch that begins in `line`, as a failure."""
        match = _FORBIDDEN.search(self.original, start, end) if self.original else None
        if match is None:
            return None
        index, found = match.start(), match[0]
        column = index - max(self.text.rfind("\n", start, index), self.text.rfind("\r", start, index), start - 1)
        place = (line + line_breaks(self.text, start, index), column)
        if "\ud800" <= found <= "\udfff":
            return ParseError("not_utf8", "a byte that is not UTF-8", *place, hint="save the file as UTF-8")
        return ParseError("invalid_character", f"the character U+{ord(found):04X} may not stand here", *place)


def source_text(content: bytes) -> SourceText:
    """Decode a file; never fails."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return _mended(content.decode(errors="surrogateescape"))
    if text.isascii():
        return SourceText(text, content) if not content.translate(None, _HARMLESS_BYTES) else _mended(text)
    return _mended(text)


def shown(text: str) -> str:
    """A scalar with its own characters in place of stand-ins."""
    return text.translate(_SHOW)


def line_breaks(text: str, start: int, end: int) -> int:
    """Number of line breaks (LF, CR LF, CR) between two indexes."""
    return text.count("\n", start, end) + text.count("\r", start, end) - text.count("\r\n", start, end)


def _mended(text: str) -> SourceText:
    text = text.removeprefix(_BOM)
    original = ""
    if _FORBIDDEN.search(text):
        original, text = text, _FORBIDDEN.sub("\ufffd", text)
    hidden = _ANY_BREAK.search(text) is not None and _ANY_STAND_IN.search(text) is None
    if hidden:
        text = text.translate(_HIDE)
    return SourceText(text, text.encode(), original, hidden)
