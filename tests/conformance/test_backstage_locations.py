"""Registered locations and refresh: C231-C243 (spec 3.12, 3.13, 5.14)."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.daemon import Daemon, wait_until
from tests.support.shop import SHOP_LOCATION, SHOP_URL, Backstage, Forge, component


def post(client: Backstage, target: str, *parameters: tuple[str, str]) -> Any:
    """Register a URL."""
    return client.request("POST", "/locations", parameters, json={"type": "url", "target": target})


def entity_ref(target: str) -> str:
    """The ref of the generated Location entity (C79)."""
    return f"location:default/generated-{hashlib.sha1(f'url:{target}'.encode()).hexdigest()}"


def test_c231_a_new_location_is_201(workshop: Backstage, forge: Forge) -> None:
    url = forge.file("new", component("new"))
    answer = post(workshop, url)
    location = answer.json()["location"]
    assert (answer.status_code, answer.json()["entities"]) == (201, [])
    assert location == {"id": location["id"], "type": "url", "target": url, "entityRef": entity_ref(url)}
    workshop.daemon.sync()
    assert workshop.entity("component:default/new")


def test_c232_the_same_again_is_409_or_a_refresh(workshop: Backstage, forge: Forge) -> None:
    url = forge.file("twice", component("twice"))
    first = post(workshop, url).json()["location"]
    workshop.daemon.sync()
    again = post(workshop, url)
    assert (again.status_code, again.json()["error"]["name"]) == (409, "ConflictError")
    assert "already exists" in again.json()["error"]["message"]
    assert post(workshop, url, ("onConflict", "reject")).status_code == 409
    forge.file("twice", component("twice", title="Changed"))
    refreshed = post(workshop, url, ("onConflict", "refresh"))
    assert (refreshed.status_code, refreshed.json()["location"]) == (201, first)
    wait_until(
        lambda: workshop.entity("component:default/twice")["metadata"].get("title") == "Changed",
        "the refresh has read the change",
    )


@pytest.mark.parametrize(
    ("parameters", "body"),
    [
        pytest.param([], {"type": "file", "target": "/etc/passwd"}, id="c235-another-type"),
        pytest.param([], {"type": "url"}, id="c235-no-target"),
        pytest.param([], {"type": "url", "target": ""}, id="c235-an-empty-target"),
        pytest.param([], {"type": "url", "target": SHOP_URL, "foo": 1}, id="c235-an-extra-key"),
        pytest.param([], {"type": "url", "target": [SHOP_URL]}, id="c235-a-list"),
        pytest.param([], {}, id="c235-empty"),
        pytest.param([("onConflict", "replace")], {"type": "url", "target": SHOP_URL}, id="c232-another-on-conflict"),
        pytest.param([], {"type": "url", "target": "nonsense"}, id="c235-no-url"),
        pytest.param([], {"type": "url", "target": "https://other.test/a/b/blob/main/c.yaml"}, id="r010-another-host"),
    ],
)
def test_wrong_locations_are_400(workshop: Backstage, parameters: list[tuple[str, str]], body: Any) -> None:
    answer = workshop.request("POST", "/locations", parameters, json=body)
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError"), answer.text


def test_c235_presence_is_taken(workshop: Backstage, forge: Forge) -> None:
    body = {"type": "url", "target": forge.file("optional", component("optional")), "presence": "optional"}
    assert workshop.request("POST", "/locations", json=body).status_code == 201
    assert workshop.request("POST", "/locations", json={**body, "presence": "maybe"}).status_code == 400


def test_c236_the_list_wraps_each_location(shop: Backstage) -> None:
    [item] = shop.json("/locations")
    assert item["data"] == {"id": item["data"]["id"], "type": "url", "target": SHOP_URL, "entityRef": SHOP_LOCATION}


def test_c237_get_and_delete(workshop: Backstage, forge: Forge) -> None:
    location = post(workshop, forge.file("leaving", component("leaving"))).json()["location"]
    workshop.daemon.sync()
    assert workshop.json(f"/locations/{location['id']}") == location
    assert workshop.entity("component:default/leaving")
    gone = workshop.request("DELETE", f"/locations/{location['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    for method in ("DELETE", "GET"):
        answer = workshop.request(method, f"/locations/{location['id']}")
        assert (answer.status_code, answer.json()["error"]["name"]) == (404, "NotFoundError")
        assert "not found" in answer.json()["error"]["message"]
    assert workshop.get("/entities/by-name/component/default/leaving").status_code == 404


def test_c238_the_location_of_an_entity(shop: Backstage) -> None:
    [item] = shop.json("/locations")
    assert shop.json("/locations/by-entity/Component/default/CHECKOUT") == item["data"]
    answer = shop.get("/locations/by-entity/component/default/nope")
    assert (answer.status_code, answer.json()["error"]["name"]) == (404, "NotFoundError")


def test_c236_c238_configured_locations_are_not_in_sight(forge: Forge, start: Callable[[str], Daemon]) -> None:
    url = forge.file("configured", component("configured"))
    client = Backstage(start(forge.config + f'[[locations]]\ntarget = "{url}"\n'))
    client.daemon.sync()
    assert client.entity("component:default/configured")
    assert client.json("/locations") == []
    assert client.get("/locations/by-entity/component/default/configured").status_code == 404
    [own] = client.daemon.owner.get("/api/own/locations").json()["items"]
    assert own["configured"]
    assert client.get(f"/locations/{own['id']}").status_code == 404
    assert client.request("DELETE", f"/locations/{own['id']}").status_code == 404
    assert client.daemon.owner.delete(f"/api/own/locations/{own['id']}").status_code == 403


def test_c239_a_location_can_lead_elsewhere(workshop: Backstage, forge: Forge) -> None:
    old, new = forge.file("moving", component("moving-out")), forge.file("moved", component("moving-in"))
    location = post(workshop, old).json()["location"]
    workshop.daemon.sync()
    answer = workshop.request("PUT", f"/locations/{location['id']}", json={"type": "url", "target": new})
    assert (answer.status_code, answer.json()) == (200, {**location, "target": new})
    workshop.daemon.sync()
    assert workshop.get("/entities/by-name/component/default/moving-out").status_code == 404
    origin = workshop.entity("component:default/moving-in")["metadata"]["annotations"]
    assert origin["backstage.io/managed-by-origin-location"] == f"url:{new}"
    assert workshop.entity(location["entityRef"])["spec"]["target"] == new
    assert workshop.json("/locations/by-entity/component/default/moving-in") == {**location, "target": new}
    again = post(workshop, old).json()["location"]  # the name of its entity is taken
    workshop.daemon.sync()
    assert again["entityRef"] != location["entityRef"]
    assert workshop.entity(again["entityRef"])["spec"]["target"] == old
    assert workshop.entity(location["entityRef"])["spec"]["target"] == new


def test_c239_the_same_files_by_another_location_name_it(workshop: Backstage, forge: Forge) -> None:
    whole = forge.file("renamed", component("renamed"))
    location = post(workshop, whole).json()["location"]
    workshop.daemon.sync()
    pattern = whole.replace("catalog-info", "catalog-inf*")
    assert workshop.request("PUT", f"/locations/{location['id']}", json={"type": "url", "target": pattern}).is_success
    workshop.daemon.sync()
    annotations = workshop.entity("component:default/renamed")["metadata"]["annotations"]
    assert annotations["backstage.io/managed-by-origin-location"] == f"url:{pattern}"


def test_c239_what_cannot_be_changed(workshop: Backstage, forge: Forge) -> None:
    first, second = (post(workshop, forge.file(f"fixed{n}", component(f"fixed{n}"))).json()["location"] for n in (1, 2))
    path, body = f"/locations/{first['id']}", {"type": "url", "target": second["target"]}
    clash = workshop.request("PUT", path, json=body)
    assert (clash.status_code, clash.json()["error"]["name"]) == (409, "ConflictError")
    assert "already exists" in clash.json()["error"]["message"]
    assert workshop.request("PUT", "/locations/nope", json=body).status_code == 404
    wrongs: list[Any] = [{"type": "file", "target": "/x"}, {**body, "presence": "required"}, {"type": "url"}, []]
    for wrong in wrongs:
        assert workshop.request("PUT", path, json=wrong).status_code == 400
    assert workshop.json(path) == first
    assert workshop.request("PUT", path, json={"type": "url", "target": first["target"]}).json() == first


def test_c239_a_change_outlives_a_restart_and_a_rebuild(tmp_path: Path, forge: Forge) -> None:
    old, new = forge.file("kept", component("kept-out")), forge.file("kept-too", component("kept-in"))
    for name in ("first", "restart", "rebuild"):
        with Daemon(tmp_path, forge.config) as daemon:
            client = Backstage(daemon)
            if name == "first":
                location = post(client, old).json()["location"]
                daemon.sync()
                body = {"type": "url", "target": new}
                location = client.request("PUT", f"/locations/{location['id']}", json=body).json()
            daemon.sync()
            assert client.json("/locations") == [{"data": location}]
            assert client.refs() == ["component:default/kept-in", location["entityRef"]]
        if name == "restart":
            (tmp_path / "state" / "index.duckdb").unlink()


class TestPages:
    """Locations by predicate."""

    def ask(self, client: Backstage, body: Any) -> Any:
        answer = client.request("POST", "/locations/by-query", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def test_c240_pages_remember_their_limit(self, workshop: Backstage, forge: Forge) -> None:
        for number in range(3):
            post(workshop, forge.file(f"page{number}", component(f"page{number}")))
        every = self.ask(workshop, {})
        assert every["items"] == sorted((one["data"] for one in workshop.json("/locations")), key=lambda one: one["id"])
        assert (every["totalItems"], every["pageInfo"]) == (len(every["items"]), {})
        assert workshop.request("POST", "/locations/by-query").json() == every
        query = {"target": {"$hasPrefix": "https://git.example.test/acme/PAGE"}}
        page = self.ask(workshop, {"query": query, "limit": 1})
        found = page["items"]
        while cursor := page["pageInfo"].get("nextCursor"):
            page = self.ask(workshop, {"cursor": cursor})
            assert (len(page["items"]), page["totalItems"]) == (1, 3)
            found += page["items"]
        assert found == [one for one in every["items"] if "/acme/page" in one["target"]]

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            pytest.param({"target": {"$hasPrefix": "https://git.example.test/"}}, 1, id="c241-prefix"),
            pytest.param({"target": SHOP_URL.upper()}, 1, id="c241-caseless"),
            pytest.param({"TYPE": "URL", "entityref": SHOP_LOCATION}, 1, id="c241-caseless-keys"),
            pytest.param({"$not": {"type": "url"}}, 0, id="c241-not"),
            pytest.param({"id": {"$exists": True}}, 1, id="c241-exists"),
            pytest.param({}, 1, id="c241-everything"),
            pytest.param({"$all": []}, 0, id="c241-all-of-nothing"),
            pytest.param({"$any": []}, 0, id="c241-any-of-nothing"),
            pytest.param({"type": {"$contains": "url"}}, 0, id="c241-contains-is-nothing"),
            pytest.param({"$any": [{"$all": []}, {"type": {"$in": ["x", "url"]}}]}, 1, id="c241-nested"),
        ],
    )
    def test_predicate(self, shop: Backstage, query: Any, count: int) -> None:
        page = self.ask(shop, {"query": query, "nope": 1})
        assert (len(page["items"]), page["totalItems"]) == (count, count)

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param({"query": {"foo": 1}}, id="c241-another-key"),
            pytest.param({"query": {"$not": {"kind": "x"}}}, id="c241-another-key-within"),
            pytest.param({"query": {"id": None}}, id="c241-a-wrong-query"),
            pytest.param({"query": []}, id="c241-a-list"),
            pytest.param({"limit": 0}, id="c241-limit-of-nought"),
            pytest.param({"limit": 1.5}, id="c241-limit-fraction"),
            pytest.param({"cursor": ""}, id="c241-empty-cursor"),
            pytest.param({"cursor": "garbage"}, id="c241-garbage"),
            pytest.param({"cursor": "e30="}, id="c241-a-cursor-without-a-place"),
        ],
    )
    def test_wrong_bodies_are_400(self, shop: Backstage, body: Any) -> None:
        answer = shop.request("POST", "/locations/by-query", json=body)
        assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")
        if len(body.get("cursor", "")) > 0:
            assert "Malformed cursor" in answer.json()["error"]["message"]


def test_c242_readonly_locations_are_403(forge: Forge, tmp_path: Path) -> None:
    url = forge.file("refused", component("refused"))
    with Daemon(tmp_path, forge.config) as daemon:
        location = post(Backstage(daemon), url).json()["location"]
    with Daemon(tmp_path, forge.config + "[catalog]\nreadonly = true\n") as daemon:
        client = Backstage(daemon)
        path = f"/locations/{location['id']}"
        body = {"type": "url", "target": forge.url("other")}
        for answer in (
            client.request("POST", "/locations", json=body),
            client.request("PUT", path, json=body),
            client.request("DELETE", path),
        ):
            assert (answer.status_code, answer.json()["error"]["name"]) == (403, "NotAllowedError")
        assert client.json(path) == location


class TestRefresh:
    def test_c243_a_known_ref_is_200_and_empty(self, workshop: Backstage, forge: Forge) -> None:
        workshop.daemon.register(forge.file("fresh", component("fresh")))
        forge.file("fresh", component("fresh", title="Fresher"))
        body = {"entityRef": "Component:default/FRESH", "authorizationToken": "x"}
        answer = workshop.request("POST", "/refresh", json=body)
        assert (answer.status_code, answer.content, answer.headers.get("content-type")) == (200, b"", None)
        wait_until(
            lambda: workshop.entity("component:default/fresh")["metadata"].get("title") == "Fresher",
            "the entity was read again",
        )

    @pytest.mark.parametrize("text", ["component:default/nope", "checkout", "a:b/"])
    def test_c243_an_unknown_ref_is_404(self, shop: Backstage, text: str) -> None:
        answer = shop.request("POST", "/refresh", json={"entityRef": text})
        assert (answer.status_code, answer.json()["error"]["name"]) == (404, "NotFoundError")

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param({"entityRef": "component:default/checkout", "x": 1}, id="c243-an-extra-key"),
            pytest.param({}, id="c243-no-ref"),
            pytest.param({"entityRef": ""}, id="c243-an-empty-ref"),
            pytest.param({"entityRef": 5}, id="c243-a-number"),
        ],
    )
    def test_c243_another_body_is_400(self, shop: Backstage, body: Any) -> None:
        answer = shop.request("POST", "/refresh", json=body)
        assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")
