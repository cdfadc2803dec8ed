"""Facets counted in Python, from search rows; agrees with `sql.facets`."""

from collections import Counter
from collections.abc import Iterable, Sequence

from query.match import index_rows, rows_for
from query.rows import SearchRow
from query.text import fold


def count_facets(keys: Sequence[str], entities: Iterable[Iterable[SearchRow]]) -> dict[str, list[tuple[str, int]]]:
    """How many entities have each value of each key, by the key as asked (C215); values in their own spelling (C212),
    in code-point order; null and what is too long are left out."""
    counters: dict[str, Counter[str]] = {key: Counter() for key in keys}
    for rows in entities:
        index = index_rows(rows)
        for key, counter in counters.items():
            counter.update({row.original for row in rows_for(fold(key), index) if row.original is not None})
    return {key: sorted(counter.items()) for key, counter in counters.items()}
