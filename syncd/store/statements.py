"""Talking to the engine: one statement a table, whatever the number of rows.

What one push asks is a handful of rows of one table each: for these the engine takes most of its time to plan, and it
plans a comparison with bound values several times as fast as a join or a list. Many rows to insert travel as JSON in a
file that is nothing but memory, which the engine reads piece by piece: a third of the time of any value that is bound,
and no copy of the whole. Long lists to compare with travel as lists.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from typing import Any, TypeAlias

import duckdb
import orjson

Cursor: TypeAlias = duckdb.DuckDBPyConnection

FEW = 16
"""Values that a column is compared with one by one."""

FEW_VALUES = 48
"""Values of rows to insert that are bound one by one."""

SMALL = 128 << 10
"""Bytes of rows that are bound as one text: planning to read a file takes longer than so few rows."""

AT_ONCE = 16 << 20
"""Bytes of the rows that one statement inserts, if it is more than one row: the engine sets twice of them aside."""


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
        if not rows:
            return
        if len(rows) * len(rows[0]) <= FEW_VALUES:
            row = ", ".join(f"?::{type_}" for type_ in types.split())
            self.run(f"INSERT INTO {table} VALUES {', '.join([f'({row})'] * len(rows))}", *chain.from_iterable(rows))
            return
        text = orjson.dumps(rows)
        if len(text) > AT_ONCE and len(rows) > 1:
            for half in (rows[: len(rows) // 2], rows[len(rows) // 2 :]):
                self.insert(table, half, types, order)
            return
        columns = ", ".join(_column(place, type_) for place, type_ in enumerate(types.split(), 1))
        if len(text) <= SMALL:
            self._cursor.execute(
                f"INSERT INTO {table} SELECT {columns} FROM (SELECT unnest(from_json(?::VARCHAR, "
                f"""'[["VARCHAR"]]')) AS r) {order}""",
                [text.decode()],
            )
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
