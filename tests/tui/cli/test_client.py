"""The client against a listener that behaves as a daemon never should, and the rule for addresses."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.tui.cli.scripted_daemon import Request, scripted_daemon
from tui.client import Address, ApiProblem, BadAddress, Client, DaemonUnreachable, find_address, socket_path
from tui.event_stream import follow

STATUS: Any = {"state": "ready"}


def client_of(state: Path, timeout: float = 5) -> Client:
    return Client(Address(socket=str(state / "catalog.sock")), timeout=timeout)


def test_a_connection_is_used_again(tmp_path: Path) -> None:
    with scripted_daemon(tmp_path, lambda request: request.json(STATUS)) as daemon:
        client = client_of(tmp_path)
        for _ in range(3):
            assert client.status() == STATUS
        assert daemon.connections == 1
        client.close()


def test_threads_share_a_client(tmp_path: Path) -> None:
    both = threading.Barrier(2, timeout=5)

    def answer(request: Request) -> None:
        both.wait()  # answers only when two requests are there at once
        request.json({"q": request.parameters["q"][0], "items": [], "total": 0})

    with scripted_daemon(tmp_path, answer):
        client = client_of(tmp_path)
        found: dict[str, Any] = {}
        threads = [
            threading.Thread(target=lambda q=q: found.update({q: client.entity_documents(q)})) for q in ("one", "two")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {q: page["q"] for q, page in found.items()} == {"one": "one", "two": "two"}
        client.close()


def test_a_reading_request_survives_a_closed_connection(tmp_path: Path) -> None:
    def answer(request: Request) -> None:
        request.json(STATUS)
        request.drop()

    with scripted_daemon(tmp_path, answer) as daemon:
        client = client_of(tmp_path)
        assert client.status() == client.status() == STATUS
        assert daemon.connections == 2
        client.close()


def test_a_writing_request_is_never_repeated(tmp_path: Path) -> None:
    with scripted_daemon(tmp_path, lambda request: request.drop()) as daemon:
        client = client_of(tmp_path)
        with pytest.raises(DaemonUnreachable, match="without an answer"):
            client.add_location("git", "file:///x")
        assert len(daemon.seen) == 1


def test_a_silent_daemon_is_left_in_time(tmp_path: Path) -> None:
    release = threading.Event()

    def answer(request: Request) -> None:
        release.wait(10)
        request.drop()

    with scripted_daemon(tmp_path, answer):
        client = client_of(tmp_path, timeout=0.1)
        with pytest.raises(DaemonUnreachable, match="in time"):
            client.status()
        release.set()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"<html>proxy</html>", ApiProblem, id="no-json"),
        pytest.param(b"", None, id="empty"),
        pytest.param(b"null", None, id="null"),
    ],
)
def test_answers_that_are_no_json(tmp_path: Path, content: bytes, problem: type[Exception] | None) -> None:
    with scripted_daemon(tmp_path, lambda request: request.raw(content)):
        client = client_of(tmp_path)
        if problem is None:
            assert client.status() is None
        else:
            with pytest.raises(problem, match="not JSON"):
                client.status()
        client.close()


def test_a_listener_that_speaks_no_http(tmp_path: Path) -> None:
    def answer(request: Request) -> None:
        request.wfile.write(b"SSH-2.0-OpenSSH\r\n")
        request.drop()

    with scripted_daemon(tmp_path, answer), pytest.raises(DaemonUnreachable, match="not HTTP"):
        client_of(tmp_path).status()


def test_an_answer_that_breaks_off(tmp_path: Path) -> None:
    def answer(request: Request) -> None:
        request.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"a"')
        request.drop()

    with scripted_daemon(tmp_path, answer), pytest.raises(DaemonUnreachable, match="broke off"):
        client_of(tmp_path).status()


def test_chunks_and_answers_without_a_length(tmp_path: Path) -> None:
    text = json.dumps(STATUS).encode()

    def answer(request: Request) -> None:
        if request.route.endswith("status"):
            request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for piece in (text[:5], text[5:]):
                request.wfile.write(b"%x;note=1\r\n%b\r\n" % (len(piece), piece))
            request.wfile.write(b"0\r\nTrailer: x\r\n\r\n")
        else:
            request.wfile.write(b'HTTP/1.1 200 OK\r\n\r\n{"limits": [1]}')
            request.drop()

    with scripted_daemon(tmp_path, answer) as daemon:
        client = client_of(tmp_path)
        assert client.status() == client.status() == STATUS
        assert daemon.connections == 1
        assert client._get("/limits") == {"limits": [1]}
        client.close()


def test_a_problem_keeps_what_the_daemon_said(tmp_path: Path) -> None:
    said = {"detail": "unknown field", "code": "query", "hint": "did you mean owner?", "position": 3, "status": 400}
    with scripted_daemon(tmp_path, lambda request: request.json(said, 400)):
        client = client_of(tmp_path)
        with pytest.raises(ApiProblem) as caught:
            client.status()
        problem = caught.value
        assert (problem.status, problem.code, problem.message) == (400, "query", "unknown field")
        assert (problem.hint, problem.position, problem.members) == ("did you mean owner?", 3, said)
        client.close()


def test_refs_are_one_segment_and_lines_are_encoded(tmp_path: Path) -> None:
    with scripted_daemon(tmp_path, lambda request: request.json({"items": [], "total": 0})) as daemon:
        client = client_of(tmp_path)
        client.entity("component:default/a b%/ä")
        client.entity_documents("owner:a&b=c +x", limit=5)
        assert [path for _, path, _ in daemon.seen] == [
            "/api/own/entities/component%3Adefault%2Fa%20b%25%2F%C3%A4",
            "/api/own/entities?q=owner%3Aa%26b%3Dc+%2Bx&limit=5",
        ]
        client.close()


def test_events_go_on_after_a_lost_connection(tmp_path: Path) -> None:
    asked: list[str | None] = []

    def answer(request: Request) -> None:
        asked.append(request.headers.get("Last-Event-ID"))
        number = len(asked)
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: alive\n\n")
        request.wfile.write(b"id: %d\r\nevent: change\ndata: {\ndata: }\n\nid: 99\ndata: unfinished" % number)
        request.drop()

    lost: list[str] = []
    with scripted_daemon(tmp_path, answer):
        events = follow(client_of(tmp_path), "7", on_lost=lambda error: lost.append(str(error)), sleep=lambda _: None)
        first, second = next(events), next(events)
        del events
    assert [(one.id, one.event, one.data) for one in (first, second)] == [
        ("1", "change", "{\n}"),
        ("2", "change", "{\n}"),
    ]
    assert asked == ["7", "1"]
    assert len(lost) == 1


def test_events_of_a_daemon_that_was_never_there(tmp_path: Path) -> None:
    with pytest.raises(DaemonUnreachable):
        next(follow(client_of(tmp_path)))


HOME = {"HOME": "/home/x"}


@pytest.mark.parametrize(
    ("state", "environ", "address"),
    [
        pytest.param(None, {"CATALOG_STATE": "/s"}, Address(socket="/s/catalog.sock"), id="state-from-environment"),
        pytest.param("/o", {"CATALOG_STATE": "/s"}, Address(socket="/o/catalog.sock"), id="option-first"),
        pytest.param(None, {"XDG_STATE_HOME": "/x"}, Address(socket="/x/catalog/catalog.sock"), id="xdg"),
        pytest.param(
            None,
            {"CATALOG_URL": "http://h:1/", "CATALOG_TOKEN": "t", "CATALOG_STATE": "/s"},
            Address(url="http://h:1", token="t"),
            id="url-with-token",
        ),
        pytest.param("/o", {"CATALOG_URL": "http://h:1"}, Address(socket="/o/catalog.sock"), id="option-before-url"),
        pytest.param(None, {"CATALOG_URL": "unix:/run/c.sock"}, Address(socket="/run/c.sock"), id="url-of-a-socket"),
    ],
)
def test_the_address(state: str | None, environ: dict[str, str], address: Address) -> None:
    assert find_address(state, environ) == address


@pytest.mark.parametrize("url", ["localhost:7007", "ftp://x", "http://", "http://h:99999", "http://h:0", "unix:"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(BadAddress):
        find_address(None, {"CATALOG_URL": url})


def test_a_token_that_would_break_the_header() -> None:
    with pytest.raises(BadAddress):
        find_address(None, {"CATALOG_URL": "http://h", "CATALOG_TOKEN": "a\r\nHost: evil"})


def test_the_socket_may_be_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "socket").write_text("/run/user/1000/c.sock\n")
    assert socket_path(tmp_path) == "/run/user/1000/c.sock"


def test_an_address_is_shown_without_secrets() -> None:
    assert Address(url="https://user:secret@host:1/base", token="secret").text == "https://host:1/base"
