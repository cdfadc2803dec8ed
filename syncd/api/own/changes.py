"""The log of changes, by page and as a stream of events."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import orjson
from starlette.responses import Response, StreamingResponse

from syncd.api.answers import json_answer
from syncd.api.ports.service import LoggedChange
from syncd.api.request import Request
from syncd.errors import InputError
from syncd.model.json import JsonObject
from syncd.store.story import Trace

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
HEARTBEAT_SECONDS = 15.0
"""A stream sends something at least this often, so that a lost connection is noticed."""


async def changes(request: Request) -> Response:
    """Rows after a sequence number, oldest first, as far as they are visible in the index."""
    limit = request.query.integer("limit")
    wanted = min(DEFAULT_LIMIT if limit is None else limit, MAX_LIMIT)
    found = await request.context.readers.run(_page, request, request.query.integer("since") or 0, wanted)
    status = await request.context.readers.run(request.context.service.standing.status)
    return json_answer({"items": found, "index_seq": status.index_seq})


def _page(request: Request, since: int, wanted: int) -> list[JsonObject]:
    """As many rows as are wanted and may be read: a page that is not full is the last one."""
    page: list[LoggedChange] = []
    while len(page) < wanted:
        found, through = _look(request, since, wanted)
        page.extend(found)
        if through == since or request.context.readable is None:
            break
        since = through
    return _shown(request, page[:wanted])


def _look(request: Request, since: int, limit: int) -> tuple[Sequence[LoggedChange], int]:
    """The readable ones among the next rows, and the number of the last row that was looked at."""
    rows = request.context.service.changes(since, limit)
    readable = request.context.readable
    return rows if readable is None else readable.changes(rows), rows[-1].seq if rows else since


def _shown_look(request: Request, since: int) -> tuple[list[JsonObject], int]:
    found, through = _look(request, since, MAX_LIMIT)
    return _shown(request, found), through


async def events(request: Request) -> Response:
    """Changes as they become visible; `Last-Event-ID` goes on after that one, without it only new ones come."""
    since = await _since(request)
    await request.context.readers.run(request.context.service.changes, since, 1)  # says now if it cannot
    return StreamingResponse(
        _stream(request, since), headers={"content-type": "text/event-stream", "x-accel-buffering": "no"}
    )


async def _since(request: Request) -> int:
    status = await request.context.readers.run(request.context.service.standing.status)
    last = request.header(b"last-event-id")
    if not last:
        return status.index_seq
    if not last.isascii() or not last.isdigit() or len(last) > 18:
        raise InputError(f"Last-Event-ID is not a number: {last[:100]!r}")
    return min(int(last), status.index_seq)


async def _stream(request: Request, since: int) -> AsyncIterator[bytes]:
    yield b": changes\n\n"
    while True:
        turn = request.context.announcer.turn()
        if _is_over(request):
            return
        found, through = await request.context.readers.run(_shown_look, request, since)
        for change in found:
            yield b"id: %b\nevent: change\ndata: %b\n\n" % (str(change["seq"]).encode(), orjson.dumps(change))
        if through != since:
            since = through
            continue
        try:
            async with asyncio.timeout(_patience(request)):
                await turn.wait()
        except TimeoutError:
            yield b": alive\n\n"


def _is_over(request: Request) -> bool:
    """Whether the daemon stops, or the caller's token opens nothing any more (R55)."""
    token_id = request.principal.token_id if request.principal is not None else None
    revoked = token_id is not None and not request.context.service.tokens.active(token_id)
    return revoked or request.context.stopping.is_set()


def _patience(request: Request) -> float:
    expires = request.principal.expires if request.principal is not None else None
    if expires is None:
        return HEARTBEAT_SECONDS
    return min(HEARTBEAT_SECONDS, max(0.0, (expires - datetime.now(UTC)).total_seconds()))


def _shown(request: Request, changes: Sequence[LoggedChange]) -> list[JsonObject]:
    """Rows as they are answered; whoever may not read all entities is not told what was done to their properties."""
    traces: Mapping[int, Sequence[Trace]] = {}
    if request.context.readable is None and changes:
        traces = request.context.service.stories.traces([change.seq for change in changes])
    return [
        {
            "seq": change.seq,
            "at": change.at,
            "actor": change.actor,
            "what": change.what,
            "target": change.target,
            "detail": dict(change.detail),
            "added": list(change.added),
            "updated": list(change.updated),
            "removed": list(change.removed),
            "properties": [asdict(trace) for trace in traces.get(change.seq, ())],
        }
        for change in changes
    ]
