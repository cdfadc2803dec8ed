"""Cutting a query line into pieces of text; `grammar.py` says how they stand together."""

from dataclasses import dataclass
from typing import Final

from query.errors import QueryError
from query.pattern import escaped

OPERATORS: Final = (">=", "<=", ">", "<", "=", ":")
"""What may stand between a field and its value, the longer ones first."""

FIELD_ENDS: Final = ":<>="


@dataclass(frozen=True, slots=True)
class Piece:
    r"""A text without its quotes and where it begins in the line.

    `pattern` is the same text with `\` before the wildcards that stood in quotes and so are none; `wild` tells whether
    there are others. `quoted` tells whether any of it stood in quotes, `signed` whether it begins with a `-` that
    did not.
    """

    text: str
    position: int
    quoted: bool
    pattern: str
    wild: bool
    signed: bool = False

    @property
    def unsigned(self) -> "Piece":
        """The piece behind its `-`."""
        return Piece(self.text[1:], self.position + 1, self.quoted, self.pattern[1:], self.wild)


@dataclass(frozen=True, slots=True)
class Test:
    """`field:value,value`, `field>value`; `at` is where the operator stands."""

    field: Piece
    operator: str
    values: tuple[Piece, ...]
    at: int


class Scanner:
    """Reads a line from left to right, each character a bounded number of times."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0
        self.depth = 0
        """How many groups are open: within one, `)` ends a text."""

    def skip_spaces(self) -> bool:
        """Go to the next term; whether there is one."""
        while self.at < len(self._text) and self._text[self.at].isspace():
            self.at += 1
        return self.at < len(self._text)

    def takes(self, text: str) -> bool:
        """Go past `text` where it stands here; whether it does."""
        found = self._text.startswith(text, self.at)
        self.at += len(text) * found
        return found

    def takes_word(self, *words: str) -> bool:
        """Go past one of these lower-case words where it stands here alone, in any case and without quotes."""
        for word in words:
            end = self.at + len(word)
            if self._text[self.at : end].lower() == word and self._ends(end):
                self.at = end
                return True
        return False

    def next_is(self, character: str) -> bool:
        """Whether this character stands here."""
        return self._text.startswith(character, self.at)

    def is_negated(self) -> bool:
        """Go past a `-` that has a term behind it; whether there is one."""
        found = self.next_is("-") and not self._ends(self.at + 1)
        self.at += found
        return found

    def term(self) -> Test | Piece:
        """A test of a field, or a word."""
        start = self.at
        first = self.piece(FIELD_ENDS)
        at = self.at
        operator = next((sign for sign in OPERATORS if self.takes(sign)), "")
        if operator and (first.text or first.quoted):
            return Test(first, operator, self._values(first, operator), at)
        self.at = start
        return self.piece("")

    def piece(self, stops: str) -> Piece:
        """Plain and quoted text up to a space, one of `stops`, or the end of the group.

        Brackets belong to it in pairs, as in `f(x)`: one alone was meant to group something.
        """
        start, signed = self.at, self.next_is("-")
        text: list[str] = []
        pattern: list[str] = []
        quoted = wild = False
        opened: list[int] = []
        while not self._ends(self.at, len(opened)) and (character := self._text[self.at]) not in stops:
            if character == '"':
                quoted = True
                inner = self._quoted()
                text.append(inner)
                pattern.append(escaped(inner))
                continue
            if character == "(":
                opened.append(self.at)
            elif character == ")":
                if not opened:
                    raise QueryError(
                        "this bracket closes nothing", self.at, "open it with (, or put the text into quotes"
                    )
                opened.pop()
            wild = wild or character in "*?"
            text.append(character)
            pattern.append("\\\\" if character == "\\" else character)
            self.at += 1
        if opened:
            raise QueryError(
                "the bracket has no end",
                opened[-1],
                "write field:a,b for either, (field:a or field:b) for a group, or put the text into quotes",
            )
        return Piece("".join(text), start, quoted, "".join(pattern), wild, signed)

    def _values(self, field: Piece, operator: str) -> tuple[Piece, ...]:
        values = [self.piece(",")]
        while self.takes(","):
            values.append(self.piece(","))
        written = tuple(piece for piece in values if piece.text or piece.quoted)
        if not written:
            name = field.text
            hint = f'write {name}:"" for the empty text, has:{name} for any' if operator == ":" else ""
            raise QueryError(
                f"{name}{operator} has no value", self.at, hint or f"write {name}{operator}value, no space"
            )
        return written

    def _ends(self, at: int, nested: int = 0) -> bool:
        """Whether a text ends here; brackets that it opened itself are part of it."""
        if at >= len(self._text) or self._text[at].isspace():
            return True
        return self.depth > 0 and nested == 0 and self._text[at] == ")"

    def _quoted(self) -> str:
        start = self.at
        self.at += 1
        taken: list[str] = []
        while self.at < len(self._text):
            character = self._text[self.at]
            if character == '"':
                self.at += 1
                return "".join(taken)
            if character == "\\" and self._text[self.at + 1 : self.at + 2] in ('"', "\\"):
                self.at += 1
            taken.append(self._text[self.at])
            self.at += 1
        raise QueryError("the quote has no end", start, 'end it with ", and write \\" for a quote within')
