"""Web safety of a real daemon: R57-R61 (reliability E)."""

import socket
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from syncd.api.app import ROUTES
from syncd.api.dialects import dialect_of
from syncd.api.dialects.port import PORT
from syncd.api.failures import describe, internal
from syncd.api.router import Route
from syncd.errors import UnavailableError
from tests.support.daemon import Daemon, wait_until
from tests.support.raw_http import exchange, get, status
from tests.support.refused_start import refused_start
from tests.support.shop import Backstage

ORIGIN = "https://portal.example.test"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A daemon with a name and an origin of its own, and small limits."""
    config = (
        f'[daemon]\nhosts_allowed = ["catalog.example.test", "lab.test:8080"]\norigins_allowed = ["{ORIGIN}"]\n'
        'base_url = "https://known.example.test/x"\n'
        '[limits]\nbody_size = "16 KiB"\nheader_timeout = "1s"\nbody_timeout = "1s"\nrequest_burst = 20\n'
        "requests_per_second = 1\n"
    )
    with Daemon(tmp_path_factory.mktemp("guarded"), config) as daemon:
        yield daemon


# R57: where it listens -----------------------------------------------------------------------------------------------


def test_r057_the_socket_is_private(shop: Backstage) -> None:
    path = Path(shop.daemon.socket)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_r057_a_port_in_use_is_said_in_one_sentence(shop: Backstage, tmp_path: Path) -> None:
    finished = refused_start(tmp_path, "", f"127.0.0.1:{shop.daemon.port}")
    assert finished.returncode == 5
    assert f"127.0.0.1:{shop.daemon.port} is in use by another program" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_r057_a_socket_left_behind_is_replaced(tmp_path: Path) -> None:
    with Daemon(tmp_path / "one") as daemon:
        path = Path(daemon.socket)
    assert not path.exists()
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
    with Daemon(tmp_path / "one") as daemon:
        assert daemon.owner.get("/api/own/status").status_code == 200


# R58: Host, Origin, forms --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "LOCALHOST:7007", "127.0.0.1:1", "[::1]:80", "catalog.example.test",
        "catalog.example.test:443", "lab.test:8080", "known.example.test",
    ],
)  # fmt: skip
def test_r058_our_own_names_are_answered(guarded: Daemon, host: str) -> None:
    assert status(exchange(guarded.port, get("/healthz", host=host))) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.test", "127.0.0.1.evil.test", "catalog.example.test.evil.test", "lab.test", "lab.test:80", "",
        "localhost:x", "localhost@evil.test", "127.0.0.2", None,
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/healthz", "/api/own/status", "/api/catalog/entities", "/nope"])
def test_r058_other_names_are_421(guarded: Daemon, path: str, host: str | None) -> None:
    assert status(exchange(guarded.port, get(path, host=host))) in ((400, 421) if host is None else (421,))


def test_r058_two_host_headers_are_refused(guarded: Daemon) -> None:
    assert status(exchange(guarded.port, get("/healthz", "Host: evil.test"))) in (400, 421)


def test_r058_the_rule_holds_on_the_socket_too(guarded: Daemon) -> None:
    assert guarded.owner.get("/healthz", headers={"host": "evil.test"}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:7007"},
        {"origin": ORIGIN + ".evil.test"},
        {"origin": ORIGIN.replace("https", "http")},
        {"sec-fetch-site": "cross-site"},
    ],
)
@pytest.mark.parametrize("path", ["/healthz", "/api/own/events", "/api/own/status", "/api/catalog/entities", "/nope"])
def test_r058_other_origins_are_403_on_any_path(guarded: Daemon, path: str, headers: dict[str, str]) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        answer = guarded.owner.request(method, path, headers=headers)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers


def test_r058_a_web_socket_from_another_origin_is_403(guarded: Daemon) -> None:
    upgrade = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: eA==")
    answer = exchange(guarded.port, get("/api/own/events", "Origin: https://evil.test", *upgrade))
    assert status(answer) == 403


def test_r058_listed_origins_are_named_one_by_one(guarded: Daemon) -> None:
    answer = guarded.owner.get("/api/own/status", headers={"origin": ORIGIN, "sec-fetch-site": "cross-site"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, ORIGIN)
    assert "origin" in answer.headers["vary"].lower()
    assert "access-control-allow-credentials" not in answer.headers
    asked = {"origin": ORIGIN, "access-control-request-method": "POST"}
    with guarded.stranger() as client:
        preflight = client.options("/api/own/refresh", headers=asked)
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (204, ORIGIN)


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize("path", ["/api/own/refresh", "/api/own/tokens", "/api/catalog/locations", "/nope"])
def test_r058_bodies_of_web_forms_are_415(guarded: Daemon, path: str, media_type: str) -> None:
    for spelled in (media_type, media_type.upper() + "; charset=utf-8"):
        answer = guarded.owner.post(path, content=b'{"a": 1}', headers={"content-type": spelled})
        assert answer.status_code == 415
    assert guarded.owner.post("/api/own/refresh", headers={"content-type": media_type}).status_code == 200


def test_r058_no_cookies(shop: Backstage) -> None:
    for path in ("/api/own/status", "/api/catalog/entities", "/healthz", "/nope"):
        assert "set-cookie" not in shop.daemon.owner.get(path).headers


# R59: limits ---------------------------------------------------------------------------------------------------------


def test_r059_a_large_body_is_413_and_names_its_limit(guarded: Daemon) -> None:
    for headers in ({"content-type": "application/json"}, {"content-type": "application/json", "x": "y"}):
        answer = guarded.owner.post("/api/own/tokens", content=b" " * 20_000, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "limit")
        assert "body_size" in answer.json()["detail"]


def test_r059_the_limit_holds_while_reading_a_body_in_chunks(guarded: Daemon) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(50):
            yield b" " * 1000

    headers = {"content-type": "application/json"}
    assert guarded.owner.post("/api/own/tokens", content=chunks(), headers=headers).status_code == 413
    assert guarded.owner.post("/api/catalog/refresh", content=chunks(), headers=headers).status_code == 400


def test_r059_an_announced_size_beyond_measure_is_refused_unread(guarded: Daemon) -> None:
    head = f"POST /api/own/tokens HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {guarded.token('admin')}\r\n"
    body = "Content-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n"
    assert status(exchange(guarded.port, (head + body).encode())) == 413


def test_r059_a_body_in_chunks_without_end_is_cut_off(guarded: Daemon) -> None:
    head = f"POST /api/own/tokens HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {guarded.token('admin')}\r\n"
    head += "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    sent = 0
    with socket.create_connection(("127.0.0.1", guarded.port), timeout=20) as connection:
        connection.sendall(head.encode())
        try:
            while sent < 100_000_000:
                connection.sendall(chunk)
                sent += len(chunk)
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert sent < 50_000_000


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "GZIP"])
def test_r059_compressed_bodies_are_refused(guarded: Daemon, coding: str) -> None:
    headers = {"content-type": "application/json", "content-encoding": coding}
    assert guarded.owner.post("/api/own/tokens", content=b"x", headers=headers).status_code == 415


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(get("/healthz", *[f"X-{n}: y" for n in range(80)]), id="r059-too-many-headers"),
        pytest.param(get("/healthz", "X: " + "y" * 17_000), id="r059-a-header-too-long"),
        pytest.param(get("/healthz?" + "y" * 17_000), id="r059-a-line-too-long"),
        pytest.param(b"GET /healthz HTTP/1.1\r\nX: " + b"y" * 3_000_000, id="r059-a-header-without-end"),
        pytest.param(b"GET /" + b"y" * 3_000_000, id="r059-a-line-without-end"),
    ],
)
def test_r059_heads_are_bounded(guarded: Daemon, request_bytes: bytes) -> None:
    try:
        answer = exchange(guarded.port, request_bytes)
    except (BrokenPipeError, ConnectionResetError):
        return  # it closed before all was sent
    assert status(answer) in (431, 0)
    if len(request_bytes) < 100_000:
        assert status(answer) == 431


def test_r059_a_head_may_have_64_headers_and_16_kibibytes(guarded: Daemon) -> None:
    assert status(exchange(guarded.port, get("/healthz", *[f"X-{n}: y" for n in range(62)]))) == 200
    assert status(exchange(guarded.port, get("/healthz", "X: " + "y" * 15_000))) == 200


def test_r059_a_slow_head_is_408(guarded: Daemon) -> None:
    started = time.monotonic()
    assert status(exchange(guarded.port, b"GET /healthz HTTP/1.1\r\nHost: loc")) == 408
    assert 0.5 < time.monotonic() - started < 10
    assert exchange(guarded.port, b"") == b""


def test_r059_a_slow_body_is_408(guarded: Daemon) -> None:
    head = f"POST /api/own/tokens HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {guarded.token('admin')}\r\n"
    body = 'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"name"'
    assert status(exchange(guarded.port, (head + body).encode())) == 408


def test_r059_too_many_requests_with_one_token_are_429(guarded: Daemon) -> None:
    with guarded.stranger(guarded.token("read", name="eager")) as client:
        statuses = [client.get("/api/own/limits").status_code for _ in range(30)]
        assert statuses[:15] == [200] * 15
        refused = client.get("/api/own/limits")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    with guarded.stranger(guarded.token("read", name="other")) as client:
        assert client.get("/api/own/limits").status_code == 200
    assert all(guarded.owner.get("/api/own/limits").status_code == 200 for _ in range(30))


def test_r059_connections_are_bounded(start: Callable[[str], Daemon]) -> None:
    daemon = start("[limits]\nconnections = 5\n")
    held = [socket.create_connection(("127.0.0.1", daemon.port), timeout=20) for _ in range(5)]
    try:
        for connection in held:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert status(connection.recv(4096)) == 200
        answer = exchange(daemon.port, get("/healthz"))
        assert (status(answer), b"retry-after: 1" in answer.lower()) == (503, True)
        assert daemon.owner.get("/healthz").status_code == 200, "the owner's socket has no such limit"
    finally:
        for connection in held:
            connection.close()
    wait_until(lambda: status(exchange(daemon.port, get("/healthz"))) == 200, "a place is free again")


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"nonsense\r\n\r\n", id="r059-no-http"),
        pytest.param(get("/healthz", "Content-Length: 5", "Content-Length: 6"), id="r059-two-lengths"),
        pytest.param(get("/healthz", "Content-Length: 5", "Transfer-Encoding: chunked"), id="r059-length-and-chunks"),
        pytest.param(get("/healthz", "Content-Length: -1"), id="r059-a-negative-length"),
        pytest.param(get("/healthz", "Transfer-Encoding: chunked") + b"zz\r\n", id="r059-chunks-without-size"),
        pytest.param(get("/healthz", "X : y"), id="r059-a-space-before-the-colon"),
        pytest.param(get("/heal\x00thz"), id="r059-a-nul-in-the-path"),
    ],
)
def test_r059_broken_framing_ends_the_connection(guarded: Daemon, request_bytes: bytes) -> None:
    answer = exchange(guarded.port, request_bytes, end=True)
    assert status(answer) in (400, 0) or (b"chunked" in request_bytes and status(answer) == 200)
    assert answer.count(b"HTTP/1.1 ") <= 2
    assert guarded.owner.get("/healthz").status_code == 200


def test_r059_a_connection_serves_so_many_requests(start: Callable[[str], Daemon]) -> None:
    daemon = start("[limits]\nrequests_per_connection = 3\n")
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = exchange(daemon.port, request * 3)
    assert answer.count(b"HTTP/1.1 200 ") == 3
    assert answer.lower().count(b"connection: close") == 1
    with daemon.stranger() as client:
        assert [client.get("/healthz").status_code for _ in range(8)] == [200] * 8


def test_r059_memory_stays_flat_under_bodies_that_are_too_large(guarded: Daemon) -> None:
    def resident() -> int:
        status_file = Path(f"/proc/{guarded.process.pid}/status").read_text()
        return int(status_file.split("VmRSS:")[1].split()[0])

    headers = {"content-type": "application/json"}
    guarded.owner.post("/api/own/tokens", content=b" " * 8_000_000, headers=headers)
    before = resident()
    for _ in range(20):
        assert guarded.owner.post("/api/own/tokens", content=b" " * 8_000_000, headers=headers).status_code == 413
    assert resident() - before < 20_000  # KiB; the bodies have 160 MB


# R29: every body is read by one reader -------------------------------------------------------------------------------

WITH_BODY = [route for route in ROUTES if route.body is not None]
ODD_BODIES = [
    pytest.param(b'{"a": 1, "a": 2}', id="r029-a-doubled-key"),
    pytest.param(b'{"a": NaN}', id="r029-not-a-number"),
    pytest.param(b'{"a": 1e999}', id="r029-too-large-a-number"),
    pytest.param(b'{"a": "\\u0000"}', id="r029-nul"),
    pytest.param(b'{"a": "\\ud800"}', id="r029-half-a-character"),
    pytest.param(b'{"a": ' + b"[" * 70 + b"]" * 70 + b"}", id="r029-too-deep"),
    pytest.param(b"[" * 15_000, id="r029-far-too-deep"),
    pytest.param(b"\xff", id="r029-no-unicode"),
    pytest.param(b"[]", id="r029-no-object"),
]


@pytest.mark.parametrize("content", ODD_BODIES)
def test_every_route_refuses_odd_json(shop: Backstage, content: bytes) -> None:
    for route in WITH_BODY:
        path = "/".join("none" if part.startswith("{") else part for part in route.path.split("/"))
        headers = {"content-type": "application/json"}
        answer = shop.daemon.owner.request(route.method, path, content=content, headers=headers)
        refused = 422 if dialect_of(path) is PORT else 400
        assert answer.status_code == refused, f"{route.method} {route.path}: {answer.text}"


# R60, R61: answers ---------------------------------------------------------------------------------------------------


def test_r060_own_errors_are_problem_documents(shop: Backstage) -> None:
    answer = shop.daemon.owner.get("/api/own/entities", params={"q": "ownr:x"})
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(problem) == {"type", "title", "status", "detail", "code", "hint", "request_id", "position"}
    assert (problem["status"], problem["code"], problem["position"]) == (400, "query", 0)
    assert "did you mean owner" in problem["hint"]
    assert problem["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    "path",
    ["/api/own/entities/component:default%2Fnope", "/api/catalog/entities/by-uid/..%2F..%2Fetc", "/api/own/nope", "/x"],
)
def test_r060_errors_tell_nothing_of_the_machine(shop: Backstage, path: str) -> None:
    text = shop.daemon.owner.get(path).text
    assert str(shop.daemon.state) not in text
    assert "Traceback" not in text
    assert "SELECT" not in text


def test_r060_another_method_says_which_there_are(shop: Backstage) -> None:
    answer = shop.daemon.owner.delete("/api/own/status")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_r060_what_nobody_foresaw_is_told_by_its_request_alone() -> None:
    failure = internal("0123")
    assert (failure.status, failure.message) == (500, "internal error; the log has more under 0123")
    assert describe(RuntimeError("secret at /srv/state")) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/var/lib/catalog/state.sqlite is damaged: row 7", "state.sqlite is damaged: row 7"),
        ("cannot be written: '/srv/x y/index.duckdb'", "cannot be written: 'x y/index.duckdb'"),
        ("see https://git.example.test/acme/shop and component:default/a", None),
        ("ask /healthz again", None),
    ],
)
def test_r060_folders_of_the_machine_are_left_out(text: str, told: str | None) -> None:
    failure = describe(UnavailableError(text, hint=text))
    assert failure is not None
    assert (failure.status, failure.message, failure.hint) == (503, told or text, told or text)


CONTENT_TYPES = (
    "application/json; charset=utf-8",
    "application/problem+json",
    "text/event-stream",
    "text/plain; version=0.0.4; charset=utf-8",
    "application/vnd.apache.parquet",
)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_r061_every_route_answers_with_guarded_headers(shop: Backstage, route: Route) -> None:
    path = "/".join("none" if part.startswith("{") else part for part in route.path.split("/"))
    with shop.daemon.owner.stream(route.method, path) as answer:
        headers = answer.headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        if headers.get("content-length") == "0" or answer.status_code == 204:
            assert "content-type" not in headers
        else:
            assert headers["content-type"] in CONTENT_TYPES


def test_r061_refusals_of_connections_are_guarded_too(guarded: Daemon) -> None:
    head = exchange(guarded.port, get("/healthz", "X: " + "y" * 17_000)).lower()
    assert b"x-content-type-options: nosniff" in head
    assert b"cache-control: no-store" in head
    assert b"content-type: text/plain; charset=utf-8" in head


@pytest.mark.parametrize("path", ["/api/own/status", "/api/catalog/entities", "/api/own/nope", "/healthz"])
def test_r061_every_answer_is_guarded_by_its_headers(shop: Backstage, path: str) -> None:
    headers = shop.daemon.owner.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers
    assert headers["content-type"].partition(";")[0] in ("application/json", "application/problem+json")
