"""Who may ask a real daemon what: R54-R56 (reliability E)."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from syncd.api.app import ROUTES
from syncd.api.router import Route
from syncd.api.scopes import KEY_SCOPE, SCOPES
from tests.support.daemon import Daemon
from tests.support.refused_start import refused_start
from tests.support.shop import Backstage

ASKING = [route for route in ROUTES if route.scope not in ("public", "proven")]
"""Routes that ask who calls."""
ROUTE_IDS = [f"{route.method} {route.path}" for route in ROUTES]


# R54, R56: who may ask what ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", ROUTES, ids=ROUTE_IDS)
def test_r054_every_route_but_health_and_the_exchange_of_a_secret_needs_a_token(shop: Backstage, route: Route) -> None:
    with shop.daemon.stranger() as client:
        answer = client.request(route.method, _filled(route))
        answered = 200 if route.body is None else 422  # the one with a body gets none here
        expected = {"public": answered, "proven": 404}  # no webhook of this name
        assert answer.status_code == expected.get(route.scope, 401)


@pytest.mark.parametrize("path", ["/", "/api", "/api/own/nope", "/metrics/nope"])
def test_r054_unknown_paths_tell_strangers_nothing(shop: Backstage, path: str) -> None:
    with shop.daemon.stranger() as client:
        answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert shop.daemon.owner.get(path).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer nonsense"},
        {"authorization": "Basic Z2NhdDp4"},
        {"authorization": "Bearer"},
        {"x-api-key": "gcat_0123456789abcdef_" + "0" * 72},
    ],
)
def test_r054_other_credentials_are_401(shop: Backstage, headers: dict[str, str]) -> None:
    with shop.daemon.stranger(**headers) as client:
        answer = client.get("/api/own/status")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_r054_a_token_is_taken_in_either_header(shop: Backstage) -> None:
    token = shop.daemon.token("read")
    for headers in ({"authorization": f"bearer {token}"}, {"x-api-key": token}):
        with shop.daemon.stranger(**headers) as client:
            assert client.get("/api/own/status").status_code == 200


def test_r054_the_sockets_owner_needs_no_token(shop: Backstage) -> None:
    assert shop.daemon.owner.get("/api/own/tokens").status_code == 200


def test_r054_in_open_mode_any_credential_is_accepted_and_ignored(start: Callable[[str], Daemon]) -> None:
    daemon = start('[auth]\nmode = "open"\n')
    for token in ("", "nonsense"):
        with daemon.stranger(token) as client:
            assert client.get("/api/own/tokens").status_code == 200


def test_r054_open_mode_refuses_other_addresses(tmp_path: Path) -> None:
    finished = refused_start(tmp_path, '[auth]\nmode = "open"\n', "0.0.0.0:0")
    assert finished.returncode == 2
    assert "everybody who reaches this address" in finished.stderr


@pytest.fixture(scope="module")
def scoped(shop: Backstage) -> dict[str, str]:
    """A token for each scope alone."""
    return {scope: shop.daemon.token(scope, name=scope.replace(":", "-")) for scope in SCOPES}


@pytest.mark.parametrize("route", ASKING, ids=lambda r: f"{r.method} {r.path}")
def test_r056_a_route_opens_to_its_scope_alone(shop: Backstage, scoped: dict[str, str], route: Route) -> None:
    needed = KEY_SCOPE if route.scope == "signed" else route.scope
    for scope, token in scoped.items():
        with shop.daemon.stranger(token) as client:
            if scope == needed:
                if route.path.endswith("/events"):
                    continue  # an answer without end: see below
                assert client.request(route.method, _filled(route)).status_code not in (401, 403)
            else:
                answer = client.request(route.method, _filled(route))
                assert answer.status_code == 403
                assert needed in answer.text


# R55: tokens ---------------------------------------------------------------------------------------------------------


def test_r055_a_token_is_shown_once_and_ends_at_once(shop: Backstage) -> None:
    answer = shop.daemon.owner.post("/api/own/tokens", json={"name": "ci", "scopes": ["read"], "expires_in_days": 1})
    made = answer.json()
    assert answer.status_code == 201
    assert set(made) >= {"id", "name", "token", "scopes", "expires"}
    listed = shop.daemon.owner.get("/api/own/tokens")
    assert made["id"] in listed.text
    assert made["token"] not in listed.text
    secret = made["token"].split("_")[2]
    files = [file for file in shop.daemon.state.rglob("*") if file.is_file()]
    assert not any(secret[:32].encode() in file.read_bytes() for file in [*files, shop.daemon.log])
    with shop.daemon.stranger(made["token"]) as client:
        assert client.get("/api/own/limits").status_code == 200
        assert shop.daemon.owner.delete(f"/api/own/tokens/{made['id']}").status_code == 204
        assert client.get("/api/own/limits").status_code == 401
    assert shop.daemon.owner.delete(f"/api/own/tokens/{made['id']}").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"name": "ci", "scopes": []},
        {"name": "ci", "scopes": ["everything"]},
        {"name": "", "scopes": ["read"]},
        {"name": "ci", "scopes": ["read"], "expires_in_days": 0},
        {"name": "ci"},
    ],
)
def test_r055_odd_tokens_are_400(shop: Backstage, body: Any) -> None:
    answer = shop.daemon.owner.post("/api/own/tokens", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_r055_tokens_survive_a_restart(tmp_path: Path) -> None:
    with Daemon(tmp_path / "one") as daemon:
        token = daemon.token("read")
    with Daemon(tmp_path / "one") as daemon, daemon.stranger(token) as client:
        assert client.get("/api/own/status").status_code == 200


def test_r055_an_open_stream_ends_when_its_token_is_revoked(shop: Backstage) -> None:
    token_id = shop.daemon.owner.post("/api/own/tokens", json={"name": "s", "scopes": ["read"]}).json()
    with (
        shop.daemon.stranger(token_id["token"]) as client,
        client.stream("GET", "/api/own/events", timeout=10) as stream,
    ):
        chunks = stream.iter_bytes()
        assert next(chunks).startswith(b":")
        started = time.monotonic()
        assert shop.daemon.owner.delete(f"/api/own/tokens/{token_id['id']}").status_code == 204
        for _ in chunks:
            pass
        assert time.monotonic() - started < 5


def _filled(route: Route) -> str:
    return "/".join("none" if part.startswith("{") else part for part in route.path.split("/"))
