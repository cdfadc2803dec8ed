"""Connections: counted in all and by client; served over TLS; heads and bodies told apart (R57, R59)."""

import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from syncd.api.connection import Connections
from syncd.config import LimitSettings
from tests.support.daemon import Daemon
from tests.support.raw_http import exchange, status
from tests.support.refused_start import refused_start

TLS = Path(__file__).parents[2] / "data" / "tls"
CERTIFICATE, KEY = TLS / "certificate.pem", TLS / "key.pem"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A daemon that asks nobody for a token, and has little patience."""
    config = '[auth]\nmode = "open"\n[limits]\nbody_timeout = "1s"\n'
    with Daemon(tmp_path_factory.mktemp("opened"), config) as daemon:
        yield daemon


def test_r059_connections_are_counted_by_client() -> None:
    connections = Connections(LimitSettings(connections=5, connections_per_client=2))
    assert [connections.admit("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert [connections.admit("192.0.2.2") for _ in range(2)] == [True, True]
    assert [connections.admit("192.0.2.3") for _ in range(2)] == [True, False]
    connections.leave("192.0.2.1")
    assert connections.admit("192.0.2.1")
    assert not connections.admit("192.0.2.4")


def test_r059_this_machine_may_open_as_many_as_there_are() -> None:
    connections = Connections(LimitSettings(connections=5, connections_per_client=2))
    assert [connections.admit("127.0.0.1") for _ in range(6)] == [True] * 5 + [False]


@pytest.mark.parametrize("size", [10, 15_000, 30_000, 200_000])
def test_r059_a_body_that_comes_with_its_head_is_no_head(opened: Daemon, size: int) -> None:
    body = json.dumps({"entityRefs": ["x" * size]}).encode()
    head = (
        "POST /api/catalog/entities/by-refs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n"
    )
    again = f"{head}\r\n".encode() + body
    last = f"{head}Connection: close\r\n\r\n".encode() + body
    answers = exchange(opened.port, again + last)
    assert answers.count(b"HTTP/1.1 200 ") == 2
    assert answers.count(b'{"items":[null]}') == 2


def test_r059_an_answered_client_may_not_trickle_its_body_for_ever(opened: Daemon) -> None:
    request = b"POST /nope HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nx"
    answer = exchange(opened.port, request)
    assert (status(answer), answer.count(b"HTTP/1.1 ")) == (404, 1)


def test_r057_other_addresses_can_be_served_with_tls(tmp_path: Path) -> None:
    config = f'[daemon]\ntls_certificate = "{CERTIFICATE}"\ntls_key = "{KEY}"\n'
    with Daemon(tmp_path, config, listen="0.0.0.0:0") as daemon:
        trusted = ssl.create_default_context(cafile=str(CERTIFICATE))
        answer = httpx.get(f"https://127.0.0.1:{daemon.port}/healthz", verify=trusted)
        assert answer.json() == {"status": "ok"}
        assert status(exchange(daemon.port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")) == 0
        assert daemon.owner.get("/healthz").status_code == 200


@pytest.mark.parametrize(("certificate", "key"), [(CERTIFICATE, TLS / "none.pem"), (KEY, KEY), (CERTIFICATE, __file__)])
def test_r057_a_certificate_that_cannot_be_used_is_a_mistake_in_the_configuration(
    tmp_path: Path, certificate: Path, key: Path
) -> None:
    config = f'[daemon]\ntls_certificate = "{certificate}"\ntls_key = "{key}"\n'
    finished = refused_start(tmp_path, config, "127.0.0.1:0")
    assert finished.returncode == 2, finished.stderr
    assert "tls_certificate" in finished.stderr
    assert "Traceback" not in finished.stderr
