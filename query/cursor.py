"""Cursors of by-query: everything about a listing that the next request must know (spec 3.6).

Base64 of JSON, in the real system's words, because its client looks whether there is a `query` inside.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from query.ast import And, Equals, Everything, Exists, Node, Not, Nothing, Or, all_of, any_of, equals, exists, has_text
from query.dialects.predicate import MAX_DEPTH, parse_predicate, print_predicate
from query.errors import QueryError
from query.order import Order, read_order_by
from query.question import Position

MALFORMED = "Malformed cursor"
"""Stands in the message of every refusal: clients look for it."""


@dataclass(frozen=True, slots=True)
class FullText:
    """The text search of a listing; `fields` None means none were named, which leaves the choice to the order."""

    term: str
    fields: tuple[str, ...] | None = None

    def node(self, order: tuple[Order, ...]) -> Node:
        """As a condition: the term, trimmed, stands in one of the fields. Without fields the first sort field is
        searched, without that the uid (C184, C185); an empty term asks for nothing."""
        term = self.term.strip()
        if not term:
            return Everything()
        fields = self.fields if self.fields is not None else (order[0].key if order else "metadata.uid",)
        return any_of(has_text(name, term) for name in fields)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a listing. `first` is where its first page began; `where` is what the client asked, and nothing of
    what it is allowed to see (C259)."""

    position: Position | None = None
    first: Position | None = None
    backward: bool = False
    order: tuple[Order, ...] = ()
    where: Node = field(default_factory=Everything)
    full_text: FullText | None = None
    total: int | None = None


def encode(cursor: Cursor) -> str:
    """The cursor as opaque text. Raises `QueryError` where `cursor.where` cannot be written (text within a value)."""
    content: dict[str, object] = {
        "orderFields": [{"field": order.key, "order": order.direction} for order in cursor.order],
        "isPrevious": cursor.backward,
    }
    if cursor.position is not None:
        content["orderFieldValues"] = _position_values(cursor.position)
    if cursor.first is not None:
        content["firstSortFieldValues"] = _position_values(cursor.first)
    if cursor.total is not None:
        content["totalItems"] = cursor.total
    if cursor.full_text is not None:
        content["fullTextFilter"] = _full_text_json(cursor.full_text)
    content |= _where_json(cursor.where)
    return base64.b64encode(json.dumps(content, separators=(",", ":")).encode()).decode()


def decode(text: str) -> Cursor:
    """Read a cursor, also one that has a `filter` tree instead of a `query`, or neither.

    Raises `QueryError` with `Malformed cursor` in its message for anything else (C191).
    """
    content = _content(text)
    try:
        order = read_order_by(content.get("orderFields", []))
        where = _where(content)
    except QueryError as error:
        raise QueryError(f"{MALFORMED}: {error.message}", hint=error.hint) from error
    return Cursor(
        position=_position(content.get("orderFieldValues"), order),
        first=_position(content.get("firstSortFieldValues"), order),
        backward=_flag(content.get("isPrevious", False)),
        order=order,
        where=where,
        full_text=_full_text(content.get("fullTextFilter")),
        total=_total(content.get("totalItems")),
    )


def _refuse(what: str) -> NoReturn:
    raise QueryError(f"{MALFORMED}: {what}", hint="start again without a cursor")


def _content(text: str) -> Mapping[str, object]:
    try:
        raw = base64.b64decode(text.strip() + "=" * (-len(text.strip()) % 4), validate=True)
        content: object = json.loads(raw)
        json.dumps(content, ensure_ascii=False).encode()  # fails for half a surrogate pair, which no entity can hold
    except (ValueError, RecursionError):
        _refuse("it is not base64 of JSON")
    if not isinstance(content, dict):
        _refuse("it holds no object")
    return content


def _position_values(position: Position) -> list[str | None]:
    return [*position.values, position.tie]


def _position(value: object, order: tuple[Order, ...]) -> Position | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != len(order) + 1:
        _refuse("its values do not fit its order")
    if not all(item is None or isinstance(item, str) for item in value) or value[-1] is None:
        _refuse("its values are not text")
    return Position(tuple(value[:-1]), value[-1])


def _flag(value: object) -> bool:
    return value if isinstance(value, bool) else _refuse("isPrevious is not a boolean")


def _total(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    return _refuse("totalItems is not a count")


def _full_text_json(full_text: FullText) -> dict[str, object]:
    fields = {} if full_text.fields is None else {"fields": list(full_text.fields)}
    return {"term": full_text.term, **fields}


def _full_text(value: object) -> FullText | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("term", ""), str):
        _refuse("fullTextFilter is not {term, fields}")
    fields = value.get("fields")
    if fields is not None and not (isinstance(fields, list) and all(isinstance(item, str) for item in fields)):
        _refuse("fullTextFilter.fields is not a list of text")
    return FullText(value.get("term", ""), None if fields is None else tuple(fields))


# The condition ------------------------------------------------------------------------------------------------------


def _where_json(node: Node) -> dict[str, object]:
    """As `query`; as a `filter` tree where a key is none that a predicate may name (`filter=$x` is allowed)."""
    if isinstance(node, Everything):
        return {}
    try:
        return {"query": print_predicate(node)}
    except QueryError:
        return {"filter": _print_tree(node)}


def _where(content: Mapping[str, object]) -> Node:
    if "query" in content:
        return parse_predicate(content["query"])
    if content.get("filter") is not None:
        return _tree(content["filter"], MAX_DEPTH)
    return Everything()


def _print_tree(node: Node) -> dict[str, object]:
    match node:
        case Exists(key):
            return {"key": key}
        case Equals(key, values):
            return {"key": key, "values": list(values)}
        case Everything():
            return {"allOf": []}
        case Nothing():
            return {"anyOf": []}
        case And(parts):
            return {"allOf": [_print_tree(part) for part in parts]}
        case Or(parts):
            return {"anyOf": [_print_tree(part) for part in parts]}
        case Not(part):
            return {"not": _print_tree(part)}
        case _:
            raise QueryError(f"a cursor cannot hold the condition {node!r}", hint="page by offset")


def _tree(value: object, depth: int) -> Node:
    if depth == 0:
        raise QueryError(f"its filter is nested more than {MAX_DEPTH} deep")
    match value:
        case {"key": str(key), "values": list(values), **rest} if not rest and all(isinstance(v, str) for v in values):
            return equals(key, values)
        case {"key": str(key), **rest} if not rest:
            return exists(key)
        case {"not": part, **rest} if not rest:
            return Not(_tree(part, depth - 1))
        case {"allOf": list(parts), **rest} if not rest:
            return all_of(_tree(part, depth - 1) for part in parts)
        case {"anyOf": list(parts), **rest} if not rest:
            return any_of(_tree(part, depth - 1) for part in parts)
        case _:
            raise QueryError("its filter is no tree of key, not, allOf and anyOf")
