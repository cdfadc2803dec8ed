"""Tokens that may read some entities only: C258, C259, R56 (spec 3.2)."""

import base64
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from query.ast import Nothing
from syncd.api.app import ROUTES
from syncd.api.conditions import condition_node
from syncd.api.harness.activity import ACCOUNT
from syncd.api.readability import READABLE
from syncd.api.router import Route
from syncd.store.state import State
from syncd.store.state_file import SCRIPTS
from syncd.store.tokens import StoredTokens
from tests.support.activity import integration, sent
from tests.support.daemon import Daemon
from tests.support.shop import Backstage, Forge, component, names

TEAM_CART = {"rule": "IS_ENTITY_OWNER", "params": {"claims": ["Group:default/Team-Cart"]}}
OWNED = ["Gateway", "cart-db", "checkout", "checkout-api", "storefront"]
PERMISSIONS = "/api/catalog/.well-known/backstage/permissions"


def token(daemon: Daemon, read: Any, *scopes: str) -> str:
    body = {"name": "conditional", "scopes": list(scopes or ("read",)), "read": read}
    answer = daemon.owner.post("/api/own/tokens", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


@pytest.fixture
def nobody(shop: Backstage) -> Iterator[httpx.Client]:
    """A client that may read no entity."""
    with shop.daemon.stranger(token(shop.daemon, False, "read", "entities:write")) as client:
        yield client


@pytest.fixture
def cart(shop: Backstage) -> Iterator[httpx.Client]:
    """A client that may read what team-cart owns."""
    with shop.daemon.stranger(token(shop.daemon, TEAM_CART)) as client:
        yield client


# C258: no entity at all ----------------------------------------------------------------------------------------------

DENIED = [
    pytest.param("GET", "/entities", None, 200, [], id="c258-lists-are-empty"),
    pytest.param(
        "GET", "/entities/by-query", None, 200, {"items": [], "totalItems": 0, "pageInfo": {}}, id="c258-by-query"
    ),
    pytest.param(
        "POST", "/entities/by-query", {}, 200, {"items": [], "totalItems": 0, "pageInfo": {}}, id="c258-by-predicate"
    ),
    pytest.param("GET", "/entities/by-name/component/default/checkout", None, 404, None, id="c258-by-name"),
    pytest.param(
        "POST",
        "/entities/by-refs",
        {"entityRefs": ["component:default/checkout", "user:default/mira"]},
        200,
        {"items": [None, None]},
        id="c258-by-refs",
    ),
    pytest.param(
        "GET",
        "/entity-facets?facet=kind&facet=spec.type",
        None,
        200,
        {"facets": {"kind": [], "spec.type": []}},
        id="c258-facets",
    ),
    pytest.param("GET", "/entities/by-name/component/default/checkout/ancestry", None, 403, None, id="c258-ancestry"),
    pytest.param(
        "GET", "/entities/by-name/component/default/nope/ancestry", None, 404, None, id="c258-ancestry-of-nothing"
    ),
    pytest.param("POST", "/refresh", {"entityRef": "component:default/checkout"}, 404, None, id="c258-refresh"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "content"), DENIED)
def test_read_denied(nobody: httpx.Client, method: str, path: str, body: Any, status: int, content: Any) -> None:
    answer = nobody.request(method, f"/api/catalog{path}", **({} if body is None else {"json": body}))
    assert answer.status_code == status
    assert content is None or answer.json() == content


def test_c258_by_uid_and_its_deletion_know_nothing(shop: Backstage, nobody: httpx.Client) -> None:
    uid = shop.entity("component:default/checkout")["metadata"]["uid"]
    path = f"/api/catalog/entities/by-uid/{uid}"
    assert nobody.get(path).status_code == 404
    assert nobody.delete(path).status_code == 204  # as for an unknown one
    assert shop.get(f"/entities/by-uid/{uid}").status_code == 200


# C259: some of them --------------------------------------------------------------------------------------------------

SPELLINGS = [
    pytest.param(TEAM_CART, OWNED, id="c259-a-rule"),
    pytest.param(json.dumps({**TEAM_CART, "resourceType": "catalog-entity"}), OWNED, id="c259-its-text"),
    pytest.param("owner:team-cart", OWNED, id="c259-a-query-line"),
    pytest.param(
        {"allOf": [TEAM_CART, {"not": {"rule": "IS_ENTITY_KIND", "params": {"kinds": ["component", "API"]}}}]},
        ["cart-db", "storefront"],
        id="c259-all-of-and-not",
    ),
    pytest.param(
        {
            "anyOf": [
                {"rule": "HAS_SPEC", "params": {"key": "sla.uptime", "value": "99.95"}},
                {"rule": "HAS_METADATA", "params": {"key": "tags.rust"}},
                {"rule": "HAS_ANNOTATION", "params": {"annotation": "ACME.test/pager", "value": "P-17"}},
                {"rule": "HAS_LABEL", "params": {"label": "no-such"}},
            ]
        },
        None,
        id="c259-any-of",
    ),
]


@pytest.mark.parametrize(("read", "expected"), SPELLINGS)
def test_a_condition_narrows_every_list(shop: Backstage, read: Any, expected: list[str] | None) -> None:
    with shop.daemon.stranger(token(shop.daemon, read)) as client:
        found = sorted(names(client.get("/api/catalog/entities").json()))
        page = client.get("/api/catalog/entities/by-query").json()
        assert page["totalItems"] == len(found) == client.get("/api/own/status").json()["entities"]
    filters = ("spec.sla.uptime=99.95", "metadata.tags.rust", "metadata.annotations.acme.test/pager=p-17")
    any_of = sorted(ref.rpartition("/")[2] for ref in shop.refs(*filters))
    assert found == expected if expected is not None else sorted(map(str.lower, found)) == any_of != []


def test_c259_cursors_hold_nothing_of_the_condition(shop: Backstage, cart: httpx.Client) -> None:
    query = {"orderField": "metadata.name,asc", "limit": "2"}
    page = cart.get("/api/catalog/entities/by-query", params=query).json()
    found, cursors = names(page["items"]), []
    assert page["totalItems"] == 5
    while cursor := page["pageInfo"].get("nextCursor"):
        cursors.append(cursor)
        page = cart.get("/api/catalog/entities/by-query", params={"cursor": cursor, "limit": "2"}).json()
        found += names(page["items"])
    assert sorted(found) == OWNED
    for cursor in cursors:
        content = base64.b64decode(cursor + "==").decode().lower()
        assert "team-cart" not in content
        assert "ownedby" not in content
    everything = shop.page(("cursor", cursors[0]))  # another caller's condition is not in it either
    assert len(everything["items"]) > 3


def test_c259_a_cursor_of_somebody_else_shows_no_more(shop: Backstage, cart: httpx.Client) -> None:
    cursor = shop.page(("orderField", "metadata.name,asc"), ("limit", "1"))["pageInfo"]["nextCursor"]
    page = cart.get("/api/catalog/entities/by-query", params={"cursor": cursor}).json()
    assert set(names(page["items"])) <= set(OWNED)


REFUSED = [
    ("", "read: the condition is empty"),
    ("true", "read: the condition is empty"),
    (True, "read"),
    ("sort:name", "read: a condition has no order"),
    ("{", "read: the condition is not JSON"),
    ('{"not": {}, "not": {}}', "read: the condition cannot be used: an object has the same key twice"),
    ({}, "read: a condition has one of rule, allOf, anyOf and not"),
    ({"anyOf": []}, "read: anyOf holds a list of conditions that is not empty"),
    ({"some": []}, "read: 'some' is none of"),
    ({"rule": "IS_ENTITY_KING"}, "read: unknown rule 'IS_ENTITY_KING'"),
    ({"rule": "IS_ENTITY_KIND"}, "read: kinds of IS_ENTITY_KIND is missing"),
    ({"rule": "IS_ENTITY_KIND", "params": {"kinds": "API"}}, "read: kinds of IS_ENTITY_KIND must be a list of texts"),
    ({"rule": "HAS_LABEL", "params": {"label": ["a"]}}, "read: label of HAS_LABEL must be a text"),
    ({"rule": "HAS_LABEL", "params": {"label": "a", "x": 1}}, "read: HAS_LABEL has no parameter 'x'"),
    ({**TEAM_CART, "resourceType": "other"}, "read: resourceType must be catalog-entity"),
    ({**TEAM_CART, "more": 1}, "read: a rule has no 'more'"),
    ({"rule": "IS_ENTITY_KIND", "params": {"kinds": ["a"] * 201}}, "read: the condition has more than 200"),
    (json.loads('{"not":' * 17 + json.dumps(TEAM_CART) + "}" * 17), "read: the condition is nested more than 16 deep"),
]


@pytest.mark.parametrize(("read", "message"), REFUSED, ids=[message[:40] for _, message in REFUSED])
def test_a_condition_that_is_not_understood_is_refused(shop: Backstage, read: Any, message: str) -> None:
    answer = shop.daemon.owner.post("/api/own/tokens", json={"name": "x", "scopes": ["read"], "read": read})
    assert answer.status_code == 400
    assert message in answer.json()["detail"]


def test_r056_a_token_that_makes_tokens_reads_everything(shop: Backstage) -> None:
    answer = shop.daemon.owner.post("/api/own/tokens", json={"name": "x", "scopes": ["admin"], "read": False})
    assert (answer.status_code, "admin" in answer.json()["detail"]) == (400, True)


def test_r056_a_condition_survives_a_restart_and_is_listed(tmp_path: Path) -> None:
    with Daemon(tmp_path / "one") as daemon:
        text = token(daemon, "owner:team-cart")
        assert daemon.owner.get("/api/own/tokens").json()["items"][0]["read"] == "owner:team-cart"
    with Daemon(tmp_path / "one") as daemon, daemon.stranger(text) as client:
        assert client.get("/api/own/entities").json()["total"] == 0
        assert client.get("/api/own/status").status_code == 200


def test_r056_tokens_of_the_format_before_read_everything(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "state.sqlite")
    database.executescript(f"{SCRIPTS[1].read_text()};PRAGMA user_version=1;")
    row = "('1', 'old', 'x', '[\"read\"]', '2026-01-01T00:00:00Z', NULL, NULL, NULL)"
    database.execute(f"INSERT INTO tokens VALUES {row}")
    database.commit()
    database.close()
    for _ in range(2):
        state = State(tmp_path / "state.sqlite")
        assert [(record.name, record.read) for record in StoredTokens(state).all()] == [("old", None)]
        state.close()


def test_r056_a_condition_that_cannot_be_read_any_more_opens_nothing() -> None:
    assert condition_node('{"rule": "GONE"}') == Nothing()


# The permission framework's questions --------------------------------------------------------------------------------


def test_c259_the_rules_are_described(shop: Backstage) -> None:
    answer = shop.daemon.owner.get(f"{PERMISSIONS}/metadata").json()
    rules = {rule["name"]: rule["paramsSchema"] for rule in answer["rules"]}
    assert list(rules) == [
        "HAS_ANNOTATION",
        "HAS_LABEL",
        "HAS_METADATA",
        "HAS_SPEC",
        "IS_ENTITY_KIND",
        "IS_ENTITY_OWNER",
    ]
    assert rules["HAS_LABEL"]["required"] == ["label"]
    assert {one["name"]: one.get("resourceType") for one in answer["permissions"]} == {
        "catalog.entity.read": "catalog-entity",
        "catalog.entity.create": None,
        "catalog.entity.delete": "catalog-entity",
        "catalog.entity.refresh": "catalog-entity",
        "catalog.entity.validate": None,
        "catalog.location.read": None,
        "catalog.location.create": None,
        "catalog.location.delete": None,
        "catalog.location.analyze": None,
    }


def _item(name: str, refs: str | list[str], conditions: Any = TEAM_CART, kind: str = "catalog-entity") -> Any:
    return {"id": name, "resourceRef": refs, "resourceType": kind, "conditions": conditions}


def test_c259_conditions_are_applied_to_entities(shop: Backstage, nobody: httpx.Client) -> None:
    items = [
        _item("one", "Component:default/Checkout"),
        _item("two", "component:default/pricing"),
        _item("many", ["resource:default/cart-db", "component:default/none", "no ref", "user:default/mira"]),
        _item("none", []),
    ]
    answer = shop.daemon.owner.post(f"{PERMISSIONS}/apply-conditions", json={"items": items})
    assert {item["id"]: item["result"] for item in answer.json()["items"]} == {
        "one": "ALLOW",
        "two": "DENY",
        "many": ["ALLOW", "DENY", "DENY", "DENY"],
        "none": [],
    }
    denied = nobody.post(f"{PERMISSIONS}/apply-conditions", json={"items": items}).json()["items"]
    assert "ALLOW" not in json.dumps(denied)


@pytest.mark.parametrize(
    "item",
    [_item("a", "a:b/c", kind="scaffolder-template"), _item("a", "a:b/c", {}), {"id": "a"}, _item("a", [1])],  # type: ignore[list-item]
)
def test_c259_what_cannot_be_applied_is_400(shop: Backstage, item: Any) -> None:
    answer = shop.daemon.owner.post(f"{PERMISSIONS}/apply-conditions", json={"items": [item]})
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")


# R56: every route ----------------------------------------------------------------------------------------------------


class Probe(NamedTuple):
    """A request, and a text that only those may see who read everything; "" where there is nothing to hide."""

    path: str
    secret: str
    body: Any = None


HIDDEN = "domain:default/xyzzy"
HIDDEN_RECORD = {"identifier": "h", "entity_ref": HIDDEN}
UID = "{uid}"
PROBES: dict[str, list[Probe]] = {
    "GET /api/catalog/entities": [
        Probe("/api/catalog/entities", "plugh"),
        Probe("/api/catalog/entities?limit=100", "plugh"),
        Probe("/api/catalog/entities?fields=metadata.description", "plugh"),
        Probe("/api/catalog/entities?filter=kind=domain", "plugh"),
    ],
    "GET /api/catalog/entities/by-query": [
        Probe("/api/catalog/entities/by-query?filter=metadata.name=xyzzy", "plugh"),
        Probe("/api/catalog/entities/by-query?limit=0", '"totalItems":8'),
    ],
    "POST /api/catalog/entities/by-query": [
        Probe("/api/catalog/entities/by-query", "plugh", {"query": {"$not": {"kind": "component"}}})
    ],
    "GET /api/catalog/entities/by-uid/{uid}": [Probe(f"/api/catalog/entities/by-uid/{UID}", "plugh")],
    "DELETE /api/catalog/entities/by-uid/{uid}": [],
    "GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}": [
        Probe("/api/catalog/entities/by-name/domain/default/xyzzy", "plugh")
    ],
    "GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}/ancestry": [
        Probe("/api/catalog/entities/by-name/domain/default/xyzzy/ancestry", "plugh"),
        Probe("/api/catalog/entities/by-name/component/default/open/ancestry", '"Location"'),
    ],
    "POST /api/catalog/entities/by-refs": [Probe("/api/catalog/entities/by-refs", "plugh", {"entityRefs": [HIDDEN]})],
    "GET /api/catalog/entity-facets": [Probe("/api/catalog/entity-facets?facet=metadata.name", "xyzzy")],
    "POST /api/catalog/entity-facets": [Probe("/api/catalog/entity-facets", "xyzzy", {"facets": ["metadata.name"]})],
    "GET /api/catalog/locations": [Probe("/api/catalog/locations", "")],
    "POST /api/catalog/locations": [
        Probe(
            "/api/catalog/locations?dryRun=true",
            "spec.owner is missing",
            {"type": "url", "target": "https://git.example.test/acme/hidden/blob/main/catalog-info.yaml"},
        )
    ],
    "POST /api/catalog/validate-entity": [],
    "POST /api/catalog/analyze-location": [],
    "POST /api/catalog/locations/by-query": [Probe("/api/catalog/locations/by-query", "")],
    "PUT /api/catalog/locations/{id}": [],
    "GET /api/catalog/locations/{id}": [Probe("/api/catalog/locations/none", "")],
    "DELETE /api/catalog/locations/{id}": [],
    "GET /api/catalog/locations/by-entity/{kind}/{namespace}/{name}": [
        Probe("/api/catalog/locations/by-entity/domain/default/xyzzy", "acme/hidden")
    ],
    "POST /api/catalog/refresh": [Probe("/api/catalog/refresh", "", {"entityRef": HIDDEN})],
    "GET /api/catalog/.well-known/backstage/permissions/metadata": [Probe(f"{PERMISSIONS}/metadata", "")],
    "POST /api/catalog/.well-known/backstage/permissions/apply-conditions": [
        Probe(
            f"{PERMISSIONS}/apply-conditions",
            "ALLOW",
            {"items": [_item("a", HIDDEN, {"rule": "IS_ENTITY_KIND", "params": {"kinds": ["domain"]}})]},
        )
    ],
    "GET /openapi.json": [Probe("/openapi.json", "")],
    "GET /api/catalog/openapi.json": [Probe("/api/catalog/openapi.json", "")],
    "GET /v1/openapi.json": [Probe("/v1/openapi.json", "")],
    "GET /api/own/openapi.json": [Probe("/api/own/openapi.json", "")],
    "GET /api/own/status": [
        Probe("/api/own/status", '"Domain":1'),
        Probe("/api/own/status", '"entities":8'),
        Probe("/api/own/status", '"problems":3'),
    ],
    "GET /api/own/limits": [Probe("/api/own/limits", "")],
    "GET /api/own/entities": [
        Probe("/api/own/entities?q=kind:domain", "plugh"),
        Probe("/api/own/entities?columns=name,description,updated", "plugh"),
        Probe("/api/own/entities?limit=0", '"total":8'),
        Probe("/api/own/entities?q=kind:component system:shop~", '"total":1'),
    ],
    "GET /api/own/entities/{ref}": [
        Probe("/api/own/entities/domain:default%2Fxyzzy", "plugh"),
        Probe("/api/own/entities/component:default%2Fopen", '"set_by"'),
    ],
    "GET /api/own/entities/{ref}/graph": [
        Probe("/api/own/entities/domain:default%2Fxyzzy/graph", '"depth"'),
        Probe("/api/own/entities/component:default%2Fopen/graph?direction=both&depth=4", "The shop"),
    ],
    "GET /api/own/entities/{ref}/activity": [
        Probe("/api/own/entities/domain:default%2Fxyzzy/activity", "plugh"),
        Probe("/api/own/entities/component:default%2Fopen/activity", "component:default/xyzzy2"),
    ],
    "GET /api/own/activity": [
        Probe("/api/own/activity", "plugh"),
        Probe("/api/own/activity?limit=1&integration=shared", "component:default/xyzzy2"),
        Probe("/api/own/activity?unlinked=true", "plugh of nobody"),
        Probe("/api/own/activity?unlinked=false", "plugh"),
        Probe("/api/own/activity?entity=domain:default/xyzzy", "plugh"),
        Probe("/api/own/activity?entity=component:default/nobody", "plugh of nobody"),
    ],
    f"POST {ACCOUNT}/integrations/{{id}}/data/{{schema}}": [
        Probe(
            "/integration/api/v1/accounts/a/integrations/x/data/custom", '"unlinked":0', {"records": [HIDDEN_RECORD]}
        ),
    ],
    f"POST {ACCOUNT}/metrics/{{id}}": [
        Probe(
            "/integration/api/v1/accounts/a/metrics/m",
            '"unlinked":0',
            {"entity_ref": HIDDEN, "metrics": [{"value": 1, "timestamp": 1}]},
        ),
    ],
    "GET /api/own/entities/{ref}/layout": [
        Probe("/api/own/entities/domain:default%2Fxyzzy/layout", '"tabs"'),
        Probe("/api/own/entities/component:default%2Fopen/layout", "The shop"),
    ],
    "GET /api/own/complete": [
        Probe("/api/own/complete?q=name:", "xyzzy"),
        Probe("/api/own/complete?q=spec.p", "plugh"),
        Probe("/api/own/complete?q=owner:", "nobody"),
    ],
    "GET /api/own/facets": [Probe("/api/own/facets?facet=metadata.name", "xyzzy")],
    "GET /api/own/problems": [
        Probe("/api/own/problems", "xyzzy-broken"),
        Probe("/api/own/problems?limit=0", '"total":3'),
    ],
    "GET /api/own/sources": [Probe("/api/own/sources", "xyzzy")],
    "GET /api/own/locations": [Probe("/api/own/locations", '"counts":{"bad":1')],
    "POST /api/own/locations": [Probe("/api/own/locations", "", {"target": "https://nowhere.test/a/b/blob/m/c"})],
    "GET /api/own/locations/{id}": [Probe("/api/own/locations/none", "")],
    "DELETE /api/own/locations/{id}": [],
    "POST /api/own/locations/{id}/refresh": [Probe("/api/own/locations/none/refresh", "")],
    "POST /api/own/refresh": [Probe("/api/own/refresh", "")],
    "GET /api/own/changes": [Probe("/api/own/changes", "xyzzy"), Probe("/api/own/changes?limit=1000", "token.created")],
    "GET /api/own/events": [],
}
"""Every route that conditional callers may use; those without a probe tell nothing, or have a test of their own."""


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory, forge: Forge) -> Iterator[Daemon]:
    """A catalog with entities that everybody may read, and others: eight in all, with three generated Locations."""
    hidden = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Domain",
        "metadata": {"name": "xyzzy", "description": "plugh", "title": "xyzzy"},
        "spec": {"owner": "nobody", "plugh": 1},
    }
    broken = {**hidden, "metadata": {"name": "xyzzy-broken"}, "spec": {}}
    with Daemon(tmp_path_factory.mktemp("mixed"), forge.config) as daemon:
        shop = {**hidden, "kind": "System", "metadata": {"name": "shop", "title": "The shop"}}
        texts = [
            json.dumps(hidden),
            json.dumps(shop),
            component("xyzzy2", spec={"owner": "others"}),
            json.dumps(broken),
        ]
        daemon.register(forge.file("hidden", "\n---\n".join(texts)))
        daemon.register(
            forge.file("open", "\n---\n".join([component("open", spec={"system": "shop"}), component("other")]))
        )
        daemon.register(forge.file("second", component("other", title="loses")))
        rule = {"ingested_path": "service", "catalog_path": "spec.lifecycle"}
        integration(daemon.owner, "shared", schema="custom", correlation=rule)
        sent(daemon.owner, "shared", "custom", {"name": "all of them", "service": "production"})
        told = [{"name": "plugh", "entity_ref": HIDDEN}]
        told.append({"name": "plugh of nobody", "entity_ref": "component:default/nobody"})
        sent(daemon.owner, "hidden", "custom", *told)
        note = {"ref": "component:default/open", "path": "metadata.note", "value": "kept"}
        assert daemon.owner.post("/api/own/properties", json={"changes": [note]}).status_code == 200
        yield daemon


READ = {"allOf": [{"rule": "IS_ENTITY_KIND", "params": {"kinds": ["Component"]}}, TEAM_CART]}
SCOPES = ("read", "entities:write", "locations:write", "properties:write", "edits:write", "sql")


@pytest.fixture(scope="module")
def reader(mixed: Daemon) -> Iterator[httpx.Client]:
    """Reads the components of team-cart, and may do all else but administer."""
    with mixed.stranger(token(mixed, READ, *SCOPES)) as client:
        yield client


def test_r056_the_probes_are_those_of_the_table() -> None:
    assert PROBES.keys() == READABLE
    assert {f"{route.method} {route.path}" for route in ROUTES} >= READABLE


@pytest.mark.parametrize(
    "route", [r for r in ROUTES if r.scope not in ("public", "proven")], ids=lambda r: f"{r.method} {r.path}"
)
def test_r056_no_route_tells_of_entities_that_may_not_be_read(
    mixed: Daemon, reader: httpx.Client, route: Route
) -> None:
    key = f"{route.method} {route.path}"
    if key not in READABLE:
        path = "/".join("none" if part.startswith("{") else part for part in route.path.split("/"))
        answer = reader.request(route.method, path)
        assert answer.status_code == 403
        assert "read condition" in answer.text or route.scope == "admin"
        return
    for probe in PROBES[key]:
        path = probe.path.replace(UID, _uid(mixed)) if UID in probe.path else probe.path
        arguments = {} if probe.body is None else {"json": probe.body}
        answer = reader.request(route.method, path, **arguments)
        sent = f"{path} {json.dumps(probe.body)}"
        told = answer.text + json.dumps(dict(answer.headers))
        assert not [word for word in ("plugh", "xyzzy") if word in told and word not in sent]
        if probe.secret:
            assert probe.secret not in told
            assert probe.secret in mixed.owner.request(route.method, path, **arguments).text


def _uid(daemon: Daemon) -> str:
    document = daemon.owner.get("/api/catalog/entities/by-name/domain/default/xyzzy").json()
    return str(document["metadata"]["uid"])


def test_r056_what_may_be_read_is_told(mixed: Daemon, reader: httpx.Client) -> None:
    assert sorted(names(reader.get("/api/catalog/entities").json())) == ["open", "other"]
    problems = reader.get("/api/own/problems").json()
    assert [problem["ref"] for problem in problems["items"]] == ["component:default/other"] * 2
    assert problems["total"] == 2
    assert len(reader.get("/api/own/entities/component:default%2Fother").json()["problems"]) == 2
    sources = reader.get("/api/own/sources").json()["items"]
    assert sorted(document["ref"] for source in sources for document in source["documents"]) == [
        "component:default/open",
        "component:default/other",
        "component:default/other",
    ]
    changes = reader.get("/api/own/changes").json()["items"]
    assert {ref for change in changes for ref in change["added"]} == {
        "component:default/open",
        "component:default/other",
    }
    assert all(change["detail"] == {} and change["removed"] == [] for change in changes)
    assert reader.get("/api/own/changes?limit=1").json()["items"] == changes[:1]


def test_r056_an_event_stream_tells_of_readable_entities_only(mixed: Daemon, reader: httpx.Client) -> None:
    received = b""
    with reader.stream("GET", "/api/own/events", headers={"last-event-id": "0"}, timeout=20) as stream:
        for chunk in stream.iter_bytes():
            received += chunk
            if b"component:default/open" in received:  # registered after what is hidden
                break
    assert b"xyzzy" not in received
    assert b"location.added" not in received
