"""`GET /entities/by-query`: pages by cursor (spec 3.6)."""

from dataclasses import replace

import orjson
from starlette.responses import Response

from query.ast import all_of
from query.cursor import Cursor, FullText, decode, encode
from query.dialects.filter import parse_filter
from query.fields import parse_fields
from query.order import parse_order_fields
from query.question import Position, Question
from syncd.api.answers import bytes_answer, spliced_list, spliced_object, tagged_answer
from syncd.api.backstage.projection import projected
from syncd.api.parameters import Query
from syncd.api.ports import Page, Row
from syncd.api.request import Request

DEFAULT_LIMIT = 200


async def by_query(request: Request) -> Response:
    """One page; with a cursor only `limit` and `fields` are read beside it (C175)."""
    query = request.query
    projection = parse_fields(query.texts("fields"))
    given = query.integer("limit")
    limit = DEFAULT_LIMIT if given is None else given
    text = query.text("cursor")
    asked = _asked(query) if text is None else decode(text)
    counted = asked.position is None and query.text("totalItems") != "exclude"
    question = _question(asked, limit, (query.integer("offset") or 0) if text is None else 0, counted)
    page = await request.context.readers.run(request.context.catalog.ask, question)
    if text is None:
        asked = replace(asked, first=_position(page.rows[0]) if page.rows else None, total=page.total)
    documents: list[bytes | None] = list(page.documents)
    if projection is not None:
        documents = await request.context.readers.run(projected, projection, documents)
    content = spliced_object(
        [
            ("items", spliced_list(documents)),
            ("totalItems", str(asked.total or 0).encode("ascii")),
            ("pageInfo", orjson.dumps(_page_info(asked, page))),
        ]
    )
    return bytes_answer(content) if projection is None else tagged_answer(request, content)


def _asked(query: Query) -> Cursor:
    """What the first request of a listing asks for, as a cursor without a place."""
    term = query.text("fullTextFilterTerm")
    fields = tuple(query.texts("fullTextFilterFields")) if "fullTextFilterFields" in query else None
    return Cursor(
        order=parse_order_fields(query.texts("orderField")),
        where=parse_filter(query.texts("filter")),
        full_text=None if term is None else FullText(term, fields),
    )


def _question(asked: Cursor, limit: int, offset: int, counted: bool) -> Question:
    parts = [asked.where] if asked.full_text is None else [asked.where, asked.full_text.node(asked.order)]
    return Question(
        where=all_of(parts),
        order=asked.order,
        limit=limit,
        offset=offset,
        position=asked.position,
        backward=asked.backward,
        tie="uid",
        missing="drop_first",
        want_total=counted,
    )


def _page_info(asked: Cursor, page: Page) -> dict[str, str]:
    """The cursors of the pages around this one; the first page has none before it (C173)."""
    if not page.rows:
        return {}
    info = {}
    if page.more or asked.backward:
        info["nextCursor"] = encode(replace(asked, position=_position(page.rows[-1]), backward=False))
    first = _position(page.rows[0])
    if asked.position is not None and first != asked.first:
        info["prevCursor"] = encode(replace(asked, position=first, backward=True))
    return info


def _position(row: Row) -> Position:
    return Position(row.sort, row.uid)
