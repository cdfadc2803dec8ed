"""The graph endpoint on a real catalog."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.support.shop import Backstage


def graph(shop: Backstage, ref: str, **parameters: str) -> Any:
    """The answer, which succeeds."""
    answer = shop.daemon.owner.get(f"/api/own/entities/{quote(ref, safe='')}/graph", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refs(found: Any) -> dict[str, int]:
    """Names with their depths."""
    return {node["ref"].partition("/")[2]: node["depth"] for node in found["nodes"]}


@pytest.mark.parametrize(
    ("ref", "parameters", "names"),
    [
        ("component:default/pricing", {"depth": "1"}, {"pricing": 0, "mira": 1, "checkout": 1}),
        (
            "Resource:default/CART-DB",
            {"direction": "in"},
            {"cart-db": 0, "checkout": 1, "pricing": 2},
        ),
        (
            "resource:default/cart-db",
            {"direction": "impact"},
            {"cart-db": 0, "checkout": 1, "pricing": 2, "checkout-api": 2},
        ),
        (
            "group:default/team-cart",
            {"types": "childof,hasMember", "direction": "both"},
            {"team-cart": 0, "division": 1, "mira": 1},
        ),
        ("system:default/storefront", {"types": "partOf", "depth": "32"}, {"storefront": 0, "commerce": 1}),
    ],
)
def test_a_graph_holds_what_is_within_reach(shop: Backstage, ref: str, parameters: Any, names: Any) -> None:
    assert refs(graph(shop, ref, **parameters)) == names


def test_nodes_and_edges_tell_what_they_are(shop: Backstage) -> None:
    found = graph(shop, "component:default/checkout", depth="1", types="dependsOn,partOf", limit="3")
    assert found["nodes"] == [
        {
            "ref": "component:default/checkout",
            "kind": "Component",
            "title": "Checkout Service",
            "depth": 0,
            "missing": False,
            "hidden": 1,
        },
        {
            "ref": "component:default/pricing",
            "kind": "Component",
            "title": None,
            "depth": 1,
            "missing": False,
            "hidden": 0,
        },
        {
            "ref": "resource:default/cart-db",
            "kind": "Resource",
            "title": None,
            "depth": 1,
            "missing": False,
            "hidden": 0,
        },
    ]
    assert found["edges"][0] == {
        "source": "component:default/checkout",
        "type": "dependsOn",
        "reverse": "dependencyOf",
        "target": "component:default/pricing",
    }
    assert found["left_off"] == {"nodes": 1, "edges": 1}
    assert (found["root"], found["direction"], found["depth"]) == ("component:default/checkout", "out", 1)


@pytest.mark.parametrize(
    ("ref", "parameters", "status", "hint"),
    [
        ("component:default/nope", {}, 404, ""),
        ("checkout", {}, 400, ""),
        ("component:default/checkout", {"depth": "0"}, 400, ""),
        ("component:default/checkout", {"depth": "33"}, 400, ""),
        ("component:default/checkout", {"direction": "up"}, 400, ""),
        ("component:default/checkout", {"types": "dependOn"}, 400, "did you mean dependsOn?"),
    ],
)
def test_what_cannot_be_drawn_is_refused(shop: Backstage, ref: str, parameters: Any, status: int, hint: str) -> None:
    answer = shop.daemon.owner.get(f"/api/own/entities/{quote(ref, safe='')}/graph", params=parameters)
    assert answer.status_code == status
    assert answer.json()["hint"] == hint or not hint
