"""Talking to the engine: one statement a table, whatever the number of rows.

Rows to insert travel as one JSON text of columns, which the engine takes apart: half the time of binding lists. Lists
to compare with travel as lists.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

import duckdb
import orjson

Cursor: TypeAlias = duckdb.DuckDBPyConnection

AT_ONCE = 4_000
"""Rows that one statement inserts, unless they have to be sorted: the engine takes their text apart in its memory."""


@contextmanager
def one_state(cursor: Cursor) -> Iterator[Cursor]:
    """All that is asked within sees one published state: that of the first look."""
    cursor.execute("BEGIN TRANSACTION READ ONLY")
    try:
        yield cursor
        cursor.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):  # what went wrong first is what is told
            cursor.execute("ROLLBACK")
        raise


class Statements:
    """A cursor inside an open transaction."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def run(self, sql: str, *parameters: object) -> None:
        """A statement whose rows nobody wants."""
        self._cursor.execute(sql, list(parameters))

    def rows(self, sql: str, *parameters: object) -> list[Any]:
        """All rows of a query."""
        return self._cursor.execute(sql, list(parameters)).fetchall()

    def insert(self, table: str, rows: Sequence[tuple[object, ...]], types: str, order: str = "") -> None:
        """Add rows; `types` names the type of each column, `order` may sort them on their way in."""
        step = max(1, len(rows)) if order else AT_ONCE
        for start in range(0, len(rows), step):
            self._insert(table, rows[start : start + step], types, order)

    def _insert(self, table: str, rows: Sequence[tuple[object, ...]], types: str, order: str) -> None:
        kinds = types.split()
        names = [f"c{number}" for number in range(len(kinds))]
        shape = {
            name: [[type_[:-2]] if type_.endswith("[]") else type_] for name, type_ in zip(names, kinds, strict=True)
        }
        columns = dict(zip(names, zip(*rows, strict=True), strict=True))
        self._cursor.execute(
            f"INSERT INTO {table} SELECT {', '.join(f'unnest(j.{name})' for name in names)} "
            f"FROM (SELECT from_json(?::VARCHAR, '{orjson.dumps(shape).decode()}') AS j) {order}",
            [orjson.dumps(columns).decode()],
        )
