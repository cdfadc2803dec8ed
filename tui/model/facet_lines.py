"""The facets beside the table: which lines they make, and what the query line says of each value."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tui.model.columns import plain_value
from tui.model.finding_source import Facet
from tui.model.query_line import Sign, signs

FIELDS = ("kind", "lifecycle", "type", "owner", "tag", "system")
"""Fields of the query line that are counted, in the order of the pane."""
SHOWN = 5
"""Values of a field that are shown before somebody asks for more."""
ASKED = 60
"""Values of a field that are asked for."""


@dataclass(frozen=True, slots=True)
class FacetLine:
    """A line of the pane: a heading (no value), a value with its count, or, with `hidden`, how many more there are.

    Without a field it is the space between two of them.

    `spelling` is how the query line writes the value, where it names it.
    """

    field: str
    value: str = ""
    count: int | None = None
    sign: Sign | None = None
    spelling: str = ""
    hidden: int = 0
    folds: bool = False

    @property
    def is_heading(self) -> bool:
        """Whether it names the field of the values below."""
        return bool(self.field) and not (self.value or self.hidden or self.folds)

    @property
    def key(self) -> tuple[str, str, bool]:
        """What the cursor is pinned to."""
        return self.field, self.value, bool(self.hidden or self.folds)


def facet_lines(facets: Sequence[Facet], query: str, opened: Collection[str]) -> list[FacetLine]:
    """The lines; values that the line names are there whatever their count, others only where they have one."""
    lines: list[FacetLine] = []
    for facet in facets:
        made = list(_values(facet, query, facet.field in opened))
        if made:
            lines += [*((FacetLine(""),) if lines else ()), FacetLine(facet.field), *made]
    return lines


def _values(facet: Facet, query: str, opened: bool) -> Iterator[FacetLine]:
    counts = {one.value: one.count for one in facet.values}
    said = {plain_value(facet.field, value): (value, sign) for value, sign in signs(query, facet.field).items()}
    spelled = {value.lower(): value for value in counts}
    top = list(counts)[: None if opened else SHOWN]
    named = [spelled.get(value, value) for value in said]
    for value in (*top, *(value for value in named if value not in top)):
        spelling, sign = said.get(value.lower(), (value, None))
        if spelling == value.lower():
            spelling = value
        yield FacetLine(facet.field, value, counts.get(value), sign, spelling)
    hidden = facet.more + sum(value not in top and value not in named for value in counts)
    if hidden:
        yield FacetLine(facet.field, hidden=hidden)
    elif opened and len(counts) > SHOWN:
        yield FacetLine(facet.field, folds=True)
