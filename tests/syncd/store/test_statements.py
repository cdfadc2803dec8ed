"""Rows on their way into the engine: whatever they hold, and however much."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.store import statements
from syncd.store.index import Index
from syncd.store.statements import Cursor, Statements

TYPES = "VARCHAR INTEGER DOUBLE BOOLEAN VARCHAR[]"
ROWS: list[tuple[object, ...]] = [
    ("plain", 1, 1.5, True, ["a", "b"]),
    ('q"uo\\te,[]{}\n\t\x1f', -(2**31), 1e308, False, ["x,y", '"q"', "[z]", "", "null", " lead "]),
    ("nul\0in", 2**31 - 1, 5e-324, None, []),
    ("é😀\u2028", 0, -0.0, True, ["é😀", "n\0ul"]),
    (None, None, None, None, None),
    ("null", 5, 0.1, False, ["true", "1"]),
    ("[1, 2]", 5, 123456789.123456789, True, ["x" * 100_000]),
]


@pytest.fixture
def cursor(tmp_path: Path) -> Iterator[Cursor]:
    index = Index.create(tmp_path / "index.duckdb")
    index.cursor().execute("CREATE TABLE core.rows (a VARCHAR, b INTEGER, c DOUBLE, d BOOLEAN, e VARCHAR[])")
    yield index.cursor()
    index.close()


@pytest.mark.parametrize("at_once", [1, 1 << 20], ids=["one by one", "together"])
def test_rows_arrive_as_they_are(cursor: Cursor, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(statements, "AT_ONCE", at_once)
    Statements(cursor).insert("core.rows", ROWS, TYPES)
    assert cursor.execute("SELECT * FROM core.rows").fetchall() == ROWS


def test_no_rows_are_no_statement(cursor: Cursor) -> None:
    Statements(cursor).insert("core.nowhere", [], TYPES)


@pytest.mark.parametrize(("count", "size"), [(60, 1 << 20), (1, 24 << 20)])
def test_rows_larger_than_the_engines_memory_divided_by_its_copies(cursor: Cursor, count: int, size: int) -> None:
    Statements(cursor).insert("core.rows", [("z" * size, 1, 1.0, True, [])] * count, TYPES)
    assert cursor.execute("SELECT count(*), sum(length(a)) FROM core.rows").fetchall() == [(count, count * size)]
