"""Schemas of kinds say what files are judged by."""

import re

import jsonschema_rs
import pytest

from tests.support.shop import Backstage


def test_every_kind_has_a_schema_that_takes_what_the_catalog_took(shop: Backstage) -> None:
    """Form from JSON Schema: the schemas are real ones, and no entity of the catalog breaks them."""
    owner = shop.daemon.owner
    items = owner.get("/api/own/schemas").json()["items"]
    schemas = {one["kind"]: owner.get(f"/api/own/schemas/{one['kind'].upper()}").json() for one in items}
    assert {"Component", "API", "Group", "Location"} <= schemas.keys()
    for entity in owner.get("/api/own/entities", params={"limit": 500}).json()["items"]:
        document = {key: value for key, value in entity.items() if key not in ("relations", "status")}
        validator = jsonschema_rs.Draft202012Validator(schemas[entity["kind"]])
        assert [str(error) for error in validator.iter_errors(document)] == []


@pytest.mark.parametrize(
    ("spec", "metadata"),
    [
        ({"type": "service", "lifecycle": "production"}, {}),
        ({"type": "service", "lifecycle": "production", "owner": 7}, {}),
        ({"type": "service", "lifecycle": "production", "owner": "a"}, {"tags": ["Not A Tag"]}),
    ],
    ids=["owner missing", "owner no text", "no tag"],
)
def test_a_schema_refuses_what_the_catalog_refuses(shop: Backstage, spec: object, metadata: dict[str, object]) -> None:
    schema = shop.daemon.owner.get("/api/own/schemas/component").json()
    document = {"apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": {"name": "x"} | metadata}
    assert not jsonschema_rs.is_valid(schema, document | {"spec": spec})


def test_refs_are_told_with_the_kind_they_mean(shop: Backstage) -> None:
    schema = shop.daemon.owner.get("/api/own/schemas/component").json()
    spec = schema["properties"]["spec"]["properties"]
    assert spec["owner"]["x-ref"] == "Group"
    assert spec["dependsOn"]["items"]["x-ref"] == ""
    tag = schema["properties"]["metadata"]["properties"]["tags"]["items"]
    assert re.fullmatch(tag["pattern"], "java")
    assert "lower-case" in tag["description"]


def test_an_unknown_kind_is_told_where_the_kinds_are(shop: Backstage) -> None:
    answer = shop.daemon.owner.get("/api/own/schemas/nothing")
    assert answer.status_code == 404
    assert "/api/own/schemas" in answer.text
