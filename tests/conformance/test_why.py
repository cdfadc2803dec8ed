"""Where values come from: files by line and commit, people by API, the catalog itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder
from tests.support.shop import Backstage

CART = "component:default/cart"
FIRST = """\
# the shop
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: cart
  title: Cart
  description: |
    Holds what will be bought.

    And forgets it.
  tags: [java, web]
  annotations:
    acme.test/pager: P-3
    backstage.io/managed-by-location: nonsense
spec:
  type: service
  lifecycle: experimental
  owner: team-a
  dependsOn:
    - resource:queue
    - component:stock
"""
STOCK = """\
kind: Component
apiVersion: backstage.io/v1alpha1
metadata: {name: stock}
spec:
  type: service
  lifecycle: production
  dependsOn: ["component:cart"]
---
kind: API
apiVersion: backstage.io/v1alpha1
metadata: {name: stock}
spec:
  type: openapi
  lifecycle: production
  owner: team-b
  definition: {$text: ./openapi.yaml}
  limits: {$yaml: ./limits.yaml}
---
apiVersion: harness.io/v1
kind: component
identifier: scoped
name: The scoped one
owner: team-c
spec: {lifecycle: experimental, type: service}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: team-a}
spec: {type: team, children: []}
"""
PORT = """\
identifier: ship
blueprint: vessel
title: A ship
properties:
  size: 3
  readme: file://README.md
"""


class Scene:
    """A daemon over a repository that three people changed, and the commits by name."""

    def __init__(self, daemon: Daemon, repository: RepoBuilder) -> None:
        self.daemon = daemon
        self.repository = repository
        self.commits: dict[str, str] = {}

    def commit(self, name: str, files: dict[str, str], author: str) -> None:
        self.commits[self.repository.commit(files, f"{name}\n\nmore words", author=author)] = name

    def get(self, ref: str, field: str) -> Any:
        return self.daemon.owner.get(f"/api/own/entities/{quote(ref, safe='')}/why", params={"field": field})

    def why(self, ref: str, field: str) -> Any:
        answer = self.get(ref, field)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def set(self, ref: str, path: str, value: Any, op: str = "replace") -> None:
        body = {"changes": [{"ref": ref, "path": path, "op": op, "value": value}], "source": "cli"}
        answer = self.daemon.owner.post("/api/own/properties", json=body)
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("why")
    repository = RepoBuilder(folder / "shop.git")
    config = '[git]\nprotocols = ["file"]\nwatch = false\n[catalog]\ncodeowners = true\n'
    with Daemon(folder / "daemon", config) as daemon:
        scene = Scene(daemon, repository)
        scene.commit("begin", {"catalog-info.yaml": FIRST, "README.md": "one\n"}, "Ada")
        second = FIRST.replace("experimental", "production").replace("# the shop\n", "# the shop\n# of ours\n")
        files = {"stock/catalog-info.yaml": STOCK, "stock/openapi.yaml": "openapi: 3.0.0\n", "port.yml": PORT}
        scene.commit("stock", {"catalog-info.yaml": second, "stock/limits.yaml": "a: 1\nb: 2\n", **files}, "Bea")
        scene.commit("spec", {"stock/openapi.yaml": "openapi: 3.1.0\n", "stock/limits.yaml": "a: 1\nb: 3\n"}, "Cem")
        scene.commit("words", {"catalog-info.yaml": second.replace("forgets it", "remembers it")}, "Cem")
        scene.commit(
            "owners", {"CODEOWNERS": "# who\nREADME.md @x\n/stock/ @org/team-s\n", "README.md": "two\n"}, "Ada"
        )
        daemon.register(repository.url, type="git")
        scene.set(CART, "metadata.title", "The cart")
        scene.set(CART, "metadata.tags", ["web", "fast"], "union")
        scene.set(CART, "metadata.annotations", {"acme.test/tier": "gold"}, "union")
        scene.set(CART, "metadata.sla.uptime", 99.9)
        yield scene


def git(commit: str, place: str, by: str, **more: Any) -> dict[str, Any]:
    """What is expected of a line in a file; `place` is `path:line`, or `path:line-end`."""
    return {"said": "git", "commit": commit, "place": place, "by": by, **more}


def overlay(**more: Any) -> dict[str, Any]:
    return {"said": "overlay", "door": "cli", **more}


def catalog(reason: str) -> dict[str, Any]:
    return {"said": "catalog", "reason": reason}


ROOT, SIDE = "catalog-info.yaml", "stock/catalog-info.yaml"
HIDDEN = {"in_force": False}
CASES = [
    pytest.param(CART, "spec.lifecycle", "production", [git("stock", f"{ROOT}:18", "Bea")], id="a-line"),
    pytest.param(CART, "owner", "team-a", [git("begin", f"{ROOT}:19", "Ada")], id="short-name"),
    pytest.param(CART, "KIND", "Component", [git("begin", f"{ROOT}:4", "Ada")], id="any-case"),
    pytest.param(CART, "description", ..., [git("words", f"{ROOT}:8-11", "Cem", changed=11)], id="a-block"),
    pytest.param(CART, "spec", ..., [git("stock", f"{ROOT}:16-22", "Bea", changed=18)], id="a-mapping"),
    pytest.param(CART, "spec.dependsOn[0]", "component:stock", [git("begin", f"{ROOT}:22", "Ada")], id="sorted"),
    pytest.param(CART, "spec.dependsOn.resource:queue", ..., [git("begin", f"{ROOT}:21", "Ada")], id="item"),
    pytest.param(
        CART, "title", "The cart",
        [overlay(value="The cart", mode="replace"), git("begin", f"{ROOT}:7", "Ada", value="Cart", **HIDDEN)],
        id="overlaid",
    ),
    pytest.param(
        CART, "tags", ["java", "web", "fast"],
        [overlay(value=["web", "fast"], mode="union"), git("begin", f"{ROOT}:12", "Ada", value=["java", "web"])],
        id="added-to",
    ),
    pytest.param(CART, "metadata.tags.fast", "fast", [overlay(value="fast")], id="item-of-the-overlay"),
    pytest.param(CART, "tags[1]", "web", [git("begin", f"{ROOT}:12", "Ada")], id="item-of-git-in-a-union"),
    pytest.param(
        CART, "annotation.acme.test/pager", "P-3", [git("begin", f"{ROOT}:14", "Ada")], id="beside-the-overlay"
    ),
    pytest.param(
        CART, 'metadata.annotations."acme.test/tier"', "gold",
        [overlay(value="gold", reason="part of metadata.annotations")],
        id="part-of-a-property",
    ),
    pytest.param(CART, "metadata.sla", {"uptime": 99.9}, [overlay(field="metadata.sla.uptime")], id="below"),
    pytest.param(
        CART, "annotation.backstage.io/managed-by-location", ...,
        [catalog("processing says which file the entity is read from, whatever the file says")],
        id="processing",
    ),
    pytest.param(CART, "namespace", "default", [catalog("the file names no namespace: default")], id="default"),
    pytest.param(CART, "uid", ..., [catalog("derived from the ref, so that it outlives everything")], id="uid"),
    pytest.param(
        CART, "relations.dependsOn.component:default/stock", "component:default/stock",
        [git("begin", f"{ROOT}:22", "Ada", ref=CART, field="spec.dependsOn[0]")],
        id="own-relation",
    ),
    pytest.param(
        CART, "relations.dependencyOf", ["component:default/stock"],
        [git("stock", f"{SIDE}:7", "Bea", ref="component:default/stock", field="spec.dependsOn[0]")],
        id="relation-said-by-a-peer",
    ),
    pytest.param(
        "group:default/team-a", "relations.ownerOf[0]", CART,
        [git("begin", f"{ROOT}:19", "Ada", ref=CART, field="spec.owner")],
        id="relation-of-an-owner",
    ),
    pytest.param(
        "api:default/stock", "spec.definition", "openapi: 3.1.0\n",
        [
            git("spec", "stock/openapi.yaml", "Cem", reason=f"read by $text of {SIDE}"),
            git("stock", f"{SIDE}:16", "Bea", reason="it names stock/openapi.yaml"),
        ],
        id="placeholder",
    ),
    pytest.param(
        "api:default/stock", "spec.limits.b", 3,
        [git("spec", "stock/limits.yaml:2", "Cem"), git("stock", f"{SIDE}:17", "Bea")],
        id="inside-a-placeholder",
    ),
    pytest.param(
        "component:default/stock", "spec.owner", "team-s",
        [git("owners", "CODEOWNERS:3", "Ada", reason=f"it names who owns {SIDE}, which names no owner")],
        id="codeowners",
    ),
    pytest.param("component:account/scoped", "spec.owner", "team-c", [git("stock", f"{SIDE}:23", "Bea")], id="harness"),
    pytest.param("component:account/scoped", "title", ..., [git("stock", f"{SIDE}:22", "Bea")], id="harness-title"),
    pytest.param("component:account/scoped", "name", "scoped", [git("stock", f"{SIDE}:21", "Bea")], id="harness-name"),
    pytest.param(
        "component:account/scoped", "namespace", "account",
        [catalog("the file names no organisation: the entity belongs to the account")],
        id="harness-scope",
    ),
    pytest.param("vessel:default/ship", "spec.properties.size", 3, [git("stock", "port.yml:5", "Bea")], id="port"),
    pytest.param("vessel:default/ship", "kind", "vessel", [git("stock", "port.yml:2", "Bea")], id="port-blueprint"),
    pytest.param(
        "vessel:default/ship", "spec.properties.readme", "two\n",
        [git("owners", "README.md", "Ada"), git("stock", "port.yml:6", "Bea", reason="it reads README.md")],
        id="port-file",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("ref", "field", "value", "expected"), CASES)
def test_why(scene: Scene, ref: str, field: str, value: Any, expected: list[dict[str, Any]]) -> None:
    answer = scene.why(ref, field)
    assert value is ... or answer["value"] == value
    assert [_shown(scene, one, wanted) for one, wanted in zip(answer["origins"], expected, strict=True)] == [
        {"in_force": True, **wanted} for wanted in expected
    ]


def _shown(scene: Scene, origin: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """As much of an origin as is expected, with commits by name."""
    lines = f"{origin['line']}-{origin['end_line']}" if origin["line"] != origin["end_line"] else origin["line"]
    told = {
        **origin,
        "commit": scene.commits.get(origin["commit"]),
        "place": f"{origin['path']}:{lines}" if lines else origin["path"],
        "changed": origin["changed_line"],
    }
    return {name: told[name] for name in ("in_force", *wanted)}


@pytest.mark.parametrize(
    ("ref", "field", "status", "hint"),
    [
        pytest.param("component:default/nothing", "owner", 404, "catalog list", id="no-entity"),
        pytest.param(CART, "spec.ownr", 404, "did you mean spec.owner", id="no-field"),
        pytest.param(CART, "lifecicle", 404, "lifecycle", id="short-name"),
        pytest.param(CART, "tags[7]", 404, "tags", id="no-item"),
        pytest.param(CART, "relations.ownedby.group:default/other", 404, "relations.ownedBy", id="no-relation"),
        pytest.param(CART, "zzz", 404, f"catalog get {CART}", id="nothing-near"),
        pytest.param(CART, "spec..owner", 400, "write metadata.a.b", id="no-path"),
        pytest.param("cart", "owner", 400, "", id="no-ref"),
    ],
)
def test_what_is_not_there_is_refused_with_the_nearest(
    scene: Scene, ref: str, field: str, status: int, hint: str
) -> None:
    answer = scene.get(ref, field)
    assert answer.status_code == status, answer.text
    assert hint in answer.json()["hint"]


def test_why_needs_a_field(scene: Scene) -> None:
    assert scene.daemon.owner.get(f"/api/own/entities/{quote(CART, safe='')}/why").status_code == 400


def test_a_hub_is_told_in_part(scene: Scene) -> None:
    names = [f"user-{number:02}" for number in range(30)]
    text = "\n---\n".join(
        f"{{apiVersion: backstage.io/v1alpha1, kind: Component, metadata: {{name: {name}}}, "
        "spec: {type: t, lifecycle: l, owner: hub}}"
        for name in names
    )
    scene.commit("hub", {"hub/catalog-info.yaml": text + "\n---\n{kind: Group, apiVersion: backstage.io/v1alpha1, "
                         "metadata: {name: hub}, spec: {type: t, children: []}}\n"}, "Ada")  # fmt: skip
    scene.daemon.sync()
    answer = scene.why("group:default/hub", "relations.ownerOf")
    assert len(answer["value"]) == 30
    assert [one["ref"] for one in answer["origins"]] == [f"component:default/{name}" for name in names[:20]]
    assert answer["more"] is True


def test_a_relation_is_told_by_what_is_in_force(scene: Scene) -> None:
    scoped = "component:account/scoped"
    scene.set(scoped, "spec.owner", "group:default/team-s")
    try:
        assert scene.get("group:default/team-s", "relations.ownerOf").status_code == 404  # there is no such entity
        (told,) = scene.why(scoped, "relations.ownedBy")["origins"]
        assert (told["said"], told["field"], told["value"]) == ("overlay", "spec.owner", "group:default/team-s")
    finally:
        change = {"ref": scoped, "path": "spec.owner", "op": "remove"}
        assert scene.daemon.owner.post("/api/own/properties", json={"changes": [change]}).status_code == 200
    (told,) = scene.why(scoped, "relations.ownedBy")["origins"]
    assert (told["said"], told["value"]) == ("git", "team-c")


def test_a_value_that_came_to_the_file_later_is_hidden(scene: Scene) -> None:
    text = "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: fit%s}\nspec: {type: t, owner: a}\n"
    scene.commit("fit", {"fit/catalog-info.yaml": text % ""}, "Ada")
    scene.daemon.sync()
    scene.set("resource:default/fit", "metadata.labels.tier", "gold")
    scene.commit("unfit", {"fit/catalog-info.yaml": text % ", uid: mine, labels: {tier: lead}, tags: [x]"}, "Bea")
    scene.daemon.sync()
    first, second = scene.why("resource:default/fit", "metadata.labels.tier")["origins"]
    assert [(one["said"], one["value"], one["in_force"]) for one in (first, second)] == [
        ("overlay", "gold", True),
        ("git", "lead", False),
    ]
    assert [one["said"] for one in scene.why("resource:default/fit", "uid")["origins"]] == ["catalog"]


def test_a_file_that_is_broken_now_is_told_as_it_was(scene: Scene) -> None:
    good = "apiVersion: backstage.io/v1alpha1\nkind: Domain\nmetadata: {name: old}\nspec:\n  owner: team-a\n"
    scene.commit("good", {"old/catalog-info.yaml": good}, "Bea")
    scene.daemon.sync()
    scene.commit("broken", {"old/catalog-info.yaml": "# more\n" + good + "  owner: [\n"}, "Cem")
    scene.daemon.sync()
    (origin,) = scene.why("domain:default/old", "owner")["origins"]
    assert (scene.commits[origin["commit"]], origin["line"], origin["by"]) == ("good", 5, "Bea")


def test_an_entity_of_the_api_names_who_changed_the_field_last(scene: Scene) -> None:
    for name, tier in (("one", "gold"), ("two", "gold"), ("three", "lead")):
        with scene.daemon.stranger(scene.daemon.token("read", "entities:write", name=name)) as client:
            if name == "one":
                blueprint = {"identifier": "jar", "schema": {"properties": {"tier": {"type": "string"}}}}
                assert client.post("/v1/blueprints", json=blueprint).status_code == 201
            body = {"identifier": "j", "title": f"by {name}", "properties": {"tier": tier}}
            answer = client.post("/v1/blueprints/jar/entities", json=body, params={"upsert": "true"})
            assert answer.status_code in (200, 201), answer.text
            if name == "two":
                (told,) = scene.why("jar:default/j", "spec.properties.tier")["origins"]
                assert (told["said"], told["by"], told["door"]) == ("api", "one", "port")
    (told,) = scene.why("jar:default/j", "spec.properties.tier")["origins"]
    assert (told["by"], told["value"]) == ("three", "lead")
    changes = scene.daemon.owner.get("/api/own/changes", params={"since": told["seq"] - 1, "limit": 1}).json()["items"]
    assert (changes[0]["seq"], changes[0]["actor"]) == (told["seq"], "three")


def test_a_registered_location_names_who_registered_it(scene: Scene) -> None:
    (entity,) = scene.daemon.owner.get("/api/own/entities", params={"q": "kind:location"}).json()["items"]
    (told,) = scene.why(f"location:default/{entity['metadata']['name']}", "spec.target")["origins"]
    assert (told["said"], told["value"], told["by"][:7]) == ("location", scene.repository.url, "socket:")


def test_where_history_is_cut_it_is_said(scene: Scene, tmp_path: Path) -> None:
    config = '[git]\nprotocols = ["file"]\nwatch = false\ndepth = 1\n'
    with Daemon(tmp_path / "daemon", config) as daemon:
        daemon.register(scene.repository.url, type="git")
        answer = daemon.owner.get(f"/api/own/entities/{quote(CART, safe='')}/why", params={"field": "owner"}).json()
        assert [(one["commit"], one["cut"]) for one in answer["origins"]] == [(scene.repository.head(), True)]
    assert [one["cut"] for one in scene.why(CART, "owner")["origins"]] == [False]


def test_a_file_that_was_reached_by_a_web_address(shop: Backstage) -> None:
    url = f"/api/own/entities/{quote('component:default/checkout', safe='')}"
    (told,) = shop.daemon.owner.get(f"{url}/why", params={"field": "kind"}).json()["origins"]
    source = shop.daemon.owner.get(url).json()["source"]
    assert (told["said"], told["path"], told["url"]) == ("git", source["path"], source["url"])
    assert source["line"] <= told["line"] <= source["line"] + 1
    (view,) = shop.daemon.owner.get(f"{url}/why", params={"field": "annotation.backstage.io/view-url"}).json()[
        "origins"
    ]
    assert (view["said"], view["value"], "web address" in view["reason"]) == ("catalog", source["url"], True)
    history = shop.daemon.owner.get(f"{url}/history").json()
    commits = [(one["effect"], one["commit"]) for one in history["items"] if one["what"] == "commit"]
    assert commits == [("added", told["commit"])]  # others lay properties over it
    location = shop.daemon.owner.get("/api/own/locations").json()["items"][0]["id"]
    same = shop.daemon.owner.get("/api/own/diff", params={"location": location, "from": "HEAD"}).json()
    assert (same["items"], same["from"]["commit"], same["notes"]) == ([], source["commit"], [])
