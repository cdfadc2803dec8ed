"""What a person is about to write in a query line: the word under the cursor, and what may stand in its place."""

from dataclasses import dataclass
from typing import Final, Literal

from query.ast import Everything, Node
from query.dialects.line.asker import Asker
from query.dialects.line.chains import AFFECTING
from query.dialects.line.fields import COLUMN_NAMES, FIELDS, PREFIXES, RESERVED, Field, resolve
from query.dialects.line.grammar import parse_line
from query.dialects.line.tokens import FIELD_ENDS, OPERATORS, Piece
from query.errors import QueryError
from query.text import fold

_SPECIAL: Final = '",*?()~\\'
_NO_BEGINNING: Final = "-<>=@"

ABOUT: Final = {
    "label.": "a label, such as label.tier",
    "annotation.": "an annotation",
    "ref:": "the entity itself: [kind:][namespace/]name",
    "has:": "has a field, with a value or null",
    "sort:": "order, - turns it round",
    "cols:": "columns to show",
    "group:": "groups by a field",
    f"{AFFECTING}:": "what may break when an entity goes",
}
"""What completion says of names that are no fields."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text for the line, and what it is."""

    text: str
    about: str


@dataclass(frozen=True, slots=True)
class Place:
    """The word under the cursor: where it stands, what of it is before the cursor, and what is asked for there.

    `wants`: a `name` of a field (or any word), a `value` of `field`, a `ref`, or one of `choices`. `where` is what the
    rest of the line means; everything where that cannot be read yet.
    """

    start: int
    end: int
    typed: str
    wants: Literal["name", "value", "ref", "choice"]
    where: Node
    field: Field | None = None
    choices: tuple[str, ...] = ()

    @property
    def names(self) -> list[Suggestion]:
        """Names that begin as what is typed, with what follows them."""
        typed = fold(self.typed)
        fields = [Suggestion(f"{name}:", field.about) for name, field in FIELDS.items()]
        others = [Suggestion(f"{name}.", ABOUT[f"{name}."]) for name in PREFIXES]
        others += [Suggestion(f"{name}:", ABOUT[f"{name}:"]) for name in RESERVED]
        return [one for one in (*fields, *others) if one.text.startswith(typed)]

    @property
    def path(self) -> str:
        """The beginning of a key that a dotted name means; empty for a name without a dot."""
        first, dot, rest = fold(self.typed).partition(".")
        return f"{PREFIXES.get(first, first)}.{rest}" if dot and first else ""

    def named(self, key: str) -> str:
        """A key below `path` as a person writes it."""
        first = fold(self.typed).partition(".")[0]
        return f"{first}{key.removeprefix(PREFIXES[first])}" if first in PREFIXES else key


def place_of(text: str, at: int, asker: Asker | None = None) -> Place:
    """The word at an offset of a line, which need not be complete or right."""
    term, word, name = _word(text[:at])
    end = _end(text, at)
    where = _meaning(f"{text[:term]} {text[_end(text, at, stops='') :]}", asker)
    typed = text[word:at].removeprefix('"').replace('\\"', '"')
    if name is None:
        return Place(word, end, typed, "name", where)
    folded = fold(name)
    if folded in ("ref", AFFECTING):
        return Place(word, end, typed, "ref", where)
    if folded in ("sort", "has", "group", "cols"):
        if folded == "sort" and typed.startswith("-"):
            word, typed = word + 1, typed[1:]
        names = COLUMN_NAMES if folded == "cols" else tuple(FIELDS)
        return Place(word, end, typed, "choice", where, choices=names)
    try:
        field = resolve(Piece(name.strip('"'), 0, name.startswith('"'), name, False))
    except QueryError:
        return Place(word, end, typed, "choice", where)
    return Place(word, end, typed, "value", where, field)


def written(value: str) -> str:
    """A value as it has to be written in a line."""
    plain = value and value[0] not in _NO_BEGINNING
    if plain and not any(character.isspace() or character in _SPECIAL for character in value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _word(text: str) -> tuple[int, int, str | None]:
    """Where the last term and its last word begin, and the field of that term if it has one."""
    term = word = 0
    name: str | None = None
    quoted = False
    at = 0
    while at < len(text):
        character = text[at]
        if quoted and character == "\\":
            at += 1
        elif character == '"':
            quoted = not quoted
        elif quoted:
            pass
        elif character.isspace():
            term, word, name = at + 1, at + 1, None
        elif name is None and at == word and character in "-(":
            word = at + 1
        elif name is None and character in FIELD_ENDS and at > word:
            sign = next(sign for sign in OPERATORS if text.startswith(sign, at))
            name = text[word:at]
            at += len(sign) - 1
            word = at + 1
        elif name is not None and character == ",":
            word = at + 1
        at += 1
    return term, word, name


def _end(text: str, at: int, stops: str = ",)") -> int:
    """Where the word under the cursor ends."""
    quoted = text[:at].count('"') % 2 == 1
    while at < len(text) and (quoted or not (text[at].isspace() or text[at] in stops)):
        quoted ^= text[at] == '"'
        at += 1
    return at


def _meaning(rest: str, asker: Asker | None) -> Node:
    try:
        return parse_line(rest, asker).where
    except QueryError:
        return Everything()
