"""A question to the catalog: which entities, in which order, which part of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from query.ast import And, Everything, Node, Prefix
from query.order import Order

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Position:
    """The place of one row in an order: its sort values (None where it has none) and its uid or ref, as `tie` says.

    A place is made of values, so rows that come or go between two pages make none repeat and none be skipped.
    """

    values: tuple[str | None, ...]
    tie: str


@dataclass(frozen=True, slots=True)
class Question:
    """What to list.

    Entities without a value for a sort field come last, whatever its direction; with `missing="drop_first"` those that
    lack the first field are left out, of the total too (C177). Equal entities are told apart by `tie`: `"ref"` upward,
    `"uid"` in the direction of the first field. With a `position` the answer begins after it, with `backward` it ends
    before it; `offset` counts from there.
    """

    where: Node = field(default_factory=Everything)
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    position: Position | None = None
    backward: bool = False
    tie: Literal["uid", "ref"] = "uid"
    missing: Literal["last", "drop_first"] = "last"
    want_total: bool = False

    @property
    def counted(self) -> Node:
        """Which entities the total counts, whatever the page."""
        if self.missing == "last" or not self.order:
            return self.where
        return And((self.where, Prefix(self.order[0].key, "")))

    @property
    def tie_descends(self) -> bool:
        """Whether the tie-break goes down; read in page order, not in the order of a backward scan."""
        return self.tie == "uid" and bool(self.order) and self.order[0].descending

    def cut(self, rows: Sequence[Row]) -> tuple[list[Row], bool]:
        """The page within the rows of `sql.page`, which fetches one more than the limit, and reads away from the
        position when it goes backward; and whether there are more rows in that direction."""
        more = self.limit is not None and len(rows) > self.limit
        page = list(rows[: self.limit])
        return (page[::-1] if self.backward else page), more
