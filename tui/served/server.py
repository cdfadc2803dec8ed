"""A small web server that shows the interface: it begins one program for each page, and passes keys and screen on.

The program speaks for whoever serves it, so the address holds a key that nobody can guess, and other sites are refused.
"""

import asyncio
import contextlib
import secrets
import shlex
import signal
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp_jinja2
from aiohttp import web
from textual_serve.server import Server, to_int

MOST_PAGES = 8
"""Pages that are open at once: each one is a program of some 80 MB."""
PARTING = 2.0
"""Seconds that programs have to end when the server does."""
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def is_loopback(host: str) -> bool:
    """Whether a host is this machine and nothing else."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class PageServer(Server):
    """Shows what a command draws; `names` are the host names by which it may be asked, any where there are none."""

    def __init__(self, command: Sequence[str], host: str, names: Sequence[str]) -> None:
        super().__init__(shlex.join(command), host=host, title="catalog", templates_path=Path(__file__).parent / "page")
        self.key = secrets.token_urlsafe(18)
        self._names = frozenset(names)
        self._pages = 0

    async def application(self) -> web.Application:
        """Everything but what the page itself loads is behind the key."""
        import jinja2

        app = web.Application(middlewares=[self._judge])
        aiohttp_jinja2.setup(app, loader=jinja2.FileSystemLoader(self.templates_path), autoescape=True)
        app.add_routes(
            [
                web.get(f"/{self.key}/", self.handle_index, name="index"),
                web.get(f"/{self.key}/ws", self.handle_websocket, name="websocket"),
                web.static("/static", self.statics_path, name="static"),
            ]
        )
        return app

    @web.middleware
    async def _judge(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """No other name for this server (rebinding), no page of another site (its websocket would be let through)."""
        if self._names and request.url.host not in self._names:
            raise web.HTTPForbidden(text="this name is none of the server's")
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="another site may not use this server")
        answer = await handler(request)
        if not answer.prepared:
            answer.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
            answer.headers["X-Content-Type-Options"] = "nosniff"
            answer.headers["Cache-Control"] = "no-store" if self.key in request.path else "max-age=3600"
        return answer

    @aiohttp_jinja2.template("app_index.html")
    async def handle_index(self, request: web.Request) -> dict[str, Any]:
        """The page; its addresses are those that the browser asked by, be it through a tunnel."""
        return {
            "font_size": to_int(request.query.get("fontsize", "16"), 16),
            "app_websocket_url": f"{'wss' if request.secure else 'ws'}://{request.host}/{self.key}/ws",
            "config": {"static": {"url": "/static/"}},
            "application": {"name": self.title},
        }

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A program for a page, unless there are too many."""
        if self._pages >= MOST_PAGES:
            raise web.HTTPServiceUnavailable(text=f"{MOST_PAGES} pages are open; close one")
        self._pages += 1
        try:
            return await super().handle_websocket(request)
        finally:
            self._pages -= 1


async def serve(server: PageServer, port: int, tell: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `tell` is given the address once it answers. Raises OSError for a port in use."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(await server.application(), shutdown_timeout=PARTING)
    await runner.setup()
    try:
        await web.TCPSite(runner, server.host, port).start()
        host = f"[{server.host}]" if ":" in server.host else server.host
        tell(f"http://{host}:{runner.addresses[0][1]}/{server.key}/")
        await stop.wait()
    finally:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(runner.cleanup(), PARTING * 2)
