"""The unprocessed-entities module (spec 3.14, U14): raw state and errors of what is not visible as it was meant."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.daemon import Daemon
from tests.support.shop import Backstage, Forge, component

MODULE = "/entities/unprocessed"
WRONG = component("half done", labels={"tier": "gold"})
LEADS_NOWHERE = """
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: nowhere}
spec: {target: ./nope.yaml}
"""


@pytest.fixture(scope="module")
def muddle(workshop: Backstage, forge: Forge) -> Backstage:
    """Something good, and one of everything that can be wrong."""
    workshop.daemon.register(forge.file("first", component("twice", spec={"owner": "team-a"})))
    texts = [WRONG, component("fine"), LEADS_NOWHERE, component("twice", spec={"owner": "group:default/team-b"})]
    workshop.daemon.register(forge.file("muddle", "\n---\n".join(texts)))
    workshop.daemon.register(forge.file("text", "kind: [unclosed"))
    return workshop


def failed(client: Backstage, *parameters: tuple[str, str]) -> dict[str, Any]:
    """What failed, by ref."""
    content = client.json(f"{MODULE}/failed", *parameters)
    assert content["type"] == "failed"
    return {entity["entity_ref"]: entity for entity in content["entities"]}


def test_everything_that_failed_is_listed_with_its_reasons(muddle: Backstage, forge: Forge) -> None:
    found = failed(muddle)
    assert set(found) == {
        "component:default/half done",
        "location:default/nowhere",
        "component:default/twice",
        "",
    }
    wrong = found["component:default/half done"]
    raw = wrong["unprocessed_entity"]
    assert (raw["metadata"]["name"], raw["metadata"]["labels"]) == ("half done", {"tier": "gold"})
    assert raw["metadata"]["annotations"] == {
        "backstage.io/managed-by-location": f"url:{forge.url('muddle')}",
        "backstage.io/managed-by-origin-location": f"url:{forge.url('muddle')}",
    }
    assert "processed_entity" not in wrong
    assert wrong["location_key"] == f"url:{forge.url('muddle')}"
    assert wrong["last_discovery_at"] <= wrong["next_update_at"]
    assert [error["name"] for error in wrong["errors"]] == ["InputError"]
    assert "metadata.name" in wrong["errors"][0]["message"]

    [error] = found["location:default/nowhere"]["errors"]
    assert (error["name"], "nope.yaml" in error["message"]) == ("NotFoundError", True)
    assert found["location:default/nowhere"]["processed_entity"]["spec"] == {"target": "./nope.yaml"}

    loser = found["component:default/twice"]
    assert [error["name"] for error in loser["errors"]] == ["ConflictError"]
    assert loser["unprocessed_entity"]["spec"]["owner"] == "group:default/team-b"
    assert loser["processed_entity"]["spec"]["owner"] == "team-a"

    unclosed = found[""]
    assert unclosed["unprocessed_entity"]["metadata"]["annotations"]
    assert unclosed["entity_id"] not in {wrong["entity_id"], loser["entity_id"]}


@pytest.mark.parametrize(
    ("owner", "refs"),
    [
        ("team-cart", {"component:default/half done"}),
        ("Group:default/TEAM-CART", {"component:default/half done"}),
        ("team-b", {"component:default/twice"}),
        ("user:default/team-b", set()),
        ("team-a", set()),
        ("::", set()),
    ],
)
def test_by_owner(muddle: Backstage, owner: str, refs: set[str]) -> None:
    assert set(failed(muddle, ("owner", owner))) == refs


def test_nothing_is_pending_once_everything_was_read(muddle: Backstage) -> None:
    assert muddle.json(f"{MODULE}/pending") == {"type": "pending", "entities": []}


def test_what_was_never_read_is_pending(start: Callable[[str], Daemon]) -> None:
    stuck = "https://127.0.0.1:9/acme/shop/blob/main/catalog-info.yaml"
    config = '[[hosts]]\nhost = "127.0.0.1:9"\ntype = "github"\n'
    client = Backstage(start(config))
    client.request("POST", "/locations", json={"type": "url", "target": stuck})
    [pending] = client.json(f"{MODULE}/pending")["entities"]
    [location] = client.json("/locations")
    assert (pending["entity_ref"], pending["errors"]) == (location["data"]["entityRef"], [])
    assert pending["unprocessed_entity"]["spec"] == {"type": "url", "target": stuck}


def test_what_is_mended_and_read_again_is_gone(workshop: Backstage, forge: Forge) -> None:
    workshop.daemon.register(forge.file("mended", component("not mended")))
    id_ = failed(workshop)["component:default/not mended"]["entity_id"]
    forge.file("mended", component("mended"))
    for _ in range(2):
        assert workshop.request("DELETE", f"{MODULE}/delete/{id_}").status_code == 204
        workshop.daemon.sync()
    assert workshop.request("DELETE", f"{MODULE}/delete/nope").status_code == 204
    assert "component:default/not mended" not in failed(workshop)
    assert workshop.entity("component:default/mended")


def test_deleting_reads_the_source_again(workshop: Backstage, forge: Forge) -> None:
    workshop.daemon.register(forge.file("again", component("not yet")))
    id_ = failed(workshop)["component:default/not yet"]["entity_id"]
    before = workshop.daemon.owner.get("/api/own/locations").json()["items"]
    assert workshop.request("DELETE", f"{MODULE}/delete/{id_}").status_code == 204
    workshop.daemon.sync()
    after = workshop.daemon.owner.get("/api/own/locations").json()["items"]
    attempts = {one["target"]: one["state"]["last_attempt"] for one in before}
    assert all(one["state"]["last_attempt"] > attempts[one["target"]] for one in after)
    assert failed(workshop)["component:default/not yet"]["entity_id"] == id_
