"""How the terms of a query line stand together: spaces, `or`, brackets, `-`; and the directives beside them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from query.ast import Everything, Node, Not, all_of, any_of
from query.dialects.line import terms
from query.dialects.line.asker import Asker
from query.dialects.line.fields import COLUMN_NAMES, column_path, resolve, unknown
from query.dialects.line.tokens import OPERATORS, Piece, Scanner, Test
from query.errors import QueryError
from query.order import Order, limited
from query.text import fold

MAX_LENGTH: Final = 16_384
"""How many characters a line may have."""

MAX_DEPTH: Final = 100
"""How deep brackets may be nested."""

MAX_COLUMNS: Final = 50
"""How many columns a line may name."""

_CONNECTIVES = "write a or b; for the word itself write it in quotes"


@dataclass(frozen=True, slots=True)
class Grouping:
    """`group:owner`: the name as written, and the key whose values make the groups."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Line:
    """What a line asks for: which entities, in which order, as which columns, in which groups."""

    where: Node = field(default_factory=Everything)
    order: tuple[Order, ...] = ()
    columns: tuple[str, ...] = ()
    group: Grouping | None = None


def parse_line(text: str, asker: Asker | None = None) -> Line:
    """Read a query line; the empty one means everything. Case never matters.

    Raises `QueryError` with the position of what cannot be read and, for a misspelt name, the nearest one.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(f"the line is longer than {MAX_LENGTH} characters", MAX_LENGTH, "ask in several lines")
    return _Parser(text, asker or Asker()).line()


class _Parser:
    def __init__(self, text: str, asker: Asker) -> None:
        self._scan = Scanner(text)
        self._asker = asker
        self._order: list[Order] = []
        self._columns: list[str] = []
        self._group: Grouping | None = None
        self._directives: dict[str, Callable[[Test], None]] = {
            "sort": self._read_sort,
            "cols": self._read_columns,
            "group": self._read_group,
        }

    def line(self) -> Line:
        where = self._choice() if self._scan.skip_spaces() else Everything()
        return Line(where, limited(self._order), tuple(self._columns), self._group)

    def _choice(self) -> Node:
        """`every {or every}`, up to the end or to the bracket that closes the group."""
        starts = [self._scan.at]
        alternatives = [self._every()]
        while self._scan.takes_word("or"):
            starts.append(self._scan.at)
            alternatives.append(self._every())
        may_be_empty = len(alternatives) == 1 and self._scan.depth == 0
        for start, parts in zip(starts, alternatives, strict=True):
            if not parts and not may_be_empty:
                raise QueryError("a condition is missing here", start, _CONNECTIVES)
        return any_of(map(all_of, alternatives)) if len(alternatives) > 1 else all_of(alternatives[0])

    def _every(self) -> list[Node]:
        parts: list[Node] = []
        joined: int | None = None  # where an "and" stands that has no term behind it yet
        while self._more():
            at = self._scan.at
            if self._scan.takes_word("and"):
                if not parts or joined is not None:
                    raise QueryError("a condition is missing here", at, _CONNECTIVES)
                joined = at
            elif (found := self._term()) is not None:
                parts.append(found)
                joined = None
        if joined is not None:
            raise QueryError("a condition is missing here", joined, _CONNECTIVES)
        return parts

    def _more(self) -> bool:
        """Whether the next thing belongs to this alternative."""
        if not self._scan.skip_spaces() or self._at_or():
            return False
        if not self._scan.next_is(")"):
            return True
        if self._scan.depth == 0:
            raise QueryError(
                "this bracket closes nothing", self._scan.at, "open it with (, or put the text into quotes"
            )
        return False

    def _at_or(self) -> bool:
        at = self._scan.at
        found = self._scan.takes_word("or")
        self._scan.at = at
        return found

    def _term(self) -> Node | None:
        """One term; None for a directive, which is no condition."""
        start = self._scan.at
        negated = self._scan.is_negated()
        if self._scan.takes("("):
            node: Node | None = self._bracket(self._scan.at - 1)
        else:
            node = self._plain(start, negated)
        return Not(node) if negated and node is not None else node

    def _bracket(self, start: int) -> Node:
        if self._scan.depth == MAX_DEPTH:
            raise QueryError(f"brackets are nested more than {MAX_DEPTH} deep", start, "join nested groups")
        self._scan.depth += 1
        node = self._choice()
        if not self._scan.takes(")"):
            raise QueryError("the bracket has no end", start, "end it with ), or put the text into quotes")
        self._scan.depth -= 1
        return node

    def _plain(self, start: int, negated: bool) -> Node | None:
        term = self._scan.term()
        if isinstance(term, Piece):
            return self._word(term)
        name = "" if term.field.quoted else fold(term.field.text)
        if name not in self._directives:
            return terms.test(term, self._asker)
        if negated:
            hint = "write sort:-name to sort downward" if name == "sort" else ""
            raise QueryError(f"{name}: cannot be negated", start, hint)
        if self._scan.depth:
            raise QueryError(f"{name}: stands in a group", start, "write it outside of all brackets")
        if term.operator != ":":
            raise QueryError(f"{name} takes a colon", term.at, f"write {name}:{term.values[0].text}")
        self._directives[name](term)
        return None

    def _word(self, piece: Piece) -> Node:
        if not piece.quoted and piece.text in OPERATORS:
            raise QueryError(
                f"{piece.text} stands alone", piece.position, f"write field{piece.text}value without spaces"
            )
        return terms.word(piece)

    # Directives -----------------------------------------------------------------------------------------------------

    def _read_sort(self, term: Test) -> None:
        self._order += map(_order, term.values)

    def _read_columns(self, term: Test) -> None:
        for piece in term.values:
            if not piece.quoted and column_path(piece.text) is None:
                raise unknown("column", piece, COLUMN_NAMES)
            if piece.text not in self._columns:
                self._columns.append(piece.text)
            if len(self._columns) > MAX_COLUMNS:
                raise QueryError(f"more than {MAX_COLUMNS} columns", piece.position, "name fewer")

    def _read_group(self, term: Test) -> None:
        if self._group is not None or len(term.values) > 1:
            raise QueryError("a line has one group", term.values[-1].position, "name one field")
        self._group = Grouping(term.values[0].text, resolve(term.values[0]).key)


def _order(piece: Piece) -> Order:
    named = piece.unsigned if piece.signed else piece
    return Order(resolve(named).key, "desc" if piece.signed else "asc", typed=True)
