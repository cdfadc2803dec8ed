"""The first door: a name for the request, headers for every answer, and words for every failure (R60, R61)."""

import logging
import secrets

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syncd.api.context import Context
from syncd.api.dialects import dialect_of, failure_answer, plain_path
from syncd.api.failures import describe, internal
from syncd.api.request import Request

REQUEST = "catalog.request"
"""Where the doors find the request in the ASGI scope."""

_LOG = logging.getLogger("catalog.api")
_COMMON = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))


def request_of(scope: Scope) -> Request:
    """The request that the entrance put into the scope."""
    request: Request = scope[REQUEST]
    return request


class Entrance:
    """Makes the request; answers what fails further in, in the dialect of its path."""

    def __init__(self, app: ASGIApp, context: Context) -> None:
        self._app = app
        self._context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = plain_path(scope["raw_path"].decode("ascii", "replace"))
        request = Request(scope, receive, self._context, secrets.token_hex(8), path, dialect_of(path))
        scope[REQUEST] = request
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                ours = (*_COMMON, (b"x-request-id", request.id.encode("ascii")), *request.dialect.headers(request))
                message["headers"] = [*message["headers"], *ours]
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            if started:
                raise  # the answer breaks off, and the server closes the connection
            failure = describe(error)
            if failure is None:
                _LOG.exception("request %s failed: %s %s", request.id, request.method, request.raw_path)
                failure = internal(request.id)
            await failure_answer(request, failure, error)(scope, receive, send_with_headers)
