"""A full disk is a state: nothing is half done, reading goes on, and so does writing once there is room (R39, R41)."""

import base64
import random
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from syncd.config import parse_settings
from syncd.errors import DiskFullError
from syncd.stitch.upkeep import LONG_LOG
from syncd.store.state import State
from syncd.store.state_file import JOURNAL_RESERVE
from tests.support.catalog import CatalogHarness
from tests.support.daemon import wait_until
from tests.support.disk import SmallDisk
from tests.support.process import ROOT, KilledError, Process, component
from tests.support.repository import RepoBuilder

CONFIGURATION = """
[git]
protocols = ["file"]
poll_interval = "1s"
[[hosts]]
host = "git.test"
type = "github"
clone = "file:///nowhere/{owner}/{repo}.git"
"""
SEED = 20_261_124


@pytest.fixture
def repository(tmp_path: Path) -> RepoBuilder:
    """A remote with one component."""
    made = RepoBuilder(tmp_path / "shop.git")
    made.commit({"catalog-info.yaml": component("one")})
    return made


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """The disk of the state directory."""
    with SmallDisk(tmp_path / "state") as small:
        yield small


# R41: below the floor


@pytest.mark.parametrize("floor", ['free_space = "999999GiB"', "free_space_percent = 100"])
def test_r041_below_the_floor_writes_are_refused_and_reads_go_on(
    tmp_path: Path, repository: RepoBuilder, floor: str
) -> None:
    with CatalogHarness(tmp_path / "state") as catalog:
        catalog.add(repository.url)
    plenty = catalog.settings
    catalog.settings = parse_settings(f"{CONFIGURATION}[limits]\n{floor}\n", "test configuration")
    with catalog:
        catalog.start()
        seq = catalog.service.standing.status().index_seq
        with pytest.raises(DiskFullError, match="free_space"):
            catalog.service.issuer.create("x", ["read"], None, actor="test")
        assert catalog.entity("component:default/one")
        assert catalog.service.standing.status().index_seq == seq
        assert catalog.service.standing.status().disk.full
    catalog.settings = plenty
    with catalog:
        catalog.start()
        catalog.service.issuer.create("x", ["read"], None, actor="test")
        assert not catalog.service.standing.status().disk.full


def test_r041_below_the_floor_nothing_is_folded(tmp_path: Path, repository: RepoBuilder) -> None:
    """The log of the index stays as it is, also at the end; whoever starts next reads it."""
    log = tmp_path / "state" / "index.duckdb.wal"
    with CatalogHarness(tmp_path / "state") as catalog:
        catalog.add(repository.url)
        catalog.daemon.disk._bytes = 1 << 60
        size = log.stat().st_size
    assert log.stat().st_size >= size > 0
    with catalog:
        catalog.start()
        assert catalog.entity("component:default/one")
    assert not log.exists()


WRITES: list[tuple[str, str, object]] = [
    ("POST", "/api/own/tokens", {"name": "late", "scopes": ["read"]}),
    ("DELETE", "/api/own/tokens/{token}", None),
    ("POST", "/api/own/locations", {"type": "git", "target": "{url}x"}),
    ("DELETE", "/api/own/locations/{location}", None),
    ("POST", "/api/catalog/locations", {"type": "url", "target": "https://git.test/a/b/blob/main/catalog-info.yaml"}),
    ("DELETE", "/api/catalog/locations/{location}", None),
]


def test_r041_a_full_disk_refuses_writes_and_nothing_else(
    tmp_path: Path, repository: RepoBuilder, disk: SmallDisk
) -> None:
    with Process(tmp_path, CONFIGURATION + disk.configuration) as process:
        process.wait_ready()
        location = process.register(repository.url)
        token = process.ask("POST", "/api/own/tokens", {"name": "early", "scopes": ["read"]})[1]["id"]
        before = owned(process)
        disk.fill()
        for method, path, body in WRITES:
            place = path.format(token=token, location=location)
            status, answer = process.ask(method, place, filled(body, url=repository.url))
            assert status == 507, (method, place, answer)
            if "/own/" in place:
                assert (answer["code"], answer["title"]) == ("disk_full", "Insufficient Storage")
                assert "free_space" in answer["detail"]
            else:
                assert answer["response"] == {"statusCode": 507}
            assert str(tmp_path) not in str(answer)
        repository.commit({"catalog-info.yaml": component("one", "second")})
        wait_until(lambda: location_state(process)["error_code"] == "git.disk_full", "a fetch was refused")
        assert "free_space" in location_state(process)["error"]
        assert process.title("one") == "one"
        assert process.ask("GET", "/api/own/entities?q=one")[1]["total"] == 1
        assert process.ask("GET", "/api/own/changes")[0] == 200
        assert process.ask("POST", "/api/own/sql", {"sql": "SELECT 1"})[1]["code"] == "disk_full"
        assert process.ask("GET", "/readyz") == (200, {"ready": True, "reasons": []})
        assert process.ask("GET", "/api/own/status")[1]["disk"]["full"]
        assert owned(process) == before
        disk.empty()
        wait_until(lambda: process.title("one") == "second", "fetches go on by themselves")
        assert not process.ask("GET", "/api/own/status")[1]["disk"]["full"]
        assert process.ask("POST", "/api/own/sql", {"sql": "SELECT 1"})[0] == 200
        assert process.ask("DELETE", f"/api/own/tokens/{token}")[0] == 204
        assert process.ask("DELETE", f"/api/own/locations/{location}")[0] == 204
        assert process.stop() == 0


def test_r041_a_start_on_a_full_disk_answers_and_resumes(
    tmp_path: Path, repository: RepoBuilder, disk: SmallDisk
) -> None:
    with Process(tmp_path, CONFIGURATION + disk.configuration) as process:
        process.wait_ready()
        process.register(repository.url)
        disk.fill()  # to the last byte; what the journal has reserved is given back at the end
        assert process.stop() == 0
    with Process(tmp_path, CONFIGURATION + disk.configuration) as process:
        process.wait_ready()
        assert process.title("one") == "one"
        assert process.ask("POST", "/api/own/tokens", {"name": "late", "scopes": ["read"]})[0] == 507
        disk.empty()
        assert process.ask("POST", "/api/own/tokens", {"name": "late", "scopes": ["read"]})[0] == 201
        repository.commit({"catalog-info.yaml": component("one", "second")})
        wait_until(lambda: process.title("one") == "second", "fetches go on by themselves")
        assert process.stop() == 0


def test_r041_a_new_daemon_without_any_room_says_so_in_one_sentence(tmp_path: Path) -> None:
    command = ["prlimit", "--fsize=0", sys.executable, "-m", "syncd", "run", "--state", str(tmp_path / "state")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert done.stderr.splitlines() == [
        "error: there is too little room on the disk for the daemon's files",
        " next: free space on the disk of the state directory, then try again",
    ]


def test_r041_the_journal_has_its_room_before_it_needs_it(tmp_path: Path, disk: SmallDisk) -> None:
    with closing(State(tmp_path / "state" / "state.sqlite")) as state:
        log = tmp_path / "state" / "state.sqlite-wal"
        assert log.stat().st_blocks * 512 >= JOURNAL_RESERVE
        disk.fill()
        for number in range(300):
            state.log("test", "test", str(number), {"text": "x" * 200})
        assert state.last_seq() == 300
        disk.empty()


# R41: no room in the middle of a write


@pytest.fixture
def limited(tmp_path: Path, repository: RepoBuilder) -> Iterator[Process]:
    """A daemon whose files can be kept from growing; its polls are rare."""
    repository.commit({f"{number}/catalog-info.yaml": component(f"c{number}") for number in range(300)})
    with Process(tmp_path, CONFIGURATION.replace("1s", "1h")) as process:
        process.wait_ready()
        process.register(repository.url)
        yield process


def full(process: Process, size: int) -> None:
    """No file of the process may grow beyond this size: what a full disk does, for one process."""
    hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size if size >= 0 else hard, hard))


def test_r041_what_the_log_cannot_take_has_not_happened(
    limited: Process, repository: RepoBuilder, tmp_path: Path
) -> None:
    token = limited.ask("POST", "/api/own/tokens", {"name": "early", "scopes": ["read"]})[1]["id"]
    before = owned(limited)
    added = RepoBuilder(tmp_path / "added.git")
    added.commit({"catalog-info.yaml": component("added")})
    full(limited, 0)
    for method, path, body in (
        ("POST", "/api/own/locations", {"type": "git", "target": added.url}),
        ("POST", "/api/own/tokens", {"name": "late", "scopes": ["read"]}),
        ("DELETE", f"/api/own/tokens/{token}", None),
    ):
        status, refusal = limited.ask(method, path, body)
        assert (status, refusal["code"]) == (507, "disk_full"), refusal
    assert owned(limited) == before
    full(limited, -1)
    assert limited.title("added") is None
    limited.register(added.url)
    assert limited.title("added") == "added"
    assert limited.ask("DELETE", f"/api/own/tokens/{token}")[0] == 204
    assert limited.stop() == 0


def test_r041_what_the_log_has_is_done_and_seen_when_the_index_has_room(limited: Process, tmp_path: Path) -> None:
    added = RepoBuilder(tmp_path / "added.git")
    added.commit({"catalog-info.yaml": component("added")})
    events = limited.ask("GET", "/api/own/changes")[1]
    full(limited, (limited.state / "index.duckdb.wal").stat().st_size)
    status, answer = limited.ask("POST", "/api/own/locations", {"type": "git", "target": added.url})
    assert status == 201, answer
    assert limited.title("one") == "one"
    assert limited.title("added") is None
    assert limited.ask("GET", "/api/own/changes")[1] == events  # nobody is told of what nobody can see
    with closing(sqlite3.connect(limited.state / "state.sqlite")) as state:
        assert state.execute("SELECT count(*) FROM locations WHERE target = ?", (added.url,)).fetchone() == (1,)
    full(limited, -1)
    wait_until(lambda: limited.title("added") == "added", "what the log holds becomes visible by itself")
    limited.sync()
    assert [item["target"] for item in owned(limited)["locations"]].count(added.url) == 1
    assert limited.ask("POST", "/api/own/locations", {"type": "git", "target": added.url})[0] == 409
    assert limited.stop() == 0


# R39: an engine that gave up, in a real daemon


@pytest.fixture
def heavy(tmp_path: Path) -> RepoBuilder:
    """A remote whose entities will be large, so that each push makes a log that is worth folding."""
    made = RepoBuilder(tmp_path / "heavy.git")
    made.commit({f"{number}/catalog-info.yaml": component(f"c{number}") for number in range(2)})
    return made


def begin(process: Process, heavy: RepoBuilder) -> None:
    """The remote is read, and the log of the index is kept short from now on, since somebody wants copies of it."""
    process.wait_ready()
    process.register(heavy.url)
    assert process.ask("POST", "/api/own/sql", {"sql": "SELECT 1"})[0] == 200


def heavy_files(title: str, more: int = 0) -> dict[str, str]:
    """Files of 200,000 bytes each, which are in two tables; `more` of them, so that they find no room within the file
    that those before left."""
    rng, count = random.Random(SEED), LONG_LOG // 300_000 + more
    return {
        f"{number}/catalog-info.yaml": component(f"c{number}", title).replace(
            "spec:", f"  annotations:\n    big: {base64.b64encode(rng.randbytes(150_000)).decode()}\nspec:"
        )
        for number in range(count)
    }


def make_the_engine_give_up(process: Process, heavy: RepoBuilder, *, for_good: bool = False) -> None:
    """Its next checkpoint has no room: what the log has fits, what the file would need does not.

    With `for_good` the file cannot be opened again. A checkpoint that comes before the disk is full mends the file.
    """
    for number in range(10):
        full(process, -1)
        if for_good:
            with (process.state / "index.duckdb").open("r+b") as file:
                file.write(b"\xa5" * 64)
        title, before = f"round {number}", process.log.count("the index failed")
        heavy.commit(heavy_files(title, 20 * number))
        process.ask("POST", "/api/own/refresh", {})
        wait_until(lambda title=title: process.title("c0") == title, "the push is visible")  # type: ignore[misc]
        full(process, (process.state / "index.duckdb").stat().st_size)
        began = time.monotonic()
        while time.monotonic() - began < 3:
            if process.log.count("the index failed") > before:
                return
            time.sleep(0.01)
    raise AssertionError("no checkpoint failed")


def test_r039_a_daemon_whose_engine_gave_up_answers_again_and_never_500(tmp_path: Path, heavy: RepoBuilder) -> None:
    with Process(tmp_path, CONFIGURATION.replace("1s", "1h")) as process:
        begin(process, heavy)
        statuses: set[int] = set()
        with asking(process, statuses):
            make_the_engine_give_up(process, heavy)
            full(process, -1)  # to open the file again may need room for its log
            wait_until(lambda: process.title("c1") is not None, "it answers again")
        assert statuses <= {200, 503}
        heavy.commit({"0/catalog-info.yaml": component("c0", "last")})
        process.ask("POST", "/api/own/refresh", {})
        wait_until(lambda: process.title("c0") == "last", "the push is visible")
        assert process.ask("GET", "/api/own/status")[1]["state"] == "ready"
        assert not (process.state / "quarantine").exists()
        assert process.stop() == 0


def test_r039_a_daemon_whose_index_cannot_be_had_again_ends_for_its_supervisor(
    tmp_path: Path, heavy: RepoBuilder
) -> None:
    with Process(tmp_path, CONFIGURATION.replace("1s", "1h")) as process:
        begin(process, heavy)
        (process.state / "index.duckdb.building").mkdir()  # where another one would be built
        make_the_engine_give_up(process, heavy, for_good=True)
        assert process.wait_end() == 4
        assert "giving up" in process.log


def test_r041_an_index_that_needs_room_to_be_built_again_waits_for_it(tmp_path: Path, heavy: RepoBuilder) -> None:
    with Process(tmp_path, CONFIGURATION.replace("1s", "1h")) as process:
        begin(process, heavy)
        make_the_engine_give_up(process, heavy, for_good=True)
        said = "there is no index to ask: there is too little room on the disk for a new index"
        wait_until(lambda: process.wait_status(503) == [said], "it says what it lacks")
        assert process.ask("GET", "/api/own/status")[1]["state"] == "degraded"
        assert process.ask("POST", "/api/own/tokens", {"name": "late", "scopes": ["read"]})[0] == 507
        full(process, -1)
        process.wait_status(200)
        assert process.title("c1") is not None
        assert process.ask("POST", "/api/own/tokens", {"name": "late", "scopes": ["read"]})[0] == 201
        process.sync()
        assert process.stop() == 0


# What is asked


@contextmanager
def asking(process: Process, statuses: set[int]) -> Iterator[None]:
    """Meanwhile, clients ask what memory, engine and log answer; the statuses that they get."""
    ended = threading.Event()

    def ask() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            for path in (
                "/api/catalog/entities/by-name/component/default/c0",
                f"/api/own/entities?q=c{number % 100}&limit=1",
                "/api/own/problems",
                "/api/own/status",
            ):
                try:
                    statuses.add(process.ask("GET", path)[0])
                except KilledError:
                    return
            time.sleep(0.02)

    clients = [threading.Thread(target=ask) for _ in range(2)]
    for client in clients:
        client.start()
    try:
        yield
    finally:
        ended.set()
        for client in clients:
            client.join()


def owned(process: Process) -> dict[str, Any]:
    """What callers see of owned data."""
    tokens = process.ask("GET", "/api/own/tokens")[1]["items"]
    locations = [
        {name: value for name, value in item.items() if name != "state"}
        for item in process.ask("GET", "/api/own/locations")[1]["items"]
    ]
    return {"tokens": tokens, "locations": locations}


def location_state(process: Process) -> dict[str, Any]:
    """How the first location fares."""
    state: dict[str, Any] = process.ask("GET", "/api/own/locations")[1]["items"][0]["state"]
    return state


def filled(body: object, **values: str) -> object:
    """The body with the values in its texts."""
    if not isinstance(body, dict):
        return body
    return {key: text.format(**values) if isinstance(text, str) else text for key, text in body.items()}
