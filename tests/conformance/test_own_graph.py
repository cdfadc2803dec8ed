"""The graph endpoint on a real catalog."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.support.shop import SHOP_YAML, Backstage, Forge, component


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
            "type": "service",
            "owner": "group:default/team-cart",
            "problems": 0,
            "depth": 0,
            "missing": False,
            "hidden": 1,
        },
        {
            "ref": "component:default/pricing",
            "kind": "Component",
            "title": None,
            "type": "library",
            "owner": "user:default/mira",
            "problems": 0,
            "depth": 1,
            "missing": False,
            "hidden": 0,
        },
        {
            "ref": "resource:default/cart-db",
            "kind": "Resource",
            "title": None,
            "type": "database",
            "owner": "group:default/team-cart",
            "problems": 0,
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


def test_nodes_tell_how_many_problems_their_own_answers_hold(workshop: Backstage, forge: Forge) -> None:
    daemon = workshop.daemon
    daemon.register(forge.file("shop", SHOP_YAML))
    for name in ("one", "two"):
        daemon.register(forge.file(name, component("kept", spec={"system": "storefront"})))
    for name in ("one", "two"):  # it conflicts with itself, and stays though its files are broken
        forge.file(name, "{")
    daemon.sync()
    root = "system:default/storefront"

    def told(client: httpx.Client) -> dict[str, int]:
        found = client.get(f"/api/own/entities/{quote(root, safe='')}/graph", params={"direction": "both"}).json()
        return {node["ref"]: node["problems"] for node in found["nodes"] if not node["missing"]}

    def held(client: httpx.Client, refs: Iterable[str]) -> dict[str, int]:
        answers = {ref: client.get(f"/api/own/entities/{quote(ref, safe='')}").json() for ref in refs}
        return {ref: len(answer["problems"]) for ref, answer in answers.items()}

    everything = told(daemon.owner)
    assert everything == held(daemon.owner, everything)
    assert (everything["component:default/kept"], everything["component:default/checkout"]) == (3, 0)

    body = {"name": "conditional", "scopes": ["read"], "read": "owner:team-cart"}
    with daemon.stranger(daemon.owner.post("/api/own/tokens", json=body).json()["token"]) as client:
        some = told(client)
        assert some == held(client, some)
        assert some["component:default/kept"] == 2  # that of the file as a whole is nobody's
