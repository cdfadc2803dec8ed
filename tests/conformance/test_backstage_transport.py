"""How Backstage's API is spoken: C249-C257, C260 (spec 3.1, 5.16)."""

import json
from typing import Any

import pytest

from tests.support.shop import Backstage

JSON = "application/json; charset=utf-8"


@pytest.mark.parametrize(
    "path",
    [
        "/entities",
        "/entities?limit=1",
        "/entities?fields=kind",
        "/entities/by-query",
        "/entities/by-name/component/default/checkout",
        "/entities/by-name/component/default/nope",
        "/entity-facets?facet=kind",
        "/locations",
    ],
)
def test_c249_json_is_labelled_exactly(shop: Backstage, path: str) -> None:
    answer = shop.get(path)
    assert answer.headers["content-type"] == JSON
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_c250_c251_errors_have_one_shape_without_a_stack(shop: Backstage) -> None:
    answer = shop.get("/entities/by-query?limit=x&filter=kind%3Dapi")
    content = answer.json()
    assert set(content) == {"error", "request", "response"}
    assert set(content["error"]) == {"name", "message"}
    assert content["error"]["message"]
    assert content["request"] == {"method": "GET", "url": "/entities/by-query?limit=x&filter=kind%3Dapi"}
    assert content["response"] == {"statusCode": 400}
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_c252_a_content_type_without_a_body_is_accepted(shop: Backstage, method: str) -> None:
    path = "/entities" if method == "GET" else "/entities/by-uid/00000000-0000-0000-0000-000000000000"
    answer = shop.request(method, path, headers={"content-type": "application/json"})
    assert answer.status_code in (200, 204)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        pytest.param(b'{"entityRefs": [', "application/json", id="c253-malformed"),
        pytest.param(b"", "application/json", id="c253-empty"),
        pytest.param(b'{"entityRefs": []}', "application/xml", id="c253-another-media-type"),
        pytest.param(b'{"entityRefs": []}', None, id="c253-no-media-type"),
        pytest.param(b'{"entityRefs": [], "entityRefs": []}', "application/json", id="r029-a-doubled-key"),
    ],
)
def test_c253_bodies_must_be_json(shop: Backstage, content: bytes, media_type: str | None) -> None:
    headers = {} if media_type is None else {"content-type": media_type}
    answer = shop.request("POST", "/entities/by-refs", content=content, headers=headers)
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/x+json"])
def test_c253_json_has_several_names(shop: Backstage, media_type: str) -> None:
    headers = {"content-type": media_type}
    answer = shop.request("POST", "/entities/by-refs", content=json.dumps({"entityRefs": []}), headers=headers)
    assert answer.json() == {"items": []}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/nope"),
        ("GET", "/entities/nope"),
        ("GET", "/entities/by-name/component/default"),
        ("GET", "/entities//by-query"),
        ("PATCH", "/entities"),
        ("POST", "/entity-facets/x"),
    ],
)
def test_c254_unknown_paths_are_404_and_empty(shop: Backstage, method: str, path: str) -> None:
    answer = shop.request(method, path)
    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize("path", ["/entities/", "/entity-facets/?facet=kind", "/entities/by-query/"])
def test_c254_a_slash_at_the_end_is_accepted(shop: Backstage, path: str) -> None:
    assert shop.get(path).status_code == 200


def test_c249_answers_are_compressed_when_asked_for(shop: Backstage) -> None:
    for path in ("/entities", "/entities/by-query"):
        plain = shop.get(path, headers={"accept-encoding": "identity"})
        packed = shop.get(path, headers={"accept-encoding": "gzip"})
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.json() == plain.json()


@pytest.mark.parametrize("mount", ["", "/api/catalog", "/api/own"])
def test_c255_the_api_describes_itself(shop: Backstage, mount: str) -> None:
    answer = shop.daemon.owner.get(f"{mount}/openapi.json")
    content = answer.json()
    assert (answer.status_code, answer.headers["content-type"], content["openapi"]) == (200, JSON, "3.1.0")
    assert f"{'/api/catalog' if not mount else ''}/entities" in content["paths"]
    with shop.daemon.stranger() as stranger:
        assert stranger.get(f"{mount}/openapi.json").status_code == 401


def test_c260_a_hundred_filters_are_honoured(shop: Backstage) -> None:
    filters = [("filter", f"metadata.name=nobody-{number}") for number in range(99)]
    for path in ("/entities", "/entity-facets?facet=kind", "/entities/by-query"):
        facet = [("facet", "kind")] if "facet" in path else []
        content = shop.json(path.partition("?")[0], *facet, *filters, ("filter", "metadata.name=checkout"))
        found = content if path == "/entities" else content.get("items", content.get("facets", {}).get("kind"))
        assert len(found) == 1


def test_head_is_get_without_a_body(shop: Backstage) -> None:
    answer = shop.request("HEAD", "/entities/by-name/component/default/checkout")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("path", ["/entities", "/nope", "/locations"])
def test_c257_without_credentials_401(shop: Backstage, path: str) -> None:
    with shop.daemon.stranger() as client:
        answer = client.get(f"/api/catalog{path}")
    content: Any = answer.json()
    assert (answer.status_code, content["error"]["name"]) == (401, "AuthenticationError")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert content["request"]["url"] == path
