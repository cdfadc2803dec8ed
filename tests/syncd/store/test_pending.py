"""What is published and not in the index file yet: seen by everybody, written once, never lost without being told."""

import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from query.ast import Everything
from syncd.model.json import JsonObject
from syncd.stitch.entity import stitch
from syncd.store.backlog import Backlog
from syncd.store.catalog import Catalog
from syncd.store.index import Index
from syncd.store.index_errors import IndexUnusableError
from syncd.store.pending import MANY, Published
from syncd.store.served.journal import Delta, Version

AT = "2026-01-01T00:00:00.000Z"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    made = Index.create(tmp_path / "index.duckdb")
    yield made
    made.close()


def publish(index: Index, eid: int, name: str, title: str) -> None:
    """A publication that gives one entity another form, and does nothing else."""
    ref = f"component:default/{name}"
    said: JsonObject = {"kind": "Component", "metadata": {"namespace": "default", "name": name, "title": title}}
    entity = stitch(ref, said, ())
    delta = Delta()
    with index.transaction(delta) as transaction:
        transaction.drop([ref])
        delta.drop([ref])
        transaction.put(Published(eid, entity, AT))
        delta.put(Version(eid, ref, AT, entity.document, entity.rows))
        transaction.set_meta("index_seq", str(eid))


def titles(index: Index) -> list[str]:
    """What the closed file holds."""
    with duckdb.connect(str(index.path)) as other:
        return [row[0] for row in other.execute("SELECT title FROM core.entities ORDER BY eid").fetchall()]


def test_what_memory_knows_is_answered_from_memory_and_what_the_engine_is_asked_is_written_first(index: Index) -> None:
    catalog = Catalog()
    catalog.serve(index)
    assert catalog.by_refs(["component:default/a"], Everything()) == [None]
    publish(index, 1, "a", "first")
    publish(index, 2, "a", "second")
    assert not index.is_flushed
    (document,) = catalog.by_refs_at_once(["component:default/a"], Everything()) or [None]
    assert document is not None
    assert b"second" in document
    assert not index.is_flushed
    assert index.meta("index_seq") == "2"
    assert index.is_flushed
    assert [row[0] for row in index.cursor().execute("SELECT eid FROM core.entities").fetchall()] == [2]
    assert index.cursor().execute("SELECT DISTINCT eid FROM core.search").fetchall() == [(2,)]  # the first was never


def test_a_transaction_of_the_engine_begins_with_what_is_pending_and_sees_its_own(index: Index) -> None:
    publish(index, 1, "a", "first")
    with index.transaction() as transaction:
        assert transaction.published(["component:default/a", "component:default/b"]).keys() == {"component:default/a"}
        transaction.drop(["component:default/a"])
        assert transaction.published(["component:default/a"]) == {}
        transaction.run("DELETE FROM core.walks")
        assert index.is_flushed
        assert transaction.published(["component:default/a"]) == {}
        assert transaction.published_refs() == set()
    assert index.refs() == set()


def fail(index: Index, *statements: str) -> None:
    """A publication that is given up."""
    with index.transaction() as transaction:
        transaction.drop(["component:default/a"])
        for statement in statements:
            transaction.run(statement)
        raise RuntimeError


def test_a_publication_that_fails_leaves_what_was_pending(index: Index) -> None:
    publish(index, 1, "a", "first")
    for statements in ((), ("DELETE FROM core.walks",)):
        with pytest.raises(RuntimeError):
            fail(index, *statements)
    assert index.refs() == {"component:default/a"}


def test_what_is_published_while_others_are_written_comes_after_them(index: Index) -> None:
    stop = threading.Event()

    def flush() -> None:
        while not stop.is_set():
            index.flush()

    thread = threading.Thread(target=flush)
    thread.start()
    try:
        for number in range(1, 4 * MANY):
            publish(index, number, f"n{number % 7}", str(number))
    finally:
        stop.set()
        thread.join()
    last = {f"n{number % 7}": number for number in range(1, 4 * MANY)}
    rows = index.cursor().execute("SELECT name, eid, title FROM core.entities").fetchall()
    assert sorted(rows) == sorted((name, eid, str(eid)) for name, eid in last.items())


def test_r035_what_cannot_be_written_is_published_no_longer_and_it_is_said(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(index, 1, "a", "first")
    index.flush()
    publish(index, 2, "a", "second")
    with monkeypatch.context() as patched:
        patched.setattr(Backlog, "_write", _no_room)
        with pytest.raises(IndexUnusableError):
            publish_late(index)
        assert index.fell_behind
    assert index.cursor().execute("SELECT title FROM core.entities").fetchall() == [("first",)]
    assert index.meta("index_seq") == "1"  # so that the log is asked for all that came later


def publish_late(index: Index) -> None:
    """What was published before is lost meanwhile."""
    with index.transaction() as transaction:
        transaction.set_meta("index_seq", "3")
        index.flush()


def _no_room(*_: object) -> None:
    raise OSError("no room")


def test_what_is_pending_is_in_the_file_when_that_is_closed(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "closed.duckdb")
    publish(index, 1, "a", "first")
    index.close()
    assert titles(index) == ["first"]
