"""A listener on a Unix socket that answers by script: for what a healthy daemon never does."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request; `json` and `raw` answer it."""

    protocol_version = "HTTP/1.1"
    server: "_Server"
    body: Any
    """The decoded JSON, None where there is none."""

    def setup(self) -> None:
        """A Unix socket has no address to log."""
        self.client_address = ("unix", 0)
        self.server.connections += 1
        super().setup()

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.body = json.loads(self.rfile.read(length)) if length else None
        self.server.seen.append((self.command, self.path, self.body))
        self.server.answer(self)

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the base class looks for these names

    @property
    def route(self) -> str:
        """The path without the query."""
        return urlsplit(self.path).path

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The query, decoded."""
        return parse_qs(urlsplit(self.path).query)

    def json(self, value: Any, status: int = 200) -> None:
        """Answer with JSON."""
        self.raw(json.dumps(value).encode(), status, "application/json" if status < 400 else "application/problem+json")

    def raw(self, content: bytes, status: int = 200, media_type: str = "application/json") -> None:
        """Answer with bytes."""
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def drop(self) -> None:
        """End the connection without an answer."""
        self.close_connection = True

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class's name
        """Nothing is logged."""


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, path: Path, answer: Answer) -> None:
        self.answer = answer
        self.connections = 0
        self.seen: list[tuple[str, str, Any]] = []
        super().__init__(str(path), Request)


@contextmanager
def scripted_daemon(state: Path, answer: Answer) -> Iterator[_Server]:
    """Answer on `STATE/catalog.sock` by `answer`; `seen` holds the requests, `connections` counts connections."""
    state.mkdir(parents=True, exist_ok=True)
    with _Server(state / "catalog.sock", answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def entity_rows(request: Request, rows: list[list[str | None]]) -> None:
    """Answer `GET entities` with these cells, whatever columns are asked for."""
    columns = request.parameters["columns"][0].split(",")
    listed = [{"ref": f"component:default/{row[1]}", "cells": row[: len(columns)]} for row in rows]
    request.json({"columns": columns, "rows": listed, "total": len(listed), "generation": 1})
