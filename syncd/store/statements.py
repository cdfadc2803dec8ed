"""Talking to the engine: one statement a table, whatever the number of rows.

What one push asks is a handful of rows of one table each: for these the engine takes most of its time to plan, and it
plans a comparison with bound values several times as fast as a join or a list. Rows to insert travel as JSON: few in
the text of a statement that is planned once, many in a file that is nothing but memory, which the engine reads piece by
piece: a third of the time of any value that is bound, and no copy of the whole. Long lists to compare with are lists.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

import duckdb
import orjson

Cursor: TypeAlias = duckdb.DuckDBPyConnection

FEW = 16
"""Values that a column is compared with one by one."""

SMALL = 128 << 10
"""Bytes of rows that travel in the text of a statement."""

AT_ONCE = 16 << 20
"""Bytes of the rows that one statement inserts, if it is more than one row: the engine sets twice of them aside."""


@contextmanager
def all_or_nothing(cursor: Cursor, begin: str = "BEGIN TRANSACTION") -> Iterator[None]:
    """The engine's: committed at the end, taken back where anything fails."""
    cursor.execute(begin)
    try:
        yield
        cursor.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):  # what went wrong first is what is told; a commit that failed has rolled back
            cursor.execute("ROLLBACK")
        raise


@contextmanager
def one_state(cursor: Cursor) -> Iterator[Cursor]:
    """All that is asked within sees one published state: that of the first look."""
    with all_or_nothing(cursor, "BEGIN TRANSACTION READ ONLY"):
        yield cursor


def first_row(cursor: Cursor, sql: str, parameters: Sequence[object] = ()) -> tuple[Any, ...] | None:
    """The first row of a query of few, None without any.

    Reads to the end: a result that is left half read keeps its transaction open for as long as the thread asks nothing
    else, and where something was published since, the log of the index is not folded into the file any more.
    """
    rows = cursor.execute(sql, list(parameters)).fetchall()
    return rows[0] if rows else None


class Prepared:
    """The statements that a cursor has planned already; for one thread."""

    def __init__(self) -> None:
        self._cursor: Cursor | None = None
        self._names: dict[str, str] = {}

    def name(self, cursor: Cursor, sql: str) -> str:
        """The name by which the cursor executes a statement; planned now unless it was."""
        if self._cursor is not cursor:
            self._cursor = cursor
            self._names = {}
        if sql not in self._names:
            name = f"prepared_{len(self._names)}"
            cursor.execute(f"PREPARE {name} AS {sql}")
            self._names[sql] = name
        return self._names[sql]


class Statements:
    """A cursor inside an open transaction."""

    def __init__(self, cursor: Cursor, prepared: Prepared | None = None) -> None:
        """`prepared` is for whoever executes the same statements in many transactions."""
        self._cursor = cursor
        self._prepared = prepared or Prepared()

    def run(self, sql: str, *parameters: object) -> None:
        """A statement whose rows nobody wants."""
        self._cursor.execute(sql, list(parameters))

    def rows(self, sql: str, *parameters: object) -> list[Any]:
        """All rows of a query."""
        return self._cursor.execute(sql, list(parameters)).fetchall()

    def insert(self, table: str, rows: Sequence[tuple[object, ...]], types: str, order: str = "") -> None:
        """Add rows; `types` names the type of each column, `order` may sort them on their way in."""
        if not rows:
            return
        text = orjson.dumps(rows)
        if len(text) > AT_ONCE and len(rows) > 1:
            for half in (rows[: len(rows) // 2], rows[len(rows) // 2 :]):
                self.insert(table, half, types, order)
            return
        columns = ", ".join(_column(place, type_) for place, type_ in enumerate(types.split(), 1))
        if len(text) <= SMALL:
            name = self._prepared.name(
                self._cursor,
                f"INSERT INTO {table} SELECT {columns} FROM (SELECT unnest(from_json($1::VARCHAR, "
                f"""'[["VARCHAR"]]')) AS r) {order}""",
            )
            quoted = text.decode().replace("'", "''")
            self._cursor.execute(f"EXECUTE {name}('{quoted}')")
            return
        with _as_file(text) as path:
            self._cursor.execute(
                f"INSERT INTO {table} SELECT {columns} FROM read_json('{path}', format = 'array', records = false, "
                f"columns = {{'r': 'VARCHAR[]'}}, maximum_object_size = {len(text)}) {order}"
            )


def among(column: str, values: Sequence[object], type_: str = "VARCHAR") -> tuple[str, list[object]]:
    """The condition that a column holds one of these values, and its parameters."""
    if not values:
        return "false", []
    if len(values) > FEW:
        return f"{column} IN (SELECT unnest(?::{type_}[]))", [list(values)]
    return f"{column} IN ({', '.join('?' * len(values))})", list(values)


def _column(place: int, type_: str) -> str:
    """One item of a row, which comes as text, as what the column holds."""
    if type_.endswith("[]"):
        return f"""from_json(r[{place}], '["{type_[:-2]}"]')"""
    return f"r[{place}]::{type_}"


@contextmanager
def _as_file(text: bytes) -> Iterator[str]:
    """The path of a file that holds the text, in memory only."""
    descriptor = os.memfd_create("rows")
    try:
        with memoryview(text) as rest:
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)
