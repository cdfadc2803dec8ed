"""The tree as a boolean SQL expression on `e`, a row of `core.entities`.

`core.search` is sorted by key and value and has no index, so every test is a scan that begins with `key = ?`, and
alternatives are a `UNION ALL` of scans: an OR of two keys would read the whole table. Every parameter is cast, since an
uncast one can switch the pruning off. Rows of replaced entities stay in `core.search` until it is rebuilt; they count
for nothing, because no `e.eid` equals theirs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from query.ast import (
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
from query.errors import QueryError
from query.match import stands
from query.pattern import fits, regular_expression
from query.rank import TIME, ranges
from query.reach import reach
from query.rows import UPDATED, member_readings
from query.simplify import simplify
from query.statement import FALSE, TRUE, Sql, all_hold, any_holds, chained
from query.terms import word_scan
from query.text import is_searchable

MAX_CONDITIONS: Final = 1000
"""How many leaves a condition may have once it is simplified; planning takes about a millisecond for each."""

_MAX_JOINS: Final = 8
"""Up to here each test is a join of its own; DuckDB's planning of joins under OR and NOT grows with the cube of their
number (100 take a minute), beyond it all tests become bits of one join, which grows evenly."""

_WORD: Final = 60
"""Bits in one BIGINT of tests."""

_AFTER_DOT: Final = "/"
"""The next character, so that a range of keys ends where their beginning does."""

_Membership: TypeAlias = Callable[[Sequence[Sql]], Sql]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that answers for a key: folded, as written, and the rank of its values where they have one."""

    folded: str
    original: str
    rank: str = ""


COLUMNS: Final = {
    "kind": Column("e.kind_key", "e.kind"),
    "metadata.namespace": Column("e.namespace_key", "e.namespace"),
    "metadata.name": Column("e.name_key", "e.name"),
    "metadata.uid": Column("e.uid", "e.uid"),
    UPDATED: Column("lower(e.updated)", "e.updated", f"('{TIME}' || e.updated)"),
}
"""The columns of `core.entities` that answer instead of search rows. None of them is ever null."""

_ROWS = Column("value", "original", "rank")


def condition(node: Node) -> Sql:
    """A boolean expression on `e`; true for the entities whose rows `match.matches` accepts.

    Raises `QueryError` for more than `MAX_CONDITIONS` leaves.
    """
    simple = simplify(node)
    if _leaves(simple) > MAX_CONDITIONS:
        raise QueryError(f"more than {MAX_CONDITIONS} conditions", hint="ask in several requests")
    if _joins(simple) <= _MAX_JOINS:
        return _expression(simple, _among)
    bits = _Bits()
    test = _expression(simple, bits.test)
    table = bits.table()
    text = f"SELECT e.eid FROM core.entities e LEFT JOIN ({table.text}) bits ON bits.eid = e.eid WHERE {test.text}"
    return Sql(f"(e.eid IN ({text}))", (*table.params, *test.params))


def member_scans(key: str, columns: str = "eid") -> list[Sql]:
    """Scans for the entities that have the list item which `key` names."""
    text = f"SELECT {columns} FROM core.search WHERE key = ?::VARCHAR AND value = ?::VARCHAR AND member"
    return [Sql(text, reading) for reading in member_readings(key)]


def _expression(node: Node, within: _Membership) -> Sql:
    """The tree with every search test said by `within`, which gets the scans whose entities are meant."""
    match node:
        case Everything():
            return TRUE
        case Nothing():
            return FALSE
        case Text() | Related():
            return within(_scans(node))
        case Exists() | Below() | Equals() | Prefix() | Contains() | Pattern() | Compare():
            return within(_scans(node)) if _is_search(node) else _outside(node)
        case And(parts):
            return all_hold(_expression(part, within) for part in parts)
        case Or(parts):
            scans = [scan for part in parts if _is_search(part) for scan in _scans(part)]
            others = [_expression(part, within) for part in parts if not _is_search(part)]
            return any_holds([*others, *([within(scans)] if scans else [])])
        case Not(part):
            inner = _expression(part, within)
            return Sql(f"(NOT {inner.text})", inner.params)
        case _:
            assert_never(node)


def _leaves(node: Node) -> int:
    match node:
        case And(parts) | Or(parts):
            return sum(map(_leaves, parts))
        case Not(part):
            return _leaves(part)
        case Related(_, targets) if not isinstance(targets, tuple):
            return 1 + _leaves(targets)
        case _:
            return 1


def _joins(node: Node) -> int:
    """How many joins the tree takes when every membership is one."""
    match node:
        case And(parts):
            return sum(map(_joins, parts))
        case Or(parts):
            return any(map(_is_search, parts)) + sum(_joins(part) for part in parts if not _is_search(part))
        case Not(part):
            return _joins(part)
        case _:
            return int(_is_search(node))


def _among(scans: Sequence[Sql]) -> Sql:
    inner = chained(" UNION ALL ", scans)
    return Sql(f"(e.eid IN ({inner.text}))", inner.params)


class _Bits:
    """Numbers the tests of a tree and finds all of them for all entities in one aggregation."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Sql, ...], int] = {}

    def test(self, scans: Sequence[Sql]) -> Sql:
        """Whether the bit of these scans is set; for an entity that none of the scans found no bit is."""
        word, bit = divmod(self._numbers.setdefault(tuple(scans), len(self._numbers)), _WORD)
        return Sql(f"(coalesce(bits.word{word}, 0) & {1 << bit} <> 0)")

    def table(self) -> Sql:
        """Rows `(eid, word0, word1, …)` for the entities found by any scan."""
        found = chained(
            " UNION ALL ", [self._marked(scan, at) for scans, at in self._numbers.items() for scan in scans]
        )
        words = range((len(self._numbers) + _WORD - 1) // _WORD)
        sums = ", ".join(f"bit_or(bit) FILTER (word = {word}) AS word{word}" for word in words)
        return Sql(f"SELECT eid, {sums} FROM ({found.text}) GROUP BY eid", found.params)

    def _marked(self, scan: Sql, number: int) -> Sql:
        word, bit = divmod(number, _WORD)
        return Sql(f"SELECT eid, {word} AS word, {1 << bit}::BIGINT AS bit FROM ({scan.text})", scan.params)


# Leaves -------------------------------------------------------------------------------------------------------------


def _is_search(node: Node) -> bool:
    """Whether rows beside `core.entities` have to be read for it."""
    if isinstance(node, Text | Related):
        return True
    return isinstance(node, Leaf) and (isinstance(node, Below) or node.key not in COLUMNS) and is_searchable(node.key)


def _outside(leaf: Leaf) -> Sql:
    """A leaf that a column answers, or nothing can."""
    return _value_test(leaf, COLUMNS[leaf.key]) if leaf.key in COLUMNS else FALSE


def _scans(node: Node) -> list[Sql]:
    """Scans whose eids together are the leaf."""
    if isinstance(node, Text):
        return [word_scan(node.word)]
    if isinstance(node, Related):
        return [reach(node, condition)]
    assert isinstance(node, Leaf)
    if isinstance(node, Below):
        text = "SELECT eid FROM core.search WHERE key >= ?::VARCHAR AND key < ?::VARCHAR"
        return [Sql(text, (f"{node.key}.", f"{node.key}{_AFTER_DOT}"))]
    test = _value_test(node, _ROWS)
    own = Sql(f"SELECT eid FROM core.search WHERE key = ?::VARCHAR AND {test.text}", (node.key, *test.params))
    return [own, *member_scans(node.key)] if accepts_true(node) else [own]


def _value_test(leaf: Leaf, column: Column) -> Sql:
    text = column.folded
    match leaf:
        case Exists():
            return TRUE
        case Below():
            return FALSE
        case Equals(_, ()):
            return FALSE
        case Equals(_, (value,)):
            return Sql(f"{text} = ?::VARCHAR", (value,))
        case Equals(_, values):
            return Sql(f"{text} IN ({', '.join('?::VARCHAR' for _ in values)})", values)
        case Prefix(_, "") | Contains(_, ""):
            return Sql(f"{text} IS NOT NULL")
        case Prefix(_, value):
            return Sql(f"starts_with({text}, ?::VARCHAR)", (value,))
        case Contains(_, value):
            return Sql(f"contains({text}, ?::VARCHAR)", (value,))
        case Pattern(_, pattern):
            return Sql(f"regexp_full_match({text}, ?::VARCHAR)", (regular_expression(pattern),))
        case Compare(_, operator, value, typed=False):
            return Sql(f"{text} {operator} ?::VARCHAR", (value,))
        case Compare(_, operator, value):
            within = f"({column.rank} >= ?::VARCHAR AND {column.rank} < ?::VARCHAR)"
            return any_holds(Sql(within, found) for found in ranges(operator, value)) if column.rank else FALSE
        case _:
            assert_never(leaf)


def accepts_true(leaf: Leaf) -> bool:
    """Whether a row with the value `true` satisfies the leaf, so that an item of a list that the key names does."""
    match leaf:
        case Exists():
            return True
        case Below():
            return False
        case Equals(_, values):
            return "true" in values
        case Prefix(_, value):
            return "true".startswith(value)
        case Contains(_, value):
            return value in "true"
        case Pattern(_, pattern):
            return fits(pattern, "true")
        case Compare(_, operator, value, typed):
            return not typed and stands("true", operator, value)
        case _:
            assert_never(leaf)
