"""The reading of the tree in Python: is it true of one entity's search rows?"""

from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

from query.ast import (
    MAX_REACH,
    And,
    Below,
    Compare,
    Contains,
    Equals,
    Everything,
    Exists,
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
from query.pattern import fits
from query.rank import Operator, ranges
from query.reader import Reader
from query.ref import ref_text
from query.rows import DEFAULT_NAMESPACE, SearchRow, member_readings
from query.terms import score
from query.text import is_searchable


def matches(node: Node, rows: Iterable[SearchRow], reader: Reader | None = None) -> bool:
    """Whether an entity with these rows is meant; agrees with `sql.condition`.

    Chains of relations and words are asked of `reader`; without one they raise `QueryError`. The time of the last
    change is no part of an entity: `rows.updated_row` makes the row that answers for it.
    """
    return holds(node, index_rows(rows), reader)


def stands(value: str, operator: Operator, other: str) -> bool:
    """Whether two texts stand in this relation, by code points."""
    match operator:
        case "<":
            return value < other
        case "<=":
            return value <= other
        case "=":
            return value == other
        case ">=":
            return value >= other
        case ">":
            return value > other


def index_rows(rows: Iterable[SearchRow]) -> dict[str, list[SearchRow]]:
    """Rows by key."""
    index: dict[str, list[SearchRow]] = {}
    for row in rows:
        index.setdefault(row.key, []).append(row)
    return index


def rows_for(key: str, index: Mapping[str, list[SearchRow]]) -> list[SearchRow]:
    """The rows that answer for a folded key: its own, and `true` where it names an item of a list."""
    if not is_searchable(key):
        return []
    found = index.get(key, [])
    for path, item in member_readings(key):
        if any(row.member and row.value == item for row in index.get(path, ())):
            return [SearchRow(key, "true", "true", None, member=False), *found]
    return found


def holds(node: Node, index: Mapping[str, list[SearchRow]], reader: Reader | None = None) -> bool:
    """Like `matches`, with the rows by key."""
    match node:
        case Everything():
            return True
        case Nothing():
            return False
        case Exists(key):
            return bool(rows_for(key, index))
        case Below(key):
            return is_searchable(key) and any(found.startswith(f"{key}.") for found in index)
        case Equals(key, values):
            return _some_value(key, index, lambda value: value in values)
        case Prefix(key, text):
            return _some_value(key, index, lambda value: value.startswith(text))
        case Contains(key, text):
            return _some_value(key, index, lambda value: text in value)
        case Text(word):
            return score(word, _asked(reader).terms(_own_ref(index))) > 0
        case Related(direction="out"):
            return _leads_out(node, index, _asked(reader))
        case Related():
            return _leads_in(node, index, _asked(reader))
        case Pattern(key, pattern):
            return _some_value(key, index, lambda value: fits(pattern, value))
        case Compare(key, operator, literal, typed=False):
            return _some_value(key, index, lambda value: stands(value, operator, literal))
        case Compare(key, operator, literal):
            wanted = ranges(operator, literal)
            found = [row.rank for row in rows_for(key, index) if row.rank is not None]
            return any(low <= rank < high for rank in found for low, high in wanted)
        case And(parts):
            return all(holds(part, index, reader) for part in parts)
        case Or(parts):
            return any(holds(part, index, reader) for part in parts)
        case Not(part):
            return not holds(part, index, reader)
        case _:
            assert_never(node)


def _some_value(key: str, index: Mapping[str, list[SearchRow]], test: Callable[[str], bool]) -> bool:
    return any(row.value is not None and test(row.value) for row in rows_for(key, index))


# Other entities -----------------------------------------------------------------------------------------------------


def _asked(reader: Reader | None) -> Reader:
    if reader is None:
        raise QueryError("words and chains of relations cannot be asked here", hint="compare fields of the entity")
    return reader


def _own_ref(index: Mapping[str, list[SearchRow]]) -> str:
    kind, namespace, name = (_first(index, key) for key in ("kind", "metadata.namespace", "metadata.name"))
    return ref_text(kind, namespace or DEFAULT_NAMESPACE, name)


def _first(index: Mapping[str, list[SearchRow]], key: str) -> str:
    return next((row.value for row in index.get(key, ()) if row.value is not None), "")


def _leads_out(node: Related, index: Mapping[str, list[SearchRow]], reader: Reader) -> bool:
    """Whether a chain from the entity comes to a target."""
    keys = {f"relations.{name}" for name in node.types}
    reached = {row.value for key in keys for row in index.get(key, ()) if row.value is not None}
    return any(_is_target(ref, node, reader) for ref in _walked(reached, keys, node.depth, reader))


def _leads_in(node: Related, index: Mapping[str, list[SearchRow]], reader: Reader) -> bool:
    """Whether a chain from a target comes to the entity."""
    keys = {f"relations.{name}" for name in node.types}
    if isinstance(node.targets, tuple):
        seeds: set[str] = set(node.targets)
    else:
        seeds = {ref for ref in reader.refs() if _is_target(ref, node, reader)}
    reached = {target for seed in seeds for target in _said(seed, keys, reader)}
    return _own_ref(index) in _walked(reached, keys, node.depth, reader)


def _is_target(ref: str, node: Related, reader: Reader) -> bool:
    if isinstance(node.targets, tuple):
        return ref in node.targets
    index = index_rows(reader.rows(ref))
    return bool(index) and holds(node.targets, index, reader)


def _walked(reached: set[str], keys: set[str], depth: int, reader: Reader) -> set[str]:
    """What one step has reached, and what further steps up to `depth` reach from there."""
    seen, frontier, step = set(reached), reached, 1
    while frontier and (step < depth or depth == MAX_REACH):
        frontier = {target for ref in frontier for target in _said(ref, keys, reader)} - seen
        seen |= frontier
        step += 1
    return seen


def _said(ref: str, keys: set[str], reader: Reader) -> set[str]:
    """The targets of an entity's own relations."""
    return {row.value for row in reader.rows(ref) if row.key in keys and row.value is not None}
