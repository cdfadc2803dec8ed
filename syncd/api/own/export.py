"""Entities by query line as a Parquet file: the cells of `entities`, made into columns by a sandboxed process."""

from collections.abc import AsyncIterator, Generator, Iterator
from dataclasses import replace

from starlette.responses import Response, StreamingResponse

from query.question import Question
from syncd.api.own.cells import Reader, read_columns
from syncd.api.own.entities import cells_of
from syncd.api.own.lines import order_of, read_line
from syncd.api.own.sql import CONTENT_TYPES
from syncd.api.request import Request

PAGE = 2_000
"""Entities read at a time."""

DEFAULT_COLUMNS = (
    "ref",
    "kind",
    "namespace",
    "name",
    "title",
    "owner",
    "type",
    "lifecycle",
    "system",
    "tags",
    "updated",
)


async def export(request: Request) -> Response:
    """All entities that the line means, or the first `limit`."""
    query = request.query
    line = await read_line(request)
    named = query.texts("columns") if "columns" in query else line.columns
    columns = read_columns(named or DEFAULT_COLUMNS)
    question = Question(
        where=line.where, order=order_of(line, query.text("sort") or ""), limit=query.integer("limit"), tie="ref"
    )
    batches = _batches(request, question, columns)
    names = [name for name, _ in columns]
    pieces = await request.context.asking.run(request.context.service.sql.pack, names, batches)
    return StreamingResponse(_passed_on(request, pieces), headers={"content-type": CONTENT_TYPES["parquet"]})


def _batches(
    request: Request, question: Question, columns: list[tuple[str, Reader]]
) -> Iterator[list[list[str | None]]]:
    """Page after page; an entity that two pages show where the catalog changed between them comes once."""
    seen: set[str] = set()
    offset, more = 0, True
    while more and (question.limit is None or offset < question.limit):
        size = PAGE if question.limit is None else min(PAGE, question.limit - offset)
        page = request.context.catalog.ask(replace(question, limit=size, offset=offset))
        found = [(ref, cells) for ref, cells in cells_of(request.context.catalog, page, columns) if ref not in seen]
        seen.update(ref for ref, _ in found)
        offset, more = offset + size, page.more
        if found:
            yield [cells for _, cells in found]


async def _passed_on(request: Request, pieces: Generator[bytes, None, None]) -> AsyncIterator[bytes]:
    try:
        while (piece := await request.context.asking.run(next, pieces, None)) is not None:
            yield piece
    finally:
        pieces.close()
