"""`GET` and `POST /entities/by-query`: pages by cursor (spec 3.6, 3.7)."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from query.ast import all_of
from query.cursor import Cursor, FullText, decode, encode
from query.dialects.filter import parse_filter
from query.dialects.predicate import parse_predicate
from query.fields import Projection, parse_fields
from query.order import Order, limited, parse_order_fields
from query.question import Position, Question
from query.text import fold
from syncd.api.answers import bytes_answer, spliced_list, spliced_object, tagged_answer
from syncd.api.backstage.projection import projected
from syncd.api.body import Absent
from syncd.api.parameters import MAX_INTEGER, Query
from syncd.api.ports.catalog import Page, Row
from syncd.api.request import Request

DEFAULT_LIMIT = 200


class OrderItem(BaseModel):
    """One sort field (C194)."""

    model_config = ConfigDict(strict=True, frozen=True)

    field: str = Field(min_length=1)
    order: Literal["asc", "desc"]


class TextFilter(BaseModel):
    """A search for text: without `fields` in the first sort field or the uid, with an empty list of them nowhere."""

    model_config = ConfigDict(strict=True, frozen=True)

    term: str = ""
    fields: Annotated[list[str], Absent] = []

    def read(self) -> FullText:
        """As the query language has it."""
        return FullText(self.term, tuple(self.fields) if "fields" in self.model_fields_set else None)


class QueryBody(BaseModel):
    """The body of POST by-query; unknown properties are ignored (C192)."""

    model_config = ConfigDict(strict=True, frozen=True)

    cursor: Annotated[str, Field(min_length=1), Absent] = ""
    limit: int = Field(default=DEFAULT_LIMIT, ge=0, le=MAX_INTEGER)
    offset: int = Field(default=0, ge=0, le=MAX_INTEGER)
    orderBy: list[OrderItem] = []  # noqa: N815 - the word of the API
    fullTextFilter: Annotated[TextFilter, Absent] = TextFilter()  # noqa: N815
    fields: list[str] = []
    totalItems: Literal["include", "exclude"] = "include"  # noqa: N815
    query: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class _Wish:
    """A request for one page, whatever verb it came by. `asked` is without a place when it is the first page."""

    asked: Cursor
    projection: Projection | None
    limit: int
    offset: int
    counted: bool


async def by_query(request: Request) -> Response:
    """One page of the entities that filters mean; beside a cursor only `limit` and `fields` are read (C175)."""
    query = request.query
    cursor, limit = query.text("cursor"), query.integer("limit")
    wish = _Wish(
        asked=_asked(query) if cursor is None else decode(cursor),
        projection=parse_fields(query.texts("fields")),
        limit=DEFAULT_LIMIT if limit is None else limit,
        offset=query.integer("offset") or 0,
        counted=query.text("totalItems") != "exclude",
    )
    return await _answer(request, wish)


async def post_by_query(request: Request) -> Response:
    """One page of the entities that a predicate means; cursors are those of the GET form (C190, C193)."""
    body = request.read(QueryBody)
    wish = _Wish(
        asked=decode(body.cursor) if body.cursor else _asked_in(body),
        projection=parse_fields(body.fields),
        limit=body.limit,
        offset=body.offset,
        counted=body.totalItems != "exclude",
    )
    return await _answer(request, wish)


async def _answer(request: Request, wish: _Wish) -> Response:
    asked, is_first = wish.asked, wish.asked.position is None
    page = await request.context.ask(_question(wish, is_first))
    if is_first:
        asked = replace(asked, first=_position(page.rows[0]) if page.rows else None, total=page.total)
    documents: list[bytes | None] = list(page.documents)
    if wish.projection is not None:
        documents = await request.context.readers.run(projected, wish.projection, documents)
    content = spliced_object(
        [
            ("items", spliced_list(documents)),
            ("totalItems", str(asked.total or 0).encode("ascii")),
            ("pageInfo", orjson.dumps(_page_info(asked, page))),
        ]
    )
    return bytes_answer(content) if wish.projection is None else tagged_answer(request, content)


def _asked(query: Query) -> Cursor:
    """What the first request of a listing asks for, as a cursor without a place."""
    term = query.text("fullTextFilterTerm")
    fields = tuple(query.texts("fullTextFilterFields")) if "fullTextFilterFields" in query else None
    return Cursor(
        order=parse_order_fields(query.texts("orderField")),
        where=parse_filter(query.texts("filter")),
        full_text=None if term is None else FullText(term, fields),
    )


def _asked_in(body: QueryBody) -> Cursor:
    return Cursor(
        order=limited([Order(fold(item.field), item.order) for item in body.orderBy]),
        where=parse_predicate(body.query),
        full_text=body.fullTextFilter.read() if body.fullTextFilter.term else None,
    )


def _question(wish: _Wish, is_first: bool) -> Question:
    asked = wish.asked
    parts = [asked.where] if asked.full_text is None else [asked.where, asked.full_text.node(asked.order)]
    return Question(
        where=all_of(parts),
        order=asked.order,
        limit=wish.limit,
        offset=wish.offset if is_first else 0,
        position=asked.position,
        backward=asked.backward,
        tie="uid",
        missing="drop_first",
        want_total=wish.counted and is_first,
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
