"""The first door: a name for the request, headers for every answer, and words for every failure (R60, R61)."""

import logging
import secrets
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syncd.api.context import Context
from syncd.api.dialects import dialect_of, failure_answer, plain_path
from syncd.api.failures import describe, internal
from syncd.api.request import Request
from syncd.api.router import Route
from syncd.logs import milliseconds, told

REQUEST = "catalog.request"
"""Where the doors find the request in the ASGI scope."""

_LOG = logging.getLogger("catalog.api")
_ASKED_IN_VAIN = (401, 429)
"""Whoever gets these has not come far enough for a line in the log: anybody could fill it."""
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
        began = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                ours = (*_COMMON, (b"x-request-id", request.id.encode("ascii")), *request.dialect.headers(request))
                message["headers"] = [*message["headers"], *ours]
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            if status:
                raise  # the answer breaks off, and the server closes the connection
            failure = describe(error)
            if failure is None:
                _LOG.exception(
                    "request %s failed: %s %s", request.id, request.method, request.raw_path,
                    extra=told("api.failed", request_id=request.id),
                )  # fmt: skip
                failure = internal(request.id)
            await failure_answer(request, failure, error)(scope, receive, send_with_headers)
        finally:
            self._note(request, status, time.perf_counter() - began)

    def _note(self, request: Request, status: int, seconds: float) -> None:
        route = request.route
        labels = (route.method, route.path, str(status)) if route else ("", "", str(status))
        self._context.service.meters.requests.add(labels, seconds)
        if route is not None and _writes(route) and status not in _ASKED_IN_VAIN:
            _LOG.info(
                "%s %s by %s: %d", request.method, request.path, request.actor, status,
                extra=told(
                    "api.write", request_id=request.id, actor=request.actor, method=route.method, route=route.path,
                    status=status, duration_ms=milliseconds(seconds),
                ),
            )  # fmt: skip


def _writes(route: Route) -> bool:
    """Whether a route changes something: it needs another scope than those for asking, and is no GET."""
    return route.method not in ("GET", "HEAD") and route.scope not in ("read", "sql", "public")
