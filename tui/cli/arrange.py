"""A listing that the daemon gave whole, sorted, limited and with other columns."""

from collections.abc import Iterable, Iterator
from typing import Any

from tui.cli.exit_codes import ExitCode
from tui.cli.failure import Failure
from tui.cli.listing import Listing, Row
from tui.suggestion import did_you_mean


def arranged(listing: Listing, sort: str, limit: int | None) -> tuple[Listing, int]:
    """The listing in the order of `sort` (`-updated,name`), its first `limit` rows, and how many there are in all."""
    rows = list(listing.rows())
    order = list(range(len(rows)))
    for key in reversed([key for key in sort.split(",") if key]):
        at = column_index(listing, key.lstrip("-"))
        cells = [row.cells[at] for row in rows]
        order.sort(key=[_sort_key(cell) for cell in cells].__getitem__, reverse=key.startswith("-"))
        order.sort(key=[not cell for cell in cells].__getitem__)  # what has no value comes last in both directions
    kept = order[:limit]

    def items() -> Iterator[Any]:
        whole = list(listing.items())
        return (whole[index] for index in kept)

    return Listing(listing.columns, lambda: (rows[index] for index in kept), items, listing.single), len(rows)


def with_columns(listing: Listing, columns: tuple[str, ...]) -> Listing:
    """The listing with these columns only; its items become objects of them."""
    at = [column_index(listing, name) for name in columns]

    def rows() -> Iterator[Row]:
        return (Row(row.name, [row.cells[index] for index in at]) for row in listing.rows())

    def items() -> Iterator[dict[str, str | None]]:
        return (dict(zip(columns, row.cells, strict=True)) for row in rows())

    return Listing(columns, rows, items, listing.single)


def column_index(listing: Listing, name: str) -> int:
    """Where the column stands; a name that is none is a usage failure with the nearest one that is."""
    if name not in listing.columns:
        raise unknown_name("column", name, listing.columns)
    return list(listing.columns).index(name)


def unknown_name(what: str, name: str, known: Iterable[str]) -> Failure:
    """The failure for a name that is none, with the nearest one that is."""
    names = list(known)
    return Failure(
        f"there is no {what} {name!r}",
        where=f"known: {', '.join(names)}",
        next_step=did_you_mean(name, names, "choose one of those"),
        code=ExitCode.USAGE,
    )


def _sort_key(cell: str | None) -> tuple[bool, float, str]:
    text = cell or ""
    try:
        return (False, float(text), text)
    except ValueError:
        return (True, 0, text.casefold())
