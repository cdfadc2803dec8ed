"""What Port's own clients send, replayed (P79): the GitHub action, the Terraform provider, Ocean's integrations.

Requests as these programs make them, in their order: each has the token of a client, and the programs read no more of
an answer than is looked at here. There are no action runs, so what the GitHub action does with them is refused.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.port import Port

UPSERT = "/v1/blueprints/region/entities?upsert=true&merge=true"
INGEST = "upsert=true&merge=true&create_missing_related_entities=true&validation_only=false"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Port]:
    port = Port.begin(tmp_path_factory.mktemp("clients"))
    yield port
    port.stop()


@pytest.fixture(scope="module")
def credentials(port: Port) -> dict[str, str]:
    """The id and the secret of a client."""
    made = port.daemon.owner.post("/api/own/clients", json={"name": "program"}).json()
    return {"clientId": made["client_id"], "clientSecret": made["client_secret"]}


@pytest.fixture
def client(port: Port, credentials: dict[str, str]) -> Iterator[httpx.Client]:
    """A client with the token that it gets for its secret, as each of the programs begins."""
    port.clear()
    token = port.client.post("/v1/auth/access_token", json=credentials).json()["accessToken"]
    with port.daemon.stranger(token, accept="application/json, text/plain, */*") as client:
        yield client


def ok(answer: httpx.Response) -> Any:
    """The decoded answer of a call that succeeds."""
    assert answer.is_success, answer.text
    decoded = answer.json()
    assert decoded["ok"] is True
    return decoded


def test_p079_the_github_action(client: httpx.Client) -> None:
    entity = {"identifier": "eu", "title": "Europe", "icon": "Globe", "blueprint": "region", "team": ["team-a"],
              "properties": {"code": "e", "open": False}, "relations": {}}  # fmt: skip
    assert ok(client.post(UPSERT, json=entity))["entity"]["identifier"] == "eu"  # UPSERT
    made = ok(client.post(UPSERT, json={"blueprint": "region", "properties": {}, "relations": {}}))
    assert made["entity"]["identifier"]  # UPSERT without an identifier
    for one in ("us", "asia", "eu"):  # BULK_UPSERT is a loop
        body = {"identifier": one, "blueprint": "region", "properties": {"open": True}, "relations": {}}
        missing = f"{UPSERT}&create_missing_related_entities=true"
        assert ok(client.post(missing, json=body))["entity"]["identifier"] == one
    found = ok(client.get("/v1/blueprints/region/entities/eu"))["entity"]  # GET
    assert (found["title"], found["icon"], found["team"]) == ("Europe", "Globe", ["team-a"])
    assert found["properties"] == {"code": "e", "open": True}
    query = {"combinator": "and", "rules": [{"property": "$blueprint", "operator": "=", "value": "region"},
                                            {"property": "code", "operator": "=", "value": "e"}]}  # fmt: skip
    path = "/v1/entities/search?include=identifier&include=properties.code"
    assert ok(client.post(path, json=query))["entities"] == [
        {"identifier": "eu", "properties": {"code": "e"}}
    ]  # SEARCH
    ok(client.delete("/v1/blueprints/region/entities/eu?delete_dependents=false"))  # DELETE
    ok(client.delete("/v1/blueprints/region/entities/us?delete_dependents=true"))
    assert client.get("/v1/blueprints/region/entities/eu").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/actions/runs/r_1/logs"),
        ("PATCH", "/v1/actions/runs/r_1"),
        ("POST", "/v1/actions/deploy/runs"),
    ],
    ids=["log", "patch-run", "create-run"],
)
def test_runs_are_not_here(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request(method, path, json={"message": "done", "status": "SUCCESS", "properties": {}})
    assert (answer.status_code, answer.json()["ok"], answer.json()["error"]) == (404, False, "not_supported")


def test_p079_the_terraform_provider(client: httpx.Client) -> None:
    """The life of an entity; `run_id` is always there, and empty where none is meant."""
    entity = {"blueprint": "shelf", "identifier": "top", "title": "Top", "properties": {"label": "1", "height": 2},
              "relations": {"region": "eu", "regions": ["eu"]}}  # fmt: skip
    create = "/v1/blueprints/shelf/entities?upsert=true&run_id=&create_missing_related_entities=true"
    made = ok(client.post(create, json=entity))["entity"]
    assert (made["identifier"], made["createdAt"]) == ("top", made["updatedAt"])
    read = "/v1/blueprints/shelf/entities/top?exclude_calculated_properties=true"
    state = ok(client.get(read))["entity"]
    assert {name: state[name] for name in entity} == entity  # nothing that would be a difference in the next plan
    ok(client.post(create, json=entity))
    assert ok(client.get(read))["entity"] == state
    changed = {**entity, "title": "Upper", "properties": {"label": "2"}, "relations": {"region": None, "regions": []}}
    ok(client.put("/v1/blueprints/shelf/entities/top?run_id=", json=changed))
    state = ok(client.get(read))["entity"]
    assert {name: state[name] for name in entity} == changed
    assert state["createdAt"] == made["createdAt"]
    ok(client.delete("/v1/blueprints/shelf/entities/top"))
    gone = client.get(read)
    assert (gone.status_code, gone.json()["ok"]) == (404, False)


def test_p079_integrations(client: httpx.Client) -> None:
    """Ocean and the exporters: feature flags, upserts, what they wrote before, and what of it is gone."""
    ok(client.get("/v1/organization"))
    for one in ("a", "b"):
        body = {"identifier": one, "blueprint": "region", "properties": {"code": one}, "relations": {}}
        ok(client.post(f"/v1/blueprints/region/entities?{INGEST}", json=body))
    bulk = {"entities": [{"identifier": "c", "properties": {}}, {"identifier": "d", "properties": {}}]}
    answer = ok(client.post(f"/v1/blueprints/region/entities/bulk?{INGEST}", json=bulk))
    assert [one["created"] for one in answer["entities"]] == [True, True]
    query = {"combinator": "and", "rules": [{"property": "$datasource", "operator": "contains", "value": "program"}]}
    path = "/v1/entities/search?exclude_calculated_properties=true&include=blueprint&include=identifier"
    found = ok(client.post(path, json=query))["entities"]
    assert sorted(one["identifier"] for one in found) == ["a", "b", "c", "d"]
    gone = ok(client.post("/v1/blueprints/region/bulk/entities/delete", json={"entities": ["a", "c"]}))
    assert sorted(gone["deletedEntities"]) == ["a", "c"]
