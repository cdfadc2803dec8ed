"""POST forms with predicates: by-query C190, C193-C210, facets C217 and C218, by-refs (spec 3.7, 3.8, 5.11)."""

import base64
import json
from typing import Any

import pytest

from tests.support.shop import Backstage, names

BY_NAME = {"orderBy": [{"field": "metadata.name", "order": "asc"}]}
OWNED = {"type": "OWNEDBY", "targetRef": "Group:default/Team-Cart"}
PARTS = {"type": "partOf", "targetRef": {"$in": ["system:default/storefront", "domain:default/commerce"]}}


def post(client: Backstage, body: Any) -> Any:
    """The page that a body asks for."""
    answer = client.request("POST", "/entities/by-query", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


MEANT = [
    pytest.param({"kind": "component", "spec.type": "service"}, 2, id="c195-two-fields"),
    pytest.param({"$not": {"kind": "component"}}, 8, id="c196-not"),
    pytest.param({}, 11, id="c197-everything"),
    pytest.param({"$all": []}, 11, id="c197-all-of-nothing"),
    pytest.param({"$any": []}, 0, id="c197-any-of-nothing"),
    pytest.param({"kind": {"$in": ["API", "user"]}}, 2, id="c198-in"),
    pytest.param({"kind": {"$in": []}}, 0, id="c198-in-nothing"),
    pytest.param({"metadata.title": {"$exists": False}}, 10, id="c199-not-there"),
    pytest.param({"metadata.title": {"$exists": True}}, 1, id="c199-there"),
    pytest.param({"metadata.name": {"$hasPrefix": "CHECK"}}, 2, id="c200-prefix"),
    pytest.param({"metadata.name": {"$hasPrefix": "%"}}, 0, id="c200-no-wildcard"),
    pytest.param({"spec.sla.uptime": 99.95}, 1, id="c201-number"),
    pytest.param({"spec.sla.critical": True}, 1, id="c201-boolean"),
    pytest.param({"metadata.tags": {"$contains": "go"}}, 1, id="c202-in-a-list"),
    pytest.param({"kind": {"$contains": "component"}}, 3, id="c202-in-a-scalar"),
    pytest.param({"relations": {"$contains": OWNED}}, 5, id="c203-relation"),
    pytest.param({"relations": {"$contains": {"type": "ownedBy"}}}, 7, id="c203-any-target"),
    pytest.param({"relations": {"$contains": PARTS}}, 3, id="c204-one-of-two-targets"),
    pytest.param({"$not": {"spec.lifecycle": "production"}}, 8, id="c207-lacking-counts-as-not"),
    pytest.param({"kind": {"$exists": True, "$in": ["x"]}}, 0, id="c210-both-must-hold"),
    pytest.param({"kind": {"$exists": True, "$in": ["api"]}}, 1, id="c210-both-hold"),
    pytest.param({"$any": [{"kind": "api"}, {"$all": [{"kind": "user"}, {"metadata.name": "mira"}]}]}, 2, id="c196-or"),
]


@pytest.mark.parametrize(("query", "count"), MEANT)
def test_predicate(shop: Backstage, query: Any, count: int) -> None:
    page = post(shop, {"query": query})
    assert (len(page["items"]), page["totalItems"]) == (count, count)
    stepwise = post(shop, {"query": query, "limit": 1, **BY_NAME})
    found = names(stepwise["items"])
    while cursor := stepwise["pageInfo"].get("nextCursor"):
        stepwise = post(shop, {"cursor": cursor, "limit": 1})
        found += names(stepwise["items"])
    assert sorted(found) == sorted(names(page["items"]))


def test_c193_without_a_body_everything(shop: Backstage) -> None:
    for headers in ({}, {"content-type": "application/json"}):
        answer = shop.request("POST", "/entities/by-query", headers=headers)
        assert (answer.status_code, answer.json()["totalItems"]) == (200, 11)


@pytest.mark.parametrize(("first", "second"), [("GET", "POST"), ("POST", "GET"), ("POST", "POST")])
def test_c190_cursors_serve_both_verbs(shop: Backstage, first: str, second: str) -> None:
    def page(verb: str, body: dict[str, Any], *parameters: tuple[str, str]) -> Any:
        return post(shop, {**body, "limit": 2}) if verb == "POST" else shop.page(*parameters, ("limit", "2"))

    def follow(verb: str, cursor: str) -> Any:
        return page(verb, {"cursor": cursor}, ("cursor", cursor))

    body = {"query": {"kind": "component"}, **BY_NAME, "fullTextFilter": {"term": "C", "fields": ["metadata.name"]}}
    parameters = [("filter", "kind=component"), ("orderField", "metadata.name,asc")]
    text = [("fullTextFilterTerm", "C"), ("fullTextFilterFields", "metadata.name")]
    one = page(first, {**body, "fullTextFilter": {"term": ""}}, *parameters)
    two = follow(second, one["pageInfo"]["nextCursor"])
    back = follow(first, two["pageInfo"]["prevCursor"])
    assert [names(part["items"]) for part in (one, two, back)] == [
        ["checkout", "Gateway"],
        ["pricing"],
        ["checkout", "Gateway"],
    ]
    assert (one["totalItems"], two["totalItems"]) == (3, 3)
    assert names(page(first, body, *parameters, *text)["items"]) == ["checkout", "pricing"]


def test_c190_a_cursor_of_a_predicate_shows_its_query(shop: Backstage) -> None:
    page = post(shop, {"query": {"$not": {"kind": "api"}}, "limit": 1})
    content = json.loads(base64.b64decode(page["pageInfo"]["nextCursor"]))
    assert content["query"] == {"$not": {"kind": "api"}}


def test_c175_beside_a_cursor_a_body_says_only_limit_and_fields(shop: Backstage) -> None:
    first = post(shop, {**BY_NAME, "limit": 3})
    others = {"query": {"kind": "api"}, "offset": 3, "totalItems": "exclude"}
    page = post(shop, {"cursor": first["pageInfo"]["nextCursor"], "limit": 1, "fields": ["kind"], **others})
    assert (page["items"], page["totalItems"]) == ([{"kind": "Domain"}], 11)


BODIES = [
    pytest.param({"limit": 0}, [], 11, id="c169-limit-of-nought"),
    pytest.param({**BY_NAME, "offset": 10}, ["team-cart"], 11, id="c189-offset"),
    pytest.param({**BY_NAME, "limit": 1, "totalItems": "exclude"}, ["cart-db"], 0, id="c188-totals-left-out"),
    pytest.param({"orderBy": [{"field": "METADATA.title", "order": "desc"}]}, ["checkout"], 1, id="c177-the-field"),
    pytest.param(
        {"fullTextFilter": {"term": "money", "fields": ["metadata.description"]}}, ["checkout"], 1, id="c186-text"
    ),
    pytest.param({"fullTextFilter": {"term": "money", "fields": []}}, [], 0, id="c186-text-in-no-field"),
    pytest.param({**BY_NAME, "fullTextFilter": {"term": "mira"}}, ["mira"], 1, id="c184-text-in-the-sort-field"),
    pytest.param({"query": {"kind": "api"}, "nope": [1]}, ["checkout-api"], 1, id="c192-unknown-property"),
]


@pytest.mark.parametrize(("body", "found", "total"), BODIES)
def test_body(shop: Backstage, body: Any, found: list[str], total: int) -> None:
    page = post(shop, body)
    assert (names(page["items"]), page["totalItems"]) == (found, total)


def relation(wanted: Any) -> dict[str, Any]:
    """A body that asks for a relation."""
    return {"query": {"relations": {"$contains": wanted}}}


REFUSED = [
    pytest.param({"limit": -1}, id="c170-limit-negative"),
    pytest.param({"limit": 1.5}, id="c170-limit-fraction"),
    pytest.param({"limit": "1"}, id="c170-limit-text"),
    pytest.param({"limit": 2**40}, id="c170-limit-beyond-counting"),
    pytest.param({"offset": -1}, id="c170-offset-negative"),
    pytest.param({"cursor": ""}, id="c191-empty-cursor"),
    pytest.param({"cursor": "garbage"}, id="c191-garbage"),
    pytest.param({"cursor": None}, id="c191-null"),
    pytest.param({"orderBy": {"field": "kind", "order": "asc"}}, id="c194-an-object"),
    pytest.param({"orderBy": [{"field": "kind"}]}, id="c194-no-order"),
    pytest.param({"orderBy": [{"field": "kind", "order": "up"}]}, id="c194-another-order"),
    pytest.param({"orderBy": [{"field": "", "order": "asc"}]}, id="c194-no-field"),
    pytest.param({"orderBy": ["kind"]}, id="c194-a-text"),
    pytest.param({"fields": "kind"}, id="c192-fields-as-text"),
    pytest.param({"fields": ["a[0]"]}, id="c154-brackets"),
    pytest.param({"totalItems": "foo"}, id="c188-total-items-foo"),
    pytest.param({"fullTextFilter": {"term": 1}}, id="c192-a-number-as-term"),
    pytest.param([], id="c192-a-list"),
    pytest.param(relation({"targetRef": "a:b/c"}), id="c205-no-type"),
    pytest.param(relation({"type": 1}), id="c205-a-number-as-type"),
    pytest.param(relation({"type": "ownedBy", "kind": "x"}), id="c205-an-extra-key"),
    pytest.param(relation({"type": "ownedBy", "Type": "x"}), id="c205-a-key-twice"),
    pytest.param(relation({"type": "ownedBy", "targetRef": {"$in": []}}), id="c205-in-nothing"),
    pytest.param(relation({"type": "ownedBy", "targetRef": 1}), id="c205-a-number-as-target"),
    pytest.param({"query": {"metadata.links": {"$contains": {"type": "runbook"}}}}, id="c206-not-relations"),
    pytest.param({"query": {"$all": [], "kind": "x"}}, id="c208-a-key-beside-logic"),
    pytest.param({"query": {"$foo": 1}}, id="c208-unknown-logic"),
    pytest.param({"query": {"kind": {"$regex": "x"}}}, id="c208-unknown-operator"),
    pytest.param({"query": {"kind": None}}, id="c208-null"),
    pytest.param({"query": {"kind": []}}, id="c208-a-list"),
    pytest.param({"query": {"kind": {}}}, id="c208-an-empty-object"),
    pytest.param({"query": {"kind": {"$exists": "yes"}}}, id="c208-exists-as-text"),
    pytest.param({"query": {"$not": [{}]}}, id="c208-not-of-a-list"),
    pytest.param({"query": "x"}, id="c209-a-text"),
    pytest.param({"query": []}, id="c209-a-list"),
    pytest.param({"query": None}, id="c209-null"),
    pytest.param({"query": {"$any": ["x"]}}, id="c209-a-text-within"),
]


@pytest.mark.parametrize("body", REFUSED)
def test_wrong_bodies_are_400(shop: Backstage, body: Any) -> None:
    answer = shop.request("POST", "/entities/by-query", json=body)
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError"), answer.text


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"query": {"kind": "\ud800"}}, id="c191-half-a-character"),
        pytest.param({"orderFields": [], "orderFieldValues": ["\udfff"]}, id="c191-half-a-place"),
        pytest.param({"totalItems": -1}, id="c191-a-negative-total"),
        pytest.param({"fullTextFilter": {"term": "\ud800"}}, id="c191-half-a-term"),
        pytest.param({"filter": {"key": "kind", "values": [1]}}, id="c191-a-number-in-the-tree"),
    ],
)
def test_c191_forged_cursors_are_400(shop: Backstage, content: Any) -> None:
    cursor = base64.b64encode(json.dumps(content).encode()).decode()
    for answer in (
        shop.get("/entities/by-query", ("cursor", cursor)),
        shop.request("POST", "/entities/by-query", json={"cursor": cursor}),
    ):
        assert answer.status_code == 400, answer.text
        assert "Malformed cursor" in answer.json()["error"]["message"]


# Facets


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        pytest.param({"kind": "component"}, ["kind=component"], id="c218-kind"),
        pytest.param({}, [], id="c218-everything"),
        pytest.param({"$any": [{"kind": "api"}, {"kind": "user"}]}, ["kind=api", "kind=user"], id="c218-or"),
        pytest.param({"kind": "nope"}, ["kind=nope"], id="c218-nothing"),
    ],
)
def test_facets_by_predicate(shop: Backstage, query: Any, filters: list[str]) -> None:
    parameters = [("facet", "KIND"), ("facet", "metadata.tags"), *(("filter", text) for text in filters)]
    body = {"facets": ["KIND", "metadata.tags", " "], "query": query}
    answer = shop.request("POST", "/entity-facets", json=body)
    assert (answer.status_code, answer.json()) == (200, shop.json("/entity-facets", *parameters))
    again = shop.request("POST", "/entity-facets", json=body, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 200, "304 answers GET and HEAD only"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="c217-missing"),
        pytest.param({"facets": []}, id="c217-empty-list"),
        pytest.param({"facets": [""]}, id="c217-blank"),
        pytest.param({"facets": "kind"}, id="c217-a-text"),
        pytest.param({"facets": ["kind"], "query": {"kind": None}}, id="c208-a-wrong-query"),
    ],
)
def test_wrong_facets_are_400(shop: Backstage, body: Any) -> None:
    answer = shop.request("POST", "/entity-facets", json=body)
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")
