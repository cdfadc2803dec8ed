"""Port's frame: the exchange of a secret (P1-P8), bodies (P28), rate (P77), failures (P80), paths (P10)."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from syncd.api.app import ROUTES
from syncd.api.dialects import dialect_of
from syncd.api.dialects.port import OTHER_GROUPS
from syncd.api.router import Route
from tests.support.daemon import Daemon
from tests.support.echo import ECHO, PORT_PATH
from tests.support.served import Served, served

EXCHANGE = "/v1/auth/access_token"
PORT = [route for route in (*ROUTES, *ECHO) if dialect_of(route.path).name == "port"]
PORT_IDS = [f"{route.method} {route.path}" for route in PORT]
JSON = {"content-type": "application/json"}
LIMIT = 4096


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A catalog with an echo under Port's mount, and small limits."""
    config = f"[limits]\nbody_size = {LIMIT}\nrequest_burst = 200\nrequests_per_second = 100\n"
    with served(tmp_path_factory.mktemp("port"), config, ECHO) as one:
        yield one


@pytest.fixture
def client(here: Served) -> Iterator[httpx.Client]:
    """A client that may write entities, with a token of its own."""
    with here.client(authorization=f"Bearer {here.token('read', 'entities:write')}") as one:
        yield one


def credentials(here: Served, name: str, *scopes: str) -> dict[str, str]:
    """The body that exchanges the secret of a new client."""
    record, secret = here.catalog.service.clients.create(name, scopes, actor="test")
    return {"clientId": record.id, "clientSecret": secret}


def failed(answer: httpx.Response, status: int, error: str) -> dict[str, Any]:
    """The failure that an answer holds, in Port's shape."""
    content: dict[str, Any] = answer.json()
    assert (answer.status_code, content["ok"], content["error"]) == (status, False, error), answer.text
    assert set(content) - {"details"} == {"ok", "error", "message"}
    assert content["message"]
    return content


# The exchange of a secret --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [EXCHANGE, EXCHANGE + "/", "/gateway" + EXCHANGE])
def test_p001_the_right_pair_gets_a_token(here: Served, path: str) -> None:
    body = credentials(here, "p001" + str(len(path)))
    answer = httpx.post(here.url + path, json=body)
    token = answer.json()
    assert (answer.status_code, list(token)) == (200, ["ok", "accessToken", "expiresIn", "tokenType"])
    assert (token["ok"], token["tokenType"], token["expiresIn"]) == (True, "Bearer", 10800)
    for headers in ({"authorization": f"Bearer {token['accessToken']}"}, {"x-api-key": token["accessToken"]}):
        assert httpx.post(here.url + PORT_PATH, json={"value": 1}, headers=headers).status_code == 200
        assert httpx.get(here.url + "/api/own/tokens", headers=headers).status_code == 403


def test_p002_a_wrong_secret_and_an_unknown_id_are_told_the_same(here: Served) -> None:
    body = credentials(here, "p002")
    wrong = httpx.post(here.url + EXCHANGE, json={**body, "clientSecret": "wrong"})
    unknown = httpx.post(here.url + EXCHANGE, json={**body, "clientId": "unknown"})
    failed(wrong, 401, "unauthorized")
    assert (unknown.status_code, unknown.content) == (wrong.status_code, wrong.content)
    assert set(unknown.headers) == set(wrong.headers)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        pytest.param({}, ["clientId", "clientSecret"], id="p003-nothing"),
        pytest.param({"clientId": "a"}, ["clientSecret"], id="p003-no-secret"),
        pytest.param({"clientSecret": "a"}, ["clientId"], id="p003-no-id"),
        pytest.param({"clientId": "a", "clientSecret": "b", "x": 1}, ["x"], id="p003-extra"),
        pytest.param({"clientId": 1, "clientSecret": None}, ["clientId", "clientSecret"], id="p003-types"),
        pytest.param([], [""], id="p003-a-list"),
    ],
)
def test_p003_a_body_of_another_shape_is_422(here: Served, body: Any, fields: list[str]) -> None:
    failure = failed(httpx.post(here.url + EXCHANGE, json=body), 422, "invalid_request")
    assert [one["field"] for one in failure["details"]] == fields


def test_p003_no_body_is_422(here: Served) -> None:
    failed(httpx.post(here.url + EXCHANGE), 422, "invalid_request")
    failed(httpx.post(here.url + EXCHANGE, headers=JSON), 422, "invalid_request")


def test_p004_a_second_request_gets_the_same_token(here: Served) -> None:
    body = credentials(here, "p004")
    first, second = (httpx.post(here.url + EXCHANGE, json=body).json() for _ in range(2))
    assert second["accessToken"] == first["accessToken"]
    assert second["expiresIn"] < first["expiresIn"]


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, dict[str, str]]]:
    """A catalog, and tokens that open nothing any more."""
    config = '[auth]\naccess_token_life = "1s"\n'
    with served(tmp_path_factory.mktemp("ended"), config, ECHO) as one:
        expired = httpx.post(one.url + EXCHANGE, json=credentials(one, "short")).json()["accessToken"]
        body = credentials(one, "disabled")
        disabled = httpx.post(one.url + EXCHANGE, json=body).json()["accessToken"]
        one.catalog.service.clients.disable(body["clientId"], actor="test")
        time.sleep(1.1)  # the life of an access token is at least a second
        yield one, {"expired": expired, "disabled": disabled, "garbage": "garbage"}


@pytest.mark.parametrize("kind", ["expired", "disabled", "garbage"])
@pytest.mark.parametrize("route", [*PORT, Route("GET", "/v1/nothing", PORT[0].handler, "read")], ids=lambda r: r.path)
def test_p005_a_token_that_ended_is_401_on_every_path(
    ended: tuple[Served, dict[str, str]], route: Route, kind: str
) -> None:
    if route.scope == "public":
        return
    one, tokens = ended
    answer = httpx.request(route.method, one.url + _filled(route), headers={"authorization": f"Bearer {tokens[kind]}"})
    failed(answer, 401, "unauthorized")


def test_p006_rotation_ends_secret_and_tokens_at_once(start: Callable[[str], Daemon]) -> None:
    daemon = start("")
    made = daemon.owner.post("/api/own/clients", json={"name": "ci"}).json()
    old = {"clientId": made["client_id"], "clientSecret": made["client_secret"]}
    with daemon.stranger() as client:
        token = client.post(EXCHANGE, json=old).json()["accessToken"]
        bearer = {"authorization": f"Bearer {token}"}
        assert client.get("/v1/openapi.json", headers=bearer).status_code == 200
        rotated = daemon.owner.post(f"/api/own/clients/{made['client_id']}/rotate").json()
        failed(client.get("/v1/openapi.json", headers=bearer), 401, "unauthorized")
        failed(client.post(EXCHANGE, json=old), 401, "unauthorized")
        again = client.post(EXCHANGE, json={**old, "clientSecret": rotated["client_secret"]}).json()["accessToken"]
        assert client.get("/v1/openapi.json", headers={"x-api-key": again}).status_code == 200
    changes = daemon.owner.get("/api/own/changes").json()["items"]
    assert [one["what"] for one in changes if "client" in one["what"]] == ["client.created", "client.rotated"]


def test_p007_the_tutorials_marked_body_gets_a_token(here: Served) -> None:
    body = credentials(here, "p007")
    text = f"""{{
  # highlight-start
    "clientId": "{body["clientId"]}",
    "clientSecret": "{body["clientSecret"]}"
  # highlight-end
}}"""
    assert httpx.post(here.url + EXCHANGE, content=text.encode(), headers=JSON).json()["ok"] is True


def test_p008_secrets_and_tokens_are_nowhere_in_clear(start: Callable[[str], Daemon]) -> None:
    daemon = start("")
    made = daemon.owner.post("/api/own/clients", json={"name": "ci"}).json()
    pair = {"clientId": made["client_id"], "clientSecret": made["client_secret"]}
    with daemon.stranger() as client:
        token = client.post(EXCHANGE, json=pair).json()["accessToken"]
        texts = [
            client.post(EXCHANGE, json={**pair, "extra": 1}).text,
            client.post(EXCHANGE, json={**pair, "clientId": "other"}).text,
            client.post(EXCHANGE, content=f'# x\n{{"clientId": "{pair["clientSecret"]}"'.encode(), headers=JSON).text,
            client.post("/v1/nothing", headers={"authorization": f"Bearer {token}"}).text,
        ]
    rotated = daemon.owner.post(f"/api/own/clients/{made['client_id']}/rotate").json()["client_secret"]
    texts += [daemon.owner.get(f"/api/own/{path}").text for path in ("clients", "tokens", "changes")]
    files = [file for file in daemon.state.rglob("*") if file.is_file()]
    for secret in (pair["clientSecret"], rotated, token):
        words = secret.rpartition("_")[2][:32]
        assert not any(words in text for text in texts)
        assert not any(words.encode() in file.read_bytes() for file in [*files, daemon.log])


def test_in_open_mode_any_credentials_get_a_token_that_is_accepted(start: Callable[[str], Daemon]) -> None:
    daemon = start('[auth]\nmode = "open"\n')
    with daemon.stranger() as client:
        token = client.post(EXCHANGE, json={"clientId": "any", "clientSecret": "thing"}).json()
        assert (token["ok"], token["expiresIn"]) == (True, 10800)
        bearer = {"authorization": f"Bearer {token['accessToken']}"}
        assert client.get("/v1/openapi.json", headers=bearer).status_code == 200
        failed(client.post(EXCHANGE, json={"clientId": "any"}), 422, "invalid_request")


def test_what_a_client_changes_is_logged_under_its_name(start: Callable[[str], Daemon]) -> None:
    daemon = start("")
    made = daemon.owner.post("/api/own/clients", json={"name": "robot", "scopes": ["admin"]}).json()
    body = {"clientId": made["client_id"], "clientSecret": made["client_secret"]}
    with daemon.stranger() as client:
        token = client.post(EXCHANGE, json=body).json()["accessToken"]
        answer = client.post("/api/own/clients", json={"name": "other"}, headers={"x-api-key": token})
        assert answer.status_code == 201
    last = daemon.owner.get("/api/own/changes").json()["items"][-1]
    assert (last["what"], last["actor"]) == ("client.created", "robot")


# Paths and bodies ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", PORT, ids=PORT_IDS)
def test_p010_a_slash_at_the_end_changes_nothing(client: httpx.Client, route: Route) -> None:
    plain, slashed = (client.request(route.method, _filled(route) + end, json={}) for end in ("", "/"))
    assert (slashed.status_code, slashed.is_redirect) == (plain.status_code, False)
    assert "not_supported" not in slashed.text, "the path leads somewhere"


def test_p028_a_body_over_the_limit_is_413(client: httpx.Client) -> None:
    failed(client.post(PORT_PATH, content=b"[" * (LIMIT + 1), headers=JSON), 413, "payload_too_large")


def test_p028_a_body_of_the_default_size_is_read(tmp_path: Path) -> None:
    rest = len(b'{"value": ""}')
    with served(tmp_path, "", ECHO) as one, one.client(x_api_key=one.token("entities:write")) as client:
        for size, status in ((1024 * 1024, 200), (1024 * 1024 + 1, 413)):
            body = b'{"value": "' + b"x" * (size - rest) + b'"}'
            assert client.post(PORT_PATH, content=body, headers=JSON).status_code == status


@pytest.mark.parametrize("body", [b"", b"nonsense", b"{'value': 1}", b"# only", b"value: 1", b'{"value": NaN}'])
def test_p028_a_body_that_is_not_json_is_422(client: httpx.Client, body: bytes) -> None:
    for headers in (JSON, {}, {"content-type": "application/yaml"}):
        failed(client.post(PORT_PATH, content=body, headers=headers), 422, "invalid_request")


def test_p028_lenient_json_is_read_with_and_without_a_media_type(client: httpx.Client) -> None:
    for headers in (JSON, {}):
        answer = client.post(PORT_PATH, content=b'{\n# x\n"value": [false,],\n}', headers=headers)
        assert (answer.status_code, answer.json()) == (200, {"ok": True, "echo": {"value": [False]}})


def test_p028_a_get_with_a_media_type_and_no_body_is_answered(client: httpx.Client) -> None:
    assert client.get(PORT_PATH, headers=JSON).json() == {"ok": True, "echo": {"value": None}}


# Rate ----------------------------------------------------------------------------------------------------------------

RATE = ("limit", "period", "remaining", "reset")


def _rate(answer: httpx.Response) -> list[int]:
    return [int(answer.headers[f"x-ratelimit-{name}"]) for name in RATE]


def test_p077_rate_headers_are_on_each_answer(here: Served, client: httpx.Client) -> None:
    assert _rate(client.get(PORT_PATH)) == [200, 2, 199, 1]
    for answer in (
        client.post(PORT_PATH, json={"value": 1}),
        client.post(PORT_PATH, json={}),
        client.get("/v1/nothing"),
        httpx.get(here.url + PORT_PATH),
        httpx.post(here.url + EXCHANGE, json={}),
        httpx.get(here.url + PORT_PATH, headers={"origin": "https://evil.test"}),
    ):
        limit, period, remaining, reset = _rate(answer)
        assert (limit, period) == (200, 2)
        assert 0 <= remaining <= 200
        assert 0 <= reset <= 2
    assert "x-ratelimit-limit" not in client.get("/api/own/status").headers


def test_p077_over_the_limit_it_is_429_with_the_time_to_wait(here: Served) -> None:
    with here.client(authorization=f"Bearer {here.token('read')}") as client:
        answers = [client.get(PORT_PATH) for _ in range(1000)]
        refused = next(answer for answer in answers if answer.status_code == 429)
        failed(refused, 429, "too_many_requests")
        assert (refused.headers["retry-after"], _rate(refused)[2]) == ("1", 0)
        time.sleep(int(refused.headers["retry-after"]))
        assert client.get(PORT_PATH).status_code == 200


# Failures ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", PORT, ids=PORT_IDS)
def test_p080_every_failure_on_every_path_has_ports_shape(here: Served, route: Route) -> None:
    powerless = {"x-api-key": here.token("sql")}
    url = here.url + _filled(route)
    failed(httpx.request("TRACE", url, headers=powerless), 405, "method_not_allowed")
    failed(httpx.request(route.method, url, headers={"host": "evil.test"}), 421, "misdirected_request")
    failed(httpx.request(route.method, url, headers={"origin": "https://evil.test"}), 403, "forbidden")
    form = {"content-type": "text/plain"}
    failed(httpx.request(route.method, url, headers=form, content=b"x"), 415, "unsupported_media_type")
    if route.scope != "public":
        failed(httpx.request(route.method, url), 401, "unauthorized")
        failed(httpx.request(route.method, url, headers=powerless), 403, "forbidden")
        able = {"x-api-key": here.token(route.scope)}
        group = route.path.split("/")[2]
        unknown = "not_supported" if group in OTHER_GROUPS else "not_found"
        failed(httpx.request(route.method, url + "/nothing/at/all", headers=able), 404, unknown)
        failed(httpx.request(route.method, url + "?unknown=1", headers=able, json={}), 422, "invalid_request")


def _filled(route: Route) -> str:
    return "/".join("none" if part.startswith("{") else part for part in route.path.split("/"))
