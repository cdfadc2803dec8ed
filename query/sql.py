"""The reading of the tree as SQL for the index; values travel as parameters, never as text.

Conditions are about `e`, a row of `core.entities`. `core.search` is sorted by key and value and has no index, so every
test begins with `key = ?` and alternatives are a `UNION ALL` of such scans: an OR of two keys would read the whole
table. Every parameter is cast, since an uncast one can switch the pruning off. Rows of replaced entities stay in
`core.search` until it is rebuilt; they count for nothing, because no `e.eid` equals theirs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from query.ast import And, Contains, Equals, Everything, Exists, Node, Not, Nothing, Or, Prefix, all_of
from query.order import Order
from query.question import Position, Question
from query.rows import member_readings
from query.text import fold, is_searchable

Parameter: TypeAlias = str | int


@dataclass(frozen=True, slots=True)
class Sql:
    """SQL text and the values of its `?`, in order."""

    text: str
    params: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of `core.entities` that answers for a key instead of search rows: folded, and as written."""

    folded: str
    original: str


COLUMNS: Final = {
    "kind": Column("e.kind_key", "e.kind"),
    "metadata.namespace": Column("e.namespace_key", "e.namespace"),
    "metadata.name": Column("e.name_key", "e.name"),
    "metadata.uid": Column("e.uid", "e.uid"),
}
"""None of these columns is ever null."""

SORT_COLUMNS: Final = {key: column.folded for key, column in COLUMNS.items()} | {"updated": "e.updated::VARCHAR"}
"""What can be sorted by without search rows; `updated` is no field of an entity, so it has none."""

_TRUE, _FALSE = Sql("TRUE"), Sql("FALSE")


def condition(node: Node) -> Sql:
    """A boolean expression on `e`; true for the entities whose rows `match.matches` accepts."""
    match node:
        case Everything():
            return _TRUE
        case Nothing():
            return _FALSE
        case Exists() | Equals() | Prefix() | Contains():
            return _leaf(node)
        case And(parts):
            return _joined(" AND ", map(condition, parts), _TRUE)
        case Or(parts):
            return _any(parts)
        case Not(part):
            inner = condition(part)
            return Sql(f"(NOT {inner.text})", inner.params)
        case _:
            assert_never(node)


def page(question: Question) -> Sql:
    """Rows `(eid, uid, ref, one sort value per order field…)`: the page and one row more, to know whether there is one.

    Going backward the rows come in reverse; `Question.cut` puts both right.
    """
    return _chained(" ", [_selection(question), *_window(question)])


def page_and_total(question: Question) -> Sql:
    """Like `page`, with the total as one more column at the end: cheaper than asking twice.

    Only without a position, which would make it the number of what is left. Where no row comes back (past the end,
    or limit 0 with nothing to list) the total has to be asked with `count`.
    """
    if question.position is not None:
        raise ValueError("the total of what lies beyond a position is no total")
    chosen = _selection(question)
    text = f"WITH chosen AS MATERIALIZED ({chosen.text}) SELECT *, (SELECT count(*) FROM chosen) FROM chosen"
    return _chained(" ", [Sql(text, chosen.params), *_window(question)])


def count(node: Node) -> Sql:
    """One row with the number of entities that `node` means; for a question's total pass `question.counted`."""
    where = condition(node)
    return Sql(f"SELECT count(*) FROM core.entities e WHERE {where.text}", where.params)


def facets(keys: Sequence[str], node: Node) -> Sql:
    """Rows `(index into keys, value as written, number of entities)`, ordered by index, then value in code points."""
    where = condition(node)
    meant = Sql(f"WITH meant AS MATERIALIZED (SELECT e.* FROM core.entities e WHERE {where.text})", where.params)
    counted = [_facet(number, fold(key)) for number, key in enumerate(keys)]
    return _chained(" ", [meant, _chained(" UNION ALL ", counted), Sql("ORDER BY 1, 2")])


# Leaves -------------------------------------------------------------------------------------------------------------


def _leaf(node: Exists | Equals | Prefix | Contains) -> Sql:
    if not is_searchable(node.key):
        return _FALSE
    if node.key in COLUMNS:
        return _value_test(node, COLUMNS[node.key].folded)
    return _among(_scans(node))


def _value_test(node: Exists | Equals | Prefix | Contains, column: str) -> Sql:
    match node:
        case Exists():
            return _TRUE
        case Equals(_, ()):
            return _FALSE
        case Equals(_, (value,)):
            return Sql(f"{column} = ?::VARCHAR", (value,))
        case Equals(_, values):
            return Sql(f"{column} IN ({', '.join('?::VARCHAR' for _ in values)})", values)
        case Prefix(_, ""):
            return Sql(f"{column} IS NOT NULL")
        case Prefix(_, value):
            return Sql(f"starts_with({column}, ?::VARCHAR)", (value,))
        case Contains(_, value):
            return Sql(f"contains({column}, ?::VARCHAR)", (value,))
        case _:
            assert_never(node)


def _accepts_true(node: Exists | Equals | Prefix | Contains) -> bool:
    """Whether a row with the value `true` satisfies the leaf, so that an item of a list named by the key does."""
    match node:
        case Exists():
            return True
        case Equals(_, values):
            return "true" in values
        case Prefix(_, value):
            return "true".startswith(value)
        case Contains(_, value):
            return value in "true"
        case _:
            assert_never(node)


def _scans(node: Exists | Equals | Prefix | Contains) -> list[Sql]:
    """Scans of `core.search` whose eids together are the leaf."""
    test = _value_test(node, "value")
    own = Sql(f"SELECT eid FROM core.search WHERE key = ?::VARCHAR AND {test.text}", (node.key, *test.params))
    return [own, *_member_scans(node.key)] if _accepts_true(node) else [own]


def _member_scans(key: str, columns: str = "eid") -> list[Sql]:
    text = f"SELECT {columns} FROM core.search WHERE key = ?::VARCHAR AND value = ?::VARCHAR AND member"
    return [Sql(text, reading) for reading in member_readings(key)]


def _among(scans: Sequence[Sql]) -> Sql:
    inner = _chained(" UNION ALL ", scans)
    return Sql(f"(e.eid IN ({inner.text}))", inner.params)


def _any(parts: Sequence[Node]) -> Sql:
    """Alternatives. What they share is asked once; what needs search rows goes into one subquery, since DuckDB plans
    a join over all entities for each subquery under an OR."""
    shared = _shared(parts)
    if shared:
        rests = [all_of(part for part in _conjuncts(alternative) if part not in shared) for alternative in parts]
        return condition(And((*shared, Or(tuple(rests)))))
    scans: list[Sql] = []
    others: list[Sql] = []
    for part in _merged(parts):
        if isinstance(part, (Exists, Equals, Prefix, Contains)) and part.key not in COLUMNS and is_searchable(part.key):
            scans.extend(_scans(part))
        elif isinstance(part, And):
            inner = condition(part)
            scans.append(Sql(f"SELECT e.eid FROM core.entities e WHERE {inner.text}", inner.params))
        else:
            others.append(condition(part))
    return _joined(" OR ", [*others, *([_among(scans)] if scans else [])], _FALSE)


def _conjuncts(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, And) else (node,)


def _shared(parts: Sequence[Node]) -> tuple[Node, ...]:
    """The conditions that stand in every alternative, in the order of the first."""
    if len(parts) < 2:
        return ()
    rest = [frozenset(_conjuncts(part)) for part in parts[1:]]
    return tuple(part for part in dict.fromkeys(_conjuncts(parts[0])) if all(part in other for other in rest))


def _merged(parts: Iterable[Node]) -> list[Node]:
    """The alternatives, with all `Equals` of one key made one."""
    values: dict[str, tuple[str, ...]] = {}
    others: list[Node] = []
    for part in parts:
        if isinstance(part, Equals):
            values[part.key] = (*values.get(part.key, ()), *part.values)
        else:
            others.append(part)
    return [*(Equals(key, tuple(dict.fromkeys(found))) for key, found in values.items()), *others]


# Order and position -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sort:
    """One order field in SQL: where its value stands, the join that brings it, and whether it can be null."""

    value: str
    join: Sql
    descending: bool

    def beyond(self, value: str | None, backward: bool) -> Sql:
        """Rows that this field alone places beyond `value`, in the direction of the scan."""
        if value is None:
            return Sql(f"{self.value} IS NOT NULL") if backward else _FALSE
        compared = f"{self.value} {'<' if self.descending != backward else '>'} ?::VARCHAR"
        return Sql(compared if backward else f"({compared} OR {self.value} IS NULL)", (value,))

    def same(self, value: str | None) -> Sql:
        """Rows that this field alone cannot tell from `value`."""
        return Sql(f"{self.value} IS NULL") if value is None else Sql(f"{self.value} = ?::VARCHAR", (value,))


def _sorts(question: Question) -> list[_Sort]:
    return [_sort(number, order, question) for number, order in enumerate(question.order)]


def _sort(number: int, order: Order, question: Question) -> _Sort:
    if order.key in SORT_COLUMNS:
        return _Sort(SORT_COLUMNS[order.key], Sql(""), order.descending)
    needed = number == 0 and question.missing == "drop_first"
    values = _sort_values(order.key)
    best = "max" if order.descending else "min"
    text = (
        f"{'JOIN' if needed else 'LEFT JOIN'} (SELECT eid, {best}(value) AS value FROM ({values.text}) GROUP BY eid)"
        f" s{number} ON s{number}.eid = e.eid"
    )
    return _Sort(f"s{number}.value", Sql(text, values.params), order.descending)


def _sort_values(key: str) -> Sql:
    if not is_searchable(key):
        return Sql("SELECT eid, value FROM core.search WHERE FALSE")
    own = Sql("SELECT eid, value FROM core.search WHERE key = ?::VARCHAR AND value IS NOT NULL", (key,))
    return _chained(" UNION ALL ", [own, *_member_scans(key, "eid, 'true'")])


def _after(sorts: Sequence[_Sort], question: Question) -> list[Sql]:
    """The condition that a row lies beyond the question's position, as a list of none or one."""
    position = question.position
    if position is None:
        return []
    descends = question.tie_descends != question.backward
    beyond = Sql(f"e.{question.tie} {'<' if descends else '>'} ?::VARCHAR", (position.tie,))
    for sort, value in reversed(list(zip(sorts, _values(position, sorts), strict=True))):
        tied = _joined(" AND ", [sort.same(value), beyond], _TRUE)
        beyond = _joined(" OR ", [sort.beyond(value, question.backward), tied], _FALSE)
    return [beyond]


def _values(position: Position, sorts: Sequence[_Sort]) -> tuple[str | None, ...]:
    if len(position.values) != len(sorts):
        raise ValueError(f"a position with {len(position.values)} values in an order of {len(sorts)} fields")
    return position.values


def _selection(question: Question) -> Sql:
    """All rows of an answer, unordered: eid, uid, ref, and the sort values as sort0, sort1…"""
    sorts = _sorts(question)
    columns = "".join(f", {sort.value} AS sort{number}" for number, sort in enumerate(sorts))
    where = _joined(" AND ", [condition(question.where), *_after(sorts, question)], _TRUE)
    parts = [
        Sql(f"SELECT e.eid AS eid, e.uid AS uid, e.ref AS ref{columns} FROM core.entities e"),
        *(sort.join for sort in sorts),
        Sql(f"WHERE {where.text}", where.params),
    ]
    return _chained(" ", parts)


def _window(question: Question) -> list[Sql]:
    """Order, limit and offset over the columns of `_selection`. Missing values come last in page order, whatever the
    direction, so first in a backward scan."""
    nulls = "FIRST" if question.backward else "LAST"
    terms = [
        f"sort{number} {_direction(order.descending, question)} NULLS {nulls}"
        for number, order in enumerate(question.order)
    ]
    terms.append(f"{question.tie} {_direction(question.tie_descends, question)}")
    parts = [Sql(f"ORDER BY {', '.join(terms)}")]
    if question.limit is not None:
        parts.append(Sql("LIMIT ?::BIGINT", (question.limit + 1,)))
    if question.offset:
        parts.append(Sql("OFFSET ?::BIGINT", (question.offset,)))
    return parts


def _direction(descending: bool, question: Question) -> str:
    return "DESC" if descending != question.backward else "ASC"


# Facets -------------------------------------------------------------------------------------------------------------


def _facet(number: int, key: str) -> Sql:
    if key in COLUMNS:
        column = COLUMNS[key].original
        return Sql(f"SELECT {number}, {column}, count(*) FROM meant e GROUP BY {column}")
    if not is_searchable(key):
        return Sql(f"SELECT {number}, NULL, 0 WHERE FALSE")
    own = Sql("SELECT eid, original FROM core.search WHERE key = ?::VARCHAR AND original IS NOT NULL", (key,))
    members = _member_scans(key, "eid, 'true'")
    rows = _chained(" UNION ALL ", [own, *members])
    # Items of one list named twice over by different dots would count double; a key's own rows cannot.
    counted = "count(DISTINCT eid)" if members else "count(*)"
    where = "WHERE eid IN (SELECT eid FROM meant) GROUP BY original"
    return Sql(f"SELECT {number}, original, {counted} FROM ({rows.text}) {where}", rows.params)


# Assembly -----------------------------------------------------------------------------------------------------------


def _chained(separator: str, parts: Iterable[Sql]) -> Sql:
    found = [part for part in parts if part.text]
    return Sql(separator.join(part.text for part in found), tuple(value for part in found for value in part.params))


def _joined(operator: str, parts: Iterable[Sql], neutral: Sql) -> Sql:
    """The parts under one operator, in parentheses; `neutral` where there is none."""
    found = [part for part in parts if part != neutral]
    chained = _chained(operator, found)
    return neutral if not found else found[0] if len(found) == 1 else Sql(f"({chained.text})", chained.params)
