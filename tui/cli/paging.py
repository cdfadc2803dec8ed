"""Entities page by page: as many requests as a limit needs, each entity once."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

from tui.cli.listing import Row
from tui.client import Client

PAGE = 1000
"""Entities asked for at once."""

Item = TypeVar("Item")


class Found(NamedTuple):
    """The answer to a query; iterating `rows` or `items` asks for further pages."""

    columns: tuple[str, ...]
    total: int
    rows: Callable[[], Iterator[Row]]
    items: Callable[[], Iterator[Any]]


def find_rows(client: Client, query: str, columns: tuple[str, ...], sort: str, limit: int | None) -> Found:
    """Entities as rows; the first page is asked for at once, so that a wrong query fails here."""

    def ask(offset: int, size: int) -> tuple[list[Row], int]:
        page = client.entity_rows(query, columns, sort=sort, limit=size, offset=offset)
        named.append(tuple(page["columns"]))
        return [Row(row["ref"], row["cells"]) for row in page["rows"]], page["total"]

    named: list[tuple[str, ...]] = []
    first, total = ask(0, _size(limit, 0))

    def rows() -> Iterator[Row]:
        seen = set[str]()
        for row in _further(first, total, limit, ask):
            if row.name not in seen:  # a page may repeat a row where the catalog changed between two requests
                seen.add(row.name)
                yield row

    return Found(named[0], total, rows, lambda: iter(()))


def find_documents(client: Client, query: str, sort: str, limit: int | None) -> Found:
    """Entities whole."""

    def ask(offset: int, size: int) -> tuple[list[dict[str, Any]], int]:
        page = client.entity_documents(query, sort=sort, limit=size, offset=offset)
        return page["items"], page["total"]

    first, total = ask(0, _size(limit, 0))
    return Found((), total, lambda: iter(()), lambda: _further(first, total, limit, ask))


def _size(limit: int | None, offset: int) -> int:
    return PAGE if limit is None else min(PAGE, limit - offset)


def _further(
    first: list[Item], total: int, limit: int | None, ask: Callable[[int, int], tuple[list[Item], int]]
) -> Iterator[Item]:
    page, offset = first, 0
    wanted = total if limit is None else min(limit, total)
    while page:
        yield from page
        offset += len(page)
        if offset >= wanted:
            return
        page, total = ask(offset, _size(limit, offset))
        wanted = total if limit is None else min(limit, total)
