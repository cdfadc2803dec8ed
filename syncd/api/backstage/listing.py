"""`GET /entities`: the bare list, whole or by offset (spec 3.5)."""

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, urlencode

from starlette.responses import Response, StreamingResponse

from query.cursor import MALFORMED
from query.dialects.filter import parse_filter
from query.fields import Projection, parse_fields
from query.order import parse_orders
from query.question import Position, Question
from syncd.api.answers import JSON, bytes_answer, spliced_list, tagged_answer
from syncd.api.backstage.projection import projected
from syncd.api.parameters import MAX_INTEGER, Query
from syncd.api.ports.catalog import Page
from syncd.api.request import Request
from syncd.errors import InputError

BATCH = 5000
"""Entities that the whole list fetches at a time."""


@dataclass(frozen=True, slots=True)
class _Window:
    """Which part of the list: `limit` None is all that comes after `offset`."""

    limit: int | None
    offset: int


async def listing(request: Request) -> Response:
    """All entities that match, by ref or in the order asked for; those that lack a sort field come last (C165)."""
    query = request.query
    projection = parse_fields(query.texts("fields"))
    question = Question(
        where=parse_filter(query.texts("filter")), order=parse_orders(query.texts("order")), tie="ref", missing="last"
    )
    if "limit" in query or "offset" in query or "after" in query:
        return await _part(request, question, projection)
    if projection is not None:
        pieces = [piece async for piece in _pieces(request, question, projection)]
        return tagged_answer(request, b"[" + b",".join(pieces) + b"]")
    batches = _pieces(request, question, None)
    first = await anext(batches, b"")  # a failure of the first batch still gets its own status
    return StreamingResponse(_streamed(first, batches), headers={"content-type": JSON})


async def _part(request: Request, question: Question, projection: Projection | None) -> Response:
    window = _window(request.query)
    question = replace(question, limit=window.limit, offset=window.offset)
    page = await request.context.ask(question)
    headers = {}
    if window.limit is not None and page.more:
        after = _after(_Window(window.limit, window.offset + window.limit))
        headers["link"] = f'<{_next_url(request, after)}>; rel="next"'
    if projection is None:
        return bytes_answer(spliced_list(page.documents), headers=headers)
    cut = await request.context.readers.run(projected, projection, page.documents)
    answer = tagged_answer(request, spliced_list(cut))
    answer.headers.update(headers)
    return answer


async def _pieces(request: Request, question: Question, projection: Projection | None) -> AsyncIterator[bytes]:
    """The whole list in batches, each joined by commas; a batch goes on where the one before it ended."""
    position: Position | None = None
    while True:
        batch = replace(question, limit=BATCH, position=position)
        page: Page = await request.context.ask(batch)
        if page.rows:
            documents = page.documents
            if projection is None:
                yield b",".join(documents)
            else:
                cut = await request.context.readers.run(projected, projection, documents)
                yield b",".join(document for document in cut if document is not None)
            position = Position(page.rows[-1].sort, page.rows[-1].ref)
        if not page.more:
            return


async def _streamed(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield b"[" + first
    async for piece in rest:
        yield b"," + piece
    yield b"]"


def _window(query: Query) -> _Window:
    after = query.text("after")
    if after is not None:
        return _read_after(after)
    return _Window(query.integer("limit"), query.integer("offset") or 0)


def _after(window: _Window) -> str:
    content = json.dumps({"limit": window.limit, "offset": window.offset}, separators=(",", ":"))
    return base64.b64encode(content.encode("ascii")).decode("ascii")


def _read_after(text: str) -> _Window:
    try:
        content = json.loads(base64.b64decode(text, validate=True))
        limit, offset = content["limit"], content["offset"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InputError(f"{MALFORMED}: after is not what a page gave", hint="start again without after") from None
    if not _is_count(limit, 1) or not _is_count(offset, 0):
        raise InputError(f"{MALFORMED}: after holds no limit and offset", hint="start again without after")
    return _Window(limit, offset)


def _is_count(value: object, minimum: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and minimum <= value <= MAX_INTEGER


def _next_url(request: Request, after: str) -> str:
    pairs = parse_qsl(request.scope["query_string"].decode("ascii"), keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if name not in ("offset", "after")]
    return "/entities?" + urlencode([*kept, ("after", after)], quote_via=quote)
