"""A sweep: dead rows go, no answer changes, and nobody who publishes waits for it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from syncd.errors import UnavailableError
from syncd.store.index import Index
from syncd.store.snapshot import copy_index
from syncd.store.sweep import Sweep
from tests.syncd.store.test_pending import publish


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    made = Index.create(tmp_path / "index.duckdb")
    for eid in range(1, 60):
        publish(made, eid, f"n{eid % 5}", f"title {eid}")
        made.flush()
    yield made
    made.close()


def rows(index: Index, table: str) -> set[tuple[object, ...]]:
    """What a table says of live entities."""
    found = index.cursor().execute(f"SELECT * FROM core.{table} WHERE eid IN (SELECT eid FROM core.entities)")
    return set(found.fetchall())


def dead(index: Index, table: str) -> int:
    """Rows of entities that are not any more."""
    found = index.cursor().execute(
        f"SELECT count(*) FROM core.{table} WHERE eid NOT IN (SELECT eid FROM core.entities)"
    )
    return int(found.fetchall()[0][0])


def test_what_is_published_between_the_two_halves_is_kept(index: Index) -> None:
    assert dead(index, "search")
    sweep = Sweep(index)
    sweep.gather()
    publish(index, 60, "n0", "came later")
    publish(index, 61, "new", "came later too")
    before = {table: rows(index, table) for table in ("search", "terms")}
    sweep.finish()
    assert {table: rows(index, table) for table in ("search", "terms")} == before
    assert dead(index, "search") == len(rows_of(index, 55)) > 0  # what was replaced meanwhile waits for the next sweep
    tables = index.cursor().execute("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'swept%'").fetchall()
    assert not tables
    assert not index.log_size


def rows_of(index: Index, eid: int) -> list[tuple[object, ...]]:
    """The search rows of one version."""
    return index.cursor().execute("SELECT * FROM core.search WHERE eid = ?", [eid]).fetchall()


def test_publications_and_copies_go_on_while_rows_are_gathered(index: Index, tmp_path: Path) -> None:
    sweep = Sweep(index)
    gatherer = threading.Thread(target=sweep.gather)
    with index.still():  # so that it cannot end
        gatherer.start()
        publish(index, 60, "n0", "came meanwhile")
        index.flush()
        assert index.is_flushed
        assert not index.fell_behind
        copy_index(index, tmp_path / "copy.duckdb")
        assert gatherer.is_alive()
    gatherer.join()
    sweep.finish()
    with duckdb.connect(str(tmp_path / "copy.duckdb")) as copy:
        assert copy.execute("SELECT title FROM core.entities WHERE name = 'n0'").fetchall() == [("came meanwhile",)]
    assert rows_of(index, 60)
    assert dead(index, "search") == len(rows_of(index, 55))


def test_one_that_is_stopped_leaves_the_index_as_it_was(index: Index) -> None:
    before = rows(index, "search")
    sweep = Sweep(index)
    sweep.stop()
    with pytest.raises(UnavailableError):
        sweep.gather()
    assert rows(index, "search") == before
    again = Sweep(index)
    again.gather()
    again.finish()
    assert rows(index, "search") == before
    assert not dead(index, "search")
    assert not dead(index, "terms")
