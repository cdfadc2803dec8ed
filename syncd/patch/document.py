"""One YAML document of a file as text: read, and exchanged for another, with the proof that no other one changed."""

import re
from typing import Final

from syncd.ingest.failure import ParseError
from syncd.ingest.limits import ParseLimits
from syncd.ingest.reader import read_pieces
from syncd.ingest.stream import Piece
from syncd.model.json import Json
from syncd.patch.edit import same
from syncd.patch.refusal import PatchRefusedError

_BOM: Final = "\ufeff"
_BEGIN: Final = re.compile(r"---[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)")
_END: Final = re.compile(r"(?:^|(?<=[\r\n]))\.\.\.[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")


def document_text(content: bytes, number: int, limits: ParseLimits) -> str:
    """The lines of a document, without those that divide it from others. Raises `PatchRefusedError`."""
    text = _text(content)
    start, end = _bounds(text, _pieces(content, limits), number)
    return text[start:end]


def with_document(content: bytes, number: int, new: str, limits: ParseLimits) -> bytes:
    """The file with other lines for one document. Raises `PatchRefusedError`.

    It has as many documents as before, and all others say what they said.
    """
    text, before = _text(content), _pieces(content, limits)
    start, end = _bounds(text, before, number)
    if new and end < len(text) and not new.endswith(("\n", "\r")):
        new += "\r\n" if text[start:end].endswith("\r\n") else "\n"
    bom = _BOM if content.startswith(_BOM.encode()) else ""
    result = (bom + text[:start] + new + text[end:]).encode(errors="surrogateescape")
    after = _pieces(result, limits)
    if len(after) != len(before):
        message = f"the file would have {len(after)} documents instead of {len(before)}"
        raise PatchRefusedError("inexact", message, hint="a document is added by hand")
    edited = after[number]
    if edited.failure is not None:
        raise _unreadable(edited.failure)
    if not all(_agree(before[other], after[other]) for other in range(len(before)) if other != number):
        raise PatchRefusedError("inexact", "another document of the file would change", hint="edit the file by hand")
    return result


def _text(content: bytes) -> str:
    return content.decode(errors="surrogateescape").removeprefix(_BOM)


def _pieces(content: bytes, limits: ParseLimits) -> list[Piece[Json]]:
    found = read_pieces(content, limits)
    if isinstance(found, ParseError):
        raise _unreadable(found)
    return found


def _bounds(text: str, found: list[Piece[Json]], number: int) -> tuple[int, int]:
    if not 0 <= number < len(found):
        raise PatchRefusedError("no_document", f"the file has {len(found)} documents, counted from 0")
    start, end = found[number].start, found[number].end
    begin = _BEGIN.match(text, start, end)
    start = begin.end() if begin else start
    stop = _END.search(text, start, end)
    return start, stop.start() if stop else end


def _unreadable(failure: ParseError) -> PatchRefusedError:
    message = f"the document cannot be read: {failure.message}"
    return PatchRefusedError("unreadable", message, failure.line, hint=failure.hint)


def _agree(one: Piece[Json], other: Piece[Json]) -> bool:
    if one.failure is None or other.failure is None:
        return one.failure is other.failure and same(one.value, other.value)
    return one.failure.reason == other.failure.reason
