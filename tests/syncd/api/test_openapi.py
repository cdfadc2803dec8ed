"""The description of the API is valid, whole, and made from the route table."""

import json
from typing import Any

import pytest
import schemathesis

from syncd.api.app import ROUTES
from syncd.api.openapi import rendered
from syncd.api.router import Route

WHOLE = json.loads(rendered(ROUTES))


def operation(route: Route) -> Any:
    """What the description says of a route."""
    return WHOLE["paths"][route.path][route.method.lower()]


@pytest.mark.parametrize("mount", ["", "/api/catalog", "/v1", "/api/own"])
def test_c255_it_is_valid_and_says_nothing_beside_the_table(mount: str) -> None:
    part = json.loads(rendered(ROUTES, mount))
    schemathesis.openapi.from_dict(part).validate()
    described = {(method.upper(), mount + path) for path, verbs in part["paths"].items() for method in verbs}
    assert described == {(route.method, route.path) for route in ROUTES if route.path.startswith(mount + "/")}
    assert part["servers"] == [{"url": mount or "/"}]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_c255_each_route_is_described(route: Route) -> None:
    said = operation(route)
    assert said["summary"]
    named = [parameter["name"] for parameter in said["parameters"] if parameter["in"] == "query"]
    assert named == [parameter.name for parameter in route.query]
    assert ("requestBody" in said) == (route.body is not None)
    assert str(route.status) in said["responses"]
    assert (said["security"] == []) == (route.scope in ("public", "proven"))
    assert ("content" in said["responses"][str(route.status)]) == (route.answer is not None)


def test_every_operation_has_an_id_of_its_own() -> None:
    ids = [operation(route)["operationId"] for route in ROUTES]
    assert len(set(ids)) == len(ids)


def test_what_is_promised_by_number_is_said_without_it() -> None:
    assert "C19" not in json.dumps(WHOLE)
