"""What happened to an entity, by commit and by API, in one order of time; and what differs between two moments."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import ANY
from urllib.parse import quote

import pytest

from syncd.history import timeline
from tests.support.catalog import CatalogHarness
from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder

CART = "component:default/cart"
CONFIG = '[git]\nprotocols = ["file"]\nwatch = false\n'


def component(name: str, owner: str = "a", **spec: str) -> str:
    further = "".join(f", {key}: {value}" for key, value in spec.items())
    head = f"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: {name}}}\n"
    return f"{head}spec: {{type: service, lifecycle: production, owner: {owner}{further}}}\n"


def both(*documents: str) -> str:
    return "---\n".join(documents)


class Scene:
    """A daemon over one repository, with the names of its commits."""

    def __init__(self, daemon: Daemon, repository: RepoBuilder) -> None:
        self.daemon = daemon
        self.repository = repository
        self.names: dict[str, str] = {}
        self.commits: dict[str, str] = {}

    def commit(self, name: str, files: dict[str, str | None], author: str = "Ada") -> str:
        commit = self.repository.commit(files, name, author=author)
        self.names[commit], self.commits[name] = name, commit
        return commit

    def own(self, url: str, **parameters: Any) -> Any:
        answer = self.daemon.owner.get(f"/api/own{url}", params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def history(self, ref: str = CART, **parameters: Any) -> Any:
        return self.own(f"/entities/{quote(ref, safe='')}/history", **parameters)

    def told(self, ref: str = CART, **parameters: Any) -> list[tuple[str, str, str, Any, Any]]:
        """Commit by name or the log's word, effect, path, old, new; whole entities left out."""
        return [
            (
                self.names.get(one["commit"], one["what"]),
                one["effect"],
                one["path"],
                one["old"] if one["path"] else None,
                one["new"] if one["path"] else None,
            )
            for one in self.history(ref, **parameters)["items"]
        ]

    def set(self, ref: str, path: str, value: Any) -> None:
        body = {"changes": [{"ref": ref, "path": path, "op": "replace", "value": value}]}
        assert self.daemon.owner.post("/api/own/properties", json=body).status_code == 200


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("history")
    repository = RepoBuilder(folder / "shop.git")
    with Daemon(folder / "daemon", CONFIG) as daemon:
        scene = Scene(daemon, repository)
        scene.commit("begin", {"old/catalog-info.yaml": both(component("cart"), component("stock"))})
        scene.commit("other", {"old/catalog-info.yaml": both(component("cart"), component("stock", "b"))}, "Bea")
        owned = both(component("cart", "b"), component("stock", "b"))
        scene.commit("owner", {"old/catalog-info.yaml": owned}, "Bea")
        scene.commit("moved", {"old/catalog-info.yaml": None, "new/catalog-info.yaml": owned}, "Cem")
        scene.commit("broken", {"new/catalog-info.yaml": "a: [\n" + owned}, "Cem")
        typed = both(
            component("cart", "b").replace("service", "site").replace("production", "old"), component("stock", "b")
        )
        scene.commit("mended", {"new/catalog-info.yaml": typed}, "Ada")
        daemon.register(repository.url, type="git")
        scene.set(CART, "metadata.tier", "gold")
        scene.set(CART, "metadata.tier", "lead")
        scene.set(CART, "spec.owner", "c")
        yield scene


def test_commits_and_changes_are_told_in_one_order(scene: Scene) -> None:
    assert scene.told() == [
        ("property.set", "added", "spec.owner", None, "c"),
        ("property.set", "updated", "metadata.tier", "gold", "lead"),
        ("property.set", "added", "metadata.tier", None, "gold"),
        ("mended", "updated", "spec.lifecycle", "production", "old"),
        ("mended", "updated", "spec.type", "service", "site"),
        ("broken", "unreadable", "", None, None),
        ("moved", "updated", 'metadata.annotations."backstage.io/managed-by-location"', ANY, ANY),
        ("owner", "updated", "spec.owner", "a", "b"),
        ("begin", "added", "", None, None),
    ]
    answer = scene.history()
    items = answer["items"]
    assert [one["at"] for one in items] == sorted((one["at"] for one in items), reverse=True)
    first = items[-1]
    assert (first["actor"], first["email"], first["file"]) == ("Ada", "ada@example.org", "old/catalog-info.yaml")
    assert first["new"]["metadata"]["name"] == "cart"
    assert answer["git"] == {
        "repository": scene.repository.url,
        "branch": "main",
        "path": "new/catalog-info.yaml",
        "first_path": "old/catalog-info.yaml",
        "commits": 6,
        "complete": True,
        "cut": False,
        "reason": "",
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("spec.owner", ["property.set", "owner", "begin"], id="field"),
        pytest.param("metadata", ["property.set", "property.set", "moved", "begin"], id="all-below"),
        pytest.param('spec."type"', ["mended", "begin"], id="any-spelling"),
        pytest.param("spec.nothing", [], id="nothing"),
    ],
)
def test_a_story_is_narrowed_to_a_field(scene: Scene, path: str, expected: list[str]) -> None:
    assert [name for name, *_ in scene.told(path=path)] == expected


def test_of_an_entity_that_came_with_others_a_field_is_told(scene: Scene) -> None:
    assert scene.told(path="spec.owner")[-1] == ("begin", "added", "spec.owner", None, "a")


def test_pages_of_a_story_make_the_whole(scene: Scene) -> None:
    whole = scene.history()["items"]
    pages = [scene.history(limit=4, offset=offset) for offset in (0, 4, 8)]
    assert [one for page in pages for one in page["items"]] == whole
    assert [page["more"] for page in pages] == [True, True, False]


def test_a_commit_that_changed_others_of_its_file_is_not_told(scene: Scene) -> None:
    assert [name for name, *_ in scene.told("component:default/stock", path="spec")] == ["other", "begin"]


def test_what_no_file_holds_has_the_log_alone(scene: Scene) -> None:
    answer = scene.history("component:default/nothing")
    assert (answer["items"], answer["more"]) == ([], False)
    assert "not there" in answer["git"]["reason"]
    with scene.daemon.stranger(scene.daemon.token("read", "entities:write", name="ci")) as client:
        blueprint = {"identifier": "jar", "schema": {"properties": {"tier": {"type": "string"}}}}
        assert client.post("/v1/blueprints", json=blueprint).status_code == 201
        for tier in ("gold", "lead"):
            body = {"identifier": "j", "properties": {"tier": tier}}
            answer = client.post("/v1/blueprints/jar/entities", json=body, params={"upsert": "true"})
            assert answer.status_code in (200, 201), answer.text
    told = scene.told("jar:default/j")
    assert [(effect, path, old, new) for _, effect, path, old, new in told] == [
        ("updated", "spec.properties.tier", "gold", "lead"),
        ("added", "", None, None),
    ]


def test_a_long_story_says_where_it_ends(scene: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "long.git")
    for number in range(6):
        repository.commit({"catalog-info.yaml": component("long", f"o{number}")})
    monkeypatch.setattr(timeline, "MOST_COMMITS", 4)
    with CatalogHarness(tmp_path / "state") as catalog:
        catalog.add(repository.url)
        found = catalog.service.history.timeline("component:default/long", limit=100)
        assert [one.change.new for one in found.events] == ["o5", "o4", "o3", "o2"]
        assert (found.more, found.git.commits, found.git.complete) == (False, 4, False)
        monkeypatch.setattr(timeline, "MOST_BYTES", 400)
        few = catalog.service.history.timeline("component:default/long", limit=100)
        assert (len(few.events) < 4, few.git.complete) == (True, False)
