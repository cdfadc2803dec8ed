"""The last door: query and body as the route declares them, then its handler."""

from starlette.types import Receive, Scope, Send

from syncd.api.body import as_model, read_body
from syncd.api.doors.entrance import request_of
from syncd.api.doors.gate import MATCH
from syncd.api.parameters import read_query
from syncd.api.router import Match


async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request that may be answered."""
    request, match = request_of(scope), _match_of(scope)
    request.query = read_query(scope["query_string"], {**match.known, **request.dialect.query})
    if match.route.body is not None:
        content = await read_body(request)
        if content or not match.route.body_optional:
            request.body = as_model(await request.dialect.read(request, content), match.route.body)
        else:
            request.body = match.route.body()
    answer = await match.route.handler(request)
    await answer(scope, receive, send)


def _match_of(scope: Scope) -> Match:
    match: Match = scope[MATCH]
    return match
