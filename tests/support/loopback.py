"""Remotes that misbehave, on the loopback interface."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Handler = Callable[[socket.socket, threading.Event], None]


@contextmanager
def tcp_server(handler: Handler, port: int = 0, host: str = "127.0.0.1") -> Iterator[int]:
    """A server that gives each connection to `handler` in a thread; the event is set when it is to end."""
    ended = threading.Event()
    threads: list[threading.Thread] = []
    with socket.create_server((host, port)) as listener:

        def accept() -> None:
            while not ended.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                thread = threading.Thread(target=_serve, args=(handler, connection, ended))
                threads.append(thread)
                thread.start()

        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield listener.getsockname()[1]
        finally:
            ended.set()
            listener.shutdown(socket.SHUT_RDWR)
            acceptor.join()
            for thread in threads:
                thread.join()


def say_nothing(connection: socket.socket, ended: threading.Event) -> None:
    """Accept, and never answer."""
    ended.wait()


def trickle(start: bytes) -> Handler:
    """Begin an answer, then send a byte now and then, so that no limit on silence applies."""

    def handler(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(start)
        while not ended.wait(0.05):
            connection.sendall(b"1")

    return handler


def advertise(lines: list[str]) -> Handler:
    """The list of refs that an old git server sends, then the end."""
    packets = b"".join(f"{len(line) + 5:04x}{line}\n".encode() for line in lines) + b"0000"

    def handler(connection: socket.socket, ended: threading.Event) -> None:
        connection.recv(4096)
        connection.sendall(packets)
        connection.recv(4096)

    return handler


@contextmanager
def http_server(answers: dict[str, tuple[int, dict[str, str]]]) -> Iterator[tuple[int, list[str]]]:
    """Answers a GET by the first segment of its path; yields the port and the list of what was asked."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, headers = answers[self.path.split("/")[1]]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def repositories_server(folder: Path, port: int = 0) -> Iterator[int]:
    """Serves the bare repositories in a folder over HTTP, as plain files; `RepoBuilder.publish` before."""

    class Files(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", port), Files)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _serve(handler: Handler, connection: socket.socket, ended: threading.Event) -> None:
    with connection:
        try:
            handler(connection, ended)
        except OSError:
            return
