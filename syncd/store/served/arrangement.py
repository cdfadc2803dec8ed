"""All entities in one order, so that a page is a walk along it."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from itertools import islice
from typing import Any, Final, Literal, TypeAlias

from pyroaring import BitMap

from query.match import rows_for
from query.order import Order
from query.question import Position, Question
from query.rank import TEXT
from query.rows import UPDATED
from query.sql import SORT_COLUMNS
from syncd.model.uid import uid_of
from syncd.store.served.journal import Version

GAP: Final = 1 << 32
"""Between the labels of neighbours at first: so often can one place be halved before all are numbered again."""


Place: TypeAlias = tuple[str | None, ...]
"""The sort values of an entity, and last its uid or ref. There are many: each costs what a tuple costs."""


@dataclass(frozen=True, slots=True)
class Ordering:
    """What makes two questions share an arrangement."""

    order: tuple[Order, ...]
    tie: Literal["uid", "ref"]

    @property
    def question(self) -> Question:
        """The question for all entities in this order."""
        return Question(order=self.order, tie=self.tie)


class Arrangement:
    """Every entity in its place, by its sort values and then its uid or ref.

    `having` are those with a value for the first field. A label is a number that grows along the order: it compares
    two entities without looking at their values.
    """

    def __init__(self, ordering: Ordering, rows: Iterable[Sequence[Any]], seen: int) -> None:
        """`rows` are in order: eid, sort values, and the uid or ref that tells equals apart."""
        self.ordering = ordering
        self.seen = seen
        self.having = BitMap()
        self._places: dict[int, Place] = {}
        for eid, *place in rows:
            self._keep(eid, tuple(place))
        self._eids = list(self._places)
        self._labels: dict[int, int] = {}
        self._number()
        self._key = cmp_to_key(_comparison(ordering))

    def position(self, eid: int) -> Position:
        """The place of an entity."""
        *values, tie = self._places[eid]
        return Position(tuple(values), str(tie))

    def __len__(self) -> int:
        return len(self._eids)

    def learn(self, version: Version) -> None:
        """Put a new version into its place."""
        if version.eid in self._places:
            return
        tie = uid_of(version.ref) if self.ordering.tie == "uid" else version.ref
        place: Place = (*(_sort_value(order, version) for order in self.ordering.order), tie)
        at = self._index(place, after=False)
        before = self._labels[self._eids[at - 1]] if at else 0
        behind = self._labels[self._eids[at]] if at < len(self._eids) else before + 2 * GAP
        self._keep(version.eid, place)
        self._eids.insert(at, version.eid)
        self._labels[version.eid] = (before + behind) // 2
        if behind - before < 4:
            self._number()

    def forget(self, live: BitMap) -> None:
        """Let go of dead versions once they are many."""
        if len(self._eids) > 1_000 + 2 * len(live):
            self._eids = [eid for eid in self._eids if eid in live]
            self._places = {eid: self._places[eid] for eid in self._eids}
            self._labels = {eid: self._labels[eid] for eid in self._eids}
            self.having &= live

    def page(self, members: BitMap, question: Question) -> list[int]:
        """The eids of a question's page among `members`, and one more; away from the position when going backward."""
        first, last = self._bounds(question)
        wanted = len(members) if question.limit is None else question.offset + question.limit + 1
        return self._cut(members, first, last, question.backward, wanted)[question.offset :]

    def pages(self, tiers: Iterable[BitMap], members: int, question: Question) -> list[int]:
        """Like `page`, one tier after the other, each in this order, of so many members together; a position is not
        looked at."""
        wanted = members if question.limit is None else question.offset + question.limit + 1
        found: list[int] = []
        for tier in tiers:
            if len(found) == wanted:
                break
            found += self._cut(tier, 0, len(self._eids), False, wanted - len(found))
        return found[question.offset :]

    def _cut(self, members: BitMap, first: int, last: int, backward: bool, wanted: int) -> list[int]:
        """The first ones of some members, whichever way is the shorter."""
        if wanted * len(self._eids) < 3 * len(members) ** 2:
            return list(islice(self._walk(members, first, last, backward), wanted))
        return self._sorted(members, first, last, backward)[:wanted]

    def _walk(self, members: BitMap, first: int, last: int, backward: bool) -> Iterator[int]:
        places = range(last - 1, first - 1, -1) if backward else range(first, last)
        eids = self._eids
        return (eids[place] for place in places if eids[place] in members)

    def _sorted(self, members: BitMap, first: int, last: int, backward: bool) -> list[int]:
        labels = self._labels
        found: Iterable[int] = members
        if first > 0:
            beyond = labels[self._eids[first - 1]]
            found = [eid for eid in found if labels[eid] > beyond]
        if last < len(self._eids):
            before = labels[self._eids[last]]
            found = [eid for eid in found if labels[eid] < before]
        return sorted(found, key=labels.__getitem__, reverse=backward)

    def _bounds(self, question: Question) -> tuple[int, int]:
        """The part of the order that lies beyond the question's position."""
        if question.position is None:
            return 0, len(self._eids)
        place: Place = (*question.position.values, question.position.tie)
        if question.backward:
            return 0, self._index(place, after=False)
        return self._index(place, after=True), len(self._eids)

    def _index(self, place: Place, *, after: bool) -> int:
        search = bisect_right if after else bisect_left
        return search(self._eids, self._key(place), key=lambda eid: self._key(self._places[eid]))

    def _keep(self, eid: int, place: Place) -> None:
        self._places[eid] = place
        if place[0] is not None:
            self.having.add(eid)

    def _number(self) -> None:
        self._labels = {eid: number * GAP for number, eid in enumerate(self._eids, start=1)}


def _sort_value(order: Order, version: Version) -> str | None:
    if order.key == UPDATED:
        return version.updated
    is_typed = order.typed and order.key not in SORT_COLUMNS
    rows = [row for row in rows_for(order.key, version.index) if row.value is not None]
    values = [row.rank or f"{TEXT}{row.value}" if is_typed else str(row.value) for row in rows]
    return (max(values) if order.descending else min(values)) if values else None


def _comparison(ordering: Ordering) -> Callable[[Place, Place], int]:
    descends = [*(order.descending for order in ordering.order), ordering.question.tie_descends]

    def compare(one: Place, other: Place) -> int:
        for left, right, descending in zip(one, other, descends, strict=True):
            if left != right:
                if left is None or right is None:  # what is missing comes last, whatever the direction
                    return 1 if left is None else -1
                return -1 if (left < right) != descending else 1
        return 0

    return compare
