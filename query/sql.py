"""The reading of the tree as SQL for the index: pages, counts and facets. `condition.py` says how a tree is tested."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from query.ast import Node
from query.condition import COLUMNS, condition, member_scans
from query.order import RELEVANCE, Order
from query.question import Position, Question
from query.rank import TEXT
from query.statement import FALSE, LAST, Sql, all_hold, any_holds, chained
from query.terms import asked_words, score_scan
from query.text import fold, is_searchable

__all__ = ["SORT_COLUMNS", "Sql", "condition", "count", "facets", "keys", "page", "page_and_total", "values"]

SORT_COLUMNS: Final = {key: column.folded for key, column in COLUMNS.items()} | {"updated": "e.updated"}
"""What can be sorted by without search rows."""


_NO_VALUES: Final = Sql("SELECT eid, value FROM core.search WHERE FALSE")


def page(question: Question) -> Sql:
    """Rows `(eid, uid, ref, one sort value per order field…)`: the page and one row more, to know whether there is one.

    Going backward the rows come in reverse; `Question.cut` puts both right.
    """
    return chained(" ", [_selection(question), *_window(question)])


def page_and_total(question: Question) -> Sql:
    """Like `page`, with the total as one more column at the end: cheaper than asking twice.

    Only without a position, which would make it the number of what is left. Where no row comes back (past the end,
    or limit 0 with nothing to list) the total has to be asked with `count`.
    """
    if question.position is not None:
        raise ValueError("the total of what lies beyond a position is no total")
    chosen = _selection(question)
    text = f"WITH chosen AS MATERIALIZED ({chosen.text}) SELECT *, (SELECT count(*) FROM chosen) FROM chosen"
    return chained(" ", [Sql(text, chosen.params), *_window(question)])


def count(node: Node) -> Sql:
    """One row with the number of entities that `node` means; for a question's total pass `question.counted`."""
    where = condition(node)
    return Sql(f"SELECT count(*) FROM core.entities e WHERE {where.text}", where.params)


def facets(keys: Sequence[str], node: Node) -> Sql:
    """Rows `(index into keys, value as written, number of entities)`, ordered by index, then value in code points.

    A key asked twice in one spelling is answered once. At least one key is needed.
    """
    where = condition(node)
    asked = [(number, fold(key)) for number, key in enumerate(keys) if key not in keys[:number]]
    searched = [(number, key) for number, key in asked if key not in COLUMNS]
    counted = [_column_facet(number, key) for number, key in asked if key in COLUMNS]
    if searched:
        counted.append(_search_facets(searched))
    meant = Sql(f"WITH meant AS MATERIALIZED (SELECT e.* FROM core.entities e WHERE {where.text})", where.params)
    return chained(" ", [meant, chained(" UNION ALL ", counted), Sql("ORDER BY 1, 2")])


def values(key: str, limit: int) -> Sql:
    """Rows `(value as written, eids that have it)` of a folded key, at most `limit` of them, in no order."""
    if key in COLUMNS:
        column = COLUMNS[key].original
        found = Sql(f"SELECT {column} AS original, e.eid AS eid FROM core.entities e")
    else:
        rows = chained(" UNION ALL ", [_own_rows([key]), *_member_rows(key)])
        live = "eid IN (SELECT eid FROM core.entities)"
        found = Sql(f"SELECT original, eid FROM ({rows.text}) WHERE {live}", rows.params)
    return Sql(f"SELECT original, list(eid) FROM ({found.text}) GROUP BY original LIMIT {int(limit)}", found.params)


def keys(beginning: str, where: Node, limit: int) -> Sql:
    """Rows `(key, number of entities)` for the keys that begin so, the most frequent first."""
    meant = condition(where)
    text = (
        "SELECT key, count(DISTINCT eid) FROM core.search WHERE key >= ?::VARCHAR AND key < ?::VARCHAR"
        f" AND eid IN (SELECT e.eid FROM core.entities e WHERE {meant.text})"
        " GROUP BY key ORDER BY 2 DESC, 1 LIMIT ?::BIGINT"
    )
    return Sql(text, (fold(beginning), fold(beginning) + LAST, *meant.params, limit))


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
            return Sql(f"{self.value} IS NOT NULL") if backward else FALSE
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
    values = _relevance(question) if order.key == RELEVANCE else _sort_values(order)
    best = "max" if order.descending else "min"
    text = (
        f"{'JOIN' if needed else 'LEFT JOIN'} (SELECT eid, {best}(value) AS value FROM ({values.text}) GROUP BY eid)"
        f" s{number} ON s{number}.eid = e.eid"
    )
    return _Sort(f"s{number}.value", Sql(text, values.params), order.descending)


def _relevance(question: Question) -> Sql:
    words = asked_words(question.where)
    return score_scan(words) if words else _NO_VALUES


def _sort_values(order: Order) -> Sql:
    value = f"coalesce(rank, '{TEXT}' || value)" if order.typed else "value"
    if not is_searchable(order.key):
        return _NO_VALUES
    own = Sql(
        f"SELECT eid, {value} AS value FROM core.search WHERE key = ?::VARCHAR AND value IS NOT NULL", (order.key,)
    )
    item = f"'{TEXT}true'" if order.typed else "'true'"
    return chained(" UNION ALL ", [own, *member_scans(order.key, f"eid, {item}")])


def _after(sorts: Sequence[_Sort], question: Question) -> list[Sql]:
    """The condition that a row lies beyond the question's position, as a list of none or one."""
    position = question.position
    if position is None:
        return []
    descends = question.tie_descends != question.backward
    beyond = Sql(f"e.{question.tie} {'<' if descends else '>'} ?::VARCHAR", (position.tie,))
    for sort, value in reversed(list(zip(sorts, _values(position, sorts), strict=True))):
        tied = all_hold([sort.same(value), beyond])
        beyond = any_holds([sort.beyond(value, question.backward), tied])
    return [beyond]


def _values(position: Position, sorts: Sequence[_Sort]) -> tuple[str | None, ...]:
    if len(position.values) != len(sorts):
        raise ValueError(f"a position with {len(position.values)} values in an order of {len(sorts)} fields")
    return position.values


def _selection(question: Question) -> Sql:
    """All rows of an answer, unordered: eid, uid, ref, and the sort values as sort0, sort1…"""
    sorts = _sorts(question)
    columns = "".join(f", {sort.value} AS sort{number}" for number, sort in enumerate(sorts))
    where = all_hold([condition(question.where), *_after(sorts, question)])
    parts = [
        Sql(f"SELECT e.eid AS eid, e.uid AS uid, e.ref AS ref{columns} FROM core.entities e"),
        *(sort.join for sort in sorts),
        Sql(f"WHERE {where.text}", where.params),
    ]
    return chained(" ", parts)


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


def _column_facet(number: int, key: str) -> Sql:
    column = COLUMNS[key].original
    return Sql(f"SELECT {number}, {column}, count(*) FROM meant e GROUP BY {column}")


def _search_facets(asked: Sequence[tuple[int, str]]) -> Sql:
    """All keys in one pass. An entity has one row at most for a value of a key, and an item row only where its own
    rows do not say `true`, so rows are entities."""
    keys = [key for key in dict.fromkeys(key for _, key in asked) if is_searchable(key)]
    rows = chained(" UNION ALL ", [_own_rows(keys), *(scan for key in keys for scan in _member_rows(key))])
    numbers = chained(", ", [Sql(f"(?::VARCHAR, {number})", (key,)) for number, key in asked])
    text = (
        "SELECT asked.number, original, entities FROM (SELECT key, original, count(*) AS entities"
        f" FROM ({rows.text}) WHERE eid IN (SELECT eid FROM meant) GROUP BY key, original)"
        f" JOIN (VALUES {numbers.text}) asked(key, number) USING (key)"
    )
    return Sql(text, (*rows.params, *numbers.params))


def _own_rows(keys: Sequence[str]) -> Sql:
    marks = ", ".join("?::VARCHAR" for key in keys if is_searchable(key)) or "NULL"
    text = f"SELECT eid, key, original FROM core.search WHERE key IN ({marks}) AND original IS NOT NULL"
    return Sql(text, tuple(key for key in keys if is_searchable(key)))


def _member_rows(key: str) -> list[Sql]:
    return [Sql(scan.text, (key, *scan.params)) for scan in member_scans(key, "eid, ?::VARCHAR, 'true'")]
