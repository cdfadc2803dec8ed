"""How far a fetch is, as everybody may ask while it is under way: of a location, and of one that is only tried."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.daemon import Daemon, wait_until
from tests.support.git_server import GitServer, git_server
from tests.tui.cli.program import catalog
from tui.client import Client
from tui.model.location_source import Reading, Wanted
from tui.model.remote import Remote
from tui.model.source import RefusedError
from tui.transport import Address

CONFIG = """
[git]
protocols = ["http"]
poll_interval = "1h"
[limits]
stall_timeout = "5m"
"""
COMPONENT = """apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: slow}
spec: {type: service, lifecycle: production, owner: team-a}
"""
OTHERS = 150
"""Further files: git tells how far it is in the objects of a pack, so there have to be many."""


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    with Daemon(tmp_path_factory.mktemp("progress"), CONFIG) as daemon:
        yield daemon


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with git_server(tmp_path / "served") as server:
        content = {f"others/{number}": os.urandom(2_000) for number in range(OTHERS)}
        server.repository("slow").commit({"catalog-info.yaml": COMPONENT, **content})
        yield server


@pytest.fixture
def source(daemon: Daemon) -> Iterator[Remote]:
    client = Client(Address(socket=daemon.socket))
    yield Remote(client)
    client.close()


def location_state(daemon: Daemon, location: str) -> dict[str, Any]:
    state: dict[str, Any] = daemon.owner.get(f"/api/own/locations/{location}").json()["state"]
    return state


def test_a_location_says_how_far_its_fetch_is(daemon: Daemon, server: GitServer) -> None:
    server.half = "hold"
    try:
        answer = daemon.owner.post("/api/own/locations", json={"type": "git", "target": server.url("slow")})
        location = answer.json()["id"]
        wait_until(lambda: (location_state(daemon, location)["percent"] or 0) > 10, "objects arrive")
        state = location_state(daemon, location)
        assert state["phase"] == "fetching"
        assert 10 < state["percent"] < 80
        listed = catalog(daemon.state, "location", "list", "--columns", "phase", "--no-header").out
        word, _, percent = listed.strip().partition(" ")
        assert word == "fetching"
        assert 10 < int(percent.removesuffix("%")) < 80
        shown = catalog(daemon.state, "location", "show", location, "-o", "tsv").out
        assert "phase\tfetching\n" in shown
        assert "percent\t" in shown
    finally:
        server.half = ""
    daemon.sync()
    state = location_state(daemon, location)
    assert (state["phase"], state["percent"], state["counts"]) == ("", None, {"entity": 1})
    assert daemon.owner.delete(f"/api/own/locations/{location}").status_code == 204


def test_a_preview_says_by_its_name_how_far_it_is(daemon: Daemon, server: GitServer, source: Remote) -> None:
    wanted = Wanted("git", server.url("slow"))
    found: list[Any] = []

    def told() -> Reading | None:
        try:
            return source.how_far("first")
        except RefusedError:
            return None

    server.half = "hold"
    waiting = threading.Thread(target=lambda: found.append(source.preview_location(wanted, "first")))
    waiting.start()
    try:
        wait_until(lambda: ((told() or Reading()).percent or 0) > 10, "objects arrive")
        reading = source.how_far("first")
        assert reading.phase == "fetching"
        assert reading.percent is not None
        assert 10 < reading.percent < 80
        with pytest.raises(RefusedError, match="trial first is under way"):
            source.preview_location(wanted, "first")
        assert told() is not None, "the one that is under way is not forgotten by the one that was refused"
        body = {"type": "git", "target": server.url("slow"), "dry_run": True}
        with daemon.stranger(daemon.token("read", name="reader")) as client:
            assert client.get("/api/own/trials/first").status_code == 403
        with daemon.stranger(daemon.token("locations:write", name="writer")) as client:
            assert client.get("/api/own/trials/first").json()["phase"] == "fetching"
            assert client.get("/api/own/trials/second").status_code == 404
    finally:
        server.half = ""
        waiting.join()
    assert found[0].counts["new"] == 1
    assert daemon.owner.get("/api/own/trials/first").status_code == 404
    assert daemon.owner.post("/api/own/locations", json={**body, "trial": "first"}).status_code == 200
    assert daemon.owner.get("/api/own/locations").json()["items"] == []


@pytest.mark.parametrize(
    "body", [{"trial": "x"}, {"trial": "a b", "dry_run": True}, {"trial": "x" * 65, "dry_run": True}]
)
def test_a_name_that_names_nothing_is_refused(daemon: Daemon, body: dict[str, Any]) -> None:
    target = {"type": "git", "target": "http://127.0.0.1:1/none.git"}
    assert daemon.owner.post("/api/own/locations", json={**target, **body}).status_code == 400
