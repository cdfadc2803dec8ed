"""What is tried out and not stored, and where entities come from: C230, C233-C234, C244-C248 (spec 3.9-3.13)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.daemon import Daemon
from tests.support.shop import SHOP_LOCATION, SHOP_REFS, SHOP_URL, Backstage, Forge, component, ref

PLACE = "url:https://git.example.test/acme/shop/blob/main/services/new.yaml"


def trial(client: Backstage, target: str, flag: str = "true") -> Any:
    """The answer to a location that is only tried."""
    body = {"type": "url", "target": target}
    return client.request("POST", "/locations", [("dryRun", flag)], json=body)


def good(**metadata: Any) -> dict[str, Any]:
    """An entity that would be accepted."""
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": "new", **metadata},
        "spec": {"type": "service", "lifecycle": "production", "owner": "team-cart"},
    }


def location(**spec: Any) -> dict[str, Any]:
    """A Location entity."""
    return {"apiVersion": "backstage.io/v1alpha1", "kind": "Location", "metadata": {"name": "more"}, "spec": spec}


class TestDryRun:
    def test_c233_entities_are_processed_and_nothing_is_stored(self, workshop: Backstage, forge: Forge) -> None:
        target = f"{component('tried')}\n---\n{_yaml(location(target='./deep/*.yaml'))}"
        url = forge.file("tried", target)
        forge.file("tried", component("tried-below"), "deep/a.yaml")
        before = (workshop.refs(), workshop.json("/locations"))
        answer = trial(workshop, url)
        assert answer.status_code == 201, answer.text
        content = answer.json()
        generated = f"location:default/{content['entities'][0]['metadata']['name']}"
        assert content["exists"] is False
        assert content["location"] == {"id": f"url:{url}", "type": "url", "target": url, "entityRef": generated}
        assert [ref(entity) for entity in content["entities"]] == [
            generated,
            "component:default/tried",
            "location:default/more",
            "component:default/tried-below",
        ]
        assert all("relations" not in entity for entity in content["entities"])
        annotations = content["entities"][3]["metadata"]["annotations"]
        assert annotations["backstage.io/managed-by-origin-location"] == f"url:{url}"
        assert (workshop.refs(), workshop.json("/locations")) == before
        assert list((workshop.daemon.state / "trials").iterdir()) == []

    @pytest.mark.parametrize("flag", ["TRUE", "1", "yes", "Y", "on"])
    def test_c233_a_known_location_exists(self, shop: Backstage, flag: str) -> None:
        content = trial(shop, SHOP_URL, flag).json()
        assert content["exists"] is True
        assert sorted(ref(entity) for entity in content["entities"]) == sorted(SHOP_REFS)

    def test_c233_other_spellings_are_no(self, workshop: Backstage, forge: Forge) -> None:
        answer = trial(workshop, forge.file("stored", component("stored")), "nope")
        assert (answer.status_code, answer.json()["entities"]) == (201, [])
        assert answer.json()["location"] in [one["data"] for one in workshop.json("/locations")]

    @pytest.mark.parametrize(
        ("files", "message"),
        [
            pytest.param({"catalog-info.yaml": component("Bad name")}, "metadata.name", id="c234-an-invalid-entity"),
            pytest.param({"catalog-info.yaml": "kind: [unclosed"}, "catalog-info.yaml:", id="c234-not-yaml"),
            pytest.param(
                {"catalog-info.yaml": f"{component('a')}\n---\n{component('A')}"},
                "component:default/a would be there twice",
                id="c234-the-same-ref-twice",
            ),
            pytest.param({"other.yaml": component("a")}, "matches no file", id="c234-no-such-file"),
            pytest.param(
                {"catalog-info.yaml": f"{component('Bad name')}\n---\n{component('Worse name')}"},
                "Worse name",
                id="c234-all-messages",
            ),
        ],
    )
    def test_what_is_wrong_is_400(
        self, workshop: Backstage, forge: Forge, files: dict[str, str], message: str, request: pytest.FixtureRequest
    ) -> None:
        name = f"wrong-{request.node.callspec.id}"
        for path, text in files.items():
            forge.file(name, text, path)
        answer = trial(workshop, forge.url(name))
        assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")
        assert message in answer.json()["error"]["message"]

    @pytest.mark.parametrize(
        "target",
        [
            pytest.param("https://git.example.test/acme/nowhere/blob/main/catalog-info.yaml", id="c234-no-repository"),
            pytest.param(SHOP_URL.replace("/main/", "/nope/"), id="c234-no-branch"),
            pytest.param("https://other.test/a/b/blob/main/c.yaml", id="r010-another-host"),
            pytest.param("nonsense", id="c234-no-url"),
        ],
    )
    def test_what_cannot_be_read_is_400(self, shop: Backstage, target: str) -> None:
        answer = trial(shop, target)
        assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError"), answer.text

    def test_r030_strangers_reach_no_file_of_the_machine(self, workshop: Backstage, forge: Forge) -> None:
        secret = forge.repository("secret")
        secret.commit({"catalog-info.yaml": component("secret")})
        url = f"{secret.url}/blob/main/catalog-info.yaml"
        token = workshop.daemon.token("read", "locations:write", "entities:write")
        with workshop.daemon.stranger(token) as stranger:
            tried = stranger.post("/api/catalog/locations?dryRun=1", json={"type": "url", "target": url})
            body = {"entity": good(description={"$text": "./catalog-info.yaml"}), "location": f"url:{url}"}
            judged = stranger.post("/api/catalog/validate-entity", json=body)
            led = stranger.post(
                "/api/catalog/validate-entity", json={"entity": location(target="./x.yaml"), "location": f"url:{url}"}
            )
        assert (tried.status_code, judged.status_code, led.status_code) == (403, 400, 403)
        assert "not below a folder" in judged.json()["errors"][0]["message"]

    def test_c242_a_trial_needs_no_writing(self, forge: Forge, start: Callable[[str], Daemon]) -> None:
        client = Backstage(start(forge.config + "[catalog]\nreadonly = true\n"))
        assert trial(client, forge.file("looked-at", component("looked-at"))).status_code == 201


class TestValidate:
    def judge(self, client: Backstage, body: Any) -> Any:
        return client.request("POST", "/validate-entity", json=body)

    @pytest.mark.parametrize(
        ("entity", "place"),
        [
            pytest.param(good(), PLACE, id="c244-plain"),
            pytest.param(good(), "url:https://anywhere.test/x.yaml", id="c244-anywhere"),
            pytest.param(good(description={"$text": "../catalog-info.yaml"}), PLACE, id="c244-placeholder"),
            pytest.param(location(target="../catalog-info.yaml"), PLACE, id="c244-relative-target"),
            pytest.param(location(targets=[SHOP_URL]), "url:https://anywhere.test/x.yaml", id="c244-absolute-target"),
            pytest.param(location(target="./nope.yaml", presence="optional"), PLACE, id="c244-optional-target"),
        ],
    )
    def test_good(self, shop: Backstage, entity: Any, place: str) -> None:
        answer = self.judge(shop, {"entity": entity, "location": place, "nope": 1})
        assert (answer.status_code, answer.content) == (200, b""), answer.text

    @pytest.mark.parametrize(
        ("entity", "place", "said"),
        [
            pytest.param({**good(), "kind": ""}, PLACE, "kind", id="c245-no-kind"),
            pytest.param({**good(), "spec": {}}, PLACE, "spec.type", id="c245-no-type"),
            pytest.param(good(name="a b"), PLACE, "metadata.name", id="c245-a-wrong-name"),
            pytest.param({**good(), "metadata": None}, PLACE, "metadata", id="c245-no-metadata"),
            pytest.param({}, PLACE, "apiVersion", id="c245-empty"),
            pytest.param(good(labels={"Foo": "a", "foo": "b"}), PLACE, "differ in case", id="c145-same-keys"),
            pytest.param(good(description={"$text": "./nope.md"}), PLACE, "nope.md", id="c245-no-such-file"),
            pytest.param(good(description={"$text": "./x"}), "url:https://a.test/x.yaml", "$text", id="c245-no-host"),
            pytest.param(location(target="./nope.yaml"), PLACE, "matches no file", id="c245-no-such-target"),
            pytest.param(location(target="./x.yaml"), "url:https://a.test/x.yaml", "a.test", id="c245-target-nowhere"),
            pytest.param(good(), "https://git.example.test/x.yaml", "location", id="c246-no-url-prefix"),
            pytest.param(good(), "file:/x.yaml", "location", id="c246-a-file"),
            pytest.param(good(), "url:", "location", id="c246-no-target"),
            pytest.param(good(), 5, "location", id="c246-a-number"),
            pytest.param([], PLACE, "entity", id="c245-a-list"),
        ],
    )
    def test_bad(self, shop: Backstage, entity: Any, place: Any, said: str) -> None:
        answer = self.judge(shop, {"entity": entity, "location": place})
        assert (answer.status_code, list(answer.json())) == (400, ["errors"]), answer.text
        assert said in " ".join(error["message"] for error in answer.json()["errors"])
        assert all(error["name"] for error in answer.json()["errors"])

    @pytest.mark.parametrize("content", [b"{", b"[]", b"null", b""])
    def test_c246_a_malformed_body_has_the_same_shape(self, shop: Backstage, content: bytes) -> None:
        headers = {"content-type": "application/json"}
        answer = shop.request("POST", "/validate-entity", content=content, headers=headers)
        assert (answer.status_code, list(answer.json())) == (400, ["errors"])

    def test_c245_every_error_is_listed(self, shop: Backstage) -> None:
        answer = self.judge(shop, {"entity": {**good(name="a b"), "spec": {"type": 5}}, "location": PLACE})
        assert len(answer.json()["errors"]) > 2


ANALYSED = [
    pytest.param("https://github.com/acme/shop", "shop", {"github.com/project-slug": "acme/shop"}, id="c247-github"),
    pytest.param(SHOP_URL, "shop", {"github.com/project-slug": "acme/shop"}, id="c247-a-configured-host"),
    pytest.param(
        "https://gitlab.com/a/b/shop.git", "shop", {"gitlab.com/project-slug": "a/b/shop"}, id="c247-a-gitlab-group"
    ),
    pytest.param(
        "https://gitlab.com/a/b/shop/-/blob/main/x.yaml",
        "shop",
        {"gitlab.com/project-slug": "a/b/shop"},
        id="c247-a-gitlab-file",
    ),
    pytest.param(
        "https://dev.azure.com/org/project/_git/shop",
        "shop",
        {"dev.azure.com/project-slug": "project/shop"},
        id="c247-azure",
    ),
    pytest.param("https://other.test/acme/shop/tree/main", "shop", None, id="c247-another-host"),
]


@pytest.mark.parametrize(("target", "name", "annotations"), ANALYSED)
def test_analysis(shop: Backstage, target: str, name: str, annotations: Any) -> None:
    for extra in ({}, {"catalogFilename": "a.yaml"}, {"catalogFileName": "a.yaml"}):
        body = {"location": {"type": "url", "target": target}, **extra}
        answer = shop.request("POST", "/analyze-location", json=body)
        entity = {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": {"name": name, **({"annotations": annotations} if annotations else {})},
            "spec": {"type": "other", "lifecycle": "unknown"},
        }
        assert (answer.status_code, answer.json()) == (
            200,
            {"existingEntityFiles": [], "generateEntities": [{"entity": entity, "fields": []}]},
        )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"location": {"type": "url", "target": "shop"}}, id="c248-no-url"),
        pytest.param({"location": {"type": "url", "target": "https://github.com"}}, id="c248-no-repository"),
        pytest.param({"location": {"type": "url", "target": "file:///etc/passwd"}}, id="c248-a-file"),
        pytest.param({"location": {"type": "url"}}, id="c248-no-target"),
        pytest.param({}, id="c248-no-location"),
    ],
)
def test_wrong_analysis_is_400(shop: Backstage, body: Any) -> None:
    answer = shop.request("POST", "/analyze-location", json=body)
    assert (answer.status_code, answer.json()["error"]["name"]) == (400, "InputError")


class TestAncestry:
    def test_c230_from_an_entity_to_its_location(self, shop: Backstage) -> None:
        content = shop.json("/entities/by-name/Component/default/CHECKOUT/ancestry")
        assert content == {
            "rootEntityRef": "component:default/checkout",
            "items": [
                {"entity": shop.entity("component:default/checkout"), "parentEntityRefs": [SHOP_LOCATION]},
                {"entity": shop.entity(SHOP_LOCATION), "parentEntityRefs": []},
            ],
        }

    def test_c230_over_several_locations(self, workshop: Backstage, forge: Forge) -> None:
        url = forge.file("old", _yaml(location(target="./deep.yaml")).replace("more", "above"))
        forge.file("old", component("descendant"), "deep.yaml")
        workshop.daemon.register(url)
        items = workshop.json("/entities/by-name/component/default/descendant/ancestry")["items"]
        refs = [ref(item["entity"]) for item in items]
        assert refs[:2] == ["component:default/descendant", "location:default/above"]
        assert [item["parentEntityRefs"] for item in items] == [refs[1:2], refs[2:3], []]

    def test_c230_an_unknown_entity_is_404(self, shop: Backstage) -> None:
        answer = shop.get("/entities/by-name/component/default/nope/ancestry")
        assert (answer.status_code, answer.json()["error"]["name"]) == (404, "NotFoundError")
        assert "No such entity" in answer.json()["error"]["message"]


def _yaml(entity: Any) -> str:

    return json.dumps(entity)
