"""Registered locations and refresh: C231-C238, C243 (spec 3.12, 3.13, 5.14)."""

import hashlib
from collections.abc import Callable
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


def test_readonly_locations_are_403(forge: Forge, start: Callable[[str], Daemon]) -> None:
    client = Backstage(start(forge.config + "[catalog]\nreadonly = true\n"))
    answer = post(client, forge.file("refused", component("refused")))
    assert (answer.status_code, answer.json()["error"]["name"]) == (403, "NotAllowedError")


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
