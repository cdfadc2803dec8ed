"""Edits of one document as a patch of its file, proven before it is given out (R48)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from syncd.ingest.failure import ParseError
from syncd.ingest.limits import ParseLimits
from syncd.ingest.reader import read_pieces
from syncd.ingest.source import source_text
from syncd.ingest.stream import Piece, pieces
from syncd.model.json import Json
from syncd.patch.edit import FieldEdit, applied, same, taken_back
from syncd.patch.refusal import PatchRefusedError
from syncd.patch.rewriter import Rewriter, pen_of
from syncd.patch.splices import Hunk, Lines, Splice, located, spliced, trimmed
from syncd.patch.tree import Composer, Tree

_DEFAULTS: Final = ParseLimits()
_BOM: Final = "\ufeff"
_CAUTIONS: Final = (0, 1, 2)

_SURROGATES: Final = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
"""How JSON spells what is beyond 16 bits; libyaml does not take it."""


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes a patch back: as edits, and as the lines that were there, which know of comments and quotes too."""

    edits: tuple[FieldEdit, ...]
    hunks: tuple[Hunk, ...]


@dataclass(frozen=True, slots=True)
class Patch:
    """The new bytes of a file; `undo` says how to come back: `patched(content, document, undo.edits, undo.hunks)`."""

    content: bytes
    undo: Undo


def patched(
    content: bytes,
    document: int,
    edits: Sequence[FieldEdit],
    hunks: Sequence[Hunk] = (),
    limits: ParseLimits = _DEFAULTS,
) -> Patch:
    """The file with the edits carried out, one after the other, in its YAML document of that number (from 0).

    The data of the new file differ from those of the old one by exactly the edits, as our own reader reads both; all
    lines that the edits are not about keep their bytes. `hunks` are tried first, and taken if they come to just that:
    with those of an `Undo` the old bytes come back, where the lines are still those of the patch.
    Raises `PatchRefusedError`. Reads the file twice at least, so it belongs where hostile files are read.
    """
    file = _File(content, document, limits)
    new = applied(file.value, edits)
    if same(file.value, new):
        return Patch(content, Undo((), ()))
    undo = tuple(taken_back(file.value, edits))
    for splices in file.attempts(new, hunks):
        text, back = spliced(file.text, splices)
        result = file.encoded(text)
        if file.proves(result, new):
            return Patch(result, Undo(undo, tuple(back)))
    message = "no way of writing the change leaves all other data as they are"
    raise PatchRefusedError("inexact", message, hint="edit the file by hand")


class _File:
    """A file before the edit: its text, and what its documents say, `value` that of the one in question."""

    def __init__(self, content: bytes, document: int, limits: ParseLimits) -> None:
        self._limits = limits
        self._document = document
        text = content.decode(errors="surrogateescape")
        self._bom = _BOM if text.startswith(_BOM) else ""
        self.text = text.removeprefix(_BOM)
        self._content = content
        pieces_found = read_pieces(content, limits)
        if isinstance(pieces_found, ParseError):
            raise _unreadable(pieces_found)
        if not 0 <= document < len(pieces_found):
            message = f"the file has {len(pieces_found)} documents, counted from 0: there is no {document}"
            raise PatchRefusedError("no_document", message)
        self._pieces = pieces_found
        piece = pieces_found[document]
        if piece.failure is not None:
            raise _unreadable(piece.failure)
        if piece.value is None:
            raise PatchRefusedError("empty", "the document is empty", piece.line, hint="write its first lines by hand")
        self.value: Json = piece.value

    def attempts(self, new: Json, hunks: Sequence[Hunk]) -> Iterator[list[Splice]]:
        """Ways to write the new value, the nicest first. Raises `PatchRefusedError`."""
        splices = located(self.text, hunks) if hunks else None
        if splices is not None:
            yield splices
        tree = self._tree()
        pen = pen_of(self.text, tree)
        for caution in _CAUTIONS:
            splices = Rewriter(self.text, tree, replace(pen, caution=caution)).rewrite(self.value, new)
            yield splices if caution else trimmed(self.text, splices)

    def proves(self, content: bytes, new: Json) -> bool:
        """Does a file say the new value, and the same as before in all other documents?"""
        found = read_pieces(content, self._limits)
        if isinstance(found, ParseError) or len(found) != len(self._pieces):
            return False
        others = [number for number in range(len(found)) if number != self._document]
        edited = found[self._document]
        return (
            edited.failure is None
            and same(edited.value, new)
            and all(_agree(found[number], self._pieces[number]) for number in others)
        )

    def encoded(self, text: str) -> bytes:
        """The bytes of a text that was made from this one."""
        return (self._bom + text).encode(errors="surrogateescape")

    def _tree(self) -> Tree:
        piece = self._pieces[self._document]
        begin = Lines(self.text).start(piece.start)
        source = source_text(_SURROGATES.sub(r"\\u263a\\u263a", self.text[begin : piece.end]).encode())
        found, *_ = pieces(source, self._limits, Composer(self.text, begin, self._limits).compose)
        if found.value is None:
            raise _unreadable(found.failure or ParseError("syntax", "nothing was read", piece.line))
        return found.value


def _unreadable(failure: ParseError) -> PatchRefusedError:
    message = f"the document cannot be read: {failure.message}"
    return PatchRefusedError("unreadable", message, failure.line, hint=failure.hint)


def _agree(one: Piece[Json], other: Piece[Json]) -> bool:
    if one.failure is None or other.failure is None:
        return one.failure is other.failure and same(one.value, other.value)
    return one.failure.reason == other.failure.reason
