"""What happened to an entity, by commit and by API, in one order of time; and what differs between two moments."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import ANY
from urllib.parse import quote

import pytest

from syncd.history import timeline
from tests.support.catalog import CatalogHarness
from tests.support.daemon import Daemon, wait_until
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

    def now(self) -> str:
        """The time of the newest change of the log; the next one is later."""
        newest = self.own("/status")["index_seq"]
        at: str = self.own("/changes", since=newest - 1)["items"][0]["at"]
        wait_until(lambda: datetime.now(UTC) > datetime.fromisoformat(at) + timedelta(milliseconds=1), "time goes on")
        return at

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


# Two commits


def differences(answer: Any) -> dict[str, list[tuple[str, str, Any, Any]] | str]:
    """What became of each entity: its fields, else the word for the whole."""
    return {
        one["ref"]: [(change["effect"], change["path"], change["old"], change["new"]) for change in one["changes"]]
        or one["effect"]
        for one in answer["items"]
    }


STOCK = "component:default/stock"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("HEAD", "main", {}, id="nothing"),
        pytest.param(
            "{begin}",
            "{owner}",
            {CART: [("updated", "spec.owner", "a", "b")], STOCK: [("updated", "spec.owner", "a", "b")]},
            id="both-older-than-the-index",
        ),
        pytest.param("{owner}~1", "{owner}", {CART: [("updated", "spec.owner", "a", "b")]}, id="steps"),
        pytest.param("{owner}", "{other}", {CART: [("updated", "spec.owner", "b", "a")]}, id="backwards"),
        pytest.param(
            "HEAD^",
            "",
            {CART: "added"},
            id="what-cannot-be-read-is-not-there",
        ),
    ],
)
def test_commits_are_compared_by_entity(scene: Scene, old: str, new: str, expected: Any) -> None:
    ends = {"from": old.format(**scene.commits)}
    if new:
        ends["to"] = new.format(**scene.commits)
    answer = scene.own("/diff", repository=scene.repository.url, **ends)
    assert differences(answer) == expected
    assert answer["more"] is False
    by_location = scene.own("/diff", location=scene.own("/locations")["items"][0]["id"], **ends)
    assert by_location == answer


def test_a_comparison_names_its_ends_and_what_it_could_not_read(scene: Scene) -> None:
    short = scene.commits["begin"][:8]
    answer = scene.own("/diff", repository=scene.repository.url.removesuffix(".git"), **{"from": short, "to": "HEAD~1"})
    assert (answer["from"]["commit"], answer["from"]["author"]) == (scene.commits["begin"], "Ada")
    assert (answer["to"]["subject"], answer["to"]["at"][:11]) == ("broken", "2023-11-14T")
    assert answer["counts"] == {"added": 0, "updated": 1, "removed": 1}
    (cart,) = (one for one in answer["items"] if one["ref"] == CART)
    assert (cart["effect"], cart["complete"], "cannot be read" in cart["reason"]) == ("removed", False, True)
    assert [note.partition(":")[0] for note in answer["notes"]] == [scene.commits["broken"][:10]]
    assert "new/catalog-info.yaml:" in answer["notes"][0]


def test_a_time_names_the_commit_of_that_time(scene: Scene) -> None:
    items = scene.history()["items"]
    moved = next(one["at"] for one in items if scene.names.get(one["commit"]) == "owner")
    answer = scene.own("/diff", repository=scene.repository.url, **{"from": moved, "to": scene.commits["owner"]})
    assert (answer["items"], answer["from"]["subject"]) == ([], "owner")


def test_a_comparison_is_cut_and_says_so(scene: Scene) -> None:
    ends = {"from": scene.commits["begin"], "to": scene.commits["owner"]}
    answer = scene.own("/diff", repository=scene.repository.url, limit=1, **ends)
    assert ([one["ref"] for one in answer["items"]], answer["more"], answer["counts"]["updated"]) == ([CART], True, 2)


@pytest.mark.parametrize(
    ("parameters", "status", "words"),
    [
        pytest.param({"to": "now"}, 400, "from", id="no-from"),
        pytest.param({"from": "main"}, 400, "no time", id="a-branch-of-nothing"),
        pytest.param({"from": "now", "to": "7d"}, 400, "earlier", id="backwards-in-time"),
        pytest.param({"from": "nothing", "repository": "URL"}, 400, "no commit nothing", id="no-commit"),
        pytest.param({"from": "x..y", "repository": "URL"}, 400, "no commit", id="no-revision"),
        pytest.param({"from": "main --all", "repository": "URL"}, 400, "no commit", id="an-option"),
        pytest.param({"from": "1999-01-01", "repository": "URL"}, 400, "as old as", id="before-all"),
        pytest.param({"from": "main", "repository": "file:///nowhere.git"}, 400, "no location", id="not-read"),
        pytest.param({"from": "main", "location": "nothing"}, 404, "not found", id="no-location"),
    ],
)
def test_what_cannot_be_compared_is_refused(scene: Scene, parameters: Any, status: int, words: str) -> None:
    sent = {name: scene.repository.url if value == "URL" else value for name, value in parameters.items()}
    answer = scene.daemon.owner.get("/api/own/diff", params=sent)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.text


def test_files_of_targets_and_placeholders_are_compared_too(tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "deep.git")
    location = (
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\nspec: {targets: [./a/x.yaml]}\n"
    )
    described = component("x").replace("{name: x}", "{name: x, description: {$text: ./words.txt}}")
    files = {"catalog-info.yaml": location, "a/x.yaml": described, "a/words.txt": "one", "b.yaml": component("b")}
    old = repository.commit(files)
    new = repository.commit({"a/words.txt": "two"})
    last = repository.commit({"catalog-info.yaml": location.replace("./a/x.yaml", "./b.yaml"), "other.txt": "x"})
    with CatalogHarness(tmp_path / "state") as catalog:
        place = catalog.add(repository.url, paths=["catalog-info.yaml"])
        before = catalog.refs()

        def told(left: str, right: str) -> dict[str, Any]:
            found = catalog.service.history.between_commits(left, right, location_id=place.id, limit=10)
            return {one.ref: (one.effect, [change.path for change in one.changes]) for one in found.items}

        assert told(old, new) == {"component:default/x": ("updated", ["metadata.description"])}
        assert told(new, last) == {
            "component:default/b": ("added", []),
            "component:default/x": ("removed", []),
            "location:default/all": ("updated", ["spec.targets"]),
        }
        catalog.sync()
        assert (catalog.refs(), catalog.problems()) == (before, [])
        mirror = catalog.daemon._mirrors.open(repository.url)
        assert not list((mirror.path / "refs" / "catalog").glob("keep/*"))


# Two times


def test_times_are_compared_by_the_log(tmp_path: Path) -> None:
    repository = RepoBuilder(tmp_path / "shop.git")
    repository.commit({"catalog-info.yaml": both(component("cart"), component("stock"), component("gone"))})
    with Daemon(tmp_path / "daemon", CONFIG) as daemon:
        scene = Scene(daemon, repository)
        daemon.register(repository.url, type="git")
        scene.set(CART, "metadata.tier", "gold")
        scene.set(STOCK, "metadata.tier", "gold")
        begin = scene.now()
        changed = component("cart", "b").replace("kind: Component", "kind: Component # typed")
        repository.commit({"catalog-info.yaml": both(changed, component("stock"), component("new"))})
        daemon.sync()
        scene.set(CART, "metadata.tier", "lead")
        scene.set(CART, "metadata.level", 1)
        scene.set(STOCK, "metadata.tier", "lead")
        scene.set(STOCK, "metadata.tier", "gold")
        scene.commit("short", {"short/catalog-info.yaml": component("short")})
        daemon.sync()
        repository.commit({"short/catalog-info.yaml": None})
        daemon.sync()
        end = scene.now()
        scene.set(CART, "metadata.level", 2)
        answer = scene.own("/diff", **{"from": begin, "to": end})
        assert differences(answer) == {
            CART: [
                ("updated", "spec.owner", "a", "b"),
                ("added", "metadata.level", None, 1),
                ("updated", "metadata.tier", "gold", "lead"),
            ],
            "component:default/gone": "removed",
            "component:default/new": "added",
        }
        assert answer["counts"] == {"added": 1, "updated": 1, "removed": 1}
        assert (answer["from"]["at"], answer["to"]["at"], answer["from"]["commit"]) == (begin, end, None)
        few = scene.own("/diff", limit=1, **{"from": begin, "to": end})
        assert (list(differences(few)), few["more"], few["counts"]) == ([CART], True, answer["counts"])
        assert differences(scene.own("/diff", **{"from": end}))[CART] == [("updated", "metadata.level", 1, 2)]
        everything = scene.own("/diff", **{"from": "2020-01-01"})
        assert everything["counts"] == {"added": 4, "updated": 0, "removed": 0}  # the location's own entity too
