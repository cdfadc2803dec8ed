"""HTTP/1.1 as a client needs it for the daemon: one request after the other on one connection, nothing more.

The standard library's `http.client` costs 20 ms to import (a mail parser, TLS), a quarter of what `catalog list` may
take. TLS is imported here only for an `https` address.
"""

import socket
from collections.abc import Iterator, Mapping
from typing import BinaryIO, cast

LONGEST_LINE = 65_536
MOST_HEADERS = 200
_PIECE = 65_536


class ProtocolError(Exception):
    """What came back is not HTTP/1.1, or broke off."""


class Response:
    """Status and headers (lower-case names); the body is read by `read`, `lines` or `pieces`, once."""

    def __init__(self, status: int, headers: Mapping[str, str], stream: BinaryIO) -> None:
        self.status = status
        self.headers = headers
        self._stream = stream

    @property
    def keeps_connection(self) -> bool:
        """Whether a further request may follow on the connection once the body was read."""
        known = "content-length" in self.headers or "transfer-encoding" in self.headers or self.status == 204
        return known and self.headers.get("connection", "").lower() != "close"

    def read(self) -> bytes:
        """The whole body."""
        return b"".join(self.pieces())

    def lines(self) -> Iterator[str]:
        """The body line by line as it arrives, without line ends; bytes that are not UTF-8 are replaced."""
        held = b""
        for piece in self.pieces():
            *complete, held = (held + piece).split(b"\n")
            for line in complete:
                yield line.decode("utf-8", "replace").removesuffix("\r")

    def pieces(self) -> Iterator[bytes]:
        """The body as it arrives."""
        if self.status == 204:
            return
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            yield from self._chunks()
        elif "content-length" in self.headers:
            yield self._exactly(_number(self.headers["content-length"], 10))
        else:
            while piece := self._stream.read(_PIECE):
                yield piece

    def _chunks(self) -> Iterator[bytes]:
        while size := _number(_line(self._stream).partition(";")[0], 16):
            yield self._exactly(size)
            _line(self._stream)
        while _line(self._stream):
            pass

    def _exactly(self, size: int) -> bytes:
        content = self._stream.read(size)
        if len(content) < size:
            raise ProtocolError(f"the answer broke off after {len(content)} of {size} bytes")
        return content


class HttpConnection:
    """One connection, opened by the first request; not for two threads at once.

    `timeout` is in seconds, for connecting and for each wait for bytes. Raises OSError (TimeoutError among them) and
    `ProtocolError`; after either, `close` it.
    """

    def __init__(self, host: str, port: int | None = None, *, path: str = "", tls: bool = False) -> None:
        self._host = host
        self._port = port or (443 if tls else 80)
        self._path = path
        self._tls = tls
        self._socket: socket.socket | None = None
        self._stream: BinaryIO | None = None
        self.timeout = 0.0

    def request(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None = None) -> Response:
        """Send a request and read the head of its answer; `target` is percent-encoded, headers are plain ASCII."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self._named()}", *(f"{k}: {v}" for k, v in headers.items())]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        head = "\r\n".join([*lines, "", ""]).encode("ascii")
        if self._socket is None:
            self._open()
        assert self._socket is not None
        self._socket.settimeout(self.timeout)
        self._socket.sendall(head + (body or b""))
        return self._head(cast(BinaryIO, self._stream))

    def close(self) -> None:
        """Let go of the socket."""
        for part in (self._stream, self._socket):
            if part is not None:
                part.close()
        self._socket = self._stream = None

    def _named(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return host if self._path or self._port == (443 if self._tls else 80) else f"{host}:{self._port}"

    def _open(self) -> None:
        if self._path:
            opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket = opened
            opened.settimeout(self.timeout)
            opened.connect(self._path)
        else:
            opened = socket.create_connection((self._host, self._port), self.timeout)
            self._socket = opened
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls:
            import ssl

            self._socket = ssl.create_default_context().wrap_socket(opened, server_hostname=self._host)
        self._stream = cast(BinaryIO, self._socket.makefile("rb"))

    @staticmethod
    def _head(stream: BinaryIO) -> Response:
        status = 100
        while 100 <= status < 200:
            version, _, rest = _line(stream, first=True).partition(" ")
            if not version.startswith("HTTP/1."):
                raise ProtocolError(f"this is not HTTP: {version[:40]!r}")
            status = _number(rest[:3], 10)
            headers: dict[str, str] = {}
            while line := _line(stream):
                name, _, value = line.partition(":")
                headers[name.strip().lower()] = value.strip()
                if len(headers) > MOST_HEADERS:
                    raise ProtocolError("the answer has too many headers")
        return Response(status, headers, stream)


def _line(stream: BinaryIO, *, first: bool = False) -> str:
    line = stream.readline(LONGEST_LINE)
    if not line.endswith(b"\n"):
        if not line and first:
            raise ConnectionResetError("the connection was closed without an answer")
        raise ProtocolError("the answer broke off" if len(line) < LONGEST_LINE else "the answer has too long a line")
    return line.decode("latin-1").rstrip("\r\n")


def _number(text: str, base: int) -> int:
    try:
        number = int(text.strip(), base)
    except ValueError:
        number = -1
    if number < 0:
        raise ProtocolError(f"no number where one belongs: {text[:40]!r}")
    return number
