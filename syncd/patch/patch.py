"""Edits of one document as a patch of its file, proven before it is given out (R48)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from syncd.ingest.failure import ParseError
from syncd.ingest.limits import ParseLimits
from syncd.ingest.reader import read_values
from syncd.ingest.source import source_text
from syncd.ingest.stream import pieces
from syncd.model.json import Json
from syncd.patch.edit import FieldEdit, applied, same, taken_back
from syncd.patch.refusal import PatchRefusedError
from syncd.patch.rewriter import Rewriter, pen_of
from syncd.patch.splices import Hunk, spliced, turned
from syncd.patch.tree import Composer, Tree

_DEFAULTS: Final = ParseLimits()
_BOM: Final = "\ufeff"
_CAUTIONS: Final = (0, 1, 2)


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes edits back: as edits, and as the lines that they came from, which know of comments and quotes too."""

    edits: tuple[FieldEdit, ...]
    hunks: tuple[Hunk, ...]


def patched(
    content: bytes,
    document: int,
    edits: Sequence[FieldEdit],
    hunks: Sequence[Hunk] = (),
    limits: ParseLimits = _DEFAULTS,
) -> bytes:
    """The file with the edits carried out, one after the other, in its YAML document of that number (from 0).

    The data of the new file differ from those of the old one by exactly the edits, as our own reader reads both; all
    lines that the edits are not about keep their bytes. `hunks` are tried first, and taken if they come to just that.
    Raises `PatchRefusedError`. Reads the file several times: belongs where files are read.
    """
    return _File(content, document, limits).patched(edits, hunks)[0]


def inverse(content: bytes, document: int, edits: Sequence[FieldEdit], limits: ParseLimits = _DEFAULTS) -> Undo:
    """What takes `patched(content, document, edits)` back: `patched(…, document, undo.edits, undo.hunks)`.

    That restores the bytes where the lines are still those of the edit, and else the data. Raises `PatchRefusedError`.
    """
    file = _File(content, document, limits)
    _, hunks = file.patched(edits, ())
    return Undo(tuple(taken_back(file.value, edits)), tuple(hunks))


class _File:
    """A file in the state in which it is edited; `value` is what the document says."""

    def __init__(self, content: bytes, document: int, limits: ParseLimits) -> None:
        self._limits = limits
        self._document = document
        text = content.decode(errors="surrogateescape")
        self._bom = _BOM if text.startswith(_BOM) else ""
        self._text = text.removeprefix(_BOM)
        self._content = content
        self._values = self._read(content)
        value = self._values[document]
        if isinstance(value, ParseError):
            raise _unreadable(value)
        if value is None:
            raise PatchRefusedError("empty", "the document is empty", hint="write the first lines by hand")
        self.value: Json = value

    def patched(self, edits: Sequence[FieldEdit], hunks: Sequence[Hunk]) -> tuple[bytes, list[Hunk]]:
        new = applied(self.value, edits)
        if same(self.value, new):
            return self._content, []
        turned_text = turned(self._text, hunks) if hunks else None
        if turned_text is not None and self._proves(turned_text, new):
            return self._encoded(turned_text), []
        for text, back in self._attempts(new):
            if self._proves(text, new):
                return self._encoded(text), back
        raise PatchRefusedError(
            "inexact", "no way of writing the change leaves all other data as they are", hint="edit the file by hand"
        )

    def _attempts(self, new: Json) -> Iterator[tuple[str, list[Hunk]]]:
        tree = self._tree()
        pen = pen_of(self._text, tree)
        for caution in _CAUTIONS:
            rewriter = Rewriter(self._text, tree, replace(pen, caution=caution))
            yield spliced(self._text, rewriter.rewrite(self.value, new))

    def _tree(self) -> Tree:
        source = source_text(self._content)
        piece = pieces(source, self._limits, Composer(source.text, self._limits).compose)[self._document]
        if piece.value is None:
            raise _unreadable(piece.failure or ParseError("syntax", "nothing was read", piece.line))
        return piece.value

    def _read(self, content: bytes) -> list[Json | ParseError]:
        values = read_values(content, self._limits)
        if isinstance(values, ParseError):
            raise _unreadable(values)
        if not 0 <= self._document < len(values):
            raise PatchRefusedError(
                "no_document", f"the file has {len(values)} documents, counted from 0: there is no {self._document}"
            )
        return values

    def _proves(self, text: str, new: Json) -> bool:
        """Does the text say the new value, and the same as before in all other documents?"""
        values = read_values(self._encoded(text), self._limits)
        if isinstance(values, ParseError) or len(values) != len(self._values):
            return False
        expected = [*self._values]
        expected[self._document] = new
        return all(map(_agree, values, expected))

    def _encoded(self, text: str) -> bytes:
        return (self._bom + text).encode(errors="surrogateescape")


def _unreadable(failure: ParseError) -> PatchRefusedError:
    message = f"the document cannot be read: {failure.message}"
    return PatchRefusedError("unreadable", message, failure.line, hint=failure.hint)


def _agree(one: Json | ParseError, other: Json | ParseError) -> bool:
    if isinstance(one, ParseError) or isinstance(other, ParseError):
        return isinstance(one, ParseError) and isinstance(other, ParseError) and one.reason == other.reason
    return same(one, other)
