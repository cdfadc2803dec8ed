"""What is said of a location beside what it leads to: whether edits may be pushed, and how often it is looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.bench import FILE, Bench, component
from tests.support.daemon import Daemon, wait_until
from tests.support.edits import Editor, shop_repository
from tests.support.repository import RepoBuilder

CONFIG = '[git]\nprotocols = ["file"]\npoll_interval = "1h"\nwatch = false\nlocal_roots = ["{root}"]\n'
PATH = "/api/own/locations"


@contextmanager
def running(tmp_path: Path, more: str = "") -> Iterator[Daemon]:
    with Daemon(tmp_path / "daemon", CONFIG.format(root=tmp_path) + more) as daemon:
        yield daemon


def said(item: dict[str, Any]) -> tuple[str, float | None, bool]:
    return item["write"], item["poll_interval"], item["paused"]


def origin(tmp_path: Path, name: str = "shop") -> RepoBuilder:
    repository = RepoBuilder(tmp_path / f"{name}.git")
    repository.commit({FILE: component(name)})
    return repository


def test_what_is_said_of_a_location_survives_restarts_and_is_in_the_log(tmp_path: Path) -> None:
    repository = origin(tmp_path)
    with running(tmp_path) as daemon:
        place = daemon.register(repository.url, type="git", write="branch", poll_interval=300)
        assert said(place) == ("branch", 300, False)
        path = f"{PATH}/{place['id']}"
        for _ in range(2):
            changed = daemon.owner.patch(path, json={"write": "commit"}).json()
            assert said(changed) == ("commit", 300, False)
        changed = daemon.owner.patch(path, json={"poll_interval": 90.5, "paused": True}).json()
        assert said(changed) == ("commit", 90.5, True)
    (daemon.state / "index.duckdb").unlink()
    with running(tmp_path) as daemon:
        assert said(daemon.owner.get(path).json()) == ("commit", 90.5, True)
        changed = daemon.owner.patch(path, json={"poll_interval": None, "paused": False, "write": "none"}).json()
        assert said(changed) == ("none", None, False)
        items = daemon.owner.get("/api/own/changes", params={"since": 0}).json()["items"]
    ref = place["location_ref"]
    assert [(one["what"], one["detail"]) for one in items if one["what"].startswith("location.")] == [
        ("location.added", {"location": ref, "write": "branch", "poll_interval": 300}),
        ("location.changed", {"location": ref, "write": "commit"}),
        ("location.paused", {"location": ref, "poll_interval": 90.5}),
        ("location.resumed", {"location": ref, "write": "none", "poll_interval": None}),
    ]


def test_only_the_widest_scope_lets_edits_be_pushed(tmp_path: Path) -> None:
    repository, other = origin(tmp_path), origin(tmp_path, "other")
    with running(tmp_path) as daemon:
        place = daemon.register(repository.url, type="git")
        path = f"{PATH}/{place['id']}"
        body = {"type": "git", "target": other.url, "write": "branch"}
        everything_else = ("read", "locations:write", "edits:write", "entities:write", "properties:write", "sql")
        with daemon.stranger(daemon.token(*everything_else)) as client:
            for answer in (
                client.patch(path, json={"write": "branch", "poll_interval": 60}),
                client.post(PATH, json=body),
                client.post(PATH, json={**body, "dry_run": True}),
            ):
                assert answer.status_code == 403
                assert answer.json()["detail"].startswith('write = "branch" needs the scope admin')
            assert said(daemon.owner.get(path).json()) == ("none", None, False)
            assert client.patch(path, json={"poll_interval": 60}).json()["poll_interval"] == 60
        with daemon.stranger(daemon.token("locations:write", "admin")) as client:
            assert client.patch(path, json={"write": "commit"}).json()["write"] == "commit"
            assert client.post(PATH, json=body).json()["write"] == "branch"
        with daemon.stranger(daemon.token("locations:write")) as client:
            assert client.patch(path, json={"write": "none"}).json()["write"] == "none"
        with daemon.stranger(daemon.token("read", "admin")) as client:
            assert client.patch(path, json={"poll_interval": 60}).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"write": "all"},
        {"write": None},
        {"paused": None},
        {"poll_interval": 0.9},
        {"poll_interval": 4e8},
        {"poll_interval": "5m"},
        {"poll_interval": True},
        {"priority": 3},
    ],
    ids=str,
)
def test_what_cannot_be_said_is_refused(daemon: Daemon, place: dict[str, Any], body: dict[str, Any]) -> None:
    assert daemon.owner.patch(f"{PATH}/{place['id']}", json=body).status_code == 400
    assert daemon.owner.get(f"{PATH}/{place['id']}").json()["poll_interval"] is None


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    with running(tmp_path_factory.mktemp("settings")) as daemon:
        yield daemon


@pytest.fixture(scope="module")
def place(daemon: Daemon, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return daemon.register(origin(tmp_path_factory.mktemp("origin")).url, type="git")


def test_a_configured_location_is_changed_in_its_file(tmp_path: Path) -> None:
    entry = f'[[locations]]\ntype = "git"\ntarget = "{origin(tmp_path).url}"\nwrite = "branch"\n'
    with running(tmp_path, f'{entry}poll_interval = "5m"\n') as daemon:
        daemon.sync()
        [place] = daemon.owner.get(PATH).json()["items"]
        assert said(place) == ("branch", 300, False)
        path = f"{PATH}/{place['id']}"
        for body in ({"write": "none"}, {"poll_interval": None}, {"poll_interval": 60, "paused": True}):
            answer = daemon.owner.patch(path, json=body)
            assert answer.status_code == 403
            assert f"change it in [[locations]] of {tmp_path / 'daemon' / 'config.toml'}" in answer.text
        assert said(daemon.owner.patch(path, json={"paused": True}).json()) == ("branch", 300, True)
    with running(tmp_path, entry) as daemon:
        assert said(daemon.owner.get(path).json()) == ("branch", None, True)


def test_a_location_that_leads_elsewhere_takes_no_edits_until_somebody_says_so_again(tmp_path: Path) -> None:
    first, second = origin(tmp_path), origin(tmp_path, "second")
    with running(tmp_path) as daemon:
        place = daemon.register(f"{first.url}/blob/main/{FILE}", write="commit", poll_interval=300)
        assert place["write"] == "commit"
        with daemon.stranger(daemon.token("locations:write")) as client:
            body = {"type": "url", "target": f"{second.url}/blob/main/{FILE}"}
            assert client.put(f"/api/catalog/locations/{place['id']}", json=body).status_code == 200
        assert said(daemon.owner.get(f"{PATH}/{place['id']}").json()) == ("none", 300, False)
        [change] = [
            one
            for one in daemon.owner.get("/api/own/changes", params={"since": 0}).json()["items"]
            if one["what"] == "location.changed"
        ]
        assert change["detail"]["write"] == "none"


def test_a_refused_edit_names_the_command_that_allows_it(tmp_path: Path) -> None:
    repository = shop_repository(tmp_path / "shop.git")
    with running(tmp_path) as daemon:
        place = daemon.register(repository.url, type="git")
        editor = Editor(daemon, repository)
        path = f"{PATH}/{place['id']}"
        document = daemon.owner.get(f"/api/own/entities/component:default%2F{repository.path.stem}/document").json()
        assert (document["write"], document["location"], document["configured"]) == ("none", place["id"], False)
        refused = editor.set("metadata.title", "x", 403)
        assert f"catalog location set {place['id']} --write branch" in refused["hint"]
        assert daemon.owner.patch(path, json={"write": "branch"}).status_code == 200
        refused = editor.set("metadata.title", "x", 403)
        assert f"catalog location set {place['id']} --write commit" in refused["hint"]
        assert daemon.owner.patch(path, json={"write": "commit"}).status_code == 200
        assert editor.set("metadata.title", "x")["state"] == "confirmed"


def test_new_entities_are_told_which_command_makes_a_place_for_them(tmp_path: Path) -> None:
    with running(tmp_path) as daemon:
        place = daemon.register(origin(tmp_path).url, type="git")
        answer = daemon.owner.post("/api/own/edits", json={"create": {"text": component("new")}})
        assert answer.status_code == 400
        assert answer.json()["hint"].startswith(f"catalog location set {place['id']} --write branch")


# Looks


class Paces:
    """One repository that several locations read; the configured interval is an hour."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        bench.commit({FILE: component("a"), "more/catalog-info.yaml": component("b")})
        self.service = bench.catalog.service

    def add(self, path: str, interval: float | None = None) -> str:
        location = self.service.add_location(
            "git", self.bench.repository().url, paths=[path], actor="test", owner=True, poll_interval=interval
        )
        self.bench.catalog.settle()
        return location.id

    def set(self, location_id: str, interval: float | None) -> None:
        self.service.adjust_location(location_id, actor="test", poll_interval=interval)

    def planned(self, location_id: str) -> float:
        """Seconds from the last look to the next."""
        state = self.service.standing.location(location_id)
        assert state.next_attempt is not None
        assert state.last_success is not None
        gap = datetime.fromisoformat(state.next_attempt) - datetime.fromisoformat(state.last_success)
        return gap.total_seconds()


@pytest.fixture
def paces(tmp_path: Path) -> Iterator[Paces]:
    with Bench(tmp_path, '[git]\nprotocols = ["file"]\npoll_interval = "1h"\nwatch = false\n') as bench:
        yield Paces(bench)


HOUR, TEN_MINUTES, FIVE_HOURS = (3200, 4200), (530, 900), (16_100, 20_500)
"""Between which seconds a poll is planned: a tenth more or less, and what a busy machine takes."""


def test_the_shortest_interval_of_those_who_look_counts(paces: Paces) -> None:
    usual = paces.add(FILE)
    assert HOUR[0] < paces.planned(usual) < HOUR[1]
    often = paces.add("more/*.yaml", 600)
    for location_id in (usual, often):
        assert TEN_MINUTES[0] < paces.planned(location_id) < TEN_MINUTES[1]
    paces.set(often, 18_000)
    assert HOUR[0] < paces.planned(often) < HOUR[1]
    paces.set(usual, 36_000)
    assert FIVE_HOURS[0] < paces.planned(usual) < FIVE_HOURS[1]
    paces.set(often, None)
    assert HOUR[0] < paces.planned(usual) < HOUR[1]


def test_a_paused_location_hurries_nobody(paces: Paces) -> None:
    usual, often = paces.add(FILE), paces.add("more/*.yaml", 600)
    paces.service.adjust_location(often, actor="test", paused=True)
    paces.bench.catalog.service.wait(paces.service.refresh([usual]), 30)
    assert HOUR[0] < paces.planned(usual) < HOUR[1]


def test_what_is_looked_at_every_second_is_seen_without_a_ring(paces: Paces) -> None:
    paces.set(paces.add(FILE), 1)
    paces.bench.commit({FILE: component("renamed")})
    wait_until(lambda: paces.bench.names() == ["renamed"], "the poll finds it", 30)


def test_a_location_that_is_looked_at_rarely_is_not_overdue(tmp_path: Path) -> None:
    config = '[git]\nprotocols = ["file"]\npoll_interval = "1s"\nwatch = false\n'
    with Daemon(tmp_path / "daemon", config) as daemon:
        daemon.register(origin(tmp_path).url, type="git", poll_interval=3600)

        def figures() -> dict[str, float]:
            lines = [line for line in daemon.owner.get("/metrics").text.splitlines() if not line.startswith("#")]
            return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}

        def found() -> dict[str, float]:
            return figures() if figures()["catalog_location_last_success_age_seconds_max"] > 3 else {}

        wait_until(lambda: bool(found()), "three intervals of the configuration are over")
        assert found()['catalog_locations{which="overdue"}'] == 0
