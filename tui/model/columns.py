"""Which columns a table has and how wide they are: from hints and from one page, never from all rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

MAX_CELL_CHARACTERS = 200
"""Longer cell texts are cut before anything measures them: one hostile description must not slow the table."""


WIDEST = 80
"""Cells that a column has at most, whatever its texts need."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `key` is what the daemon is asked for, `title` what the header says, widths are in cells."""

    key: str
    title: str
    least: int = 6
    most: int = 24


KNOWN = {
    column.key: column
    for column in (
        Column("name", "NAME", 14, 34),
        Column("kind", "KIND", 9, 12),
        Column("namespace", "NAMESPACE", 9, 16),
        Column("title", "TITLE", 10, 30),
        Column("owner", "OWNER", 10, 22),
        Column("type", "TYPE", 7, 14),
        Column("lifecycle", "LIFECYCLE", 10, 13),
        Column("system", "SYSTEM", 8, 20),
        Column("description", "DESCRIPTION", 16, 48),
        Column("tags", "TAGS", 8, 24),
        Column("updated", "UPDATED", 7, 10),
    )
}
ORPHAN = "metadata.annotations.backstage.io/orphan"
"""Asked for with every page and not shown as a column: it gives the row its mark."""
DEFAULT_COLUMNS = ("name", "kind", "owner", "lifecycle", "type", "system", "updated")


def column(key: str) -> Column:
    """The column for a key; a path we know nothing of gets its last part as title."""
    return KNOWN.get(key) or Column(key, key.rsplit(".", 1)[-1].upper()[:24] or key, 8, 24)


class Density(IntEnum):
    """How much room columns take: little, as usual, or as much as their texts need."""

    NARROW = 0
    USUAL = 1
    WIDE = 2

    @property
    def next(self) -> "Density":
        """The one that a key goes on to: narrow, wide, usual."""
        return {Density.USUAL: Density.NARROW, Density.NARROW: Density.WIDE}.get(self, Density.USUAL)

    @property
    def gap(self) -> int:
        """Cells between columns."""
        return 1 if self is Density.NARROW else 2

    def most(self, column: Column) -> int:
        """Cells that a column may have."""
        if self is Density.NARROW:
            return max(column.least, column.most * 2 // 3)
        return WIDEST if self is Density.WIDE else column.most


def widths(
    columns: Sequence[Column], samples: Sequence[Sequence[int]], density: Density = Density.USUAL
) -> tuple[int, ...]:
    """The width of each column, given the cell lengths of some rows: what they need, within the column's bounds."""
    return tuple(
        min(density.most(col), max(col.least, len(col.title) + 2, *(row[index] for row in samples), 0))
        for index, col in enumerate(columns)
    )


_USUAL_KINDS = {"owner": "group:", "system": "system:", "domain": "domain:"}


def plain_value(key: str, value: str) -> str:
    """A ref without what everybody expects in this column: `group:default/team-pay` as owner is `team-pay`."""
    usual = _USUAL_KINDS.get(key)
    if usual is None:
        return value
    rest = value.removeprefix(usual)
    return rest.removeprefix("default/") if ":" not in rest else value
