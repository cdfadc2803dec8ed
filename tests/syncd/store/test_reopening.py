"""Closing the index while it is asked: nothing of it is left behind that the next one could be mistaken for."""

import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from syncd.errors import UnavailableError
from syncd.store.index import Index
from syncd.store.index_errors import explained

LONG = "SELECT count(*) FROM range(1000000000000) WHERE range % 7 = 3"


class _Asker:
    """A thread in the middle of a question that would take hours."""

    def __init__(self, index: Index) -> None:
        self.failure: Exception | None = None
        self._index = index
        self._asking = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()
        assert self._asking.wait(10)

    def _ask(self) -> None:
        cursor = self._index.cursor()
        self._asking.set()
        try:
            with explained():
                cursor.execute(LONG).fetchall()
        except Exception as error:
            self.failure = error

    def end(self) -> None:
        self._thread.join(30)
        assert not self._thread.is_alive()


@pytest.mark.parametrize("let_go", [Index.close, Index.reopen])
def test_r038_a_question_under_way_does_not_keep_the_engine(tmp_path: Path, let_go: Callable[[Index], None]) -> None:
    path = tmp_path / "index.duckdb"
    Index.create(path).close()
    index = Index.open(path)
    asker = _Asker(index)
    let_go(index)
    asker.end()
    assert isinstance(asker.failure, UnavailableError)
    index.close()
    other = tmp_path / "other.duckdb"
    Index.create(other).close()
    with duckdb.connect(str(other)) as connection:
        connection.execute("INSERT INTO core.meta VALUES ('which', 'the other')")
    other.replace(path)
    again = Index.open(path)
    assert again.meta("which") == "the other"
    again.close()


def test_r039_who_asks_at_the_moment_of_closing_is_told_to_ask_again(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "index.duckdb")
    cursor = index.cursor()
    index.close()
    with pytest.raises(UnavailableError, match="opened again"), explained():
        cursor.execute("SELECT 1")
