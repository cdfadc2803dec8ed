"""Cutting a query line into terms; what the terms mean is said in `line.py`."""

from collections.abc import Iterator
from dataclasses import dataclass

from query.errors import QueryError


@dataclass(frozen=True, slots=True)
class Piece:
    """A text and where it begins in the line."""

    text: str
    position: int
    quoted: bool

    @property
    def starred(self) -> bool:
        """Whether a star at its ends is a wildcard."""
        return not self.quoted and (self.text.startswith("*") or self.text.endswith("*"))


@dataclass(frozen=True, slots=True)
class Term:
    """One term: a test of a field, or a word, which has no field and one value."""

    position: int
    negated: bool
    field: Piece | None
    values: tuple[Piece, ...]


def read_terms(text: str) -> Iterator[Term]:
    """The terms of a line in order. Raises `QueryError` for a quote without end and for a field without a value."""
    scanner = _Scanner(text)
    while scanner.skip_spaces():
        yield scanner.term()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def skip_spaces(self) -> bool:
        """Go to the next term; whether there is one."""
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        return self._at < len(self._text)

    def term(self) -> Term:
        start = self._at
        negated = self._next() == "-" and not self._ends(start + 1)
        if negated:
            self._at += 1
        first = self._piece(":")
        if self._next() == ":" and first.text:
            self._at += 1
            return Term(start, negated, first, self._values(first))
        word = first if first.quoted else self._word(first.position)
        self._expect_end(word)
        return Term(start, negated, None, (word,))

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _ends(self, at: int) -> bool:
        return at >= len(self._text) or self._text[at].isspace()

    def _word(self, position: int) -> Piece:
        self._at = position
        return self._piece("")

    def _values(self, field: Piece) -> tuple[Piece, ...]:
        values: list[Piece] = []
        while True:
            values.append(self._piece(","))
            if self._next() != ",":
                break
            self._at += 1
        self._expect_end(values[-1])
        written = tuple(piece for piece in values if piece.text or piece.quoted)
        if not written:
            raise QueryError(
                f"{field.text}: has no value",
                self._at,
                f'write {field.text}:"" for the empty text, has:{field.text} for any',
            )
        return written

    def _expect_end(self, piece: Piece) -> None:
        if not self._ends(self._at):
            raise QueryError(f"a space is missing after {piece.text!r}", self._at, "put the whole text into the quotes")

    def _piece(self, stops: str) -> Piece:
        """Quoted text, or plain text up to a space or one of `stops`."""
        start = self._at
        if self._next() == '"':
            return Piece(self._quoted(), start, quoted=True)
        while not self._ends(self._at) and self._next() not in stops:
            self._at += 1
        return Piece(self._text[start : self._at], start, quoted=False)

    def _quoted(self) -> str:
        start = self._at
        self._at += 1
        taken = ""
        while self._at < len(self._text):
            character = self._next()
            if character == '"':
                self._at += 1
                return taken
            if character == "\\" and self._text[self._at + 1 : self._at + 2] in ('"', "\\"):
                self._at += 1
            taken += self._next()
            self._at += 1
        raise QueryError("the quote has no end", start, 'end it with ", and write \\" for a quote within')
