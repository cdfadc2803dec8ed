"""A reader that has its answer keeps nothing: the log of the index can be folded into the file (R41)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from query.ast import Everything
from query.graph import View
from query.question import Question
from syncd.store.catalog import Catalog
from syncd.store.index import Index
from syncd.store.memory import IndexMemory
from tests.syncd.store.test_pending import publish

REF = "component:default/a"
UID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    made = Index.create(tmp_path / "index.duckdb")
    yield made
    made.close()


OF_CATALOG: dict[str, Callable[[Catalog], object]] = {
    "search": lambda catalog: catalog.search(Question(want_total=True)),
    "by_uid": lambda catalog: (catalog.by_uid(UID), catalog.ref_of_uid(UID)),
    "refs": lambda catalog: catalog.refs(Everything()),
    "keys": lambda catalog: catalog.keys("", Everything(), 10),
    "graph": lambda catalog: catalog.graph(REF, View(depth=2)),
    "said": lambda catalog: catalog.said(REF),
    "updated": lambda catalog: catalog.updated([REF]),
    "details": lambda catalog: catalog.details(REF),
    "speakers": lambda catalog: catalog.speakers(REF, "ownedBy", REF),
    "problems": lambda catalog: catalog.problems(),
    "problem_counts": lambda catalog: catalog.problem_counts([REF]),
    "sources": lambda catalog: catalog.sources(),
    "failures": lambda catalog: catalog.failures(),
    "counts": lambda catalog: catalog.counts(),
    "total": lambda catalog: catalog.total(),
}
OF_INDEX: dict[str, Callable[[Index], object]] = {
    "meta": lambda index: index.meta("index_seq"),
    "entities": lambda index: index.entities(),
    "check": lambda index: index.check(),
    "verify": lambda index: index.verify(),
    "memory": lambda index: IndexMemory.load(index.cursor()),
}


@pytest.mark.parametrize("read", OF_CATALOG.values(), ids=OF_CATALOG)
def test_r041_who_asked_the_catalog_does_not_keep_the_log(index: Index, read: Callable[[Catalog], object]) -> None:
    catalog = Catalog()
    catalog.serve(index)
    assert_keeps_nothing(index, lambda: read(catalog))


@pytest.mark.parametrize("read", OF_INDEX.values(), ids=OF_INDEX)
def test_r041_who_asked_the_index_does_not_keep_the_log(index: Index, read: Callable[[Index], object]) -> None:
    assert_keeps_nothing(index, lambda: read(index))


def assert_keeps_nothing(index: Index, read: Callable[[], object]) -> None:
    """After another thread has read, what is published later still gets out of the log."""
    publish(index, 1, "a", "first")
    index.checkpoint()
    with ThreadPoolExecutor(1) as reader:  # its thread and its cursor live on
        reader.submit(read).result()
        publish(index, 2, "a", "second")
        index.flush()
        assert index.log_size
        index.checkpoint()
        assert not index.log_size
