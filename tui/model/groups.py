"""Rows in groups: headings between them, and groups that are folded away. The rows stay where the answer has them."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """The rows `first` to `first + count` of an answer; `value` is None for those without a value."""

    value: str | None
    first: int
    count: int


class Groups:
    """Lines of a table whose rows come group by group: a heading each, then its rows unless it is folded."""

    def __init__(self, groups: Sequence[Group], folded: Iterable[str | None] = ()) -> None:
        self.groups = tuple(groups)
        self.folded = frozenset(folded) & {group.value for group in groups}
        self._starts: list[int] = []
        line = 0
        for group in self.groups:
            self._starts.append(line)
            line += 1 + (0 if group.value in self.folded else group.count)
        self.lines = line

    def heading(self, line: int) -> Group | None:
        """The group whose heading a line is; None for a line that is a row."""
        at = self._at(line)
        return self.groups[at] if at is not None and self._starts[at] == line else None

    def row(self, line: int) -> int | None:
        """The row that stands on a line; None for a heading."""
        at = self._at(line)
        if at is None or self._starts[at] == line:
            return None
        return self.groups[at].first + line - self._starts[at] - 1

    def row_near(self, line: int) -> int:
        """The row of a line, for a heading the first of its group."""
        at = self._at(line)
        if at is None:
            return 0
        return self.groups[at].first + max(0, line - self._starts[at] - 1)

    def line(self, row: int) -> int:
        """Where a row stands; the heading of its group where that is folded."""
        at = max(0, bisect_right([group.first for group in self.groups], row) - 1)
        if not self.groups or self.groups[at].value in self.folded:
            return self._starts[at] if self.groups else 0
        return self._starts[at] + 1 + row - self.groups[at].first

    def toggled(self, value: str | None) -> "Groups":
        """A group folded, or unfolded."""
        return Groups(self.groups, self.folded ^ {value})

    def all_toggled(self) -> "Groups":
        """All groups folded; where they are, all unfolded."""
        everything = frozenset(group.value for group in self.groups)
        return Groups(self.groups, () if self.folded == everything else everything)

    def _at(self, line: int) -> int | None:
        return bisect_right(self._starts, line) - 1 if 0 <= line < self.lines else None


def in_row_order(counts: Iterable[tuple[str | None, int]], total: int, *, falling: bool = False) -> tuple[Group, ...]:
    """Groups in the order in which their rows come: by their folded values, upward or `falling`, those without one
    last.

    None at all where that order is not known: numbers, versions and times are sorted as such, and an entity with
    several values counts more than once.
    """
    merged: dict[str | None, tuple[str | None, int]] = {}
    for value, count in counts:
        key = None if value is None else value.lower()
        spelled, before = merged.get(key, (value, 0))
        merged[key] = (spelled, before + count)
    names = sorted((key for key in merged if key is not None), reverse=falling)
    if sum(count for _, count in merged.values()) != total or any(map(_may_be_typed, names)):
        return ()
    groups: list[Group] = []
    first = 0
    for key in [*names, *([None] if None in merged else [])]:
        value, count = merged[key]
        groups.append(Group(value, first, count))
        first += count
    return tuple(groups)


def _may_be_typed(name: str) -> bool:
    return name[:1].isdigit() or (name[:1] == "v" and name[1:2].isdigit())
