"""The values of one field, each with the entities that have it: what facets are counted from."""

from collections.abc import Iterable
from typing import Final

from pyroaring import BitMap

from query.match import rows_for
from syncd.store.served.journal import Version

MAX_VALUES: Final = 5_000
"""A field with more values than this is counted by the engine."""


class FieldValues:
    """For each value of a field, as written, the versions up to `seen` that have it; dead ones may be among them."""

    def __init__(self, key: str, rows: Iterable[tuple[str, list[int]]], seen: int) -> None:
        self.key = key
        self.seen = seen
        self._eids = {value: BitMap(eids) for value, eids in rows}
        self._sorted = sorted(self._eids)

    @property
    def is_full(self) -> bool:
        """Whether the field has more values than are kept, so that these are not all."""
        return len(self._eids) > MAX_VALUES

    def learn(self, version: Version) -> None:
        """Take in the values of a new version."""
        for value in {row.original for row in rows_for(self.key, version.index) if row.original is not None}:
            if value not in self._eids:
                self._eids[value] = BitMap()
                self._sorted = sorted(self._eids)
            self._eids[value].add(version.eid)

    def forget(self, live: BitMap) -> None:
        """Let go of dead versions, and of values that only they had."""
        for eids in self._eids.values():
            eids &= live
        self._eids = {value: eids for value, eids in self._eids.items() if eids}
        self._sorted = sorted(self._eids)

    def counts(self, members: BitMap) -> list[tuple[str, int]]:
        """How many of `members` have each value, sorted by value; values that none has are left out."""
        counted = ((value, self._eids[value].intersection_cardinality(members)) for value in self._sorted)
        return [(value, count) for value, count in counted if count]
