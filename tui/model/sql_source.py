"""Questions in SQL, as the console asks them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class SqlResult:
    """An answer, or its beginning: `cut_by` is the limit that keeps the rest back. Times are in seconds."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    cut_by: str = ""
    elapsed: float = 0.0
    age: float = 0.0


@dataclass(frozen=True, slots=True)
class SqlView:
    """A table that can be asked, with its columns as (name, type)."""

    name: str
    columns: tuple[tuple[str, str], ...]


class SqlSource(Protocol):
    """Part of `Source`: every call blocks and raises SourceError only."""

    def sql(self, question: str, limit: int) -> SqlResult:
        """The first `limit` rows of an answer. RefusedError with `position` for a question that cannot be asked."""

    def sql_counts(self, names: Sequence[str]) -> Mapping[str, int]:
        """Rows of each of these tables."""

    def sql_views(self) -> tuple[SqlView, ...]:
        """What can be asked."""

    def export_sql(self, question: str, path: str) -> None:
        """Write the whole answer into a new file, in the format of its ending."""
