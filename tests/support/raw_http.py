"""HTTP as bytes, for what no client library would send."""

import socket

SECONDS = 20.0


def exchange(port: int, request: bytes, *, end: bool = False) -> bytes:
    """Send bytes on a new connection and return all that comes back until the daemon closes it.

    `end` tells the daemon that nothing more will be sent.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        connection.sendall(request)
        if end:
            connection.shutdown(socket.SHUT_WR)
        return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    """What comes until the other side closes."""
    received = b""
    try:
        while chunk := connection.recv(65536):
            received += chunk
    except ConnectionResetError:
        pass  # it closed with something of ours unread
    return received


def status(answer: bytes) -> int:
    """The status of an answer; 0 where there is none."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def get(path: str, *headers: str, host: str | None = "127.0.0.1") -> bytes:
    """The bytes of a GET that closes its connection."""
    named = [] if host is None else [f"Host: {host}"]
    return "\r\n".join([f"GET {path} HTTP/1.1", *named, "Connection: close", *headers, "", ""]).encode("latin-1")
