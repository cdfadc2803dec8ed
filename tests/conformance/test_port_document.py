"""An entity of the catalog as Port's JSON, and back (Port 17.1); which parts a reply holds: P33, P35."""

from typing import Any

import pytest

from syncd.blueprints.builtin import BUILT_IN
from syncd.blueprints.document import entity_of, field_paths, overlay_of, relation_refs, values_of
from syncd.blueprints.reply import Peer, Projection, Stamps, port_document, with_titles
from syncd.blueprints.values import Values, written
from syncd.model.json import JsonObject
from syncd.model.ref import ref_of
from syncd.process.envelope import check_envelope
from syncd.process.kinds import check_kind
from syncd.process.relations import relations_of
from syncd.process.schema import Violation
from tests.support.blueprints import SERVICE, blueprint

BLUEPRINT = blueprint(SERVICE)
VALUES = Values(
    "Shop/größe",
    "Shop",
    "Cart",
    ("team-a", "Team B"),
    {"language": "go", "critical": False, "config": {"a": [1, None]}},
    {"system": "Store", "needs": ("a/b", "queue"), "home": None},
)
ENTITY: JsonObject = {
    "apiVersion": "git-catalog/v1",
    "kind": "service",
    "metadata": {"namespace": "default", "name": "Shop/größe", "title": "Shop", "icon": "Cart"},
    "spec": {
        "team": ["team-a", "Team B"],
        "properties": {"language": "go", "critical": False, "config": {"a": [1, None]}},
        "relations": {
            "system": "system:default/store",
            "needs": ["service:default/a%2fb", "service:default/queue"],
            "home": None,
        },
    },
}
NAMES = {"system:default/store": "Store", "service:default/a%2fb": "a/b", "service:default/queue": "queue"}
STAMPS = Stamps("2026-01-01T00:00:00.000Z", "client:ci", "2026-01-02T00:00:00.000Z", "git")
DOCUMENT: JsonObject = {
    "identifier": "Shop/größe",
    "title": "Shop",
    "icon": "Cart",
    "blueprint": "service",
    "team": ["team-a", "Team B"],
    "properties": {"language": "go", "critical": False, "config": {"a": [1, None]}, "yearly": 12},
    "relations": {"system": "Store", "needs": ["a/b", "queue"], "home": None},
    "scorecards": {},
    "createdAt": "2026-01-01T00:00:00.000Z",
    "createdBy": "client:ci",
    "updatedAt": "2026-01-02T00:00:00.000Z",
    "updatedBy": "git",
}


def test_an_entity_of_a_blueprint_there_and_back() -> None:
    assert entity_of(BLUEPRINT, VALUES) == ENTITY
    assert str(ref_of(ENTITY)) == "service:default/shop%2fgröße"
    assert values_of(BLUEPRINT, ENTITY, NAMES.__getitem__) == VALUES
    assert values_of(BLUEPRINT, ENTITY).relations["needs"] == ("a/b", "queue")
    assert relation_refs(BLUEPRINT, ENTITY)["needs"] == ("service:default/a%2fb", "service:default/queue")
    document = port_document(BLUEPRINT, VALUES, STAMPS, computed={"yearly": 12}, scorecards={})
    assert document == DOCUMENT
    untitled = port_document(BLUEPRINT, Values("x"), STAMPS, computed={}, scorecards={})
    assert untitled["title"] == "x"


BUILT_IN_BODIES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "component",
        {
            "identifier": "edge/gateway",
            "title": "Gateway",
            "team": ["team-cart", "team-b"],
            "properties": {"type": "service", "lifecycle": "production", "tags": ["go"], "sla": {"uptime": 99}},
            "relations": {"system": "storefront", "dependsOn": ["pricing", "resource:default/cart-db"]},
        },
        {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": {
                "namespace": "edge",
                "name": "gateway",
                "title": "Gateway",
                "tags": ["go"],
                "sla": {"uptime": 99},
                "owners": ["team-b"],
            },
            "spec": {
                "type": "service",
                "lifecycle": "production",
                "owner": "team-cart",
                "system": "system:default/storefront",
                "dependsOn": ["component:default/pricing", "resource:default/cart-db"],
            },
        },
    ),
    (
        "api",
        {"identifier": "a", "team": "t", "properties": {"type": "openapi", "lifecycle": "x", "definition": "d"}},
        {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "API",
            "metadata": {"namespace": "default", "name": "a"},
            "spec": {"type": "openapi", "lifecycle": "x", "definition": "d", "owner": "t"},
        },
    ),
    (
        "group",
        {"identifier": "g", "properties": {"type": "team"}, "relations": {"parent": "h"}},
        {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Group",
            "metadata": {"namespace": "default", "name": "g"},
            "spec": {"type": "team", "parent": "group:default/h", "children": []},
        },
    ),
    (
        "user",
        {"identifier": "mira", "properties": {"profile": {"email": "mira@example.com"}}},
        {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "User",
            "metadata": {"namespace": "default", "name": "mira"},
            "spec": {"profile": {"email": "mira@example.com"}, "memberOf": []},
        },
    ),
    (
        "location",
        {"identifier": "l", "properties": {"type": "url", "target": "https://example.com"}},
        {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Location",
            "metadata": {"namespace": "default", "name": "l"},
            "spec": {"type": "url", "target": "https://example.com"},
        },
    ),
    (
        "template",
        {"identifier": "t", "properties": {"type": "x", "steps": [{"action": "a"}]}, "team": "a"},
        {
            "apiVersion": "scaffolder.backstage.io/v1beta3",
            "kind": "Template",
            "metadata": {"namespace": "default", "name": "t"},
            "spec": {"type": "x", "steps": [{"action": "a"}], "owner": "a"},
        },
    ),
    *(
        (
            kind,
            {"identifier": "x", "team": "t", "properties": properties, "relations": {relation: "y"}},
            {
                "apiVersion": "backstage.io/v1alpha1",
                "kind": kind.capitalize(),
                "metadata": {"namespace": "default", "name": "x"},
                "spec": {**properties, "owner": "t", relation: target},
            },
        )
        for kind, properties, relation, target in (
            ("resource", {"type": "database"}, "system", "system:default/y"),
            ("system", {"type": "product"}, "domain", "domain:default/y"),
            ("domain", {"type": "area"}, "subdomainOf", "domain:default/y"),
        )
    ),
]


@pytest.mark.parametrize(
    ("kind", "body", "entity"), BUILT_IN_BODIES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_entity_of_a_built_in_blueprint_there_and_back(kind: str, body: Any, entity: Any) -> None:
    one = BUILT_IN[kind].blueprint
    values = written(one, body, None, "whole")
    assert isinstance(values, Values), values
    made = entity_of(one, values)
    assert made == entity
    assert values_of(one, made) == values
    found: list[Violation] = []
    check_envelope(made, found)
    assert check_kind(made, found)
    assert found == []


def test_the_relations_of_built_in_blueprints_are_those_of_their_kinds() -> None:
    for built_in in BUILT_IN.values():
        for name, relation in built_in.relations.items():
            entity: JsonObject = {
                "kind": built_in.kind,
                "metadata": {"name": "x"},
                "spec": {name: f"{relation.kind}:default/y"},
            }
            ref = ref_of(entity)
            assert ref is not None
            arrows = relations_of(entity, ref, [])
            assert (str(ref), relation.type, f"{relation.kind}:default/y") in [
                (a.source, a.type, a.target) for a in arrows
            ]
            assert relation.reverse in {arrow.type for arrow in arrows}


def test_a_file_of_git_as_port_reads_it() -> None:
    entity: JsonObject = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {
            "name": "shop",
            "namespace": "default",
            "uid": "u",
            "etag": "e",
            "description": "d",
            "annotations": {"icon": "Cart"},
        },
        "spec": {
            "type": "service",
            "owner": "group:default/team-a",
            "dependsOn": ["resource:db", "component:api", "broken:", 5],
        },
    }
    values = values_of(BUILT_IN["component"].blueprint, entity)
    assert (values.identifier, values.icon, values.team) == ("shop", "Cart", ("team-a",))
    assert values.properties["owner"] == "group:default/team-a"
    assert values.relations["dependsOn"] == ("resource:default/db", "api")
    assert "uid" not in values.properties


FIELDS = [
    ("service", "title", [("metadata", "title")]),
    ("service", "team", [("spec", "team")]),
    ("service", "properties.cost", [("spec", "properties", "cost")]),
    ("service", "relations.home", [("spec", "relations", "home")]),
    ("service", "relations.nope", []),
    ("service", "identifier", []),
    ("component", "icon", [("metadata", "icon")]),
    ("component", "team", [("spec", "owner"), ("metadata", "owners")]),
    ("component", "properties.lifecycle", [("spec", "lifecycle")]),
    ("component", "properties.tags", [("metadata", "tags")]),
    ("component", "properties.sla", [("metadata", "sla")]),
    ("component", "relations.system", [("spec", "system")]),
    ("user", "team", []),
]


@pytest.mark.parametrize(("kind", "name", "expected"), FIELDS)
def test_the_fields_that_parts_are(kind: str, name: str, expected: Any) -> None:
    one = BUILT_IN[kind].blueprint if kind in BUILT_IN else BLUEPRINT
    assert [*field_paths(one, name)] == expected


def test_given_parts_become_overlay_records() -> None:
    one = BUILT_IN["component"].blueprint
    values = Values("x", None, None, ("a",), {"lifecycle": "old", "sla": 1, "owner": "a"}, {"system": "s"})
    given = ["properties.lifecycle", "properties.sla", "relations.system", "team", "title"]
    assert overlay_of(one, values, given) == {
        ("spec", "lifecycle"): "old",
        ("metadata", "sla"): 1,
        ("spec", "system"): "system:default/s",
        ("spec", "owner"): "a",
        ("metadata", "owners"): None,
        ("metadata", "title"): None,
    }


PARTS = [
    pytest.param([], [], [*DOCUMENT], id="p033-everything"),
    pytest.param(["identifier", "title"], [], ["identifier", "title"], id="p033-include-twice"),
    pytest.param(["identifier,$title"], [], ["identifier", "title"], id="p033-include-a-list"),
    pytest.param(["title", "nope", "properties.nope"], [], ["title", "properties"], id="p033-include-nothing"),
    pytest.param(
        [],
        ["properties", "scorecards", "relations", "title", "icon", "$team", "blueprint"],
        ["identifier", "createdAt", "createdBy", "updatedAt", "updatedBy"],
        id="p033-exclude-often",
    ),
    pytest.param(["identifier", "title"], ["title"], ["identifier"], id="p033-both"),
]


@pytest.mark.parametrize(("include", "exclude", "keys"), PARTS)
def test_parts_of_a_document(include: list[str], exclude: list[str], keys: list[str]) -> None:
    assert [*Projection.of(include, exclude).apply(DOCUMENT)] == keys


def test_p033_parts_of_properties_and_relations() -> None:
    kept = Projection.of(["properties.language", "properties.yearly", "relations.needs"], ["properties.yearly"])
    assert kept.apply(DOCUMENT) == {"properties": {"language": "go"}, "relations": {"needs": ["a/b", "queue"]}}
    left = Projection.of([], ["properties.config", "relations.home"]).apply(DOCUMENT)
    assert left["properties"] == {"language": "go", "critical": False, "yearly": 12}
    assert left["relations"] == {"system": "Store", "needs": ["a/b", "queue"]}
    whole = Projection.of(["properties", "properties.language"], []).apply(DOCUMENT)
    assert whole == {"properties": DOCUMENT["properties"]}


def test_p035_relations_with_titles_for_one_and_many() -> None:
    found = with_titles(DOCUMENT, lambda relation, identifier: Peer(identifier, f"{relation} {identifier}"))
    assert found["relations"] == {
        "system": {"identifier": "Store", "title": "system Store"},
        "needs": [{"identifier": "a/b", "title": "needs a/b"}, {"identifier": "queue", "title": "needs queue"}],
        "home": None,
    }
    assert with_titles({"title": "x"}, lambda *_: Peer("", "")) == {"title": "x"}
