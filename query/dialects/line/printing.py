"""A tree as a query line again: the shortest of a few spellings that reads as the same tree, else the plain one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from query.ast import (
    MAX_REACH,
    And,
    Below,
    Compare,
    Contains,
    Equals,
    Everything,
    Exists,
    Leaf,
    Node,
    Not,
    Nothing,
    Or,
    Pattern,
    Prefix,
    Related,
    Text,
)
from query.dialects.line.chains import AFFECTING
from query.dialects.line.fields import FIELDS, PREFIXES
from query.dialects.line.grammar import Grouping, Line, parse_line
from query.errors import QueryError
from query.order import Order
from query.pattern import escaped, segments
from query.rank import is_typed
from query.text import is_searchable

_TERM, _NEGATED, _EVERY, _CHOICE = range(4)
"""How tightly a printed condition holds together."""

_PLAIN = re.compile(r"\w[\w./:+#%-]*")
_PLAIN_KEY = re.compile(r"[\w/-]+(?:\.[\w/-]+)+")
_ALIASES: Final = {entry.key: entry.name for entry in FIELDS.values()}


class _Printed(NamedTuple):
    text: str
    level: int

    def within(self, level: int) -> str:
        """The text, in brackets where it holds together less tightly than `level` asks."""
        return self.text if self.level <= level else f"({self.text})"


_ALWAYS: Final = _Printed("kind:*", _TERM)
_NEVER: Final = _Printed("-kind:*", _NEGATED)


def print_line(line: Line) -> str:
    """A line that reads as one of the same meaning; reading and printing it again gives the same text.

    Raises `QueryError` for relations that a line cannot follow: backward, of several types, to a condition.
    """
    parts = [print_condition(line.where)]
    if line.order:
        parts.append(f"sort:{','.join(map(_order, line.order))}")
    if line.columns:
        parts.append(f"cols:{','.join(map(_value, line.columns))}")
    if line.group is not None:
        parts.append(_group(line.group))
    return " ".join(part for part in parts if part)


def print_condition(node: Node) -> str:
    """The conditions of a line; empty for everything. Raises `QueryError` as `print_line` does."""
    return "" if isinstance(node, Everything) else _printed(node).text


def _printed(node: Node) -> _Printed:
    short = _short(node)
    if short is not None:
        return _Printed(short, _TERM)
    match node:
        case Everything() | And(()):
            return _ALWAYS
        case Nothing() | Or(()):
            return _NEVER
        case And((part,)) | Or((part,)):
            return _printed(part)
        case And(parts):
            return _Printed(" ".join(_printed(part).within(_EVERY) for part in parts), _EVERY)
        case Or(parts):
            return _Printed(" or ".join(_printed(part).within(_CHOICE) for part in parts), _CHOICE)
        case Not(part):
            return _Printed(f"-{_printed(part).within(_TERM)}", _NEGATED)
        case Text(word):
            raise QueryError(f"{word!r} is no word of a line")
        case Related():
            return _chains(node)
        case _:
            return _leaf(node)


def _leaf(node: Leaf) -> _Printed:
    tests: Iterator[str]
    match node:
        case Exists(key):
            tests = (f"has:{name}" for name in _spellings(key))
        case Below(key):
            raise QueryError(f"a line cannot ask for any field below {key!r}", hint="ask for it as SQL")
        case Equals(key, ()):
            return _NEVER
        case Equals(key, values) if len(set(values)) < len(values):
            return _leaf(Equals(key, tuple(dict.fromkeys(values))))
        case Equals(key, values):
            tests = _tests(key, ":", ",".join(map(_value, values)))
        case Compare(key, "=", value, typed=False):
            return _leaf(Equals(key, (value,)))
        case Compare(key, operator, value, typed=False):
            tests = _tests(key, operator, _quoted(value))
        case Compare(key, operator, value):
            if not is_typed(value):
                return _NEVER
            tests = _tests(key, operator, value)
        case Prefix(key, value):
            return _wild(key, f"{escaped(value)}*")
        case Contains(key, value) if value and (prose := _first(Line(node), _tests(key, ":", _value(value)))):
            return _Printed(prose, _TERM)
        case Contains(key, value):
            return _wild(key, f"*{escaped(value)}*" if value else "*")
        case Pattern(key, pattern):
            return _wild(key, pattern)
    return _agreed(node, tests)


def _wild(key: str, pattern: str) -> _Printed:
    """A pattern, each piece of text quoted where it must be."""
    pieces = list(segments(pattern))
    if not is_searchable("".join(text for text, wild in pieces if not wild)):
        return _NEVER
    shown = "".join(text if wild else _value(text) for text, wild in pieces) or '""'
    node = _parsed(f"{_quoted(key)}:{shown}")
    return _agreed(node.where, _tests(key, ":", shown)) if node is not None else _NEVER


def _agreed(node: Node, tests: Iterable[str]) -> _Printed:
    """The first of the tests that reads as the node; none where nothing can (a typed comparison of names)."""
    found = _first(Line(node), tests)
    if found is not None:
        return _Printed(found, _TERM)
    if isinstance(node, Compare) and node.typed:
        return _NEVER
    raise QueryError("a line cannot say this", hint="ask for it as SQL")


# Names and values ---------------------------------------------------------------------------------------------------


def _tests(key: str, operator: str, values: str) -> Iterator[str]:
    return (f"{name}{operator}{values}" for name in _spellings(key))


def _spellings(key: str) -> Iterator[str]:
    """Names that may mean a key, the last of which always does."""
    if key in _ALIASES:
        yield _ALIASES[key]
    for name, path in PREFIXES.items():
        if key.startswith(f"{path}.") and _PLAIN_KEY.fullmatch(key):
            yield f"{name}{key.removeprefix(path)}"
    if _PLAIN_KEY.fullmatch(key):
        yield key
    yield _quoted(key)


def _value(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    marked = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{marked}"'


def _order(order: Order) -> str:
    sign = "-" if order.descending else ""
    wanted = Line(order=(Order(order.key, order.direction, typed=True),))
    tests = [f"sort:{sign}{name}" for name in _spellings(order.key)]
    return (_first(wanted, tests) or tests[-1]).removeprefix("sort:")


def _group(group: Grouping) -> str:
    tests = [f"group:{name}" for name in _spellings(group.key)]
    means = ((test, _parsed(test)) for test in tests)
    return next((test for test, line in means if line and line.group and line.group.key == group.key), tests[-1])


def _first(line: Line, texts: Iterable[str]) -> str | None:
    return next((text for text in texts if _parsed(text) == line), None)


def _parsed(text: str) -> Line | None:
    try:
        return parse_line(text)
    except QueryError:
        return None


# What the line has a short form for ---------------------------------------------------------------------------------


def _short(node: Node) -> str | None:
    """What people write for a tree that a single term makes, such as an owner or a word."""
    match node:
        case Text(text) | Or((Contains(_, text), *_)):
            candidates: Sequence[str] = [_value(text), _quoted(text)]
        case Or((Equals(key, values), *_)):
            candidates = list(_tests(key, ":", ",".join(map(_value, values))))
        case Or((Exists(key), *_)):
            candidates = [f"has:{name}" for name in _spellings(key)]
        case Or((Related((name,), (str(ref), *_)), Related(targets=Related(depth=depth)))):
            candidates = [_chain(f"relations.{name}", ref, depth)]
        case Related((name,), (str(ref), *_), depth, "out"):
            candidates = [_chain(f"{field}", ref, depth) for field in _spellings(f"relations.{name}")]
        case Related(_, (str(ref), *_), depth, "out"):
            candidates = [_chain(AFFECTING, text, depth) for text in _shortened(ref)]
        case _:
            return None
    return _first(Line(node), _completed(candidates))


def _completed(candidates: Sequence[str]) -> Iterator[str]:
    """Each candidate, also with the short name of a field that is a relation."""
    for text in candidates:
        for field in FIELDS.values():
            if field.relation and text.startswith(f"{field.relation}:"):
                yield from (f"{field.name}:{ref}" for ref in _shortened(text.removeprefix(f"{field.relation}:")))
        yield text


def _shortened(ref: str) -> tuple[str, ...]:
    """A ref; its name alone; the ref without its kind."""
    return ref, ref.rpartition("/")[2], ref.partition(":")[2]


def _chain(field: str, ref: str, depth: int) -> str:
    return f"{field}:{ref}~{'' if depth == MAX_REACH else depth}"


def _chains(node: Related) -> _Printed:
    """Several refs of one relation: a chain to each, in any order."""
    if not node.types or node.targets == ():
        return _NEVER
    if isinstance(node.targets, tuple):
        found = [_short(Related(node.types, (ref,), node.depth, node.direction)) for ref in node.targets]
        texts = [text for text in found if text is not None]
        if len(texts) == len(found):
            return _Printed(" or ".join(texts), _CHOICE if len(texts) > 1 else _TERM)
    raise QueryError("a line cannot follow these relations", hint="ask for it as SQL")
