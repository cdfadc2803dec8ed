"""What a list is sorted by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from query.errors import QueryError
from query.text import fold

Direction: TypeAlias = Literal["asc", "desc"]
_DIRECTIONS = ("asc", "desc")

RELEVANCE = "\0relevance"
"""The key of an order by how well the words of the question fit; no field has such a name."""

MAX_ORDERS = 16
"""How many fields a list may be sorted by; each is a join."""


@dataclass(frozen=True, slots=True)
class Order:
    """One sort field: a folded key, compared by code points; an entity counts by its smallest value going up, its
    largest going down, and appears once (C181).

    `typed` compares numbers as numbers, versions as versions and times as times, and puts them before all text.
    """

    key: str
    direction: Direction = "asc"
    typed: bool = False

    @property
    def descending(self) -> bool:
        """Whether large values come first."""
        return self.direction == "desc"


def limited(orders: list[Order]) -> tuple[Order, ...]:
    """The sort fields of a list. Raises `QueryError` for more than `MAX_ORDERS`."""
    if len(orders) > MAX_ORDERS:
        raise QueryError(f"{len(orders)} sort fields, and {MAX_ORDERS} is the most", hint="name the first few")
    return tuple(orders)


def parse_order_fields(texts: Iterable[str]) -> tuple[Order, ...]:
    """Read `orderField=path[,asc|desc]`, each occurrence one field; without a direction `asc` (C179, C180)."""
    return limited([_order_field(text) for text in texts])


def parse_orders(texts: Iterable[str]) -> tuple[Order, ...]:
    """Read `order=asc:path`, each occurrence one field; the direction must be there (C164)."""
    return limited([_order(text) for text in texts])


def read_order_by(value: object) -> tuple[Order, ...]:
    """Read the body property `orderBy: [{field, order}]` (C194)."""
    if not isinstance(value, list):
        raise QueryError("orderBy is not a list", hint='write [{"field": "metadata.name", "order": "asc"}]')
    return limited([_order_item(item) for item in value])


def _order_field(text: str) -> Order:
    field, comma, direction = (part.strip() for part in text.partition(","))
    return _checked(field, direction if comma else "asc", f"orderField {text!r}", "write path,asc or path,desc")


def _order(text: str) -> Order:
    direction, _, field = (part.strip() for part in text.partition(":"))
    return _checked(field, direction, f"order {text!r}", "write asc:path or desc:path")


def _order_item(item: object) -> Order:
    hint = 'write {"field": "metadata.name", "order": "asc"}'
    if not isinstance(item, Mapping):
        raise QueryError(f"orderBy item {item!r} is not an object", hint=hint)
    return _checked(item.get("field"), item.get("order"), f"orderBy item {dict(item)!r}", hint)


def _checked(field: object, direction: object, what: str, hint: str) -> Order:
    if not isinstance(field, str) or not field:
        raise QueryError(f"{what} names no field", hint=hint)
    if direction not in _DIRECTIONS:
        raise QueryError(f"{what} has no direction asc or desc", hint=hint)
    return Order(fold(field), cast("Direction", direction))
