"""Requests that a web page makes: only pages of the listed origins may (R58)."""

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syncd.api.doors.entrance import request_of
from syncd.api.failures import RequestRefusedError
from syncd.config import DaemonSettings

_METHODS = "GET, POST, PUT, PATCH, DELETE"
_HEADERS = "authorization, content-type, harness-account, if-match, if-none-match, last-event-id, x-api-key"
_RATE = ", ".join(f"x-ratelimit-{name}" for name in ("limit", "period", "remaining", "reset"))
_EXPOSED = f"etag, link, retry-after, {_RATE}, x-request-id"


class OriginDoor:
    """403 for any other origin, and for a cross-site request without one; never a wildcard."""

    def __init__(self, app: ASGIApp, settings: DaemonSettings) -> None:
        self._app = app
        self._allowed = frozenset(origin.rstrip("/").lower() for origin in settings.origins_allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = request_of(scope)
        origins = request.headers(b"origin")
        if not origins:
            if (request.header(b"sec-fetch-site") or "").strip().lower() == "cross-site":
                raise _refusal()
            await self._app(scope, receive, send)
            return
        if len(origins) != 1 or origins[0].lower() not in self._allowed:
            raise _refusal()
        send = _with_origin(send, origins[0])
        if request.method == "OPTIONS" and request.header(b"access-control-request-method") is not None:
            allowed = {"access-control-allow-methods": _METHODS, "access-control-allow-headers": _HEADERS}
            await Response(b"", 204, allowed)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _refusal() -> RequestRefusedError:
    return RequestRefusedError(
        403,
        "requests from this web origin are not accepted",
        code="origin",
        hint="list the origin in [daemon] origins_allowed",
    )


def _with_origin(send: Send, origin: str) -> Send:
    async def send_with_origin(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            headers["access-control-allow-origin"] = origin
            headers["access-control-expose-headers"] = _EXPOSED
            headers.add_vary_header("Origin")
        await send(message)

    return send_with_origin
