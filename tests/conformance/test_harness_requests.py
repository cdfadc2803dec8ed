"""What Harness's dialect does with a request before anybody looks at its meaning: H2, H5-H13, H80."""

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import yaml

from syncd.process.yaml_text import yaml_text
from tests.support.echo import ECHO, HARNESS_PATH
from tests.support.served import Served, served

JSON = {"content-type": "application/json"}
YAML = {"content-type": "application/yaml"}
ACCOUNTS = '[auth]\naccounts = ["acme", "acme-lab"]\n'
LIMIT = 4096
CONFIG = f"{ACCOUNTS}[limits]\nbody_size = {LIMIT}\n"
SECRETS: list[str] = []


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A catalog that serves two accounts and has an echo under Harness's mount."""
    with served(tmp_path_factory.mktemp("harness"), CONFIG, ECHO) as one:
        yield one


@pytest.fixture(scope="module")
def client(here: Served) -> Iterator[httpx.Client]:
    """A client that may write properties."""
    with here.client(x_api_key=here.token("read", "properties:write")) as one:
        yield one


def failed(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The failure that an answer holds; its shape is that of Harness's v1."""
    content: dict[str, Any] = answer.json()
    assert (answer.status_code, content["code"]) == (status, code), answer.text
    assert set(content) == {"message", "code", "errors", "error_metadata"}
    assert content["message"]
    assert content["error_metadata"] == {"request_id": answer.headers["x-request-id"]}
    return content


PREFIXES = ["", "/gateway"]
SCOPES = ["", "/orgs/o", "/orgs/o/projects/p", "/orgs/ü%2Fx/projects/p%20q"]


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("scope", SCOPES, ids=["h002", *(f"h005-{scope[1:]}" for scope in SCOPES[1:])])
def test_h002_h005_every_spelling_of_a_path_is_one_path(
    client: httpx.Client, prefix: str, scope: str, slash: str
) -> None:
    path = f"{prefix}/v1{scope}/catalog/echo{slash}"
    for method in ("POST", "DELETE"):
        answer = client.request(method, path, json={"value": 33})
        assert (answer.status_code, answer.json()["value"]) == (200, 33)
    assert client.get(path).status_code == 200
    failed(client.put(path, json={}), 405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize(
    "path", ["/gateway/api/own/status", "/gateway", "/v1/orgs/o/projects/p/blueprints", "/v1/catalog/nothing"]
)
def test_h002_what_is_under_no_mount_is_not_found(client: httpx.Client, path: str) -> None:
    failed(client.get(path), 404, "RESOURCE_NOT_FOUND")


@pytest.mark.parametrize("name", ["x-api-key", "X-API-KEY", "X-Api-Key"])
def test_h006_case_of_headers_does_not_matter(here: Served, name: str) -> None:
    answer = httpx.get(here.url + HARNESS_PATH, headers={name: here.token("read")})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "body", [{"value": "component:default/there"}, {"value": "component:default/absent"}, {"x": 1}]
)
def test_h007_who_may_not_write_learns_nothing(here: Served, body: Any) -> None:
    def ask(**headers: str) -> httpx.Response:
        return httpx.post(here.url + HARNESS_PATH, json=body, headers=headers)

    key = here.token("read")
    SECRETS.append(key)
    refused = {
        "none": failed(ask(), 401, "UNAUTHORIZED"),
        "unknown": failed(ask(**{"x-api-key": "pat.acme.token.secret"}), 401, "UNAUTHORIZED"),
        "read-only": failed(ask(**{"x-api-key": key}), 403, "FORBIDDEN"),
    }
    for failure in refused.values():
        assert failure["errors"] == []
        assert "component" not in failure["message"]


def test_h008_bearer_works_in_place_of_the_key(here: Served) -> None:
    with here.client(authorization=f"Bearer {here.token('properties:write')}") as client:
        assert client.post(HARNESS_PATH, json={"value": 1}).status_code == 200


@pytest.mark.parametrize("account", [None, "acme", "acme-lab"])
def test_h009_our_accounts_are_served_and_may_be_absent(client: httpx.Client, account: str | None) -> None:
    headers = {} if account is None else {"Harness-Account": account}
    assert client.post(HARNESS_PATH, json={"value": 1}, headers=headers).status_code == 200


@pytest.mark.parametrize("path", [HARNESS_PATH, "/v1/catalog/nothing"])
@pytest.mark.parametrize("account", ["other", "ACME", ""])
def test_h009_a_foreign_account_is_refused(client: httpx.Client, account: str, path: str) -> None:
    failed(client.post(path, json={"value": 1}, headers={"Harness-Account": account}), 403, "FORBIDDEN")


@pytest.mark.parametrize("name", ["accountIdentifier", "routingId"])
def test_h009_a_foreign_account_in_the_query_is_refused(client: httpx.Client, name: str) -> None:
    failed(client.post(f"{HARNESS_PATH}?{name}=other", json={"value": 1}), 403, "FORBIDDEN")


def test_h009_without_configured_accounts_any_is_served(tmp_path: Any) -> None:
    with served(tmp_path, "", ECHO) as one, one.client(x_api_key=one.token("read")) as client:
        assert client.get(HARNESS_PATH, headers={"Harness-Account": "whoever"}).status_code == 200


VALUES: list[Any] = [33, 48.27, "33", True, "1.2.0", {"a": ["b", {"c": ""}]}, [], "yes", "0o7", "1e3", "a\nb", "ü"]


@pytest.mark.parametrize("media_type", ["application/yaml", "text/yaml", "application/yaml; charset=utf-8"])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_h010_a_yaml_body_gets_a_yaml_answer(client: httpx.Client, method: str, media_type: str) -> None:
    for value in VALUES:
        body = yaml_text({"value": value})
        answer = client.request(method, HARNESS_PATH, content=body.encode(), headers={"content-type": media_type})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/yaml")
        assert yaml.safe_load(answer.text)["value"] == value


def test_h010_yaml_is_of_version_1_2(client: httpx.Client) -> None:
    body = b"# a comment\nvalue: {a: 1.2.0, b: yes, c: 012, d: 2024-01-01}\n"
    answer = client.post(HARNESS_PATH, content=body, headers=YAML | {"accept": "application/json"})
    assert answer.json()["value"] == {"a": "1.2.0", "b": "yes", "c": 12, "d": "2024-01-01"}


@pytest.mark.parametrize(
    "body",
    [
        b"value: [", b"value: 1\nvalue: 2", b"value: 1\n---\nvalue: 2", b"", b"- value", b"a: &a [*a]", b"\xff",
        b"value: " + b"[" * 99,
    ],
)  # fmt: skip
def test_h010_bad_yaml_is_refused_in_yaml(client: httpx.Client, body: bytes) -> None:
    answer = client.post(HARNESS_PATH, content=body, headers=YAML)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/yaml")
    assert yaml.safe_load(answer.text)["code"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    ("body", "format_"),
    [
        (b'{"value": 1}', "json"),
        (b'# a comment\n{"value": 1,}', "json"),
        (b"value: 1", "yaml"),
    ],
)
def test_h010_without_a_media_type_json_is_tried_before_yaml(client: httpx.Client, body: bytes, format_: str) -> None:
    answer = client.post(HARNESS_PATH, content=body)
    assert (answer.status_code, format_ in answer.headers["content-type"]) == (200, True)
    assert yaml.safe_load(answer.text)["value"] == 1


LENIENT = b"""{
  # highlight-start
  "value": {"a": "# stays // too,]",},
    // highlight-end
}"""


def test_h011_comment_lines_and_trailing_commas_are_accepted(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "catalog.api"):
        answer = client.post(HARNESS_PATH, content=LENIENT, headers=JSON)
    assert answer.json()["value"] == {"a": "# stays // too,]"}
    assert answer.headers["x-request-id"] in caplog.text


@pytest.mark.parametrize("body", [b"", b"nonsense", b"# only", b'{"value": 1} x', b'{"value": ]'])
def test_h011_plain_nonsense_is_400(client: httpx.Client, body: bytes) -> None:
    for headers in (JSON, {}):
        failed(client.post(HARNESS_PATH, content=body, headers=headers), 400, "INVALID_ARGUMENT")


def test_h011_what_is_yaml_is_not_json(client: httpx.Client) -> None:
    failed(client.post(HARNESS_PATH, content=b"{'value': 1}", headers=JSON), 400, "INVALID_ARGUMENT")
    assert client.post(HARNESS_PATH, content=b"{'value': 1}").status_code == 200


def test_h011_each_wrong_field_is_named(client: httpx.Client) -> None:
    failure = failed(client.post(HARNESS_PATH, json={"valeu": 1}), 400, "INVALID_ARGUMENT")
    assert [one["field_name"] for one in failure["errors"]] == ["value", "valeu"]


@pytest.mark.parametrize(
    ("accept", "is_yaml"),
    [
        ("application/json", False),
        ("application/json, */*", False),
        ("application/yaml;q=0.5, application/json", False),
        ("*/*", True),
        ("text/html, application/*", True),
        ("application/yaml", True),
    ],
)
def test_h012_accept_beats_the_format_of_the_request(client: httpx.Client, accept: str, is_yaml: bool) -> None:
    for body, status in ((b"value: 1", 200), (b"other: 1", 400)):
        answer = client.post(HARNESS_PATH, content=body, headers=YAML | {"accept": accept})
        assert (answer.status_code, "yaml" in answer.headers["content-type"]) == (status, is_yaml)
        assert yaml.safe_load(answer.text)


def test_h012_accept_asks_for_yaml_of_a_json_request(client: httpx.Client) -> None:
    for answer in (
        client.get(HARNESS_PATH, headers={"accept": "text/yaml"}),
        client.post(HARNESS_PATH, json={"value": 1}, headers={"accept": "application/yaml"}),
    ):
        assert answer.headers["content-type"] == "application/yaml"


@pytest.mark.parametrize("headers", [JSON, YAML, {}], ids=["json", "yaml", "none"])
def test_h013_a_body_over_the_limit_is_not_parsed(client: httpx.Client, headers: dict[str, str]) -> None:
    answer = client.post(HARNESS_PATH, content=b"[" * (LIMIT + 1), headers=headers)
    assert answer.status_code == 413
    assert yaml.safe_load(answer.text)["code"] == "PAYLOAD_TOO_LARGE"
    assert client.post(HARNESS_PATH, content=b"[" * LIMIT, headers=headers).status_code == 400


def test_h013_other_media_types_are_refused(client: httpx.Client) -> None:
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
        answer = client.post(HARNESS_PATH, content=b'{"value": 1}', headers={"content-type": media_type})
        failed(answer, 415, "UNSUPPORTED_MEDIA_TYPE")


def test_h080_keys_are_in_no_log_row_or_error(here: Served, caplog: pytest.LogCaptureFixture) -> None:
    key = here.token("read", name="observed")
    unknown = "pat.acme.token.hunter2"
    with caplog.at_level(logging.DEBUG):
        answers = [
            httpx.request(method, here.url + path, headers={name: spelled}, content=b"value: [")
            for method, path in (("POST", HARNESS_PATH), ("GET", HARNESS_PATH), ("GET", "/v1/catalog/nothing"))
            for credentials in (key, unknown)
            for name, spelled in (("x-api-key", credentials), ("authorization", f"Bearer {credentials}"))
        ]
    changes = here.catalog.service.changes(0, 1000)
    texts = [caplog.text, *(answer.text for answer in answers), *map(repr, changes)]
    files = [file for file in here.catalog.root.rglob("*") if file.is_file()]
    for secret in (key.split("_")[2], unknown):
        assert not any(secret in text for text in texts)
        assert not any(secret.encode() in file.read_bytes() for file in files)
