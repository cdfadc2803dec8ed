"""Entities that go (P56-P58): real HTTP, a real daemon, a real repository."""

from collections.abc import Iterator

import pytest

from tests.support.port import ENTITIES, Port

GO = {"language": "go"}
RING = {"identifier": "ring", "relations": {"next": {"target": "ring", "required": False}}}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Port]:
    port = Port.begin(tmp_path_factory.mktemp("port"))
    port.ok("POST", "/blueprints", RING, status=201)
    yield port
    port.stop()


@pytest.fixture
def port(shared: Port) -> Port:
    """The shared daemon with a region and, resting on it, a service, a shelf and a tool of git."""
    shared.ok("PATCH", "/blueprints/ring", RING)
    shared.clear(("service", "shelf", "region", "ring"))
    shared.post("region", "eu")
    shared.post("region", "asia")
    shared.post("service", "cart", properties=GO, relations={"home": "eu"})
    shared.post("shelf", "top", properties={"label": "T"}, relations={"region": "asia", "regions": ["eu", "asia"]})
    return shared


def test_p056_a_deleted_entity_is_gone_and_optional_relations_are_emptied(port: Port) -> None:
    port.ok("PATCH", port.path("Tool", "hammer"), {"relations": {"region": "asia"}})
    before = port.own("/api/own/changes", limit="1000")["items"]
    assert port.ok("DELETE", port.path("region", "asia")) == {"ok": True}
    assert "asia" in port.refused(404, "GET", port.path("region", "asia"))
    assert port.get("shelf", "top")["relations"] == {"region": None, "regions": ["eu"]}
    assert port.get("Tool", "hammer")["relations"] == {"region": None}
    after = port.own("/api/own/changes", limit="1000")["items"]
    assert len(after) == len(before) + 1
    port.refused(404, "DELETE", port.path("region", "asia"))
    port.post("region", "asia")
    assert port.get("shelf", "top")["relations"] == {"region": None, "regions": ["eu"]}


def test_p056_an_emptied_relation_is_as_one_that_was_never_written(port: Port) -> None:
    """An equal write afterwards changes nothing (P27)."""
    port.ok("DELETE", port.path("region", "asia"))
    held = port.get("shelf", "top", "?exclude_calculated_properties=true")
    body = {name: held[name] for name in ("properties", "relations")}
    assert port.ok("PUT", port.path("shelf", "top"), body)["entity"]["updatedAt"] == held["updatedAt"]


def test_p056_a_relation_that_a_file_says_stays_as_the_file_says(port: Port) -> None:
    text = ENTITIES.replace(
        "properties: {price: 12", "relations: {region: region:default/asia}\n  properties: {price: 12"
    )
    port.repository.commit({"things.yaml": text})
    port.daemon.sync()
    try:
        port.ok("DELETE", port.path("region", "asia"))
        assert port.get("Tool", "hammer")["relations"] == {"region": "asia"}
    finally:
        port.repository.commit({"things.yaml": ENTITIES})
        port.daemon.sync()


def test_p057_what_is_required_stays(port: Port) -> None:
    message = port.refused(422, "DELETE", port.path("region", "eu"))
    assert "service cart" in message
    assert "home" in message
    assert "delete_dependents=true" in message
    port.refused(422, "DELETE", f"{port.path('region', 'eu')}?delete_dependents=false")
    assert port.identifiers("region") == ["asia", "eu"]


def test_p057_dependents_go_too(port: Port) -> None:
    port.post("service", "pay", properties=GO, relations={"home": "asia", "needs": ["cart"]})
    port.ok("DELETE", f"{port.path('region', 'eu')}?delete_dependents=true")
    assert port.identifiers("region") == ["asia"]
    assert port.identifiers("service") == ["pay"]
    assert port.get("service", "pay")["relations"]["needs"] == []
    assert port.get("shelf", "top")["relations"]["regions"] == ["asia"]


def test_p057_a_cycle_ends(port: Port) -> None:
    for name in ("a", "b", "c"):
        port.post("ring", name)
    for name, following in (("a", "b"), ("b", "c"), ("c", "a")):
        port.ok("PATCH", port.path("ring", name), {"relations": {"next": following}})
    required = {"relations": {"next": {"target": "ring", "required": True}}}
    port.ok("PATCH", "/blueprints/ring", required)
    port.refused(422, "DELETE", port.path("ring", "a"))
    port.ok("DELETE", f"{port.path('ring', 'a')}?delete_dependents=true")
    assert port.identifiers("ring") == []


def test_p057_an_entity_that_requires_itself_may_go(port: Port) -> None:
    port.ok("PATCH", "/blueprints/ring", {"relations": {"next": {"target": "ring", "required": True}}})
    port.post("ring", "a", relations={"next": "a"})
    port.ok("DELETE", port.path("ring", "a"))


def test_p058_a_bulk_delete_is_all_or_nothing(port: Port) -> None:
    path = "/blueprints/region/bulk/entities/delete"
    assert "mars" in port.refused(404, "POST", path, {"entities": ["asia", "mars"]})
    assert "cart" in port.refused(422, "POST", path, {"entities": ["asia", "eu"]})
    assert port.identifiers("region") == ["asia", "eu"]
    assert port.get("shelf", "top")["relations"]["region"] == "asia"
    assert port.ok("POST", path, {"entities": ["asia", "asia"]})["deletedEntities"] == ["asia"]
    found = port.ok("POST", f"{path}?delete_dependents=true", {"entities": ["eu"]})
    assert found == {"ok": True, "deletedEntities": ["eu"]}
    assert (port.identifiers("region"), port.identifiers("service")) == ([], [])


def test_p058_both_sides_of_a_required_relation_may_go_together(port: Port) -> None:
    port.ok("PATCH", "/blueprints/ring", {"relations": {"next": {"target": "ring", "required": True}}})
    port.post("ring", "a", relations={"next": "a"})
    port.post("ring", "b", relations={"next": "a"})
    port.ok("POST", "/blueprints/ring/bulk/entities/delete", {"entities": ["a", "b"]})
    assert port.identifiers("ring") == []


@pytest.mark.parametrize("count", [0, 101])
def test_p058_the_number_of_identifiers_is_bounded(port: Port, count: int) -> None:
    port.refused(422, "POST", "/blueprints/region/bulk/entities/delete", {"entities": ["asia"] * count})
    assert "asia" in port.identifiers("region")


def test_p058_all_entities(port: Port) -> None:
    assert "cart" in port.refused(422, "DELETE", "/blueprints/region/all-entities")
    assert port.identifiers("region") == ["asia", "eu"]
    port.ok("DELETE", "/blueprints/service/all-entities")
    port.ok("DELETE", "/blueprints/region/all-entities")
    assert port.identifiers("region") == []
    assert port.get("shelf", "top")["relations"] == {"region": None, "regions": []}
    assert port.ok("GET", "/blueprints/region")


def test_p058_all_entities_and_their_blueprint(port: Port) -> None:
    port.ok("POST", "/blueprints", {"identifier": "card"}, status=201)
    port.post("card", "one")
    port.post("card", "two")
    port.ok("DELETE", "/blueprints/card/all-entities?delete_blueprint=true")
    port.refused(404, "GET", "/blueprints/card")
    message = port.refused(422, "DELETE", "/blueprints/region/all-entities?delete_blueprint=true")
    assert "required" in message or "relation to region" in message
    assert port.identifiers("region") == ["asia", "eu"]


def test_p058_entities_of_git_are_not_deleted_with_all(port: Port) -> None:
    assert "owned by Git" in port.refused(422, "DELETE", "/blueprints/Tool/all-entities")
    assert "hammer" in port.identifiers("Tool")
