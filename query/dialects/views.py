"""A tree as SQL on the users' views: to be read, changed and run by people, so values stand in the text.

The daemon asks its own tables by `query.sql`; this spelling means the same.
"""

from collections.abc import Iterable
from typing import Final

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
from query.condition import accepts_true
from query.dialects.line import Grouping, Line
from query.dialects.line.fields import column_path
from query.order import Order
from query.pattern import regular_expression
from query.rank import NUMBER, TEXT, TIME, Operator, Range, ranges
from query.rows import UPDATED, member_readings
from query.simplify import simplify
from query.text import fold, is_searchable

_COLUMNS: Final = {
    "kind": "e.kind",
    "metadata.namespace": "e.namespace",
    "metadata.name": "e.name",
    "metadata.uid": "e.uid",
    UPDATED: "strftime(e.updated, '%Y-%m-%dT%H:%M:%S.%gZ')",
}
"""What is read from the view `entities`; all else is in `properties`."""

_SHOWN: Final = {
    "kind", "namespace", "name", "title", "description", "uid", "tags", "labels", "annotations", "links", "type",
    "lifecycle", "owner", "system", "domain", "ref", UPDATED,
}  # fmt: skip
"""Columns of the view `entities` that a line may name."""

_USUAL = ("ref", "kind", "name", "owner", "type", "lifecycle")
_MARGIN = "\n  "


def print_sql(line: Line) -> str:
    """A statement that lists what the line means, in its order and with its columns; for a group, counts."""
    where = _condition(simplify(line.where))
    condition = "" if where == "TRUE" else f"\nWHERE {where}"
    if line.group is not None:
        return _grouped(line.group, condition)
    columns = ", ".join(_column(name) for name in line.columns or _USUAL)
    order = ", ".join([*map(_order, line.order or (Order("metadata.name"),)), "e.ref"])
    return f"SELECT {columns}\nFROM entities e{condition}\nORDER BY {order}"


def _grouped(group: Grouping, condition: str) -> str:
    value, joined = _COLUMNS.get(group.key, "p.value"), ""
    if group.key not in _COLUMNS:
        joined = f"\nLEFT JOIN properties p ON p.ref = e.ref AND p.key = {_text(group.key)}"
    selected = f"SELECT {value} AS {_name(group.name)}, count(*) AS count"
    return f"{selected}\nFROM entities e{joined}{condition}\nGROUP BY 1\nORDER BY 2 DESC, 1"


def _condition(node: Node) -> str:
    match node:
        case Everything():
            return "TRUE"
        case Nothing():
            return "FALSE"
        case And(parts):
            return f"{_MARGIN}AND ".join(_inner(part) for part in parts) if parts else "TRUE"
        case Or(parts):
            return " OR ".join(_inner(part) for part in parts) if parts else "FALSE"
        case Not(part):
            return f"NOT ({_condition(part)})"
        case Text(word):
            return (
                "e.ref IN (SELECT x.ref FROM core.entities x JOIN core.terms t USING (eid)"
                f" WHERE starts_with(t.term, {_text(word)}))"
            )
        case Related():
            return _related(node)
        case _:
            return _leaf(node)


def _inner(node: Node) -> str:
    text = _condition(node)
    return f"({text})" if isinstance(node, And | Or) else text


# Leaves -------------------------------------------------------------------------------------------------------------


def _leaf(leaf: Leaf) -> str:
    if isinstance(leaf, Below):
        return f"e.ref IN (SELECT ref FROM properties WHERE starts_with(key, {_text(f'{leaf.key}.')}))"
    if leaf.key == UPDATED and isinstance(leaf, Compare) and leaf.typed:
        return _either(_moments(found) for found in ranges(leaf.operator, leaf.value) if found.low.startswith(TIME))
    if leaf.key in _COLUMNS:
        typed = isinstance(leaf, Compare) and leaf.typed
        return "FALSE" if typed else _test(leaf, f"lower({_COLUMNS[leaf.key]})") or "TRUE"
    if not is_searchable(leaf.key):
        return "FALSE"
    test = _test(leaf, "lower(value)")
    found = [f"key = {_text(leaf.key)}{f' AND {test}' if test else ''}"]
    if accepts_true(leaf):
        items = member_readings(leaf.key)
        found += [f"key = {_text(path)} AND member AND lower(value) = {_text(item)}" for path, item in items]
    return f"e.ref IN (SELECT ref FROM properties WHERE {' OR '.join(found)})"


def _test(leaf: Leaf, value: str) -> str:
    """What has to hold of a value; empty where nothing has to."""
    match leaf:
        case Exists() | Below():
            return ""
        case Equals(_, (wanted,)):
            return f"{value} = {_text(wanted)}"
        case Equals(_, values):
            return f"{value} IN ({_list(values)})" if values else "FALSE"
        case Prefix(_, ""):
            return f"{value} IS NOT NULL"
        case Prefix(_, wanted):
            return f"starts_with({value}, {_text(wanted)})"
        case Contains(_, wanted):
            return f"contains({value}, {_text(wanted)})"
        case Pattern(_, pattern):
            return f"regexp_full_match({value}, {_text(regular_expression(pattern))})"
        case Compare(_, operator, wanted, typed=False):
            return f"{value} {operator} {_text(wanted)}"
        case Compare(_, operator, wanted):
            return _either(_ranked(found, operator, wanted) for found in ranges(operator, wanted))


def _ranked(found: Range, operator: Operator, literal: str) -> str:
    if found.low.startswith(NUMBER):
        return f"number {operator} {literal}"
    return f"(rank >= {_text(found.low)} AND rank < {_text(found.high)})"


def _moments(found: Range) -> str:
    tests = [("e.updated >=", found.low), ("e.updated <", found.high)]
    return " AND ".join(f"{test} TIMESTAMP {_text(moment[1:-1])}" for test, moment in tests if len(moment) > 1)


def _either(tests: Iterable[str]) -> str:
    found = list(tests)
    return found[0] if len(found) == 1 else f"({' OR '.join(found)})" if found else "FALSE"


def _related(node: Related) -> str:
    types = _list(f"relations.{name}" for name in node.types)
    if isinstance(node.targets, tuple):
        targets = _list(node.targets)
    else:
        targets = f"SELECT e.ref FROM entities e WHERE {_condition(node.targets)}"
    if not types or not targets:
        return "FALSE"
    source, target = ("p.ref", "lower(p.value)") if node.direction == "out" else ("lower(p.value)", "p.ref")
    steps = f"properties p ON p.key IN ({types})"
    return (
        "e.ref IN (WITH RECURSIVE chain(ref, depth) AS ("
        f"SELECT {source}, 1 FROM properties p WHERE p.key IN ({types}) AND {target} IN ({targets})"
        f" UNION SELECT {source}, chain.depth + 1 FROM chain JOIN {steps} AND {target} = chain.ref"
        f" WHERE chain.depth < {node.depth}) SELECT ref FROM chain)"
    )


# Columns and order --------------------------------------------------------------------------------------------------


def _column(name: str) -> str:
    path = column_path(name) or name
    for shown in (fold(name), f"{fold(name)}s"):
        if shown in _SHOWN:
            return f"e.{shown}" if shown == name else f"e.{shown} AS {_name(name)}"
    values = f"SELECT string_agg(value, ', ') FROM properties p WHERE p.ref = e.ref AND p.key = {_text(fold(path))}"
    return f"({values}) AS {_name(name)}"


def _order(order: Order) -> str:
    direction = " DESC" if order.descending else ""
    if order.key == UPDATED:
        return f"e.updated{direction}"
    if order.key in _COLUMNS:
        return f"lower({_COLUMNS[order.key]}){direction}"
    best = "max" if order.descending else "min"
    value = f"coalesce(rank, '{TEXT}' || lower(value))" if order.typed else "lower(value)"
    values = f"SELECT {best}({value}) FROM properties p WHERE p.ref = e.ref AND p.key = {_text(order.key)}"
    return f"({values}){direction} NULLS LAST"


def _list(texts: Iterable[str]) -> str:
    return ", ".join(map(_text, texts))


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
