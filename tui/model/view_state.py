"""What is looked at: query line, sort, columns; one frozen value, so an answer can be held against its question."""

import re
from dataclasses import dataclass, replace

from tui.model.columns import DEFAULT_COLUMNS, ORPHAN

_NAMES_ITS_ORDER = re.compile(r"(?:^|\s)sort:")


@dataclass(frozen=True, slots=True)
class ViewState:
    """A question as a person put it. `sort` is a column key, with `-` in front for descending; empty: none chosen."""

    query: str = ""
    sort: str = ""
    columns: tuple[str, ...] = DEFAULT_COLUMNS

    @property
    def asked_columns(self) -> tuple[str, ...]:
        """What the daemon is asked for: the columns, and what the rows' marks need."""
        return (*self.columns, ORPHAN)

    @property
    def order(self) -> str:
        """What the daemon is asked to sort by: the chosen column, then name; nothing where the line says `sort:`."""
        if self.sort:
            return self.sort if self.sort.lstrip("-") == "name" else f"{self.sort},name"
        return "" if _NAMES_ITS_ORDER.search(self.query) else "name"

    @property
    def sort_column(self) -> str:
        """The column that carries the arrow."""
        return self.sort.lstrip("-") or ("name" if self.order == "name" else "")

    @property
    def descending(self) -> bool:
        """Whether the chosen column runs from high to low."""
        return self.sort.startswith("-")

    def with_query(self, query: str) -> "ViewState":
        """The same view with another line; surrounding space changes nothing."""
        return replace(self, query=query.strip())

    def sorted_by(self, key: str) -> "ViewState":
        """Sort by a column; the column that is chosen already is turned round."""
        if key == self.sort_column:
            return self.flipped()
        return replace(self, sort=key)

    def flipped(self) -> "ViewState":
        """The other direction; nothing where the line names its own order."""
        column = self.sort_column
        if not column:
            return self
        return replace(self, sort=column if self.descending else f"-{column}")
