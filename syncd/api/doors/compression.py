"""Compression for those who ask for it; who does not ask pays nothing for it."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

LEVEL = 4
"""JSON shrinks little more at higher levels, which take several times as long."""


class Compression:
    """gzip where `Accept-Encoding` names it; never for event streams."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._packed = GZipMiddleware(app, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])
        await (self._packed if asked else self._plain)(scope, receive, send)
