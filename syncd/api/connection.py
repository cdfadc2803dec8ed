"""HTTP connections with limits on heads, on time and on their number; the HTTP server has none of its own (R59)."""

import asyncio
import socket
import struct
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from syncd.config import LimitSettings
from syncd.config.values import Listener

_PEER_CREDENTIALS = struct.Struct("3i")
_OVERHEAD = 4
"""Bytes of a header beside its name and value."""


@dataclass(slots=True)
class Connections:
    """The TCP connections that are open, in all and by client."""

    limits: LimitSettings
    by_client: Counter[str] = field(default_factory=Counter)

    def admit(self, client: str) -> bool:
        """Count a connection; False where it is one too many."""
        many = self.by_client.total() >= self.limits.connections
        if many or (not _is_local(client) and self.by_client[client] >= self.limits.connections_per_client):
            return False
        self.by_client[client] += 1
        return True

    def leave(self, client: str) -> None:
        """Count one down."""
        self.by_client[client] -= 1
        if self.by_client[client] <= 0:
            del self.by_client[client]


class Connection(HttpToolsProtocol):
    """One connection. A head that is too large, too late, or one too many is answered here and closes it."""

    def __init__(
        self, config: Config, server_state: ServerState, connections: Connections, loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__(config, server_state, {}, loop)
        self._connections = connections
        self._limits = connections.limits
        self._counted: str | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._in_head = True
        self._head_size = 0
        self._heads = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]  # uvicorn names the one transport it uses
        peer: socket.socket = transport.get_extra_info("socket")
        if peer.family == socket.AF_UNIX:
            self.app_state["peer_uid"] = _peer_uid(peer)
            self.client = None
        else:
            client = self.client[0] if self.client else ""
            if not self._connections.admit(client):
                self._refuse(503, "too many connections (limit connections)", "retry-after: 1\r\n")
                return
            self._counted = client
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        if self._counted is not None:
            self._connections.leave(self._counted)
            self._counted = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        began_in_head, heads = self._in_head, self._heads
        if self._timer is None and began_in_head:
            self._start_timer()
        super().data_received(data)
        if began_in_head and heads == self._heads and not self.transport.is_closing():
            self._head_size += len(data)  # the parser holds back a header until it is whole
            if self._head_size > self._limits.header_size:
                self._refuse_head()

    def on_message_begin(self) -> None:
        self._in_head, self._head_size = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._heads += 1
        self._stop_timer()
        size = len(self.url) + sum(len(name) + len(value) + _OVERHEAD for name, value in self.headers)
        if size > self._limits.header_size or len(self.headers) > self._limits.header_count:
            self._refuse_head()
            raise httptools.HttpParserError("head refused")
        super().on_headers_complete()
        if self._heads >= self._limits.requests_per_connection:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._stop_timer()
        self._in_head, self._head_size = True, 0

    def on_response_complete(self) -> None:
        """A client that has its answer may finish its body, but not for ever."""
        if self.cycle.more_body and not self._in_head:
            self._stop_timer()
            self._timer = self.loop.call_later(self._limits.body_timeout.total_seconds(), self.transport.close)
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """What the server says to a request that is no HTTP; nothing where another refusal was sent already."""
        if not self.transport.is_closing():
            self._refuse(400, msg)

    def _unsupported_upgrade_warning(self) -> None:
        """An upgrade that is asked for is ignored, as HTTP allows, and not worth a line in the log."""

    def _start_timer(self) -> None:
        self._timer = self.loop.call_later(self._limits.header_timeout.total_seconds(), self._too_late)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_late(self) -> None:
        self._timer = None
        if self._head_size:
            self._refuse(408, "the request did not arrive in time (limit header_timeout)")
        else:
            self.transport.close()

    def _refuse_head(self) -> None:
        self._refuse(431, "the request's head is too large (limits header_size, header_count)")

    def _refuse(self, status: int, message: str, headers: str = "") -> None:
        head = (
            f"HTTP/1.1 {status} {_PHRASES[status]}\r\ncontent-type: text/plain; charset=utf-8\r\n"
            f"x-content-type-options: nosniff\r\ncache-control: no-store\r\n"
            f"content-length: {len(message)}\r\n{headers}connection: close\r\n\r\n"
        )
        self.transport.write((head + message).encode("ascii"))
        self.transport.close()


_PHRASES: dict[int, str] = {
    400: "Bad Request",
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


def _is_local(client: str) -> bool:
    return Listener(client, 0).loopback


def _peer_uid(peer: Any) -> int:
    credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER_CREDENTIALS.size)
    uid: int = _PEER_CREDENTIALS.unpack(credentials)[1]
    return uid
