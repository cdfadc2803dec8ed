"""Webhooks of integrations: H76, R62, and H80: their secrets are told once and kept encrypted."""

import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.activity import ACCOUNT, OWN, identifiers, integration, listed, send, sent, signature
from tests.support.daemon import Daemon
from tests.support.shop import Backstage

SECRET = "between the sender and us"
MAPPING = {
    "identifier": "deployment.id",
    "name": "deployment.task",
    "timestamp": "deployment.created_at",
    "status": "deployment_status.state",
    "environment": 'deployment.payload."deploy.env"',
    "entity_ref": "refs.1",
    "customData.production": "deployment.production",
}
BODY = {
    "deployment": {
        "id": 42,
        "task": "deploy",
        "created_at": "2026-05-26T13:55:00Z",
        "payload": {"deploy.env": "staging"},
        "production": False,
    },
    "deployment_status": {"state": "success", "description": None},
    "refs": ["ignored", "component:default/checkout"],
}
CONTENT = json.dumps(BODY).encode()


@pytest.fixture(scope="module")
def hook(workshop: Backstage) -> str:
    """The path of a webhook whose deliveries are signed with `SECRET`."""
    terms = {"way": "WEBHOOK", "schema": "deployment", "mapping": MAPPING, "signature": {"secret": SECRET}}
    made = integration(workshop.daemon.owner, "hook", **terms)
    assert made["path"] == "/integration/api/v1/accounts/default/webhooks/hook"
    return f"{ACCOUNT}/webhooks/hook"


@pytest.fixture
def stranger(workshop: Backstage) -> Iterator[httpx.Client]:
    """A client over TCP without a token."""
    with workshop.daemon.stranger() as client:
        yield client


def deliver(client: httpx.Client, path: str, content: bytes = CONTENT, **headers: str) -> httpx.Response:
    """Post a body; `_` in the names of headers stands for `-`."""
    sent_headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(path, content=content, headers={"content-type": "application/json", **sent_headers})


def test_h076_a_right_signature_is_200_and_the_body_becomes_a_record(
    workshop: Backstage, stranger: httpx.Client, hook: str
) -> None:
    answer = deliver(stranger, hook, x_hub_signature_256=signature(CONTENT, SECRET))
    assert answer.status_code == 200, answer.text
    [item] = listed(workshop.daemon.owner, integration="hook")
    assert item["fields"] == {
        "identifier": "42",
        "name": "deploy",
        "timestamp": "2026-05-26T13:55:00Z",
        "status": "success",
        "environment": "staging",
        "entity_ref": "component:default/checkout",
        "customData": {"production": False},
    }
    again = deliver(stranger, hook, x_hub_signature_256=signature(CONTENT, SECRET))
    assert (again.json()["created"], again.json()["updated"]) == (0, 1)
    [newest] = workshop.daemon.owner.get(f"{OWN}/changes", params={"limit": 1000}).json()["items"][-1:]
    assert newest["actor"] == "webhook:hook"


RIGHT = signature(CONTENT, SECRET)
REFUSED = [
    pytest.param({}, id="h076-none"),
    pytest.param({"x_hub_signature_256": ""}, id="h076-empty"),
    pytest.param({"x_hub_signature_256": signature(CONTENT, "another")}, id="h076-of-another-secret"),
    pytest.param({"x_hub_signature_256": signature(CONTENT + b" ", SECRET)}, id="h076-of-another-body"),
    pytest.param({"x_hub_signature_256": signature(CONTENT, SECRET, "sha512")}, id="h076-of-another-algorithm"),
    pytest.param({"x_hub_signature_256": RIGHT[:-1]}, id="h076-cut-short"),
    pytest.param({"x_hub_signature_256": "sha1=" + RIGHT[7:47]}, id="r062-sha1"),
    pytest.param({"x_hub_signature_256": "sha256=\xff\xe9"}, id="h076-not-ascii"),
    pytest.param({"x_signature": RIGHT}, id="h076-in-another-header"),
    pytest.param({"authorization": "Bearer nonsense"}, id="h076-a-key-that-is-none"),
]


@pytest.mark.parametrize("headers", REFUSED)
def test_any_other_delivery_is_401(stranger: httpx.Client, hook: str, headers: dict[str, str]) -> None:
    encoded = {name.replace("_", "-").encode(): value.encode("latin-1") for name, value in headers.items()}
    answer = stranger.post(hook, content=CONTENT, headers={b"content-type": b"application/json", **encoded})
    assert answer.status_code == 401
    assert SECRET not in answer.text


def test_h076_two_signatures_are_none(stranger: httpx.Client, hook: str) -> None:
    headers = [("content-type", "application/json"), *[("x-hub-signature-256", RIGHT)] * 2]
    assert stranger.post(hook, content=CONTENT, headers=headers).status_code == 401


def test_h076_strangers_cannot_tell_a_webhook_from_none(stranger: httpx.Client, hook: str) -> None:
    unknown = deliver(stranger, f"{ACCOUNT}/webhooks/nobody", x_hub_signature_256="sha256=00").json()
    known = deliver(stranger, hook, x_hub_signature_256="sha256=00").json()
    assert {**unknown, "error_metadata": {}} == {**known, "error_metadata": {}}


def test_h076_a_key_in_the_place_of_a_signature(workshop: Backstage, stranger: httpx.Client, hook: str) -> None:
    daemon = workshop.daemon
    token = daemon.token("properties:write", name="sender")
    assert deliver(stranger, hook, x_api_key=token).status_code == 200
    assert deliver(stranger, hook, x_api_key=daemon.token("read")).status_code == 403
    both = deliver(stranger, hook, x_hub_signature_256="sha256=00", x_api_key=token)
    assert both.status_code == 401  # R62: nothing makes up for a wrong one
    assert deliver(stranger, f"{ACCOUNT}/webhooks/nobody", x_api_key=token).status_code == 404


def test_h076_neither_the_socket_nor_open_mode_stands_in_for_a_signature(
    workshop: Backstage, hook: str, start: Callable[[str], Daemon]
) -> None:
    assert deliver(workshop.daemon.owner, hook).status_code == 401
    open_daemon = start('[auth]\nmode = "open"\n')
    integration(open_daemon.owner, "open", way="WEBHOOK", schema="custom", signature={"secret": SECRET})
    with open_daemon.stranger() as client:
        path = f"{ACCOUNT}/webhooks/open"
        assert deliver(client, path, b"{}").status_code == 401
        assert deliver(client, path, b"{}", x_hub_signature_256=signature(b"{}", SECRET)).status_code == 200


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"], ids=lambda name: f"h076-{name}")
def test_header_and_algorithm_are_the_integrations_own(
    workshop: Backstage, stranger: httpx.Client, algorithm: str
) -> None:
    how = {"header": "X-Signature", "algorithm": algorithm}
    made = integration(workshop.daemon.owner, algorithm, way="WEBHOOK", schema="custom", signature=how)
    assert len(made["secret"]) == 64
    content = b'{"name": "x"}'
    for spelled in (signature(content, made["secret"], algorithm), signature(content, made["secret"], algorithm)[7:]):
        assert deliver(stranger, f"{ACCOUNT}/webhooks/{algorithm}", content, X_Signature=spelled).status_code == 200


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"", "not JSON", id="r065-empty"),
        pytest.param(b"[]", "not an object", id="r065-list"),
        pytest.param(b'{"a": 1, "a": 2}', "same key twice", id="r065-doubled"),
        pytest.param(b"\xff", "UTF-8", id="r065-bytes"),
        pytest.param(b"{}", "status is missing", id="r065-nothing-mapped"),
        pytest.param(b'{"deployment": [1], "refs": {}}', "identifier is missing", id="r065-other-shapes"),
    ],
)
def test_signed_nonsense_is_400(stranger: httpx.Client, hook: str, content: bytes, told: str) -> None:
    answer = deliver(stranger, hook, content, x_hub_signature_256=signature(content, SECRET))
    assert (answer.status_code, told in answer.text) == (400, True), answer.text


def test_without_a_mapping_the_body_is_the_record(workshop: Backstage) -> None:
    owner = workshop.daemon.owner
    integration(owner, "plain", way="WEBHOOK", schema="incidents")
    token = workshop.daemon.token("properties:write")
    body = b'{"identifier": "INC-1", "name": "down", "status": "triggered"}'
    assert deliver(owner, f"{ACCOUNT}/webhooks/plain", body).status_code == 401
    assert deliver(owner, f"{ACCOUNT}/webhooks/plain", body, x_api_key=token).status_code == 200
    assert identifiers(owner, integration="plain") == ["INC-1"]


def test_the_way_in_is_fixed(workshop: Backstage, hook: str) -> None:
    owner = workshop.daemon.owner
    token = workshop.daemon.token("properties:write")
    sent(owner, "by-api", "custom", {})
    assert deliver(owner, f"{ACCOUNT}/webhooks/by-api", b"{}", x_api_key=token).status_code == 409
    assert send(owner, "hook", "deployment", {}).status_code == 409


# Integrations --------------------------------------------------------------------------------------------------------

REFUSALS = [
    ({"id": "-"}, 400),
    ({"id": "x", "way": "MAIL"}, 400),
    ({"schema": "nonsense"}, 400),
    ({"way": "WEBHOOK", "schema": "metric"}, 400),
    ({"schema": "build", "fields": ["own"]}, 400),
    ({"schema": "custom", "fields": ["a b"]}, 400),
    ({"mapping": {"name": "a"}}, 400),
    ({"signature": {}}, 400),
    ({"way": "WEBHOOK", "mapping": {"colour": "a"}}, 400),
    ({"way": "WEBHOOK", "mapping": {"name": "a..b"}}, 400),
    ({"way": "WEBHOOK", "signature": {"secret": "short"}}, 400),
    ({"way": "WEBHOOK", "signature": {"algorithm": "sha1"}}, 400),
    ({"way": "WEBHOOK", "signature": {"header": "X-Api-Key"}}, 400),
    ({"way": "WEBHOOK", "signature": {"header": "a b"}}, 400),
    ({"correlation": {"ingested_path": "colour", "catalog_path": "metadata.name"}}, 400),
    ({"correlation": {"ingested_path": "service", "catalog_path": '"'}}, 400),
    ({"schema": "metric", "correlation": {"ingested_path": "tags", "catalog_path": "metadata.name"}}, 400),
    ({"retention_days": 0}, 400),
    ({"id": "by-api"}, 409),
]


@pytest.mark.parametrize(("terms", "status"), REFUSALS, ids=str)
def test_integrations_that_cannot_be(workshop: Backstage, terms: dict[str, Any], status: int) -> None:
    sent(workshop.daemon.owner, "by-api", "custom", {})
    body = {"id": "refused", "way": "API", "schema": "custom", **terms}
    answer = workshop.daemon.owner.post(f"{OWN}/integrations", json=body)
    assert answer.status_code == status, answer.text


def test_the_first_records_make_an_integration(workshop: Backstage) -> None:
    owner = workshop.daemon.owner
    sent(owner, "at-once", "custom", {})
    made = owner.get(f"{OWN}/integrations/at-once").json()
    assert (made["way"], made["schema"], made["state"], made["retention_days"]) == ("API", "custom", "enabled", 90)
    assert made["path"] == "/integration/api/v1/accounts/default/integrations/at-once/data/custom"
    assert "at-once" in [one["id"] for one in owner.get(f"{OWN}/integrations").json()["items"]]


def test_a_suspended_integration_takes_nothing_until_it_is_enabled(workshop: Backstage) -> None:
    owner = workshop.daemon.owner
    sent(owner, "paused", "custom", {"identifier": "before"})
    path = f"{OWN}/integrations/paused"
    assert owner.patch(path, json={"state": "suspended"}).json()["state"] == "suspended"
    assert send(owner, "paused", "custom", {}).status_code == 409
    assert identifiers(owner, integration="paused") == ["before"]
    assert owner.patch(path, json={"retention_days": 7}).json()["state"] == "suspended"
    owner.patch(path, json={"state": "enabled"})
    assert sent(owner, "paused", "custom", {})["created"] == 1


def test_deleting_an_integration_removes_its_records(workshop: Backstage) -> None:
    owner = workshop.daemon.owner
    sent(owner, "gone", "custom", {"identifier": "one"})
    assert owner.delete(f"{OWN}/integrations/gone").status_code == 204
    assert listed(owner, integration="gone") == []
    assert owner.delete(f"{OWN}/integrations/gone").status_code == 404
    assert owner.patch(f"{OWN}/integrations/gone", json={"state": "enabled"}).status_code == 404


def test_a_secret_can_be_changed_and_taken_away(workshop: Backstage, stranger: httpx.Client) -> None:
    owner = workshop.daemon.owner
    integration(owner, "rotated", way="WEBHOOK", schema="custom", signature={"secret": SECRET})
    path = f"{ACCOUNT}/webhooks/rotated"

    def status(secret: str, header: str = "x_hub_signature_256") -> int:
        return deliver(stranger, path, b"{}", **{header: signature(b"{}", secret)}).status_code

    def change(how: Any) -> None:
        answer = owner.patch(f"{OWN}/integrations/rotated", json={"signature": how})
        assert answer.status_code == 200
        assert "secret" not in answer.text

    change({"secret": "another one"})
    assert (status(SECRET), status("another one")) == (401, 200)
    change({"header": "X-Other"})
    assert (status("another one"), status("another one", "x_other")) == (401, 200)
    change(None)
    assert status("another one", "x_other") == 401


def test_h080_a_secret_is_told_once_and_kept_encrypted(tmp_path: Path) -> None:
    with Daemon(tmp_path / "daemon") as daemon:
        made = integration(daemon.owner, "kept", way="WEBHOOK", schema="custom", signature={})
        given = integration(daemon.owner, "given", way="WEBHOOK", schema="custom", signature={"secret": SECRET})
        assert given["secret"] == SECRET
        secrets = [made["secret"], SECRET]
        token = daemon.token("properties:write")
        for name in ("kept", "given"):
            deliver(daemon.owner, f"{ACCOUNT}/webhooks/{name}", b"{}", x_hub_signature_256="sha256=00")
            deliver(daemon.owner, f"{ACCOUNT}/webhooks/{name}", b"nonsense", x_api_key=token)
            daemon.owner.patch(f"{OWN}/integrations/{name}", json={"signature": {"algorithm": "sha512"}})
        daemon.owner.post(f"{OWN}/integrations", json={"id": "-", "way": "WEBHOOK", "signature": {"secret": SECRET}})
        paths = ("integrations", "integrations/kept", "integrations/given", "changes", "status", "activity")
        told = "".join(daemon.owner.get(f"{OWN}/{path}").text for path in paths)
        assert "integration.changed" in told
        daemon.owner.post(f"{OWN}/sql", json={"sql": "SELECT * FROM changes"})
        key = daemon.state / "secret.key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    files = [daemon.log, *(path for path in daemon.state.rglob("*") if path.is_file())]
    assert {path.name for path in files} > {"state.sqlite", "daemon.log", "secret.key"}
    everything = told.encode() + b"".join(path.read_bytes() for path in files)
    assert [secret for secret in (*secrets, token) if secret.encode() in everything] == []
    assert sum(key.read_bytes() in path.read_bytes() for path in files) == 1


@pytest.mark.parametrize(("left", "status"), [(None, 200), ("no key", 503)], ids=["gone", "another"])
def test_without_its_key_a_webhook_says_why(tmp_path: Path, left: str | None, status: int) -> None:
    with Daemon(tmp_path / "daemon") as daemon, daemon.stranger() as client:
        made = integration(daemon.owner, "locked", way="WEBHOOK", schema="custom", signature={})
        key = daemon.state / "secret.key"
        key.unlink() if left is None else key.write_text(left)

        def delivered(secret: str) -> httpx.Response:
            return deliver(client, f"{ACCOUNT}/webhooks/locked", b"{}", x_hub_signature_256=signature(b"{}", secret))

        answer = delivered(made["secret"])
        assert (answer.status_code, answer.json()["code"]) == (503, "SERVICE_UNAVAILABLE")
        assert "secret.key" in answer.json()["message"]
        assert str(daemon.state) not in answer.text
        new = daemon.owner.patch(f"{OWN}/integrations/locked", json={"signature": {"secret": SECRET}})
        assert new.status_code == status
        assert delivered(SECRET).status_code == status
