"""What registering would bring: each document with its effect, and nothing of it stored."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.daemon import Daemon
from tests.support.repository import RepoBuilder

CONFIG = """
[git]
protocols = ["file"]
[auth]
mode = "open"
"""


def component(name: str, owner: str = "team-a", kind: str = "Component") -> str:
    return (
        f"apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: {name}\n"
        f"spec:\n  type: service\n  lifecycle: production\n  owner: {owner}\n---\n"
    )


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    with Daemon(tmp_path_factory.mktemp("preview"), CONFIG) as daemon:
        yield daemon


def preview(daemon: Daemon, target: str, status: int = 200, **more: Any) -> dict[str, Any]:
    body = {"type": "git", "target": target, "dry_run": True, **more}
    answer = daemon.owner.post("/api/own/locations", json=body)
    assert answer.status_code == status, answer.text
    content: dict[str, Any] = answer.json()
    return content


def effects(content: dict[str, Any]) -> dict[str, str]:
    return {document["ref"]: document["effect"] for document in content["documents"]}


def state(daemon: Daemon) -> tuple[Any, Any]:
    return (daemon.owner.get("/api/own/locations").json(), daemon.owner.get("/api/own/status").json()["index_seq"])


def test_every_document_is_shown_with_what_would_become_of_it(daemon: Daemon, tmp_path: Path) -> None:
    first = RepoBuilder(tmp_path / "first.git")
    first.commit({"catalog-info.yaml": component("alpha") + component("beta")})
    place = daemon.register(first.url, type="git")
    second = RepoBuilder(tmp_path / "second.git")
    second.commit(
        {
            "catalog-info.yaml": component("alpha") + component("gamma") + component("gamma"),
            "broken/catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a b\n",
            "template/catalog-info.yaml": component("${{ values.name }}"),
        }
    )
    before = state(daemon)

    same = preview(daemon, first.url)
    assert same["existing"] == place["id"]
    assert same["counts"] == {"new": 0, "changed": 0, "same": 2, "conflict": 0, "invalid": 0, "template": 0}
    assert same["missing"] == [{"ref": "group:default/team-a", "count": 2}]

    content = preview(daemon, second.url)
    assert content["existing"] is None
    assert content["files"] == 3
    assert content["counts"] == {"new": 1, "changed": 0, "same": 0, "conflict": 2, "invalid": 1, "template": 1}
    taken, twice = [one for one in content["documents"] if one["effect"] == "conflict"]
    assert "first.git catalog-info.yaml:1 has it already" in taken["message"]
    assert "twice" in twice["message"]
    invalid = next(one for one in content["documents"] if one["effect"] == "invalid")
    assert (invalid["path"], invalid["line"]) == ("broken/catalog-info.yaml", 4)

    winning = preview(daemon, second.url, priority=1)
    assert effects(winning)["component:default/alpha"] == "same"
    assert state(daemon) == before
    assert list((daemon.state / "trials").iterdir()) == []


def test_what_would_differ_is_told_field_by_field(daemon: Daemon, tmp_path: Path) -> None:
    one, other = RepoBuilder(tmp_path / "one.git"), RepoBuilder(tmp_path / "other.git")
    one.commit({"catalog-info.yaml": component("delta")})
    daemon.register(one.url, type="git")
    other.commit({"catalog-info.yaml": component("delta", "team-b")})
    content = preview(daemon, other.url, priority=1)
    assert effects(content) == {"component:default/delta": "changed"}
    assert content["documents"][0]["differences"] == [{"path": "spec.owner", "before": "team-a", "after": "team-b"}]


def test_nothing_found_and_nothing_there_are_told_apart(daemon: Daemon, tmp_path: Path) -> None:
    empty = RepoBuilder(tmp_path / "empty.git")
    empty.commit({"README.md": "hello"})
    content = preview(daemon, empty.url)
    assert (content["files"], [one for one in content["documents"] if one["effect"] != "invalid"]) == (0, [])
    content = preview(daemon, (tmp_path / "nowhere.git").as_uri())
    assert content["files"] == 0
    assert content["documents"][0]["effect"] == "invalid"
    assert "nowhere.git" in content["documents"][0]["message"]


def test_who_may_not_register_may_not_preview(daemon: Daemon, tmp_path: Path) -> None:
    with daemon.stranger() as client:
        body = {"type": "git", "target": tmp_path.as_uri(), "dry_run": True}
        assert client.post("/api/own/locations", json=body).status_code == 403


def test_what_leaves_with_a_location_and_what_points_at_it(daemon: Daemon, tmp_path: Path) -> None:
    going, staying = RepoBuilder(tmp_path / "going.git"), RepoBuilder(tmp_path / "staying.git")
    going.commit({"catalog-info.yaml": component("goes") + component("goes-too") + component("has-two-sources")})
    place = daemon.register(going.url, type="git")
    pointer = component("stays").removesuffix("---\n") + "  dependsOn: [component:goes]\n---\n"
    staying.commit({"catalog-info.yaml": pointer + component("has-two-sources")})
    daemon.register(staying.url, type="git")
    content = daemon.owner.get(f"/api/own/locations/{place['id']}/departure").json()
    assert content == {
        "leaving": ["component:default/goes", "component:default/goes-too"],
        "leaving_total": 2,
        "staying": ["component:default/has-two-sources"],
        "pointers": [
            {"source": "component:default/stays", "type": "dependsOn", "target": "component:default/goes"},
        ],
        "pointers_total": 1,
    }
    assert daemon.owner.get("/api/own/locations/nothing/departure").status_code == 404
    assert daemon.owner.delete(f"/api/own/locations/{place['id']}").status_code == 204
    daemon.sync()
    for ref, status in (("goes", 404), ("has-two-sources", 200)):
        assert daemon.owner.get(f"/api/own/entities/component:default%2F{ref}").status_code == status


def test_a_paused_location_keeps_what_it_has_until_it_is_resumed(tmp_path: Path) -> None:
    origin = RepoBuilder(tmp_path / "origin.git")
    origin.commit({"catalog-info.yaml": component("sleeper")})

    def owner(daemon: Daemon) -> str:
        entity = daemon.owner.get("/api/own/entities/component:default%2Fsleeper").json()["entity"]
        return str(entity["spec"]["owner"])

    with Daemon(tmp_path / "daemon", CONFIG) as daemon:
        place = daemon.register(origin.url, type="git")
        changed = daemon.owner.get(f"/api/own/locations/{place['id']}").json()["state"]["changed"]
        assert (changed["added"], changed["updated"], changed["removed"]) == (1, 0, 0)
        path = f"/api/own/locations/{place['id']}"
        for _ in range(2):
            assert daemon.owner.patch(path, json={"paused": True}).json()["paused"] is True
        origin.commit({"catalog-info.yaml": component("sleeper", "team-b")})
        daemon.sync()
        assert owner(daemon) == "team-a"
        assert daemon.owner.post(f"{path}/refresh").status_code == 409
    with Daemon(tmp_path / "daemon", CONFIG) as daemon:
        daemon.sync()
        assert owner(daemon) == "team-a"
        assert daemon.owner.patch(path, json={"paused": False}).json()["paused"] is False
        daemon.sync()
        assert owner(daemon) == "team-b"
        told = [item["what"] for item in daemon.owner.get("/api/own/changes", params={"since": 0}).json()["items"]]
        assert [what for what in told if what in ("location.paused", "location.resumed")] == [
            "location.paused",
            "location.resumed",
        ]
        assert daemon.owner.patch("/api/own/locations/none", json={"paused": True}).status_code == 404
