"""What finding entities needs of the daemon, beside the rows: facets, words for the line, the line as SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value and how many entities have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The most frequent values of a field under a line, and how many values there are beside them."""

    field: str
    values: tuple[FacetValue, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text that may stand in a line; `count` is how many entities it leaves, None where that is not counted."""

    text: str
    about: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What may stand in the place of the characters from `start` to `end` of a line."""

    start: int
    end: int
    items: tuple[Suggestion, ...]


class FindingSource(Protocol):
    """The daemon as finding sees it; see `Source`."""

    def facets(self, query: str, fields: Sequence[str], limit: int) -> tuple[Facet, ...]:
        """Values of fields among the entities that match; what the line says of a field does not count for it."""

    def groups(self, query: str) -> tuple[tuple[str | None, int], ...]:
        """Value and number of entities of each group that the line makes; None for those without a value."""

    def complete(self, query: str, at: int, limit: int) -> Suggestions:
        """What may stand at an offset of a line, the most frequent first."""

    def sql_of(self, query: str, facet: str = "") -> str:
        """The line, or the counting of a facet under it, as SQL; RefusedError where SQL cannot say it."""

    def export(self, query: str, columns: Sequence[str], sort: str, path: str) -> str:
        """Write the answer into a new file, whose ending says the format; what was done, in words.

        Formats of whole values hold whole entities, others the columns. RefusedError where there is such a file.
        """
