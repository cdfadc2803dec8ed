"""Requests to the daemon, over its Unix socket or TCP: addresses, connections, failures; no URL of the API."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from tui.http_connection import HttpConnection, ProtocolError, Response
from tui.named_path import named_path

if TYPE_CHECKING:
    from tui.answers import JsonObject

SILENCE = 45.0
"""Seconds without a byte after which an event stream counts as lost; the daemon sends a heartbeat every 15."""


class DaemonUnreachable(Exception):  # noqa: N818 - a state of the world, not a mistake
    """Nothing answers at the address: `address` is where we asked, `reason` what the system said."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"no answer from {address}: {reason}")
        self.address = address
        self.reason = reason


class ApiProblem(Exception):  # noqa: N818 - the name that RFC 9457 gives it
    """The daemon refused or failed: `code` is stable, `hint` says what to do next, `status` is the HTTP status.

    `position` is the offset of the bad token where a query was wrong; `members` holds the whole answer (`existing`
    of a conflict, for instance).
    """

    def __init__(self, status: int, members: Mapping[str, Any]) -> None:
        self.status = status
        self.members = dict(members)
        self.code = str(members.get("code") or members.get("error") or f"http.{status}")
        said = members.get("detail") or members.get("message") or members.get("title")  # Port's API says `message`
        self.message = str(said or f"the daemon answered {status}")
        self.hint = str(members.get("hint") or "")
        position = members.get("position")
        self.position = position if isinstance(position, int) else None
        super().__init__(self.message)


class Address(NamedTuple):
    """Where the daemon is: a Unix socket, or a base URL with an optional token."""

    socket: str = ""
    url: str = ""
    token: str = ""

    @property
    def text(self) -> str:
        """The address as a person reads it; never the token, nor a password in the URL."""
        if self.socket:
            return f"unix:{self.socket}"
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


class BadAddress(ValueError):  # noqa: N818 - it is the address that is wrong, not the program
    """`CATALOG_URL` cannot be used."""


class Event(NamedTuple):
    """One event of the stream; `id` is what `Last-Event-ID` wants to go on after it."""

    id: str
    event: str
    data: str


def state_directory(chosen: str | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The state directory: `--state`, `CATALOG_STATE`, `$XDG_STATE_HOME/catalog`, `~/.local/state/catalog`."""
    named = chosen or environ.get("CATALOG_STATE")
    if named:
        return named_path(named).absolute()
    base = environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "catalog"


def socket_path(state: Path) -> str:
    """The daemon's socket: the path written in `STATE/socket` where there is one, else `STATE/catalog.sock`."""
    try:
        written = (state / "socket").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        written = ""
    return written or str(state / "catalog.sock")


def find_address(chosen_state: str | None = None, environ: Mapping[str, str] = os.environ) -> Address:
    """The address by the rule all programs share: a `--state` first, then `CATALOG_URL`, then the state's socket.

    `CATALOG_URL` is `http://…`, `https://…` or `unix:PATH`; anything else raises `BadAddress`.
    """
    url = environ.get("CATALOG_URL", "")
    if url and not chosen_state:
        return _address_of(url, environ.get("CATALOG_TOKEN", "").strip())
    return Address(socket=socket_path(state_directory(chosen_state, environ)))


def _address_of(url: str, token: str) -> Address:
    scheme, _, rest = url.partition(":")
    if scheme == "unix" and rest:
        return Address(socket=rest)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not token.isascii() or not (token.isprintable() and " " not in token):
        raise BadAddress("CATALOG_TOKEN holds characters that no token has")
    if not usable:
        raise BadAddress(f"CATALOG_URL is not http://HOST[:PORT], https://HOST[:PORT] or unix:PATH: {url!r}")
    return Address(url=url.rstrip("/"), token=token)


Listener = Callable[[str, str, str, float], None]
"""Is told of each request: method, path with its parameters, status or why there is none, seconds."""


class Transport:
    """Requests to one address, safe to share between threads.

    Each request takes a connection of its own from those that are idle, so threads do not wait for each other.
    Connections are kept alive; reading requests are repeated once when the daemon closed an idle one, writing requests
    always use a fresh one, so that nothing is ever done twice.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self.listener: Listener | None = None
        self._idle: list[HttpConnection] = []

    def close(self) -> None:
        """Close the idle connections. The transport can still be used afterwards."""
        while self._idle:
            self._idle.pop().close()

    def call(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        body: "JsonObject | None" = None,
        timeout: float,
    ) -> Any:
        """One request and its decoded JSON answer (None where the answer is empty); `timeout` in seconds.

        Raises `DaemonUnreachable` and `ApiProblem`.
        """
        url = path + _query(parameters or {})
        payload, headers = _written(body)
        headers = {"Accept": "application/json"} | headers
        connection, reused = self._take(timeout, fresh=method != "GET")
        with self._failures():
            try:
                response = self._exchange(connection, method, url, payload, headers)
            except (ConnectionError, ProtocolError):
                connection.close()
                if not reused:
                    raise
                connection = self._connection(timeout)
                response = self._exchange(connection, method, url, payload, headers)
            except BaseException:
                connection.close()
                raise
        return self._finished(connection, response)

    @contextmanager
    def events(self, path: str, last_event_id: str) -> Iterator[Iterator[Event]]:
        """Open an event stream (SSE) and give its events; they end when the stream ends."""
        connection = self._connection(SILENCE)
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last_event_id} if last_event_id else {})
        try:
            with self._failures():
                response = self._exchange(connection, "GET", path, None, headers)
            if response.status != 200:
                with self._failures():
                    content = response.read()
                _decoded(response.status, content)
                raise ApiProblem(response.status, _not_json(content))
            yield self._parsed(response)
        finally:
            connection.close()

    @contextmanager
    def pieces(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        body: "JsonObject | None" = None,
        timeout: float,
    ) -> Iterator[Iterator[bytes]]:
        """One request and its answer as it arrives, on a connection of its own. Raises as `call`."""
        connection = self._connection(timeout)
        payload, headers = _written(body)
        try:
            with self._failures():
                response = self._exchange(connection, method, path + _query(parameters or {}), payload, headers)
                if response.status != 200:
                    _decoded(response.status, response.read())
            yield self._guarded(response)
        finally:
            connection.close()

    def _guarded(self, response: Response) -> Iterator[bytes]:
        with self._failures():
            yield from response.pieces()

    def _parsed(self, response: Response) -> Iterator[Event]:
        event_id, event, data = "", "message", list[str]()
        with self._failures():
            for text in response.lines():
                field, _, value = text.partition(":")
                value = value.removeprefix(" ")
                if field == "id":
                    event_id = value
                elif field == "event":
                    event = value
                elif field == "data":
                    data.append(value)
                elif not text and data:
                    yield Event(event_id, event, "\n".join(data))
                    event, data = "message", []

    def _take(self, timeout: float, *, fresh: bool) -> tuple[HttpConnection, bool]:
        if not fresh:
            try:
                connection = self._idle.pop()
            except IndexError:
                pass
            else:
                connection.timeout = timeout
                return connection, True
        return self._connection(timeout), False

    def _connection(self, timeout: float) -> HttpConnection:
        if self.address.socket:
            connection = HttpConnection("localhost", path=self.address.socket)
        else:
            parts = urlsplit(self.address.url)
            connection = HttpConnection(parts.hostname or "localhost", parts.port, tls=parts.scheme == "https")
        connection.timeout = timeout
        return connection

    def _exchange(
        self, connection: HttpConnection, method: str, url: str, payload: bytes | None, headers: Mapping[str, str]
    ) -> Response:
        sent = dict(headers)
        if self.address.token:
            sent["Authorization"] = f"Bearer {self.address.token}"
        base = quote(urlsplit(self.address.url).path, safe="/%") if self.address.url else ""
        if self.listener is None:
            return connection.request(method, base + url, sent, payload)
        began, outcome = time.monotonic(), ""
        try:
            response = connection.request(method, base + url, sent, payload)
            outcome = str(response.status)
        except (OSError, ProtocolError) as error:
            outcome = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise
        finally:
            self.listener(method, base + url, outcome, time.monotonic() - began)
        return response

    def _finished(self, connection: HttpConnection, response: Response) -> Any:
        try:
            with self._failures():
                content = response.read()
        except BaseException:
            connection.close()
            raise
        if response.keeps_connection:
            self._idle.append(connection)
        else:
            connection.close()
        return _decoded(response.status, content)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError as error:
            raise DaemonUnreachable(self.address.text, "it did not answer in time") from error
        except OSError as error:
            raise DaemonUnreachable(self.address.text, error.strerror or str(error)) from error
        except UnicodeEncodeError as error:
            raise DaemonUnreachable(self.address.text, "the address is not plain ASCII") from error
        except ProtocolError as error:
            raise DaemonUnreachable(self.address.text, str(error) or type(error).__name__) from error


def _decoded(status: int, content: bytes) -> Any:
    if status == 204 or (status < 300 and not content):
        return None
    try:
        answer = json.loads(content)
    except ValueError:
        answer = None
    if status < 300 and (answer is not None or content == b"null"):
        return answer
    raise ApiProblem(status, answer if isinstance(answer, dict) else _not_json(content))


def _written(body: "JsonObject | None") -> tuple[bytes | None, dict[str, str]]:
    """A body as it is sent, with the headers that it needs."""
    return (None, {}) if body is None else (json.dumps(body).encode(), {"Content-Type": "application/json"})


def _query(parameters: Mapping[str, Any]) -> str:
    given = {key: value for key, value in parameters.items() if value not in (None, "", [])}
    return "?" + urlencode(given, doseq=True, errors="replace") if given else ""


def _not_json(content: bytes) -> "JsonObject":
    shown = content[:200].decode("utf-8", "replace").strip()
    return {"code": "client.not_json", "detail": f"the answer is not JSON: {shown!r}", "hint": "is this the daemon?"}
