"""Requests must be meant for us: a web page that points its own name at our address gets nothing (R58)."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from syncd.api.doors.entrance import request_of
from syncd.api.failures import RequestRefusedError
from syncd.config import DaemonSettings

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


class HostDoor:
    """421 unless `Host` is there once and is a name of ours."""

    def __init__(self, app: ASGIApp, settings: DaemonSettings) -> None:
        self._app = app
        self._allowed = frozenset(name.lower() for name in _names(settings))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        hosts = request_of(scope).headers(b"host")
        if len(hosts) != 1 or not self._is_ours(hosts[0].lower()):
            raise RequestRefusedError(
                421,
                "this daemon is not the host that the request names",
                code="host",
                hint="use one of its own addresses, or list the name in [daemon] hosts_allowed",
            )
        await self._app(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        return host in self._allowed or _without_port(host) in self._allowed


def _names(settings: DaemonSettings) -> Iterable[str]:
    yield from LOOPBACK_NAMES
    yield from settings.hosts_allowed
    for listener in settings.listen:
        if listener.host in ("0.0.0.0", "::"):  # noqa: S104 - every address is nobody's name
            continue
        yield f"[{listener.host}]" if ":" in listener.host else listener.host
    if settings.base_url is not None:
        yield urlsplit(settings.base_url).netloc


def _without_port(host: str) -> str:
    name, separator, port = host.rpartition(":")
    return name if separator and port.isascii() and port.isdigit() else host
