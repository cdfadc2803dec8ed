"""The query line as text that keys and clicks edit: its terms, what it includes and excludes, its directives.

The daemon alone knows what a line means. What is read here is only what the interface writes itself, and everything
else is left as the person wrote it: conditions first, then `sort:`, `cols:` and `group:`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

DIRECTIVES = ("sort", "cols", "group")
"""Terms that are no conditions, in the order in which they are written."""

_OPERATORS = (">=", "<=", ":", "=", ">", "<")
_SPECIAL = '",*?()~\\'
_NO_BEGINNING = "-<>=@"


class Sign(Enum):
    """What a line says of a value."""

    INCLUDED = "included"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Term:
    """One term outside of brackets; `field` is folded, empty for words and brackets, `values` are as written."""

    start: int
    end: int
    text: str
    negated: bool = False
    field: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()

    @property
    def is_directive(self) -> bool:
        """Whether it says how to show, not what."""
        return self.operator == ":" and self.field in DIRECTIVES and not self.negated


@lru_cache(maxsize=64)
def terms(line: str) -> tuple[Term, ...]:
    """The terms of a line, which need not be complete or right."""
    return tuple(_term(line, start, end) for start, end in _spans(line))


def conditions(line: str) -> str:
    """The line without its directives."""
    return " ".join(term.text for term in terms(line) if not term.is_directive)


def conditions_end(line: str) -> int:
    """Where the directives begin that stand at the end of a line; the length of the line where none does."""
    end = len(line)
    for term in reversed(terms(line)):
        if not term.is_directive:
            return term.end
        end = term.start
    return end


def without_unfinished(line: str) -> str:
    """The line with blanks in the place of conditions that have no value yet (`owner:`), so that rows do not vanish
    while one is written; a line of alternatives as it is. Places in it stay the same."""
    if is_choice(line):
        return line
    for term in terms(line):
        if term.operator and not any(term.values) and not term.is_directive:
            line = line[: term.start] + " " * len(term.text) + line[term.end :]
    return line


def directive(line: str, name: str) -> tuple[str, ...]:
    """The values of a directive, all that the line has."""
    return tuple(value for term in terms(line) if term.is_directive and term.field == name for value in term.values)


def with_directive(line: str, name: str, values: Sequence[str]) -> str:
    """The line with these values of a directive; without it where there are none."""
    said = {other: directive(line, other) for other in DIRECTIVES} | {name: tuple(values)}
    written_ones = [f"{other}:{','.join(said[other])}" for other in DIRECTIVES if said[other]]
    return " ".join(part for part in (conditions(line), *written_ones) if part)


def with_conditions(line: str, text: str) -> str:
    """The line with other conditions and the same directives."""
    kept = [term.text for term in terms(line) if term.is_directive]
    return " ".join(part for part in (text.strip(), *kept) if part)


def signs(line: str, field: str) -> dict[str, Sign]:
    """What a line says of the values of a field, folded: only where all its terms must hold."""
    if is_choice(line):
        return {}
    return {
        unquoted(value).lower(): Sign.EXCLUDED if term.negated else Sign.INCLUDED
        for term in terms(line)
        if _tests(term, field)
        for value in term.values
    }


def with_sign(line: str, field: str, value: str, sign: Sign | None) -> str:
    """The line with a value of a field included, excluded, or neither.

    Values that are included are any of them; a line of alternatives is put in brackets first.
    """
    parts: list[Term | str] = [term for term in terms(line) if not term.is_directive]
    if is_choice(line):
        parts = [f"({conditions(line)})"]
    texts: list[str] = []
    joined = False
    for part in parts:
        if isinstance(part, str) or not _tests(part, field):
            texts.append(part if isinstance(part, str) else part.text)
            continue
        kept = [one for one in part.values if unquoted(one).lower() != value.lower()]
        if sign is (Sign.EXCLUDED if part.negated else Sign.INCLUDED) and not joined:
            kept.append(written(value))
            joined = True
        if kept:
            texts.append(_test(field, kept, negated=part.negated))
    if sign is not None and not joined:
        texts.append(_test(field, [written(value)], negated=sign is Sign.EXCLUDED))
    return with_conditions(line, " ".join(texts))


def is_choice(line: str) -> bool:
    """Whether the line is of alternatives, of which one must hold."""
    return any(term.text.lower() == "or" for term in terms(line))


def written(value: str) -> str:
    """A value as it has to be written in a line."""
    plain = value and value[0] not in _NO_BEGINNING
    if plain and not any(character.isspace() or character in _SPECIAL for character in value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def unquoted(text: str) -> str:
    """A value as it is meant: without its quotes."""
    if len(text) < 2 or not (text.startswith('"') and text.endswith('"')):
        return text
    return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")


def _test(field: str, values: Sequence[str], *, negated: bool) -> str:
    return f"{'-' if negated else ''}{field}:{','.join(values)}"


def _tests(term: Term, field: str) -> bool:
    return term.operator == ":" and term.field == field


def _spans(line: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each term: the next space outside of quotes and of the brackets that began the term."""
    start, depth, quoted, at = -1, 0, False, 0
    while at < len(line):
        character = line[at]
        if start < 0:
            if not character.isspace():
                start = at
                continue
        elif quoted:
            if character == "\\":
                at += 1
            quoted = character != '"'
        elif character == '"':
            quoted = True
        elif character == "(" and (depth or line[start:at] in ("", "-")):
            depth += 1
        elif character == ")" and depth:
            depth -= 1
        elif character.isspace() and not depth:
            yield start, at
            start = -1
        at += 1
    if start >= 0:
        yield start, len(line)


def _term(line: str, start: int, end: int) -> Term:
    text = line[start:end]
    negated = text.startswith("-")
    body = text[1:] if negated else text
    if not body.startswith("("):
        for at, character in _outside_quotes(body):
            if character in ":<>=":
                operator = next(sign for sign in _OPERATORS if body.startswith(sign, at))
                values = tuple(_listed(body[at + len(operator) :]))
                return Term(start, end, text, negated, body[:at].lower(), operator, values)
    return Term(start, end, text, negated)


def _listed(text: str) -> Iterator[str]:
    begin = 0
    for at, character in _outside_quotes(text):
        if character == ",":
            yield text[begin:at]
            begin = at + 1
    yield text[begin:]


def _outside_quotes(text: str) -> Iterator[tuple[int, str]]:
    quoted = escaped = False
    for at, character in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif not quoted:
            yield at, character
