"""What the Python reading of a tree asks of other entities than the one at hand."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from query.rows import SearchRow


class Reader(Protocol):
    """A catalog, one entity at a time; refs are canonical."""

    def refs(self) -> Iterable[str]:
        """Every entity."""
        ...

    def rows(self, ref: str) -> Iterable[SearchRow]:
        """The search rows of an entity; none for a ref without entity."""
        ...

    def terms(self, ref: str) -> Mapping[str, int]:
        """The terms of an entity with their weights."""
        ...
