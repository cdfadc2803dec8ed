"""Git over HTTP as forges serve it: `git http-backend` behind a server that knows who may what."""

import os
import ssl
import subprocess
import threading
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

from tests.support.repository import RepoBuilder

NOBODY = ""
"""Who sends no credentials."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    authorization: str
    host: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a test wants answered."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""


def remote_error(words: str) -> Answer:
    """A server of git that explains itself: what git then tells are its words."""
    packets = ["# service=git-upload-pack\n", "", f"ERR {words}"]
    content = b"".join(f"{len(text) + 4:04x}{text}".encode() if text else b"0000" for text in packets)
    return Answer(200, {"Content-Type": "application/x-git-upload-pack-advertisement"}, content)


@dataclass(slots=True)
class GitServer:
    """Repositories below `folder`; what a test changes here counts for the next request."""

    folder: Path
    port: int = 0
    scheme: str = "http"
    grants: dict[str, set[str]] = field(default_factory=lambda: {NOBODY: {"read", "write"}})
    """`user:password`, or a bearer token, to "read" and "write"; who is not in it gets 401, who may not gets 403."""
    answers: dict[str, Answer] = field(default_factory=dict)
    """By the first segment of the path, or by the service: what is answered instead of the repository."""
    cut: str = ""
    """A service (`git-receive-pack`) that does its work and then hangs up."""
    half: Literal["", "hold", "wait", "close"] = ""
    """What happens after the first half of a pack that is fetched: the rest comes when `half` is another, or never."""
    ended: threading.Event = field(default_factory=threading.Event)
    """Set when the server is to end, for those that wait."""
    asked: list[Asked] = field(default_factory=list)

    def repository(self, name: str) -> RepoBuilder:
        """A repository that it serves, made where it is not there."""
        return RepoBuilder(self.folder / f"{name}.git")

    def url(self, name: str, host: str = "127.0.0.1") -> str:
        """The clone URL of a repository."""
        return f"{self.scheme}://{host}:{self.port}/{name}.git"

    @property
    def shown(self) -> set[str]:
        """Who was seen: what the credentials of all requests said, in clear."""
        return {self.who(one) for one in self.asked}

    @staticmethod
    def who(request: Asked) -> str:
        """Who sent it: `user:password`, a bearer token, or nobody."""
        return _who(request.authorization)


@contextmanager
def git_server(folder: Path, certificate: Path | None = None) -> Iterator[GitServer]:
    """Serve the bare repositories below a folder, by https where there is a certificate with its key."""
    server = GitServer(folder, scheme="https" if certificate else "http")

    class Backend(_Backend):
        state = server

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    listener.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        listener.socket = context.wrap_socket(listener.socket, server_side=True)
    server.port = listener.server_port
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        listener.shutdown()
        thread.join()
        listener.server_close()


class _Backend(BaseHTTPRequestHandler):
    state: GitServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self._body())

    def _answer(self, body: bytes) -> None:
        authorization = self.headers.get("Authorization", "")
        self.state.asked.append(Asked(self.command, self.path, authorization, self.headers.get("Host", "")))
        path, _, query = self.path.partition("?")
        service = query.partition("service=")[2] or path.rpartition("/")[2]
        answer = self.state.answers.get(path.split("/")[1]) or self.state.answers.get(service)
        if answer is not None:
            return self._reply(answer.status, answer.headers, answer.content)
        who = _who(authorization)
        grants = self.state.grants.get(who)
        if grants is None:
            return self._reply(401, {"WWW-Authenticate": 'Basic realm="git"'})
        if ("write" if "git-receive-pack" in self.path else "read") not in grants:
            return self._reply(403, {})
        return self._serve(path, query, who, body)

    def _serve(self, path: str, query: str, who: str, body: bytes) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_PROJECT_ROOT": str(self.state.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "REMOTE_USER": who.partition(":")[0] or "somebody",
            "REMOTE_ADDR": "127.0.0.1",
        }
        command = ["git", "http-backend"]
        finished = subprocess.run(command, env=environment, input=body, capture_output=True, check=False)
        if self.command == "POST" and self.state.cut and path.endswith(self.state.cut):
            self.close_connection = True
            return
        head, _, content = finished.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(headers.pop("Status", "200").split()[0])
        if self.command == "POST" and self.state.half and b"PACK" in content:
            self._reply_half(status, headers, content)
        else:
            self._reply(status, headers, content)

    def _reply_half(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])
        self.wfile.flush()
        if self.state.half == "hold":
            while self.state.half == "hold" and not self.state.ended.wait(0.01):
                continue
            self.wfile.write(content[len(content) // 2 :])
            return
        if self.state.half == "wait":
            self.state.ended.wait()
        self.close_connection = True

    def _reply(self, status: int, headers: Mapping[str, str], content: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def log_message(self, *_: Any) -> None:
        return


def _who(authorization: str) -> str:
    scheme, _, rest = authorization.partition(" ")
    return b64decode(rest).decode() if scheme == "Basic" else rest
