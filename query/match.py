"""The reading of the tree in Python: is it true of one entity's search rows?"""

from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

from query.ast import And, Contains, Equals, Everything, Exists, Node, Not, Nothing, Or, Prefix
from query.rows import SearchRow, member_readings
from query.text import is_searchable


def matches(node: Node, rows: Iterable[SearchRow]) -> bool:
    """Whether an entity with these rows is meant; agrees with `sql.condition`."""
    return _holds(node, index_rows(rows))


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


def _holds(node: Node, index: Mapping[str, list[SearchRow]]) -> bool:
    match node:
        case Everything():
            return True
        case Nothing():
            return False
        case Exists(key):
            return bool(rows_for(key, index))
        case Equals(key, values):
            return _some_value(key, index, lambda value: value in values)
        case Prefix(key, text):
            return _some_value(key, index, lambda value: value.startswith(text))
        case Contains(key, text):
            return _some_value(key, index, lambda value: text in value)
        case And(parts):
            return all(_holds(part, index) for part in parts)
        case Or(parts):
            return any(_holds(part, index) for part in parts)
        case Not(part):
            return not _holds(part, index)
        case _:
            assert_never(node)


def _some_value(key: str, index: Mapping[str, list[SearchRow]], test: Callable[[str], bool]) -> bool:
    return any(row.value is not None and test(row.value) for row in rows_for(key, index))
