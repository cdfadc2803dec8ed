"""Facets beside a list, and completion of a query line, on a real catalog."""

from typing import Any

import pytest

from tests.support.shop import Backstage

TEAM = "team-cart 5, division 1, user:mira 1"


def own(shop: Backstage, path: str, *parameters: tuple[str, str]) -> Any:
    """The answer, which succeeds."""
    answer = shop.daemon.owner.get(f"/api/own{path}", params=list(parameters))
    assert answer.status_code == 200, answer.text
    return answer.json()


def counted(values: Any) -> str:
    """Values with their counts in one line."""
    return ", ".join(f"{one['value']} {one['count']}" for one in values)


@pytest.mark.parametrize(
    ("line", "facet", "values"),
    [
        ("kind:component", "type", "service 2, library 1"),
        ("kind:component type:library", "type", "service 2, library 1"),
        ("kind:component type:library", "kind", "Component 1"),
        ("kind:component -type:library", "spec.type", "service 2, library 1"),
        ("kind:component (type:library or type:x)", "type", "service 2, library 1"),
        ("kind:component (type:library or tag:go)", "type", "library 1, service 1"),
        ("owner:team-cart type:database", "owner", "team-cart 1"),
        ("owner:team-cart", "owner", TEAM),
        ("owner:division~", "owner", TEAM),
        ("owner:team-cart or kind:group", "kind", "Group 2, API 1, Component 2, Resource 1, System 1"),
        ("kind:component money", "tag", "grpc 1, python 1"),
        ("kind:nope", "type", ""),
    ],
)
def test_a_facet_obeys_all_conditions_but_those_on_itself(shop: Backstage, line: str, facet: str, values: str) -> None:
    found = own(shop, "/facets", ("q", line), ("facet", facet))["facets"][facet]
    assert sorted(counted(found).split(", ")) == sorted(values.split(", "))
    assert found == sorted(found, key=lambda one: (-one["count"], one["value"]))


def test_many_facets_of_one_line(shop: Backstage) -> None:
    asked = [("q", "kind:component type:service"), *(("facet", name) for name in ("kind", "type", "tag", "lifecycle"))]
    found = own(shop, "/facets", *asked, ("limit", "2"))
    assert {name: counted(values) for name, values in found["facets"].items()} == {
        "kind": "Component 2",
        "type": "service 2, library 1",
        "tag": "go 1, grpc 1",
        "lifecycle": "Production 1, production 1",
    }
    assert found["more"] == {"kind": 0, "type": 0, "tag": 1, "lifecycle": 0}


@pytest.mark.parametrize("facet", ["ownr", "sort"])
def test_a_facet_that_is_none_is_refused(shop: Backstage, facet: str) -> None:
    answer = shop.daemon.owner.get("/api/own/facets", params={"facet": facet})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("facet: unknown field")


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("li|", "lifecycle:"),
        ("-affe|", "affectedby:"),
        ("kind:|", "Component Group API Domain Location Resource System User"),
        ("kind:c|ompx", "Component"),
        ("kind:component tag:|", "python go grpc rust"),
        ("kind:component name:checkout tag:|", "grpc python"),
        ("tag:p| type:library", "python"),
        ("tag:go,p|", "python"),
        ("owner:t|", "team-cart"),
        ("name:che|", "checkout checkout-api"),
        ("owner:|", "team-cart division user:mira"),
        ("owner:group:|", "group:default/team-cart"),
        ("ref:che|", "component:default/checkout api:default/checkout-api"),
        ("ref:api:ch|", "api:default/checkout-api"),
        ("affectedby:resource:default/c|", "resource:default/cart-db"),
        ("label.|", "label.tier:"),
        ("spec.sla.u|", "spec.sla.uptime:"),
        ("sort:-na|", "name namespace"),
        ("has:own|", "owner"),
        ("checkout-|", "checkout-api"),
        ("description:T|", ""),
        ("nope:x|", ""),
    ],
)
def test_the_word_under_the_cursor_is_completed(shop: Backstage, line: str, texts: str) -> None:
    at = line.index("|")
    found = own(shop, "/complete", ("q", line.replace("|", "")), ("at", str(at)))
    assert [item["text"] for item in found["items"]] == texts.split()


def test_completion_tells_counts_and_what_is_replaced(shop: Backstage) -> None:
    found = own(shop, "/complete", ("q", "kind:comx owner:team-cart"), ("at", "8"))
    assert found == {"start": 5, "end": 9, "items": [{"text": "Component", "about": "", "count": 2}]}
    assert own(shop, "/complete", ("q", "kind:"), ("limit", "1"))["items"] == [
        {"text": "Component", "about": "", "count": 3}
    ]
    assert shop.daemon.owner.get("/api/own/complete", params={"q": "x", "at": "2"}).status_code == 400
