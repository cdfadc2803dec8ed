"""Single and batch reads: C219-C229 (spec 3.9, 3.10, 5.13)."""

from typing import Any

import pytest

from tests.support.daemon import wait_until
from tests.support.shop import Backstage, Forge, component

CHECKOUT = "component:default/checkout"


def by_refs(client: Backstage, *refs: str, filters: list[str] | None = None, **body: Any) -> list[Any]:
    """The items of a batch."""
    parameters = [("filter", text) for text in filters or []]
    answer = client.request("POST", "/entities/by-refs", parameters, json={"entityRefs": list(refs), **body})
    assert answer.status_code == 200, answer.text
    assert list(answer.json()) == ["items"]
    items: list[Any] = answer.json()["items"]
    return items


@pytest.mark.parametrize("path", ["Component/EDGE/gateway", "component/edge/Gateway", "component/edge/gatewa%79/"])
def test_c219_by_name_whatever_the_case(shop: Backstage, path: str) -> None:
    answer = shop.get(f"/entities/by-name/{path}")
    assert (answer.status_code, answer.json()["metadata"]["name"]) == (200, "Gateway")


@pytest.mark.parametrize("name", ["nope", "check%2Fout", "checkout%20", "%E2%82%AC"])
def test_c220_an_unknown_name_is_404(shop: Backstage, name: str) -> None:
    answer = shop.get(f"/entities/by-name/component/default/{name}")
    error = answer.json()
    assert (answer.status_code, error["error"]["name"]) == (404, "NotFoundError")
    assert "No such entity" in error["error"]["message"]
    assert "not found" in error["error"]["message"]
    assert error["request"] == {"method": "GET", "url": f"/entities/by-name/component/default/{name}"}
    assert error["response"] == {"statusCode": 404}


def test_c221_by_uid(shop: Backstage) -> None:
    entity = shop.entity(CHECKOUT)
    uid = entity["metadata"]["uid"]
    assert shop.json(f"/entities/by-uid/{uid}") == entity
    assert shop.json(f"/entities/by-uid/{uid.upper()}") == entity
    answer = shop.get("/entities/by-uid/00000000-0000-0000-0000-000000000000")
    assert (answer.status_code, answer.json()["error"]["name"]) == (404, "NotFoundError")


def test_c222_deleting_an_unknown_uid_is_204(shop: Backstage) -> None:
    answer = shop.request("DELETE", "/entities/by-uid/00000000-0000-0000-0000-000000000000")
    assert (answer.status_code, answer.content) == (204, b"")


def test_c223_a_deleted_entity_comes_back_from_its_source(workshop: Backstage, forge: Forge) -> None:
    workshop.daemon.register(forge.file("lasting", component("lasting")))
    uid = workshop.entity("component:default/lasting")["metadata"]["uid"]
    assert workshop.request("DELETE", f"/entities/by-uid/{uid}").status_code == 204
    path = "/entities/by-name/component/default/lasting"
    wait_until(lambda: workshop.get(path).status_code == 200, "the entity is there again")
    assert workshop.json(path)["metadata"]["uid"] == uid


def test_c224_a_batch_keeps_order_and_length(shop: Backstage) -> None:
    assert by_refs(shop, CHECKOUT, "component:default/nope") == [shop.entity(CHECKOUT), None]


def test_c225_repeats_repeat_and_nothing_is_nothing(shop: Backstage) -> None:
    checkout = shop.entity(CHECKOUT)
    assert by_refs(shop, CHECKOUT, "api:default/nope", CHECKOUT) == [checkout, None, checkout]
    assert by_refs(shop) == []


def test_c226_refs_are_completed_but_for_the_kind(shop: Backstage) -> None:
    checkout = shop.entity(CHECKOUT)
    asked = ["Component:default/Checkout", "component:checkout", "checkout", "default/checkout", "", ":", "k:n/"]
    assert by_refs(shop, *asked) == [checkout, checkout, None, None, None, None, None]


def test_c227_what_the_filter_leaves_out_is_null(shop: Backstage) -> None:
    items = by_refs(shop, CHECKOUT, "api:default/checkout-api", filters=["kind=api", "kind=group"])
    assert [item and item["kind"] for item in items] == [None, "API"]


def test_c227_query_and_filter_are_joined(shop: Backstage) -> None:
    refs = [CHECKOUT, "component:default/pricing", "api:default/checkout-api"]
    query = {"spec.type": {"$in": ["service", "openapi"]}}
    items = by_refs(shop, *refs, filters=["kind=component"], query=query)
    assert [item and item["metadata"]["name"] for item in items] == ["checkout", None, None]


def test_c228_fields_in_the_body(shop: Backstage) -> None:
    items = by_refs(shop, CHECKOUT, "api:default/nope", fields=["kind", "metadata.name"])
    assert items == [{"kind": "Component", "metadata": {"name": "checkout"}}, None]


@pytest.mark.parametrize(
    ("parameters", "body"),
    [
        pytest.param([("fields", "kind")], {"entityRefs": []}, id="c228-fields-in-the-url"),
        pytest.param([("filter", "")], {"entityRefs": []}, id="c227-an-empty-filter"),
        pytest.param([], {}, id="c228-no-entity-refs"),
        pytest.param([], {"entityRefs": "component:default/x"}, id="c228-a-text"),
        pytest.param([], {"entityRefs": [1]}, id="c228-a-number"),
        pytest.param([], {"entityRefs": None}, id="c228-null"),
        pytest.param([], {"entityRefs": [], "fields": "kind"}, id="c228-fields-as-text"),
        pytest.param([], {"entityRefs": [], "fields": ["a[0]"]}, id="c154-brackets"),
        pytest.param([], {"entityRefs": [], "query": {"kind": None}}, id="c208-a-wrong-query"),
        pytest.param([], [], id="c228-a-list"),
    ],
)
def test_wrong_batches_are_400(shop: Backstage, parameters: list[tuple[str, str]], body: Any) -> None:
    answer = shop.request("POST", "/entities/by-refs", parameters, json=body)
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")


def test_c228_other_properties_are_ignored(shop: Backstage) -> None:
    assert by_refs(shop, CHECKOUT, nope=1) == [shop.entity(CHECKOUT)]


def test_c229_a_body_up_to_a_mebibyte_is_taken(shop: Backstage) -> None:
    refs = ["component:default/" + "x" * 63] * 11_000
    assert by_refs(shop, *refs) == [None] * 11_000


def test_c229_a_larger_body_is_400(shop: Backstage) -> None:
    refs = ["component:default/" + "x" * 63] * 13_000
    answer = shop.request("POST", "/entities/by-refs", json={"entityRefs": refs})
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")
