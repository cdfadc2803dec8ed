"""What was acknowledged stays, what is seen is whole, what is damaged heals or is said (R34-R43, R90)."""

import os
import resource
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from query.dialects.filter import parse_filter
from query.question import Question
from syncd.daemon import Daemon
from syncd.errors import CatalogError, ReadOnlyError, UnavailableError
from syncd.rebuild import rebuild
from syncd.repair import repair
from syncd.statedir import QUARANTINED_FILES, StateDir, write_whole
from syncd.stitch.publication import Publication
from syncd.stitch.write import Entry
from syncd.store.index import Index
from syncd.store.index_errors import IndexHeldError, IndexUnusableError
from syncd.store.state import ChangedEntity, State
from syncd.store.state_file import StateDamagedError, StateError
from tests.support.catalog import CatalogHarness
from tests.support.contents import contents
from tests.support.daemon import wait_until
from tests.support.killing import KillLoop
from tests.support.process import Process, component, syncd
from tests.support.repository import RepoBuilder

SEED = 20_261_122
KILLS = 5
FILE_CONFIGURATION = '[git]\nprotocols = ["file"]\npoll_interval = "1h"\n'


@pytest.fixture
def repository(tmp_path: Path) -> RepoBuilder:
    """A remote with two components, `one` and `two`."""
    made = RepoBuilder(tmp_path / "shop.git")
    made.commit({"catalog-info.yaml": component("one"), "deep/catalog-info.yaml": component("two")})
    return made


@pytest.fixture
def catalog(tmp_path: Path, repository: RepoBuilder) -> Iterator[CatalogHarness]:
    """A catalog that has read the repository."""
    with CatalogHarness(tmp_path / "state") as harness:
        harness.add(repository.url)
        yield harness


def everything(catalog: CatalogHarness) -> tuple[dict[str, list[tuple[object, ...]]], int]:
    """All that the index says, when it has come as far as the log; and how far that is."""
    wait_until(lambda: catalog.service.standing.status().index_seq == newest(catalog), "the index has the whole log")
    return contents(catalog.daemon), newest(catalog)


def newest(catalog: CatalogHarness) -> int:
    """The last row of the log."""
    with closing(sqlite3.connect(catalog.root / "state.sqlite")) as state:
        return int(state.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()[0])


# R34, R35, R40: what one writer writes


def test_r034_kills_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    loop = KillLoop(tmp_path, SEED)
    while loop.figures.kills < KILLS:
        loop.round()
    loop.finish()


def test_r034_a_commit_is_on_the_disk_when_it_returns(catalog: CatalogHarness) -> None:
    """A killed process loses nothing that the system has taken over; a power cut would, were this set otherwise."""
    state = catalog.daemon.service._state
    assert state.read("PRAGMA journal_mode") == [("wal",)]
    assert state.read("PRAGMA synchronous") == [(2,)]  # FULL


def test_r035_a_reader_sees_the_old_set_or_the_new_one(catalog: CatalogHarness, tmp_path: Path) -> None:
    size, sets = 25, 20
    remote = RepoBuilder(tmp_path / "sets.git")

    def text(number: int) -> str:
        names = [f"set{number % 2}-{place}" for place in range(size)]
        return "---\n".join(component(name, f"set {number}") for name in names)

    remote.commit({"catalog-info.yaml": text(0)})
    catalog.add(remote.url)
    wanted = Question(parse_filter(["kind=component"]), tie="ref", want_total=True)
    seen: set[str] = set()
    mixed: list[object] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            page = catalog.service.catalog.ask(wanted)
            titles = [orjson.loads(document)["metadata"]["title"] for document in page.documents]
            of_sets = [title for title in titles if title.startswith("set ")]
            seen.update(of_sets)
            if len(of_sets) != size or len(set(of_sets)) != 1 or page.total != size + 2:
                mixed.append((len(of_sets), sorted(set(of_sets)), page.total))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, sets):
        remote.commit({"catalog-info.yaml": text(number)})
        catalog.sync()
    ended.set()
    for reader in readers:
        reader.join()
    assert not mixed
    assert len(seen) > sets // 4, "the readers were too slow to see anything change"


def test_r036_a_change_and_its_row_are_one_transaction(catalog: CatalogHarness) -> None:
    before = everything(catalog)

    def write(_: Publication) -> Entry:
        state = catalog.daemon.service._state
        state.write("DELETE FROM locations")
        state.log("test", "test", "", {})
        raise LookupError

    engine = catalog.service.readiness.engine
    assert engine is not None
    with pytest.raises(LookupError):
        engine.publisher.submit(write).result()
    with closing(sqlite3.connect(catalog.root / "state.sqlite")) as state:
        assert state.execute("SELECT count(*) FROM locations").fetchone() == (1,)
    assert everything(catalog) == before


def test_r040_two_requests_for_one_location_are_one_location(catalog: CatalogHarness, tmp_path: Path) -> None:
    remote = RepoBuilder(tmp_path / "wanted.git")
    remote.commit({"catalog-info.yaml": component("wanted")})
    start = threading.Barrier(6)
    outcomes: list[str] = []

    def add() -> None:
        start.wait()
        try:
            catalog.service.add_location("git", remote.url, actor="test", owner=True)
            outcomes.append("added")
        except CatalogError as error:
            outcomes.append(error.code)

    callers = [threading.Thread(target=add) for _ in range(6)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert sorted(outcomes) == ["added", *["conflict"] * 5]


def test_r040_what_a_sync_finds_of_a_removed_location_is_not_published(
    catalog: CatalogHarness, repository: RepoBuilder
) -> None:
    """A walk may end after its location is gone: nothing of it may come back."""
    (location,) = catalog.service.locations()
    engine = catalog.service.readiness.engine
    assert engine is not None
    registry, reconciler = engine.registry, engine.reconciler
    registry.on_removed = lambda _: None  # the walk that follows stands for one that was under way
    catalog.service.remove_location(location.id, actor="test")
    repository.commit({"catalog-info.yaml": component("late")})
    catalog.sync()
    reconciler.remove(location.id)
    rows = contents(catalog.daemon)
    assert {table: found for table, found in rows.items() if found} == {}


# R36, R90: state.sqlite


def damage(path: Path, offset: int = 4096, length: int = 4096) -> None:
    """Overwrite part of a file."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xa5" * length)


def damage_state(root: Path) -> None:
    """Damage the pages of the log; the first page and the tables of the others stay readable."""
    path = root / "state.sqlite"
    with closing(sqlite3.connect(path)) as state:
        (page,) = state.execute("SELECT rootpage FROM sqlite_master WHERE name = 'changed_entities_seq'").fetchone()
    damage(path, (page - 1) * 4096)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "r036-a-damaged-page": damage_state,
    "r036-garbage": lambda root: damage(root / "state.sqlite", 0, 8192),
    "r036-cut-off": lambda root: os.truncate(root / "state.sqlite", 5000),
    "r036-empty": lambda root: os.truncate(root / "state.sqlite", 0),
    "r036-gone": lambda root: (root / "state.sqlite").unlink(),
}


@pytest.mark.parametrize("harm", DAMAGES.values(), ids=DAMAGES.keys())
def test_r036_r090_a_damaged_state_is_read_only(
    catalog: CatalogHarness, repository: RepoBuilder, harm: Callable[[Path], None]
) -> None:
    locations = catalog.service.locations()
    catalog.stop()
    harm(catalog.root)
    state_dir = StateDir(catalog.root).open()
    daemon = Daemon(state_dir, catalog.settings)
    try:
        daemon.start()
        service = daemon.service
        wait_until(lambda: service.standing.status().state == "readonly", "reads are served")
        assert service.catalog.by_ref("component:default/one") is not None
        assert service.locations() == locations
        assert service.location(locations[0].id) == locations[0]
        assert service.standing.location(locations[0].id).counts == {"entity": 2}
        assert service.standing.status().locations == 1
        (reason,) = service.readiness.reasons()
        assert "state.sqlite is" in reason
        for refused in (
            lambda: service.add_location("git", repository.url, actor="test", owner=True),
            lambda: service.remove_location(locations[0].id, actor="test"),
            lambda: service.issuer.create("x", ["read"], None, actor="test"),
            lambda: service.refresh(None),
        ):
            began = time.monotonic()
            with pytest.raises(ReadOnlyError, match=r"state\.sqlite is"):
                refused()
            assert time.monotonic() - began < 1.0, "nobody waits for what does not come"
    finally:
        daemon.stop()
        state_dir.close()
        catalog._dir = StateDir(catalog.root.with_name("other"))
        catalog.start()  # for the fixture to stop


def test_r036_a_damaged_state_without_an_index_is_code_8(tmp_path: Path) -> None:
    with Process(tmp_path, FILE_CONFIGURATION) as process:
        process.wait_ready()
        assert process.stop() == 0
    (process.state / "index.duckdb").unlink()
    damage(process.state / "state.sqlite", 0)
    found = (process.state / "state.sqlite").read_bytes()
    with Process(tmp_path, FILE_CONFIGURATION) as again:
        assert again.wait_end() == 8
    assert "state.sqlite is damaged" in again.log
    assert (process.state / "state.sqlite").read_bytes() == found


def test_r036_r060_a_damaged_state_is_told_over_http_and_repaired(tmp_path: Path, repository: RepoBuilder) -> None:
    with Process(tmp_path, FILE_CONFIGURATION) as process:
        process.wait_ready()
        location = process.register(repository.url)
        status, token = process.ask("POST", "/api/own/tokens", {"name": "reader", "scopes": ["read"]})
        assert status == 201
        assert process.stop() == 0
    damage_state(process.state)
    with Process(tmp_path, FILE_CONFIGURATION) as process:
        (reason,) = process.wait_status(503)
        assert "state.sqlite is damaged" in reason
        assert str(tmp_path) not in reason  # R60: a probe needs no token
        assert process.title("one") == "one"
        assert process.ask("GET", "/api/own/status")[1]["state"] == "readonly"
        status, refusal = process.ask("DELETE", f"/api/own/locations/{location}")
        assert (status, refusal["code"]) == (503, "readonly")
        assert "state.sqlite is damaged" in refusal["detail"]
        assert str(tmp_path) not in str(refusal)
        assert process.stop() == 0
    done = syncd("repair", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1 rows of locations" in done.stdout
    assert "1 rows of tokens" in done.stdout
    assert len(list(process.state.glob("state.sqlite.damaged-*"))) >= 1
    with Process(tmp_path, FILE_CONFIGURATION) as process:
        process.wait_ready()
        process.sync()
        assert process.title("two") == "two"
        assert [item["id"] for item in process.ask("GET", "/api/own/locations")[1]["items"]] == [location]
        assert [item["id"] for item in process.ask("GET", "/api/own/tokens")[1]["items"]] == [token["id"]]
        assert process.stop() == 0


def test_r036_repair_saves_the_rows_around_the_damage(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    state = State(path)
    rows = 3000
    for number in range(rows):
        state.log(
            "test", "sync", f"location-{number}", {}, [ChangedEntity(f"component:default/c{number}", "added", "x")]
        )
    state.close()
    damage(path, path.stat().st_size // 8192 * 4096, 4096)
    with pytest.raises(StateDamagedError):
        State(path)
    found = path.read_bytes()
    done = repair(path)
    assert done.kept is not None
    assert done.kept.read_bytes() == found
    assert done.saved["changes"] > rows * 3 // 4
    repaired = State(path)
    assert repaired.last_seq() == rows
    assert len(repaired.changes(0, rows, rows)) == done.saved["changes"]
    repaired.close()
    assert repair(path).kept is None


def test_r036_nothing_to_save_is_said(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(StateError, match="nothing can be read"):
        repair(path)
    assert path.read_bytes() == b"no database" * 1000
    assert sorted(tmp_path.iterdir()) == [path]


def test_r036_damage_that_is_met_later_ends_writing_only(catalog: CatalogHarness, repository: RepoBuilder) -> None:
    """Every page but the first is overwritten while the daemon runs; its cache is small."""
    catalog.daemon.service._state.read("PRAGMA wal_checkpoint(TRUNCATE)")
    catalog.daemon.service._state.read("PRAGMA shrink_memory")
    path = catalog.root / "state.sqlite"
    damage(path, 4096, path.stat().st_size - 4096)
    with pytest.raises(CatalogError):
        catalog.service.issuer.create("x", ["read"], None, actor="test")
    assert catalog.service.standing.status().state == "readonly"
    assert catalog.service.catalog.by_ref("component:default/one") is not None
    with pytest.raises(ReadOnlyError):
        catalog.service.issuer.create("x", ["read"], None, actor="test")


# R43: versions


def test_r043_a_newer_state_is_left_alone(tmp_path: Path, repository: RepoBuilder) -> None:
    with Process(tmp_path, FILE_CONFIGURATION) as process:
        process.wait_ready()
        process.register(repository.url)
        assert process.stop() == 0
    path = process.state / "state.sqlite"
    with closing(sqlite3.connect(path)) as state:
        state.execute("PRAGMA journal_mode=DELETE")  # a version that keeps its log in another way
        state.execute("PRAGMA user_version=99")
    before = {file.name: file.read_bytes() for file in process.state.glob("*.*") if file.name != "daemon.pid"}
    with Process(tmp_path, FILE_CONFIGURATION) as again:
        assert again.wait_end() == 8
    assert "has format 99; this program reads up to " in again.log
    after = {file.name: file.read_bytes() for file in process.state.glob("*.*") if file.name != "daemon.pid"}
    assert after == before


# R36, R37: the index follows the log


def test_r036_an_index_that_is_behind_the_log_catches_up(
    catalog: CatalogHarness, repository: RepoBuilder, tmp_path: Path
) -> None:
    """The engine opens a log that was cut short without a word: only the sequence number tells."""
    removed = RepoBuilder(tmp_path / "removed.git")
    removed.commit({"catalog-info.yaml": component("removed")})
    location = catalog.add(removed.url)
    catalog.restart()
    old = (catalog.root / "index.duckdb").read_bytes()
    catalog.service.remove_location(location.id, actor="test")
    added = RepoBuilder(tmp_path / "added.git")
    added.commit({"catalog-info.yaml": component("added")})
    catalog.add(added.url, priority=3)
    repository.commit({"catalog-info.yaml": component("one", "changed"), "deep/catalog-info.yaml": None})
    catalog.sync()
    before = everything(catalog)
    catalog.stop()
    (catalog.root / "index.duckdb").write_bytes(old)
    catalog.start()
    assert everything(catalog) == before
    assert not (catalog.root / "quarantine").exists()


def test_r036_an_orphan_that_was_deleted_stays_so(tmp_path: Path, repository: RepoBuilder) -> None:
    with CatalogHarness(tmp_path / "state", '[catalog]\norphan_strategy = "keep"\n') as catalog:
        catalog.add(repository.url)
        repository.commit({"deep/catalog-info.yaml": None})
        catalog.sync()
        uid = str(catalog.entity("component:default/two")["metadata"]["uid"])
        catalog.restart()
        old = (catalog.root / "index.duckdb").read_bytes()
        catalog.service.deletion.entity(uid, actor="test")
        catalog.settle()
        before = everything(catalog)
        catalog.stop()
        (catalog.root / "index.duckdb").write_bytes(old)
        catalog.start()
        after = everything(catalog)
        for table, rows in before[0].items():
            assert rows == after[0][table], table
        assert after == before
        assert "component:default/two" not in catalog.refs()


def test_r036_an_index_of_a_later_time_is_built_again(catalog: CatalogHarness, tmp_path: Path) -> None:
    """`state.sqlite` was put back from a backup: what came later was never registered."""
    before = everything(catalog)
    catalog.stop()
    old = (catalog.root / "state.sqlite").read_bytes()
    catalog.start()
    later = RepoBuilder(tmp_path / "later.git")
    later.commit({"catalog-info.yaml": component("later")})
    catalog.add(later.url)
    catalog.stop()
    (catalog.root / "state.sqlite").write_bytes(old)
    catalog.start()
    assert everything(catalog) == before


def test_r037_a_rebuild_that_is_told_to_stop_changes_nothing(catalog: CatalogHarness) -> None:
    before = everything(catalog)
    catalog.stop()
    path = catalog.root / "index.duckdb"
    found = path.read_bytes()
    with StateDir(catalog.root) as state_dir:
        daemon = Daemon(state_dir, catalog.settings)
        with pytest.raises(UnavailableError, match="stopping"):
            rebuild(path, daemon._state, daemon._surroundings, lambda: True)
        daemon.stop()
    assert path.read_bytes() == found
    catalog.start()
    assert everything(catalog) == before


def test_r037_a_rebuild_that_is_killed_leaves_the_old_index(tmp_path: Path, repository: RepoBuilder) -> None:
    texts = {f"{number}/catalog-info.yaml": component(f"c{number}") for number in range(600)}
    repository.commit(texts)
    with Process(tmp_path, FILE_CONFIGURATION) as process:
        process.wait_ready()
        process.register(repository.url)
        entities = process.wait_idle()["entities"]
        assert process.stop() == 0
    index = process.state / "index.duckdb"
    found = index.read_bytes()
    with Process(tmp_path, FILE_CONFIGURATION) as process:  # a daemon that builds, for want of a file
        process.wait_ready()
        process.kill()
    index.write_bytes(found)
    (process.state / "index.duckdb.wal").unlink(missing_ok=True)
    beside = process.state / "index.duckdb.building"
    rebuilding = threading.Thread(target=lambda: syncd("rebuild", tmp_path))
    pid_file = process.state / "daemon.pid"
    rebuilding.start()
    wait_until(beside.exists, "the rebuild has begun")
    os.kill(int(pid_file.read_text()), 9)
    rebuilding.join()
    assert index.read_bytes() == found
    with Process(tmp_path, FILE_CONFIGURATION) as process:
        process.wait_ready()
        assert process.wait_idle()["entities"] == entities
        assert not (process.state / "quarantine").exists()
        assert process.stop() == 0


def test_r037_a_rebuild_without_a_mirror_logs_no_removal(catalog: CatalogHarness) -> None:
    """What cannot be read is not gone (R19)."""
    before = everything(catalog)
    catalog.stop()
    (catalog.root / "index.duckdb").unlink()
    shutil.rmtree(catalog.root / "mirrors")
    catalog.start()
    assert everything(catalog) == before


# R38: an index that cannot be used


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def other_version(path: Path) -> None:
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute("UPDATE core.meta SET value = '999' WHERE key = 'schema_version'")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1")


INDEX_DAMAGES: dict[str, Callable[[Path], None]] = {
    "r038-garbage": lambda path: damage(path, 0, 64),
    "r038-cut-off": cut,
    "r038-empty": lambda path: os.truncate(path, 0),
    "r038-damaged-header": lambda path: damage(path, 4096, 8192),
    "r038-other-version": other_version,
    "r038-another-database": foreign,
}


@pytest.mark.parametrize("harm", INDEX_DAMAGES.values(), ids=INDEX_DAMAGES.keys())
def test_r038_a_bad_index_is_set_aside_and_built_again(catalog: CatalogHarness, harm: Callable[[Path], None]) -> None:
    before = everything(catalog)
    catalog.stop()
    path = catalog.root / "index.duckdb"
    harm(path)
    found = path.read_bytes()
    state_dir = StateDir(catalog.root).open()
    daemon = Daemon(state_dir, catalog.settings)
    said: list[tuple[str, str]] = []
    become = daemon.service.readiness.become

    def watched(state: Any, why: str) -> None:
        become(state, why)
        said.append((state, "; ".join(daemon.service.readiness.reasons())))
        if state == "degraded":
            assert daemon.service.standing.status().entities == 0

    daemon.service.readiness.become = watched  # type: ignore[method-assign]
    try:
        daemon.start()
        wait_until(lambda: daemon.service.standing.status().idle, "it is idle")
    finally:
        daemon.stop()
        state_dir.close()
    assert said[0][0] == "degraded"
    assert said[0][1].startswith("the index is being built from the mirrors")
    catalog.start()
    assert everything(catalog) == before
    kept = [file for file in (catalog.root / "quarantine").iterdir() if file.suffix == ".duckdb"]
    assert [file.read_bytes() for file in kept] == [found]


@pytest.mark.parametrize("place", [0.0, 0.3, 0.9], ids=["r038-start", "r038-middle", "r038-end"])
def test_r038_a_damaged_log_of_the_engine_loses_nothing(catalog: CatalogHarness, tmp_path: Path, place: float) -> None:
    """Where the engine notices, the index is built again; where it opens with fewer rows, they come back."""
    for number in range(5):
        remote = RepoBuilder(tmp_path / f"r{number}.git")
        remote.commit({"catalog-info.yaml": component(f"c{number}")})
        catalog.add(remote.url)
    before = everything(catalog)
    files = {name: (catalog.root / name).read_bytes() for name in ("index.duckdb", "index.duckdb.wal")}
    catalog.stop()
    for name, content in files.items():
        (catalog.root / name).write_bytes(content)
    log = catalog.root / "index.duckdb.wal"
    damage(log, int(log.stat().st_size * place), 64)
    catalog.start()
    assert everything(catalog) == before


HEADERS, BLOCK = 3 * 4096, 256 * 1024
"""Sizes in the engine's file: what comes before the blocks, and each of these."""


def test_r038_silent_damage_inside_is_found_and_healed(tmp_path: Path, repository: RepoBuilder) -> None:
    """The engine looks at a block when it is asked for: a start says nothing about the rest of the file. Each daemon is
    a process of its own, since what is in memory is not read again."""
    repository.commit({f"{number}/catalog-info.yaml": component(f"c{number}") for number in range(1500)})
    with Process(tmp_path, FILE_CONFIGURATION) as daemon:
        daemon.wait_ready()
        daemon.register(repository.url)
        before = daemon.ask("GET", "/api/catalog/entities")
        assert daemon.stop() == 0
    path = tmp_path / "state" / "index.duckdb"
    with closing(duckdb.connect(str(path), read_only=True)) as connection:
        (block,) = connection.execute(
            "SELECT max(block_id) FROM pragma_storage_info('core.entities') WHERE column_name = 'doc'"
        ).fetchall()[0]
    damage(path, HEADERS + block * BLOCK + 64, 64)  # its beginning: the engine checks only what it uses of a block
    with Process(tmp_path, FILE_CONFIGURATION) as daemon:
        daemon.wait_ready()
        wait_until((tmp_path / "state" / "quarantine").exists, "the damage was found")
        daemon.wait_ready()
        daemon.wait_idle()
        assert daemon.ask("GET", "/api/catalog/entities") == before
        assert daemon.stop() == 0


def test_r038_what_is_set_aside_is_bounded(catalog: CatalogHarness) -> None:
    for _ in range(QUARANTINED_FILES + 2):
        catalog.stop()
        damage(catalog.root / "index.duckdb", 0, 64)
        catalog.start()
    assert len(list((catalog.root / "quarantine").iterdir())) == QUARANTINED_FILES


def test_r038_an_index_in_another_program_is_left_alone(catalog: CatalogHarness, tmp_path: Path) -> None:
    catalog.stop()
    path = catalog.root / "index.duckdb"
    with Process(tmp_path / "other", FILE_CONFIGURATION) as other:  # it holds a file of that name
        other.wait_ready()
        with pytest.raises(IndexHeldError, match=f"PID {other.pid}"):
            Index.open(other.state / "index.duckdb")
        assert other.stop() == 0
    assert path.exists()
    catalog.start()


def test_r037_what_the_index_lost_and_nobody_can_read_again_is_told_to_be_gone(
    catalog: CatalogHarness, tmp_path: Path
) -> None:
    """A crash between log and index, and the location is removed before its repository was looked at again."""
    added = RepoBuilder(tmp_path / "added.git")
    added.commit({"catalog-info.yaml": component("added")})
    catalog.stop()
    older = catalog.root / "older.duckdb"
    shutil.copy(catalog.root / "index.duckdb", older)
    catalog.start()
    location = catalog.add(added.url)
    assert catalog.entity("component:default/added")
    catalog.stop()
    older.replace(catalog.root / "index.duckdb")
    shutil.rmtree(tmp_path / "added.git")
    shutil.rmtree(catalog.root / "mirrors")
    catalog.start()
    with pytest.raises(KeyError):
        catalog.entity("component:default/added")
    catalog.service.remove_location(location.id, actor="test")
    catalog.settle()
    newest = catalog.service.standing.status().index_seq
    told = [ref for change in catalog.service.changes(0, 1000) for ref in change.removed]
    assert "component:default/added" in told
    catalog.rebuild()
    assert catalog.service.standing.status().index_seq == newest


# R39: fatal errors of the engine


def invalidate(catalog: CatalogHarness) -> None:
    """Make the engine give up on the open database, by a checkpoint that cannot write."""
    cursor = catalog.daemon.index.cursor()
    cursor.execute("SET disabled_filesystems = 'LocalFileSystem'")
    with pytest.raises(duckdb.FatalException):
        cursor.execute("CHECKPOINT")
    with pytest.raises(duckdb.FatalException):
        cursor.execute("SELECT 1")


def test_r039_a_fatal_error_closes_and_opens_the_index(catalog: CatalogHarness, repository: RepoBuilder) -> None:
    repository.commit({"catalog-info.yaml": component("one", "second")})
    catalog.sync()
    invalidate(catalog)
    repository.commit({"catalog-info.yaml": component("one", "third")})
    catalog.sync()
    assert catalog.entity("component:default/one")["metadata"]["title"] == "third"
    assert not (catalog.root / "quarantine").exists()
    before = everything(catalog)
    catalog.rebuild()
    assert everything(catalog) == before


def test_r039_a_fatal_error_during_a_write_loses_nothing(catalog: CatalogHarness, tmp_path: Path) -> None:
    added = RepoBuilder(tmp_path / "added.git")
    added.commit({"catalog-info.yaml": component("added")})
    invalidate(catalog)
    location = catalog.add(added.url)
    assert location in catalog.service.locations()
    assert catalog.entity("component:default/added")
    assert [change.what for change in catalog.service.changes(0, 100)].count("location.added") == 2


def test_r039_a_fatal_error_is_met_by_a_write_that_has_to_catch_up_first(
    catalog: CatalogHarness, tmp_path: Path
) -> None:
    added = RepoBuilder(tmp_path / "added.git")
    added.commit({"catalog-info.yaml": component("added")})
    publisher, begun = catalog.daemon.service.readiness.engine.publisher, threading.Event()  # type: ignore[union-attr]

    def fall_behind_and_give_up(index: Index) -> None:
        begun.set()
        invalidate(catalog)
        index._backlog.lost_some = True  # as when a flush has failed
        time.sleep(0.3)  # the write waits by then, and is the next to be done

    broken = publisher.hold(fall_behind_and_give_up)
    assert begun.wait(10)
    location = catalog.add(added.url)
    broken.result()
    assert location in catalog.service.locations()
    assert catalog.entity("component:default/added")


def test_r039_an_index_that_cannot_be_healed_ends_the_process(catalog: CatalogHarness, repository: RepoBuilder) -> None:
    ended: list[CatalogError] = []
    catalog.daemon.on_failed = ended.append

    def hopeless(reason: CatalogError) -> Index:
        raise reason

    catalog.daemon._caretaker.rebuilt = hopeless  # type: ignore[method-assign]
    invalidate(catalog)
    damage(catalog.root / "index.duckdb", 0, 64)
    repository.commit({"catalog-info.yaml": component("one", "second")})
    catalog.service.refresh(None)
    wait_until(lambda: bool(ended), "the daemon gave up")
    assert isinstance(catalog.daemon.failed, IndexUnusableError)
    assert catalog.service.standing.status().state == "degraded"
    with pytest.raises(CatalogError):
        catalog.service.issuer.create("x", ["read"], None, actor="test")


# R42: files and folders


def test_r042_everything_in_the_state_directory_is_private(tmp_path: Path, repository: RepoBuilder) -> None:
    before = os.umask(0o022)
    try:
        with Process(tmp_path, FILE_CONFIGURATION) as process:
            process.wait_ready()
            process.register(repository.url)
            found = {path: path.lstat().st_mode for path in [process.state, *process.state.rglob("*")]}
            assert process.stop() == 0
    finally:
        os.umask(before)
    assert {"state.sqlite-wal", "index.duckdb.wal", "catalog.sock"} <= {path.name for path in found}
    assert [path for path, mode in found.items() if mode & 0o077] == []


def test_r042_a_directory_that_others_may_write_is_refused(tmp_path: Path) -> None:
    tmp_path.joinpath("state").mkdir()
    tmp_path.joinpath("state").chmod(0o770)
    with Process(tmp_path, FILE_CONFIGURATION) as process:
        assert process.wait_end() == 2
    assert "can be written by others" in process.log
    assert f"chmod 700 {process.state}" in process.log


def test_r042_a_directory_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    with pytest.raises(CatalogError, match="belongs to another user"):
        StateDir(tmp_path).open()


def test_r042_files_are_there_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "socket"
    write_whole(file, "first")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_whole(file, "second")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert file.read_text() == "first"
    assert file.stat().st_mode & 0o777 == 0o600
