"""A proxy on the loopback interface that spoils what a server answers: cut, stalled, trickled, delayed or corrupted."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final, Literal

from tests.support.loopback import tcp_server

Fault = Literal["", "cut", "stall", "trickle", "delay", "flip"]
FAULTS: Final[tuple[Fault, ...]] = ("cut", "stall", "trickle", "delay", "flip")
PATIENCE = 5.0
"""Seconds after which a connection on which nothing happens is closed."""
_CHUNK = 4096


@dataclass(slots=True)
class Spoiler:
    """What happens to answers from now on: `fault` begins behind so many bytes of one."""

    port: int
    fault: Fault = ""
    offset: int = 0


@contextmanager
def spoiling_proxy(server: int) -> Iterator[Spoiler]:
    """A port that leads to another one of this machine."""

    def handle(connection: socket.socket, ended: threading.Event) -> None:
        with socket.create_connection(("127.0.0.1", server), timeout=PATIENCE) as behind:
            connection.settimeout(PATIENCE)
            asking = threading.Thread(target=_forward, args=(connection, behind))
            asking.start()
            with suppress(OSError):
                _answer(behind, connection, spoiler, ended)
            for one in (connection, behind):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            asking.join()

    spoiler = Spoiler(0)
    with tcp_server(handle) as port:
        spoiler.port = port
        yield spoiler


def _forward(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(_CHUNK):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)


def _answer(behind: socket.socket, connection: socket.socket, spoiler: Spoiler, ended: threading.Event) -> None:
    passed = 0
    while piece := behind.recv(_CHUNK):
        room = spoiler.offset - passed
        passed += len(piece)
        if not spoiler.fault or room >= len(piece):
            connection.sendall(piece)
            continue
        before, rest = piece[: max(0, room)], piece[max(0, room) :]
        connection.sendall(before)
        match spoiler.fault:
            case "cut":
                return
            case "stall":
                ended.wait(PATIENCE)
                return
            case "trickle":
                for byte in rest:
                    connection.sendall(bytes([byte]))
                    if ended.wait(0.02):
                        return
            case "flip":
                connection.sendall(bytes([rest[0] ^ 0x40]) + rest[1:])
                spoiler.fault = ""
            case _:
                ended.wait(0.3)
                connection.sendall(rest)
