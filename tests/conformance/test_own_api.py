"""Our own API: what the command line and the terminal interface rely on; health (R91), locations' state (R95)."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.support.daemon import Daemon, wait_until
from tests.support.shop import SHOP_LOCATION, SHOP_REFS, SHOP_URL, Backstage, Forge, component


def own(client: Backstage, path: str, *parameters: tuple[str, str]) -> Any:
    """The decoded answer of a GET that succeeds."""
    answer = client.daemon.owner.get(f"/api/own{path}", params=list(parameters) or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rows(answer: Any) -> list[list[str | None]]:
    """The cells of a table."""
    return [row["cells"] for row in answer["rows"]]


# Entities ------------------------------------------------------------------------------------------------------------


def test_a_table_has_the_columns_asked_for(shop: Backstage) -> None:
    answer = own(shop, "/entities", ("q", "kind:component"), ("columns", "name,spec.type,tags,owner,title"))
    assert answer["columns"] == ["name", "spec.type", "tags", "owner", "title"]
    assert rows(answer) == [
        ["checkout", "service", "python, grpc", "team-cart", "Checkout Service"],
        ["Gateway", "service", "go", "group:default/team-cart", None],
        ["pricing", "library", "rust, python", "user:mira", None],
    ]
    assert [row["ref"] for row in answer["rows"]] == [
        "component:default/checkout",
        "component:edge/gateway",
        "component:default/pricing",
    ]
    assert answer["total"] == 3
    assert answer["generation"] == own(shop, "/status")["generation"]


def test_the_time_of_the_last_change_is_a_column(shop: Backstage) -> None:
    [[updated]] = rows(own(shop, "/entities", ("q", "name:checkout"), ("columns", "updated")))
    assert updated == own(shop, "/entities/component:default%2Fcheckout")["updated"]
    assert (updated or "").endswith("Z")


def test_without_columns_documents_come_whole(shop: Backstage) -> None:
    answer = own(shop, "/entities", ("q", "name:checkout"))
    assert answer["items"] == [shop.entity("component:default/checkout")]
    assert answer["total"] == 1


def test_pages_and_sort(shop: Backstage) -> None:
    asked = [("columns", "name"), ("limit", "2"), ("offset", "1"), ("sort", "-name")]
    answer = own(shop, "/entities", ("q", "kind:component sort:name"), *asked)
    assert (rows(answer), answer["total"]) == ([["Gateway"], ["checkout"]], 3)
    by_line = own(shop, "/entities", ("q", "kind:component sort:-name"), ("columns", "name"))
    assert rows(by_line) == [["pricing"], ["Gateway"], ["checkout"]]
    assert own(shop, "/entities", ("limit", "0"))["items"] == []
    assert own(shop, "/entities", ("q", ""), ("sort", "-updated,name"))["total"] == 11


@pytest.mark.parametrize(
    "parameters",
    [
        [("q", "ownr:x")],
        [("q", '"open')],
        [("sort", "nonsense")],
        [("sort", "name kind:x")],
        [("columns", "nonsense")],
        [("columns", "")],
        [("limit", "-1")],
        [("page", "2")],
    ],
)
def test_what_cannot_be_read_is_400(shop: Backstage, parameters: Any) -> None:
    answer = shop.daemon.owner.get("/api/own/entities", params=httpx.QueryParams(parameters))
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_one_entity_tells_where_it_was_read(shop: Backstage) -> None:
    answer = own(shop, f"/entities/{quote('Component:default/CHECKOUT', safe='')}")
    source = answer["source"]
    assert answer["entity"] == shop.entity("component:default/checkout")
    assert answer["problems"] == []
    assert (source["path"], source["line"], source["ref"]) == ("catalog-info.yaml", 11, "refs/heads/main")
    assert source["url"] == SHOP_URL
    assert source["location"] == own(shop, "/locations")["items"][0]["id"]
    assert len(source["commit"]) == len(source["blob"]) == 40


def test_one_entity_tells_its_custom_properties(shop: Backstage) -> None:
    ref = "component:default/checkout"
    path = f"/entities/{quote(ref, safe='')}"
    assert own(shop, path)["properties"] == []

    def change(**what: Any) -> None:
        changes = {"changes": [{"ref": ref, "path": "metadata.description", **what}]}
        assert shop.daemon.owner.post("/api/own/properties", json=changes).status_code == 200

    git = own(shop, path)["entity"]["metadata"].get("description")
    change(value="by a pipeline")
    try:
        answer = own(shop, path)
        (told,) = answer["properties"]
        assert (told["path"], told["value"], told["git"]) == ("metadata.description", "by a pipeline", git)
        assert told["effective"] == answer["entity"]["metadata"]["description"]
        assert answer["properties"] == own(shop, f"{path}/properties")["properties"]
    finally:
        change(op="remove")
    assert own(shop, path)["properties"] == []


def test_a_generated_location_has_no_file(shop: Backstage) -> None:
    answer = own(shop, f"/entities/{quote(SHOP_LOCATION, safe='')}")
    assert answer["source"] is None
    assert answer["entity"]["kind"] == "Location"


@pytest.mark.parametrize(("ref", "status"), [("component:default%2Fnope", 404), ("checkout", 400), ("a:%2F", 400)])
def test_an_unknown_entity_is_404(shop: Backstage, ref: str, status: int) -> None:
    assert shop.daemon.owner.get(f"/api/own/entities/{ref}").status_code == status


def test_spellings_of_one_ref_are_one_value_of_a_field_and_several_of_a_path(shop: Backstage) -> None:
    answer = own(shop, "/facets", ("q", "kind:component"), ("facet", "owner"), ("facet", "spec.owner"), ("limit", "1"))
    assert answer["facets"]["owner"] == [{"value": "team-cart", "count": 2}]
    assert answer["facets"]["spec.owner"] == [{"value": "group:default/team-cart", "count": 1}]
    assert answer["more"] == {"owner": 1, "spec.owner": 2}


def test_facets_go_by_frequency(shop: Backstage) -> None:
    answer = own(shop, "/facets", ("q", "kind:component"), ("facet", "metadata.tags"))
    assert answer["facets"]["metadata.tags"] == [
        {"value": "python", "count": 2},
        {"value": "go", "count": 1},
        {"value": "grpc", "count": 1},
        {"value": "rust", "count": 1},
    ]
    assert shop.daemon.owner.get("/api/own/facets").status_code == 400


# The daemon ----------------------------------------------------------------------------------------------------------


def test_status_tells_the_daemon_in_figures(shop: Backstage) -> None:
    status = own(shop, "/status")
    assert (status["entities"], status["locations"], status["problems"], status["idle"]) == (11, 1, 0, True)
    assert status["kinds"]["Component"] == 3
    assert (status["state"], status["socket"]) == ("ready", shop.daemon.socket)
    assert status["listen"] == shop.daemon.url
    assert (status["busy"], status["waiting"]) == ([], 0)


def test_r059_every_limit_is_reported(shop: Backstage) -> None:
    limits = {limit["name"]: limit for limit in own(shop, "/limits")["limits"]}
    assert (limits["body_size"]["value"], limits["body_size"]["unit"]) == (1024 * 1024, "bytes")
    assert all(limit["description"] for limit in limits.values())


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_r091_health_needs_no_token_and_tells_nothing(shop: Backstage, path: str) -> None:
    with shop.daemon.stranger() as client:
        answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json; charset=utf-8")
    assert set(answer.json()) <= {"status", "ready", "reasons"}


def test_r091_readiness_falls_when_the_daemon_stops(start: Callable[[str], Daemon]) -> None:
    daemon = start("")
    with (
        httpx.Client(transport=httpx.HTTPTransport(uds=daemon.socket), base_url="http://localhost") as client,
        client.stream("GET", "/api/own/events") as stream,
    ):
        chunks = stream.iter_bytes()
        assert next(chunks).startswith(b":")
        assert daemon.stop() == 0
        assert b"event:" not in b"".join(chunks), "the stream ends by itself"


# Locations -----------------------------------------------------------------------------------------------------------


def test_r095_a_location_shows_how_it_fares(shop: Backstage) -> None:
    [location] = own(shop, "/locations")["items"]
    state = location["state"]
    assert (location["type"], location["target"], location["configured"]) == ("url", SHOP_URL, False)
    assert (location["entity_ref"], location["location_ref"]) == (SHOP_LOCATION, f"url:{SHOP_URL}")
    assert state["phase"] == ""
    assert state["last_attempt"]
    assert state["last_success"]
    assert state["next_attempt"] > state["last_attempt"]
    assert len(state["commit"]) == 40
    assert (state["error"], state["error_code"], state["failures"]) == ("", "", 0)
    assert state["counts"] == {"entity": 10}
    assert own(shop, f"/locations/{location['id']}")["location_ref"] == location["location_ref"]


def test_r095_a_failing_location_says_why_and_what_to_do(workshop: Backstage, forge: Forge) -> None:
    location = workshop.daemon.register(forge.url("nowhere"))
    state = own(workshop, f"/locations/{location['id']}")["state"]
    assert state["error_code"].startswith("git.")
    assert state["error"]
    assert state["hint"]
    assert state["failures"] >= 1
    assert state["last_success"] is None
    assert state["next_attempt"]
    workshop.daemon.owner.delete(f"/api/own/locations/{location['id']}")


def test_locations_come_go_and_conflict(workshop: Backstage, forge: Forge) -> None:
    repository = forge.repository("git-location")
    repository.commit({"a/catalog-info.yaml": component("in-a"), "b/catalog-info.yaml": component("in-b")})
    body = {"type": "git", "target": repository.url, "ref": "main", "path": "a/*.yaml", "priority": 2}
    owner = workshop.daemon.owner
    made = owner.post("/api/own/locations", json=body)
    location = made.json()
    assert made.status_code == 201
    assert (location["ref"], location["paths"], location["priority"]) == ("main", ["a/*.yaml"], 2)
    again = owner.post("/api/own/locations", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    assert again.json()["existing"] == location["id"]
    refreshed = owner.post(f"/api/own/locations/{location['id']}/refresh", params={"wait": "30"})
    assert refreshed.json() == {"done": True}
    assert [e["metadata"]["name"] for e in own(workshop, "/entities", ("q", "in-"))["items"]] == ["in-a"]
    assert owner.delete(f"/api/own/locations/{location['id']}").status_code == 204
    assert own(workshop, "/entities", ("q", "in-"))["total"] == 0
    assert owner.get(f"/api/own/locations/{location['id']}").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"target": ""},
        {"target": "https://git.example.test/acme/x/blob/main/c.yaml", "type": "svn"},
        {"target": "https://git.example.test/acme/x/blob/main/c.yaml", "foo": 1},
        {"target": "https://git.example.test/acme/x/blob/main/c.yaml", "ref": "main"},
        {"target": "ext::sh -c id", "type": "git"},
        {"target": "--upload-pack=x", "type": "git"},
        {"target": "https://git.example.test/acme/x.git", "type": "git", "priority": "high"},
    ],
)
def test_odd_locations_are_400(workshop: Backstage, body: Any) -> None:
    answer = workshop.daemon.owner.post("/api/own/locations", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json"), answer.text


def test_a_token_may_not_name_local_paths(workshop: Backstage, forge: Forge) -> None:
    body = {"type": "git", "target": forge.repository("local").url}
    with workshop.daemon.stranger(workshop.daemon.token("locations:write")) as client:
        answer = client.post("/api/own/locations", json=body)
    assert answer.status_code == 403, answer.text


def test_problems_and_sources_tell_what_became_of_each_document(workshop: Backstage, forge: Forge) -> None:
    texts = [component("good"), "kind: Component", "", "kind: ${{ values.kind }}\nmetadata: {name: x}"]
    location = workshop.daemon.register(forge.file("mixed", "\n---\n".join(texts)))
    problems = own(workshop, "/problems", ("location", location["id"]))
    assert problems["total"] == len(problems["items"]) >= 1
    assert {problem["path"] for problem in problems["items"]} == {"catalog-info.yaml"}
    assert all(problem["message"] and problem["code"] for problem in problems["items"])
    code = problems["items"][0]["code"]
    assert own(workshop, "/problems", ("code", code), ("limit", "1"))["total"] >= 1
    assert own(workshop, "/problems", ("code", "no.such"))["items"] == []
    [file] = own(workshop, "/sources", ("location", location["id"]))["items"]
    outcomes = [document["outcome"] for document in file["documents"]]
    assert outcomes == ["entity", "bad", "empty", "template"]
    assert file["documents"][1]["problem"]["message"]
    workshop.daemon.owner.delete(f"/api/own/locations/{location['id']}")


# Changes and events --------------------------------------------------------------------------------------------------


def events(chunks: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """(id, data) of each change of a stream."""
    fields: dict[str, str] = {}
    for line in chunks:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            assert fields["event"] == "change"
            yield fields["id"], json.loads(fields["data"])
            fields = {}


def test_changes_are_a_log_and_a_stream(workshop: Backstage, forge: Forge) -> None:
    before = own(workshop, "/changes", ("limit", "1000"))["index_seq"]
    with workshop.daemon.owner.stream("GET", "/api/own/events") as stream:
        assert stream.headers["content-type"] == "text/event-stream"
        lines = stream.iter_lines()
        assert next(lines).startswith(":")
        location = workshop.daemon.register(forge.file("eventful", component("eventful")))
        seen = events(lines)
        number, change = next((n, c) for n, c in seen if "component:default/eventful" in c["added"])
    log = own(workshop, "/changes", ("since", str(before)))
    assert change in log["items"]
    assert int(number) == change["seq"] <= log["index_seq"]
    registered = next(item for item in log["items"] if item["what"] == "location.added")
    assert registered["actor"].startswith("socket:")
    assert registered["target"] == location["id"]
    with workshop.daemon.owner.stream("GET", "/api/own/events", headers={"last-event-id": str(before)}) as stream:
        repeated = events(stream.iter_lines())
        assert [next(repeated)[1] for _ in log["items"]] == log["items"]


def test_the_log_by_pages_and_the_stream_are_the_same(shop: Backstage) -> None:
    title = {"ref": "component:default/checkout", "path": "metadata.note", "op": "replace", "value": "x"}
    for change in (title, {**title, "op": "remove"}):
        answer = shop.daemon.owner.post("/api/own/properties", json={"changes": [change]})
        assert answer.status_code == 200, answer.text
    pages: list[Any] = []
    newest = own(shop, "/status")["index_seq"]
    while not pages or pages[-1]["seq"] < newest:
        since = pages[-1]["seq"] if pages else 0
        pages += own(shop, "/changes", ("since", str(since)), ("limit", "2"))["items"]
    with shop.daemon.owner.stream("GET", "/api/own/events", headers={"last-event-id": "0"}) as stream:
        told = [change for _, change in zip(pages, events(stream.iter_lines()), strict=False)]
    assert [change for _, change in told] == pages
    assert [int(number) for number, _ in told] == [change["seq"] for change in pages]
    assert [change["what"] for change in pages][-2:] == ["property.set", "property.removed"]


def test_a_wrong_last_event_id_is_400(shop: Backstage) -> None:
    answer = shop.daemon.owner.get("/api/own/events", headers={"last-event-id": "x"})
    assert answer.status_code == 400


def test_a_refresh_of_everything_returns_when_it_is_visible(workshop: Backstage, forge: Forge) -> None:
    workshop.daemon.register(forge.file("waited", component("waited")))
    forge.repository("waited").push({"catalog-info.yaml": component("waited", title="Now")})
    answer = workshop.daemon.owner.post("/api/own/refresh", params={"wait": "30"})
    assert answer.json() == {"done": True}
    assert workshop.entity("component:default/waited")["metadata"]["title"] == "Now"
    assert own(workshop, "/entities")["total"] == len(workshop.refs())


def test_the_shop_is_whole(shop: Backstage) -> None:
    wait_until(lambda: shop.refs() == list(SHOP_REFS), "all eleven are there", 5)


# Query lines ---------------------------------------------------------------------------------------------------------


def names(answer: Any) -> list[str | None]:
    """The first column."""
    return [row["cells"][0] for row in answer["rows"]]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("kind:component (tag:go or type:library) cols:name", ["Gateway", "pricing"], id="groups"),
        pytest.param("spec.sla.uptime>99.9 cols:name", ["checkout"], id="numbers"),
        pytest.param("updated<1h kind:domain cols:name", ["commerce"], id="ages"),
        pytest.param("updated<2020-01-01 cols:name", [], id="dates"),
        pytest.param("name:c*k?*t cols:name", ["checkout"], id="patterns"),
        pytest.param("kind:component sort:-metadata.tags cols:name", ["pricing", "checkout", "Gateway"], id="sorted"),
    ],
)
def test_a_line_says_it_all(shop: Backstage, line: str, expected: list[str]) -> None:
    assert names(own(shop, "/entities", ("q", line))) == expected


def test_me_is_the_user_and_their_groups(shop: Backstage) -> None:
    asked = ("q", "owner:@me kind:component,api"), ("columns", "name")
    assert names(own(shop, "/entities", *asked, ("me", "mira"))) == ["checkout", "checkout-api", "Gateway", "pricing"]
    assert names(own(shop, "/entities", *asked, ("me", "group:division"))) == []
    assert own(shop, "/facets", asked[0], ("facet", "kind"), ("me", "user:mira"))["facets"]["kind"][0]["count"] == 3
    refused = shop.daemon.owner.get("/api/own/entities", params=[*asked])
    assert (refused.status_code, refused.json()["position"]) == (400, 6)
    assert shop.daemon.owner.get("/api/own/entities", params=[*asked, ("me", "user:")]).status_code == 400


def test_groups_are_counted_and_stand_together(shop: Backstage) -> None:
    answer = own(shop, "/entities", ("q", "kind:component,api,group group:owner cols:owner,name"))
    assert answer["group"] == {"name": "owner", "key": "spec.owner"}
    assert answer["groups"] == [
        {"value": "team-cart", "count": 2},
        {"value": "group:default/team-cart", "count": 1},
        {"value": "user:mira", "count": 1},
        {"value": None, "count": 2},
    ]
    assert names(answer) == ["group:default/team-cart", "team-cart", "team-cart", "user:mira", None, None]


def test_a_line_is_explained(shop: Backstage) -> None:
    answer = own(shop, "/explain", ("q", "Kind:API -tag:old sort:-spec.score cols:name group:owner"))
    assert answer["as"]["line"] == "kind:api -tag:old sort:-spec.score cols:name group:owner"
    assert answer["as"]["predicate"] == {"$all": [{"kind": "api"}, {"$not": {"metadata.tags": "old"}}]}
    assert answer["as"]["filter"] is None
    assert "cannot" in answer["unsayable"]["filter"]
    assert answer["order"] == [{"key": "spec.score", "direction": "desc"}]
    assert (answer["columns"], answer["group"]) == (["name"], {"name": "owner", "key": "spec.owner"})


@pytest.mark.parametrize("path", ["/entities", "/facets", "/explain"])
def test_a_wrong_line_is_refused_at_its_place(shop: Backstage, path: str) -> None:
    facet = [("facet", "kind")] if path == "/facets" else []
    answer = shop.daemon.owner.get(f"/api/own{path}", params=[("q", "kind:a (ownr:b)"), *facet])
    assert (answer.status_code, answer.json()["position"], answer.json()["hint"]) == (400, 8, "did you mean owner?")


@pytest.mark.parametrize(
    "line",
    [
        "kind:component (tag:go or -type:service) owner:team-cart,mira",
        "spec.sla.uptime>99.9 or spec.ports<9000 or has:metadata.labels.tier",
        "updated<1h -name:*check* sort:-updated",
        "metadata.tags.python:true sort:spec.type,-name",
        "dependson:cart-db~ or affectedby:checkout-api",
        "checkout or money",
    ],
)
def test_the_sql_of_a_line_finds_what_the_line_finds(shop: Backstage, line: str) -> None:
    expected = own(shop, "/entities", ("q", line), ("columns", "ref"))
    text = own(shop, "/explain", ("q", f"{line} cols:ref"))["as"]["sql"]
    answer = shop.daemon.owner.post("/api/own/sql", json={"sql": text})
    assert answer.status_code == 200, answer.text
    found = [row[0] for row in answer.json()["rows"]]
    assert set(found) == set(names(expected)) != set()
    if "sort:" in line:
        assert found == names(expected)


def test_the_sql_of_a_group_counts_as_the_line_does(shop: Backstage) -> None:
    line = ("q", "kind:component,api,group group:owner")
    text = own(shop, "/explain", line)["as"]["sql"]
    answer = shop.daemon.owner.post("/api/own/sql", json={"sql": text}).json()
    counted = {(one["value"], one["count"]) for one in own(shop, "/entities", line)["groups"]}
    assert {tuple(row) for row in answer["rows"]} == counted


def test_me_over_the_socket_is_the_user_of_the_configuration(start: Callable[[str], Daemon], forge: Forge) -> None:
    daemon = start(f'{forge.config}\n[client]\nuser = "Mira"\n')
    line = {"q": "ref:@me"}
    assert daemon.owner.get("/api/own/entities", params=line).json()["total"] == 0
    assert daemon.owner.get("/api/own/explain", params=line).json()["as"]["line"] == (
        "kind:user namespace:default name:mira"
    )
    with daemon.stranger(daemon.token("read")) as client:
        assert client.get("/api/own/entities", params=line).status_code == 400
        assert client.get("/api/own/entities", params=line | {"me": "mira"}).status_code == 200
