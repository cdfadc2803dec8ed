"""Snapshots hold what is committed, leave the index alone, and hold nobody up."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from syncd.model.activity import LinkedRecord, StoredRecord
from syncd.sql.question import SqlQuestion
from syncd.sql.snapshots import Snapshots
from syncd.stitch import upkeep
from syncd.store import snapshot
from syncd.store.index import Index
from syncd.store.snapshot import complete_copy, newest_changes
from syncd.store.state import ChangedEntity, State
from tests.support.catalog import CatalogHarness
from tests.support.repository import RepoBuilder
from tests.support.shop import SHOP_REFS, SHOP_YAML


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[CatalogHarness]:
    """The fixture "shop", read from a repository of this disk."""
    repository = RepoBuilder(tmp_path / "shop.git")
    repository.commit({"catalog-info.yaml": SHOP_YAML})
    with CatalogHarness(tmp_path / "state") as harness:
        harness.add(repository.url)
        yield harness


def rows(catalog: CatalogHarness, sql: str) -> str:
    """The rows of an answer, as JSON."""
    answer = catalog.service.sql.ask(SqlQuestion(sql, [], "json"))
    return b"".join(answer.pieces).decode()


def files(catalog: CatalogHarness) -> list[str]:
    return sorted(path.name for path in (catalog.root / "snapshots").iterdir())


def test_r066_a_snapshot_holds_what_only_the_write_ahead_log_had(catalog: CatalogHarness) -> None:
    assert (catalog.root / "index.duckdb.wal").stat().st_size > 0
    assert rows(catalog, "SELECT count(*) FROM entities") == f"[{len(SHOP_REFS)}]"
    assert len(files(catalog)) == 1
    assert not list((catalog.root / "snapshots").glob("*.wal"))


def test_r066_every_view_says_what_the_index_says(catalog: CatalogHarness) -> None:
    cursor = catalog.daemon.index.cursor()
    views = cursor.execute(
        "SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal"
    ).fetchall()
    assert len(views) == 17
    for (view,) in views:
        if view not in ("changes", "custom_properties", "activity"):  # these come from state.sqlite
            expected = cursor.execute(f"SELECT count(*), bit_xor(hash(v::VARCHAR)) FROM {view} v").fetchone()
            assert expected is not None
            assert rows(catalog, f"SELECT count(*), bit_xor(hash(v::VARCHAR)) FROM {view} v") == str(
                [*map(_json, expected)]
            ).replace(" ", "").replace("'", "")


def _json(value: object) -> str:
    return "null" if value is None else str(value)


def test_r066_a_copy_leaves_the_lock_of_the_index_alone(catalog: CatalogHarness) -> None:
    rows(catalog, "SELECT 1")
    program = f"import duckdb; duckdb.connect({str(catalog.root / 'index.duckdb')!r})"
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert other.returncode != 0
    assert "onflicting lock" in other.stderr


def test_r066_nothing_is_copied_while_nothing_has_moved(catalog: CatalogHarness) -> None:
    rows(catalog, "SELECT 1")
    before = files(catalog)
    for _ in range(3):
        rows(catalog, "SELECT 1")
    assert files(catalog) == before


def test_r066_while_the_writer_is_busy_the_older_snapshot_answers(catalog: CatalogHarness, tmp_path: Path) -> None:
    assert rows(catalog, "SELECT count(*) FROM components") == "[3]"
    engine = catalog.service.readiness.engine
    assert engine is not None
    let_go = threading.Event()

    def wait(_: Index) -> None:
        let_go.wait(60)

    held = engine.publisher.hold(wait)
    catalog.service.catalog.generation += 1  # the index has moved, as far as anybody can tell
    try:
        assert rows(catalog, "SELECT count(*) FROM components") == "[3]"
        assert not held.done()
    finally:
        let_go.set()
    held.result(30)


def test_the_log_in_a_snapshot_is_bounded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    state = State(tmp_path / "state.sqlite")
    for number in range(30):
        state.log("git", "sync", f"l{number}", {}, [ChangedEntity(f"component:default/c{number}", "added", "e")])
    state.log(
        "git", "sync", "many", {}, [ChangedEntity(f"api:default/a{number}", "added", "e") for number in range(50)]
    )
    monkeypatch.setattr(snapshot, "_CHANGES_AT_ONCE", 7)
    assert [change.seq for change in newest_changes(state, 31)] == list(range(31, 0, -1))
    monkeypatch.setattr(snapshot, "NEWEST_CHANGES", 10)
    assert [change.seq for change in newest_changes(state, 31)] == list(range(31, 21, -1))
    monkeypatch.setattr(snapshot, "NEWEST_REFS", 53)
    assert [change.seq for change in newest_changes(state, 31)] == [31, 30, 29, 28]
    monkeypatch.setattr(snapshot, "NEWEST_REFS", 1)
    assert [change.target for change in newest_changes(state, 31)] == ["many"]
    state.close()


def test_r066_an_old_snapshot_stays_while_it_is_used(tmp_path: Path) -> None:
    moved = [0]

    def make(path: Path) -> int:
        index = Index.create(path)
        index.close()
        return moved[0]

    snapshots = Snapshots(tmp_path / "snapshots", make, lambda: (moved[0], 0))
    first = snapshots.take()
    moved[0] = 1
    deadline = time.monotonic() + 30
    while (second := snapshots.take()).index_seq != 1:
        snapshots.give_back(second)
        assert time.monotonic() < deadline
    assert first.path.exists()
    snapshots.give_back(first)
    assert not first.path.exists()
    with duckdb.connect(str(second.path), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM entities").fetchone() == (0,)
    snapshots.give_back(second)
    assert second.path.exists()
    snapshots.close()
    assert list((tmp_path / "snapshots").iterdir()) == []


def test_a_long_log_is_folded_when_nothing_waits_and_copies_are_wanted(
    catalog: CatalogHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "LONG_LOG", 1)
    rows(catalog, "SELECT 1")
    deadline = time.monotonic() + 30
    while catalog.daemon.index.log_size > 1:
        assert time.monotonic() < deadline
    assert rows(catalog, "SELECT count(*) FROM entities") == f"[{len(SHOP_REFS)}]"


@pytest.mark.parametrize(("rows", "text", "refs"), [(510, '"' * 32_000, 1), (10_000, "x" * 3_000, 20)])
def test_the_largest_activity_fits_into_the_memory_of_a_snapshot(
    tmp_path: Path, rows: int, text: str, refs: int
) -> None:
    path = tmp_path / "copy.duckdb"
    Index.create(path).close()
    linked = tuple(f"component:default/{number:060}" for number in range(refs))
    record = StoredRecord("ci", "custom", None, None, None, None, 1, 2, {"name": text})
    complete_copy(path, [], [], [LinkedRecord(record, linked)] * rows)
    with duckdb.connect(str(path), read_only=True) as connection:
        asked = "SELECT count(*), min(len(name)), min(len(refs)), min(epoch_ms(received)) FROM activity"
        assert connection.execute(asked).fetchone() == (rows, len(text), refs, 2)
