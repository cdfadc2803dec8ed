"""Entities by Port's calls, written and read (P11-P37, P80): real HTTP, a real daemon, a real repository."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.port import ENTITIES, SHELF, Port

GO = {"language": "go"}
MADE = {"language": "go", "cost": 1, "critical": False, "domain": None, "yearly": 12}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Port]:
    port = Port.begin(tmp_path_factory.mktemp("port"))
    yield port
    port.stop()


@pytest.fixture
def port(shared: Port) -> Port:
    """The shared daemon with one region and one service made by API, and no custom properties."""
    shared.clear()
    for item in shared.own("/api/own/properties")["items"]:
        changes = [{"ref": item["ref"], "path": item["path"], "op": "remove"}]
        assert shared.daemon.owner.post("/api/own/properties", json={"changes": changes}).status_code == 200
    shared.post("region", "eu", title="Europe")
    shared.post("service", "cart", properties=GO, relations={"home": "eu"}, team="team-a")
    return shared


# POST


def test_p011_a_second_post_is_a_conflict(port: Port) -> None:
    before = port.get("service", "cart")
    body = {"identifier": "cart", "properties": {"language": "rust"}, "relations": {"home": "eu"}}
    for query in ("", "?upsert=false", "?merge=true"):
        answer = port.call("POST", f"/blueprints/service/entities{query}", body)
        assert (answer.status_code, answer.json()["error"]) == (409, "identifier_taken")
        assert "cart" in answer.json()["message"]
        assert "upsert=true" in answer.json()["message"]
    assert port.get("service", "cart") == before


def test_p012_an_upsert_clears_what_is_not_given(port: Port) -> None:
    port.post("shelf", "top", title="T", properties={"label": "Top", "height": 2}, relations={"regions": ["eu"]})
    found = port.post("shelf", "top", "?upsert=true", properties={"label": "New"})
    assert (found["title"], found["properties"]) == ("top", {"label": "New", "place": None})
    assert found["relations"] == {"region": None, "regions": []}


def test_p013_a_merge_keeps_what_is_not_given_and_null_clears(port: Port) -> None:
    port.post("shelf", "top", title="T", properties={"label": "Top", "height": 2}, relations={"regions": ["eu"]})
    found = port.post("shelf", "top", "?upsert=true&merge=true", properties={"height": None})
    assert (found["title"], found["properties"]) == ("T", {"label": "Top", "place": None})
    assert found["relations"] == {"region": None, "regions": ["eu"]}
    emptied = port.post("shelf", "top", "?upsert=true&merge=true", relations={"regions": None})
    assert emptied["relations"]["regions"] == []


def test_p015_extra_keys_are_allowed_on_post(port: Port) -> None:
    body = {"identifier": "asia", "blueprint": "region", "note": 1}
    assert port.ok("POST", "/blueprints/region/entities", body, status=201)["entity"]["identifier"] == "asia"


def test_p016_an_identifier_is_made_up(port: Port) -> None:
    first, second = port.post("region", title="One"), port.post("region", title="Two")
    assert first["identifier"] != second["identifier"]
    assert port.get("region", first["identifier"])["title"] == "One"


@pytest.mark.parametrize("identifier", ["a/b", "a:b", "a+b", "größe", "日本", "a=b@c", "x\\y", "bulk", "Mixed.Case_1"])
def test_p017_odd_identifiers_round_trip(port: Port, identifier: str) -> None:
    port.post("region", identifier, properties={"code": "c"})
    assert port.get("region", identifier)["identifier"] == identifier
    port.post("shelf", "s", properties={"label": "s"}, relations={"region": identifier})
    assert port.get("shelf", "s")["relations"]["region"] == identifier
    port.ok("DELETE", port.path("region", identifier))
    port.refused(404, "GET", port.path("region", identifier))


@pytest.mark.parametrize("identifier", ["..", ".", "a b", "", "x" * 1001, "a%"])
def test_p017_identifiers_that_cannot_be(port: Port, identifier: str) -> None:
    assert "identifier" in port.refused(422, "POST", "/blueprints/region/entities", {"identifier": identifier})


def test_p017_letters_of_another_case_name_the_same_entity(port: Port) -> None:
    assert port.get("service", "CART")["identifier"] == "cart"
    body = {"identifier": "Cart", "properties": GO, "relations": {"home": "eu"}}
    assert "cart" in port.refused(409, "POST", "/blueprints/service/entities?upsert=true", body)


def test_p018_unknown_things(port: Port) -> None:
    assert "nothing" in port.refused(404, "POST", "/blueprints/nothing/entities", {"identifier": "a"})
    assert "did you mean region?" in port.refused(404, "GET", "/blueprints/Region/entities")
    body: dict[str, Any] = {"identifier": "a", "properties": {"colour": 1}, "relations": {"friend": "b"}}
    answer = port.call("POST", "/blueprints/region/entities", body)
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["details"]} == {"properties.colour", "relations.friend"}


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("language", "rust", "cobol"),
        ("readme", "# A", 5),
        ("cost", 1000, 1001),
        ("critical", False, "false"),
        ("ports", [1, 2], [1, 2, 3, 4]),
        ("ports", [80], ["80"]),
        ("config", {"a": {"b": None}}, []),
    ],
    ids=lambda value: f"p019-{value!r}",
)
def test_p019_values_are_checked_with_their_path(port: Port, name: str, good: Any, bad: Any) -> None:
    found = port.ok("PATCH", port.path("service", "cart"), {"properties": {name: good}})["entity"]
    assert (found["properties"][name], type(found["properties"][name])) == (good, type(good))
    answer = port.call("PATCH", port.path("service", "cart"), {"properties": {name: bad}})
    assert answer.status_code == 422
    assert answer.json()["details"][0]["field"].startswith(f"properties.{name}")


def test_p020_required_properties(port: Port) -> None:
    shelf = "/blueprints/shelf/entities"
    assert "label" in port.refused(422, "POST", shelf, {"identifier": "top"})
    port.post("shelf", "top", properties={"label": "Top"})
    assert "label" in port.refused(422, "PUT", f"{shelf}/top", {"properties": {"height": 1}})
    assert "label" in port.refused(422, "POST", f"{shelf}?upsert=true", {"identifier": "top"})
    assert "label" in port.refused(422, "PATCH", f"{shelf}/top", {"properties": {"label": None}})
    port.ok("PATCH", f"{shelf}/top", {"properties": {"height": 1}})


def test_p021_defaults_fill_on_create_and_not_on_patch(port: Port) -> None:
    assert port.get("service", "cart")["properties"] == MADE
    found = port.ok("PATCH", port.path("service", "cart"), {"properties": {"cost": None}})["entity"]
    assert "cost" not in found["properties"]
    port.ok("PATCH", port.path("service", "cart"), {"title": "C"})
    assert "cost" not in port.get("service", "cart")["properties"]


def test_p022_absent_targets(port: Port) -> None:
    body: dict[str, Any] = {
        "identifier": "q",
        "properties": GO,
        "relations": {"home": "mars", "needs": ["cart", "pay"]},
    }
    answer = port.call("POST", "/blueprints/service/entities", body)
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["details"]} == {"relations.home", "relations.needs[1]"}
    assert port.identifiers("region") == ["eu"]
    found = port.post("service", query="?create_missing_related_entities=true", **body)
    assert found["relations"]["home"] == "mars"
    assert port.get("region", "mars")["title"] == "mars"
    assert port.get("service", "pay", "?exclude_calculated_properties=true")["properties"] == {}


def test_p022_all_or_nothing(port: Port) -> None:
    """The bare component breaks the schema of its kind, so the region that goes with it is not made either."""
    definition = {**SHELF, "identifier": "rack", "relations": {**SHELF["relations"], "till": {"target": "component"}}}
    port.ok("POST", "/blueprints", definition, status=201)
    body = {"identifier": "r", "properties": {"label": "r"}, "relations": {"region": "moon", "till": "nowhere"}}
    try:
        port.refused(422, "POST", "/blueprints/rack/entities?create_missing_related_entities=true", body)
        assert port.identifiers("region") == ["eu"]
    finally:
        port.ok("DELETE", "/blueprints/rack")


@pytest.mark.parametrize("system", ["_user", "_team"])
def test_p022_nobody_is_made_by_the_way(port: Port, system: str) -> None:
    port.ok("POST", "/blueprints", {"identifier": system}, status=201)
    definition = {"identifier": "desk", "relations": {"of": {"target": system}}}
    port.ok("POST", "/blueprints", definition, status=201)
    try:
        body = {"identifier": "d", "relations": {"of": "mira"}}
        port.refused(422, "POST", "/blueprints/desk/entities?create_missing_related_entities=true", body)
        assert port.identifiers(system) == []
    finally:
        port.ok("DELETE", "/blueprints/desk")
        port.ok("DELETE", f"/blueprints/{system}")


def test_p023_validation_only_changes_nothing(port: Port) -> None:
    query = "?validation_only=true&create_missing_related_entities=true"
    before = port.own("/api/own/changes")["index_seq"]
    found = port.post("service", "new", query, properties=GO, relations={"home": "mars"})
    assert found["properties"] == MADE
    assert "language" in port.refused(422, "POST", f"/blueprints/service/entities{query}", {"identifier": "new"})
    port.refused(409, "POST", f"/blueprints/service/entities{query}", {"identifier": "cart", "properties": GO})
    port.post("service", "cart", f"{query}&upsert=true&merge=true", title="Other")
    assert (port.identifiers("service"), port.identifiers("region")) == (["cart"], ["eu"])
    assert port.get("service", "cart")["title"] == "cart"
    assert port.own("/api/own/changes")["index_seq"] == before


def test_p024_a_run_that_is_not_there(port: Port) -> None:
    assert "r_1" in port.refused(404, "POST", "/blueprints/region/entities?run_id=r_1", {"identifier": "a"})
    port.refused(404, "PATCH", f"{port.path('region', 'eu')}?run_id=r_1", {"title": "a"})
    port.refused(404, "DELETE", f"{port.path('region', 'eu')}?run_id=r_1")
    assert port.identifiers("region") == ["eu"]


# Searches in place of identifiers


def query_of(name: str, operator: str, value: Any) -> dict[str, Any]:
    return {"combinator": "and", "rules": [{"property": name, "operator": operator, "value": value}]}


@pytest.mark.parametrize(
    ("name", "operator", "value"),
    [
        ("code", "=", "a1"),
        ("code", "in", ["x", "a1"]),
        ("code", "contains", "1"),
        ("$title", "=", "Asia"),
        ("$identifier", "=", "asia"),
        ("open", "=", True),
    ],
)
def test_p025_a_search_finds_the_target(port: Port, name: str, operator: str, value: Any) -> None:
    port.post("region", "asia", title="Asia", properties={"code": "a1", "open": True})
    relations = {"home": query_of(name, operator, value)}
    assert port.post("service", "pay", properties=GO, relations=relations)["relations"]["home"] == "asia"


def test_p025_a_search_of_a_many_relation_finds_several(port: Port) -> None:
    port.post("region", "asia", properties={"code": "x1"})
    port.post("region", "mars", properties={"code": "x2"})
    relations = {"regions": query_of("code", "contains", "x")}
    found = port.post("shelf", "top", properties={"label": "Top"}, relations=relations)
    assert found["relations"]["regions"] == ["asia", "mars"]


def test_p025_a_search_identifier_must_find_one(port: Port) -> None:
    port.post("region", "asia", properties={"code": "x", "open": True})
    port.post("region", "mars", properties={"code": "y", "open": True})
    upsert = "/blueprints/region/entities?upsert=true&merge=true"
    found = port.ok("POST", upsert, {"identifier": query_of("code", "=", "x"), "title": "A"}, status=201)["entity"]
    assert (found["identifier"], found["title"]) == ("asia", "A")
    several = port.refused(422, "POST", upsert, {"identifier": query_of("open", "=", True), "title": "B"})
    assert "more than one" in several
    port.refused(404, "POST", upsert, {"identifier": query_of("code", "=", "none"), "title": "B"})
    assert sorted(one["title"] for one in port.ok("GET", "/blueprints/region/entities")["entities"]) == [
        "A",
        "Europe",
        "mars",
    ]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        (query_of("colour", "=", "x"), "rules[0].property"),
        (query_of("code", "~", "x"), "rules[0].operator"),
        (query_of("code", "in", "x"), "rules[0].value"),
        ({"combinator": "xor", "rules": [{}]}, "combinator"),
        ({"combinator": "and", "rules": "x"}, "rules"),
    ],
)
def test_p025_a_wrong_search_names_its_place(port: Port, query: dict[str, Any], where: str) -> None:
    body = {"identifier": "pay", "properties": GO, "relations": {"home": query}}
    assert f"relations.home.{where}" in port.refused(422, "POST", "/blueprints/service/entities", body)


# PUT and PATCH


def test_p014_put(port: Port) -> None:
    port.refused(404, "PUT", port.path("region", "mars"), {"title": "Mars"})
    port.ok("PATCH", port.path("region", "eu"), {"properties": {"code": "e", "open": False}})
    found = port.ok("PUT", port.path("region", "eu"), {"properties": {"code": "f"}})["entity"]
    assert (found["title"], found["properties"]) == ("eu", {"code": "f"})


def test_p015_a_patch_of_one_property_keeps_all_else(port: Port) -> None:
    port.refused(404, "PATCH", port.path("region", "mars"), {"title": "Mars"})
    before = port.get("service", "cart")
    found = port.ok("PATCH", port.path("service", "cart"), {"properties": {"critical": True}})["entity"]
    assert found["properties"] == {**before["properties"], "critical": True}
    for name in ("title", "team", "relations", "createdAt", "createdBy", "icon"):
        assert found[name] == before[name]


def test_p015_a_patch_with_an_unknown_key_is_refused(port: Port) -> None:
    assert "blueprint" in port.refused(422, "PATCH", port.path("region", "eu"), {"blueprint": "region"})
    port.ok("PUT", port.path("region", "eu"), {"blueprint": "region"})


def test_p015_a_rename_takes_relations_and_custom_properties_along(port: Port) -> None:
    port.post("shelf", "top", properties={"label": "Top"}, relations={"region": "eu", "regions": ["eu"]})
    port.post("service", "self", properties=GO, relations={"home": "eu", "needs": ["self", "cart"]})
    made = port.get("region", "eu")
    changes = [{"ref": "region:default/eu", "path": "metadata.tier", "value": "gold"}]
    assert port.daemon.owner.post("/api/own/properties", json={"changes": changes}).status_code == 200
    found = port.ok("PATCH", port.path("region", "eu"), {"identifier": "Europe/West"})["entity"]
    assert (found["identifier"], found["createdAt"]) == ("Europe/West", made["createdAt"])
    port.refused(404, "GET", port.path("region", "eu"))
    assert port.get("shelf", "top")["relations"] == {"region": "Europe/West", "regions": ["Europe/West"]}
    assert port.get("service", "cart")["relations"]["home"] == "Europe/West"
    assert port.own("/api/catalog/entities/by-name/region/default/Europe%252fWest")["metadata"]["tier"] == "gold"
    renamed = port.ok("PATCH", port.path("service", "self"), {"identifier": "own"})["entity"]
    assert renamed["relations"]["needs"] == ["own", "cart"]


def test_p015_a_rename_onto_a_taken_identifier_is_a_conflict(port: Port) -> None:
    port.post("region", "asia")
    assert "asia" in port.refused(409, "PATCH", port.path("region", "eu"), {"identifier": "asia"})
    assert port.get("service", "cart")["relations"]["home"] == "eu"


# Stamps, ETags, bulk


def test_p027_an_equal_write_moves_no_stamp(port: Port) -> None:
    made = port.get("service", "cart")
    written = port.get("service", "cart", "?exclude_calculated_properties=true")
    same = {name: written[name] for name in ("title", "team", "properties", "relations")}
    assert port.post("service", "cart", "?upsert=true", **{**same, "title": None}) == made
    other = port.daemon.token("read", "entities:write", name="other")
    with port.daemon.stranger(other) as client:
        answer = client.patch(f"/v1{port.path('service', 'cart')}", json={"title": "New"})
    changed = answer.json()["entity"]
    assert (changed["createdAt"], changed["createdBy"]) == (made["createdAt"], "test")
    assert changed["updatedAt"] > made["updatedAt"]
    assert changed["updatedBy"] == "other"


def test_p031_a_stale_etag_is_412(port: Port) -> None:
    path = port.path("service", "cart")
    tag = port.call("GET", path).headers["etag"]
    first = port.call("PATCH", path, {"title": "One"}, headers={"if-match": tag})
    assert first.status_code == 200
    assert first.headers["etag"] not in (tag, "")
    for method, body in (("PATCH", {"title": "Two"}), ("PUT", {"properties": GO, "relations": {"home": "eu"}})):
        answer = port.call(method, path, body, headers={"if-match": tag})
        assert (answer.status_code, answer.json()["error"]) == (412, "precondition_failed")
    assert port.call("DELETE", path, headers={"if-match": tag}).status_code == 412
    assert port.get("service", "cart")["title"] == "One"
    assert port.call("PATCH", path, {"title": "Three"}, headers={"if-match": first.headers["etag"]}).status_code == 200


def test_p031_one_of_many_who_hold_an_etag_wins(port: Port) -> None:
    path = port.path("service", "cart")
    tag = port.call("GET", path).headers["etag"]

    def write(number: int) -> int:
        body = {"properties": {"cost": 10 + number}}
        return port.call("PATCH", path, body, headers={"if-match": tag}).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(write, range(8)))
    assert statuses == [200, *[412] * 7]


def test_writers_of_different_properties_lose_nothing(port: Port) -> None:
    """Each patch is decided again where another one came first."""
    names = ["label", "height"]
    port.post("shelf", "top", properties={"label": "0", "height": 0})

    def write(number: int) -> httpx.Response:
        name = names[number % 2]
        return port.call("PATCH", port.path("shelf", "top"), {"properties": {name: "9" if name == "label" else 9}})

    with ThreadPoolExecutor(2) as pool:
        assert {answer.status_code for answer in pool.map(write, range(6))} == {200}
    assert port.get("shelf", "top", "?exclude_calculated_properties=true")["properties"] == {"label": "9", "height": 9}


def test_p026_bulk(port: Port) -> None:
    entities: list[dict[str, Any]] = [{"identifier": f"r{n}", "properties": {"code": str(n)}} for n in range(20)]
    entities[7]["properties"]["code"] = 7
    answer = port.call("POST", "/blueprints/region/entities/bulk", {"entities": entities})
    assert answer.status_code == 207
    reply = answer.json()
    assert [one["index"] for one in reply["entities"]] == [n for n in range(20) if n != 7]
    assert all(one["created"] for one in reply["entities"])
    (error,) = reply["errors"]
    assert (error["identifier"], error["index"], error["statusCode"]) == ("r7", 7, 422)
    assert (error["error"], "code" in error["message"]) == ("invalid_request", True)
    again = port.ok("POST", "/blueprints/region/entities/bulk?upsert=true", {"entities": entities[:3]})
    assert [one["created"] for one in again["entities"]] == [False] * 3
    assert again["errors"] == []
    assert len(port.identifiers("region")) == 20
    port.refused(422, "POST", "/blueprints/region/entities/bulk", {"entities": [{"identifier": "x"}] * 21})
    port.refused(422, "POST", "/blueprints/region/entities/bulk", {"entities": []})
    port.refused(404, "POST", "/blueprints/nothing/entities/bulk", {"entities": [{"identifier": "x"}]})


def test_p026_what_goes_together_is_one_change(port: Port) -> None:
    before = port.own("/api/own/changes")["index_seq"]
    port.ok("POST", "/blueprints/region/entities/bulk", {"entities": [{"identifier": f"r{n}"} for n in range(20)]})
    assert port.own("/api/own/changes")["index_seq"] == before + 1


def test_p026_entities_that_rest_on_each_other(port: Port) -> None:
    """Related to one of the same call, the same one twice, both making the same target: as if sent one by one."""
    entities = [
        {"identifier": "a", "properties": GO, "relations": {"home": "mars"}},
        {"identifier": "b", "properties": GO, "relations": {"home": "mars", "needs": ["a"]}},
        {"identifier": "a", "title": "Again", "properties": GO, "relations": {"home": "eu"}},
        {"identifier": "c", "properties": GO, "relations": {"home": "eu", "needs": ["nobody"]}},
    ]
    query = "?upsert=true&create_missing_related_entities=true"
    reply = port.ok("POST", f"/blueprints/service/entities/bulk{query}", {"entities": entities})
    assert [(one["identifier"], one["created"]) for one in reply["entities"]] == [
        ("a", True), ("b", True), ("a", False), ("c", True)
    ]  # fmt: skip
    assert (port.get("service", "a")["title"], port.get("service", "b")["relations"]["needs"]) == ("Again", ["a"])
    without = port.call("POST", "/blueprints/service/entities/bulk", {"entities": [*entities[2:3], *entities[:1]]})
    assert [one["statusCode"] for one in without.json()["errors"]] == [409, 409]


def test_p026_the_limit_of_a_bulk_is_configured(tmp_path: Path) -> None:
    port = Port.begin(tmp_path, "[limits]\nbulk_entities = 30\n")
    try:
        entities = [{"identifier": f"r{n}"} for n in range(30)]
        port.ok("POST", "/blueprints/region/entities/bulk", {"entities": entities})
        port.refused(422, "POST", "/blueprints/region/entities/bulk", {"entities": [*entities, {}]})
    finally:
        port.stop()


# Bodies


def test_p028_bodies(port: Port) -> None:
    path = "/v1/blueprints/region/entities"
    headers = {"content-type": "application/json"}
    large = b'{"identifier": "x", "title": "' + b"x" * 1_050_000 + b'"}'
    answer = port.client.post(path, content=large, headers=headers)
    assert (answer.status_code, answer.json()["ok"]) == (413, False)
    for content in (b"{", b"[]", b"", b'"x"'):
        answer = port.client.post(path, content=content, headers=headers)
        assert (answer.status_code, answer.json()["ok"]) == (422, False)
    assert port.client.get(path, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"identifier": 5},
        {"identifier": None},
        {"identifier": "x", "title": 5},
        {"identifier": "x", "team": {"rules": []}},
        {"identifier": "x", "properties": []},
        {"identifier": "x", "relations": "y"},
        {"identifier": {"rules": "x"}},
        {"identifier": "x", "properties": {"code": "\udcff"}},
        {"identifier": "x", "properties": {"code": "a\u0000"}},
    ],
    ids=repr,
)
def test_p080_any_body_is_answered(port: Port, body: Any) -> None:
    for method, path in (("POST", "/blueprints/region/entities"), ("PATCH", port.path("region", "eu"))):
        answer = port.client.request(
            method, f"/v1{path}", content=json.dumps(body), headers={"content-type": "application/json"}
        )
        assert answer.status_code in (404, 422), (method, answer.text)
        assert answer.json()["ok"] is False


# Entities of git


def test_p037_entities_of_git_are_listed_with_their_properties(port: Port) -> None:
    (till,) = port.ok("GET", "/blueprints/component/entities")["entities"]
    assert (till["identifier"], till["title"], till["team"]) == ("till", "The till", ["team-a"])
    wanted = {"lifecycle": "production", "type": "service", "tags": ["java"], "tier": "gold", "owner": "team-a"}
    assert {name: till["properties"][name] for name in wanted} == wanted
    assert till["relations"]["system"] == "shop"
    assert till["relations"]["dependsOn"] == ["resource:default/till-db"]
    assert till["createdBy"] == "git"
    assert port.get("Tool", "hammer")["team"] == ["team-a"]


def test_p029_a_write_to_an_entity_of_git_is_laid_over_it(port: Port) -> None:
    head = port.repository.head()
    found = port.ok("PATCH", port.path("Tool", "hammer"), {"title": "Big", "properties": {"price": 20}})["entity"]
    assert (found["title"], found["properties"]) == ("Big", {"price": 20, "maker": "Smith"})
    recorded = {one["path"]: one for one in port.own("/api/own/properties")["items"]}
    assert {path: (one["value"], one["source"]) for path, one in recorded.items()} == {
        "metadata.title": ("Big", "port"),
        "spec.properties.price": (20, "port"),
    }
    assert port.repository.head() == head
    port.repository.commit({"things.yaml": ENTITIES.replace("price: 12", "price: 13")})
    port.daemon.sync()
    assert port.get("Tool", "hammer")["properties"] == {"price": 20, "maker": "Smith"}
    cleared = port.ok("PATCH", port.path("Tool", "hammer"), {"properties": {"price": None}})["entity"]
    assert cleared["properties"] == {"price": 13, "maker": "Smith"}
    port.repository.commit({"things.yaml": ENTITIES})
    port.daemon.sync()


def test_p029_put_replaces_the_records_of_the_api_and_never_what_git_says(port: Port) -> None:
    port.ok("PATCH", port.path("Tool", "hammer"), {"properties": {"price": 20}, "relations": {"region": "eu"}})
    harness = {"ref": "tool:default/hammer", "path": "metadata.tier", "value": "gold"}
    assert port.daemon.owner.post("/api/own/properties", json={"changes": [harness]}).status_code == 200
    found = port.ok("PUT", port.path("Tool", "hammer"), {"title": "Big"})["entity"]
    assert (found["title"], found["properties"]) == ("Big", {"price": 12, "maker": "Smith"})
    assert found["relations"] == {"region": None}
    assert sorted(one["path"] for one in port.own("/api/own/properties")["items"]) == [
        "metadata.tier",
        "metadata.title",
    ]


def test_p029_built_in_kinds(port: Port) -> None:
    upsert = "/blueprints/component/entities?upsert=true&merge=true"
    body = {"identifier": "till", "team": ["team-b", "team-c"], "properties": {"lifecycle": "old", "score": 3}}
    found = port.ok("POST", upsert, body, status=201)["entity"]
    assert found["team"] == ["team-b", "team-c"]
    assert (found["properties"]["lifecycle"], found["properties"]["score"]) == ("old", 3)
    assert found["properties"]["tier"] == "gold"
    entity = port.own("/api/catalog/entities/by-name/component/default/till")
    assert (entity["spec"]["owner"], entity["metadata"]["score"]) == ("team-b", 3)


def test_p029_what_does_not_fit_is_refused(port: Port) -> None:
    path = port.path("Tool", "hammer")
    assert "price" in port.refused(422, "PATCH", path, {"properties": {"price": "dear"}})
    assert "colour" in port.refused(422, "PATCH", path, {"properties": {"colour": "red"}})
    assert "no region mars" in port.refused(422, "PATCH", path, {"relations": {"region": "mars"}})
    assert port.own("/api/own/properties")["items"] == []
    found = port.ok("PATCH", path, {"properties": {"maker": None}})["entity"]
    assert found["properties"]["maker"] == "Smith"


def test_p029_identity_belongs_to_the_file(port: Port) -> None:
    assert "things.yaml" in port.refused(422, "PATCH", port.path("Tool", "hammer"), {"identifier": "mallet"})
    port.refused(409, "POST", "/blueprints/Tool/entities", {"identifier": "hammer", "properties": {"maker": "x"}})


def test_p029_what_the_api_said_before_there_was_a_file(port: Port) -> None:
    port.post("Tool", "drill", title="Drill", properties={"maker": "Weld", "price": 5})
    text = (
        "apiVersion: git-catalog/v1\nkind: Tool\nmetadata: {name: drill}\n"
        "spec: {properties: {maker: Forge, price: 7}}\n"
    )
    port.repository.commit({"drill.yaml": text})
    port.daemon.sync()
    try:
        assert port.get("Tool", "drill")["properties"] == {"maker": "Weld", "price": 5}
        found = port.ok("PATCH", port.path("Tool", "drill"), {"properties": {"price": 9}})["entity"]
        assert found["properties"] == {"maker": "Weld", "price": 9}
        found = port.ok("PUT", port.path("Tool", "drill"), {})["entity"]
        assert (found["title"], found["properties"]) == ("drill", {"maker": "Forge", "price": 7})
    finally:
        port.repository.commit({"drill.yaml": None})
        port.daemon.sync()
    assert "drill" not in port.identifiers("Tool")


def test_p030_an_entity_of_git_is_not_deleted(port: Port) -> None:
    for name, blueprint in (("hammer", "Tool"), ("till", "component")):
        message = port.refused(422, "DELETE", port.path(blueprint, name))
        assert "owned by Git" in message
        assert "things.yaml" in message
        assert port.get(blueprint, name)["identifier"] == name


def test_p031_the_etag_of_an_entity_of_git(port: Port) -> None:
    path = port.path("Tool", "hammer")
    tag = port.call("GET", path).headers["etag"]
    assert port.call("PATCH", path, {"title": "Big"}, headers={"if-match": tag}).status_code == 200
    assert port.call("PATCH", path, {"title": "Bigger"}, headers={"if-match": tag}).status_code == 412


def test_an_entity_of_a_built_in_kind_is_made(port: Port) -> None:
    properties = {"type": "library", "lifecycle": "old", "links": []}
    made = port.post("component", "lib", properties=properties, team="team-a", relations={"system": "shop"})
    assert (made["properties"]["owner"], made["relations"]["system"]) == ("team-a", "shop")
    entity = port.own("/api/catalog/entities/by-name/component/default/lib")
    assert (entity["apiVersion"], entity["spec"]["owner"]) == ("backstage.io/v1alpha1", "team-a")
    assert {"type": "partOf", "targetRef": "system:default/shop"} in entity["relations"]
    port.ok("DELETE", port.path("component", "lib"))


# Reading


def test_p032_one_entity(port: Port) -> None:
    written = port.post("shelf", "top", title="T", icon="Box", properties={"label": "Top"}, team=["a", "b"])
    assert port.get("shelf", "top") == written
    assert (written["icon"], written["team"], written["blueprint"]) == ("Box", ["a", "b"], "shelf")
    answer = port.call("GET", port.path("shelf", "bottom"))
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("include=identifier&include=properties.code", {"identifier": "eu", "properties": {"code": "e"}}),
        ("include=identifier,title", {"identifier": "eu", "title": "Europe"}),
        ("include=properties&exclude=properties.open", {"properties": {"code": "e"}}),
    ],
)
def test_p033_include_and_exclude(port: Port, query: str, wanted: Any) -> None:
    port.ok("PATCH", port.path("region", "eu"), {"properties": {"code": "e", "open": False}})
    assert port.get("region", "eu", f"?{query}") == wanted
    assert port.ok("GET", f"/blueprints/region/entities?{query}")["entities"] == [wanted]


def test_p033_exclude_alone(port: Port) -> None:
    whole = port.get("region", "eu")
    left = port.get("region", "eu", "?exclude=properties&exclude=$title")
    assert left == {name: value for name, value in whole.items() if name not in ("properties", "title")}


def test_p076_what_is_read_can_be_written_back(port: Port) -> None:
    before = port.get("service", "cart", "?exclude_calculated_properties=true")
    assert before["title"] == "cart"
    port.ok("PUT", port.path("service", "cart"), before)
    assert port.get("service", "cart", "?exclude_calculated_properties=true") == before


def test_p034_only_computed_properties_are_left_out(port: Port) -> None:
    query = "?exclude_calculated_properties=true&allow_partial_results=true"
    assert port.get("service", "cart", query)["properties"] == {"language": "go", "cost": 1, "critical": False}


def test_p035_titles_of_relations(port: Port) -> None:
    port.post("shelf", "top", properties={"label": "Top"}, relations={"region": "eu", "regions": ["eu"]})
    europe = {"identifier": "eu", "title": "Europe"}
    for found in (
        port.get("shelf", "top", "?attach_title_to_relation=true"),
        port.ok("GET", "/blueprints/shelf/entities?attach_title_to_relation=true")["entities"][0],
    ):
        assert found["relations"] == {"region": europe, "regions": [europe]}


@pytest.mark.parametrize("blueprint", ["region", "component", "Tool", "shelf"])
def test_p036_the_count_is_the_length_of_the_list(port: Port, blueprint: str) -> None:
    assert port.ok("GET", f"/blueprints/{blueprint}/entities-count")["count"] == len(port.identifiers(blueprint))


def test_an_unknown_parameter_is_named(port: Port) -> None:
    assert "upsrt" in port.refused(422, "POST", "/blueprints/region/entities?upsrt=true", {"identifier": "x"})


@pytest.mark.parametrize("path", ["/blueprints/region/entities", "/blueprints/region/entities-count", "/blueprints"])
def test_p010_a_slash_at_the_end_changes_nothing(port: Port, path: str) -> None:
    plain, slashed = port.call("GET", path), port.call("GET", f"{path}/")
    assert (plain.status_code, plain.json()) == (slashed.status_code, slashed.json()) == (200, plain.json())


def test_scopes(port: Port) -> None:
    reader = port.daemon.token("read", name="reader")
    with port.daemon.stranger(reader) as client:
        assert client.get("/v1/blueprints/region/entities").status_code == 200
        answer = client.post("/v1/blueprints/region/entities", json={"identifier": "x"})
    assert (answer.status_code, answer.json()["error"]) == (403, "forbidden")
    with port.daemon.stranger() as client:
        answer = client.get("/v1/blueprints")
    assert (answer.status_code, answer.json()["ok"]) == (401, False)
