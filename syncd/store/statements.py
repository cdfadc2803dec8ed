"""Talking to the engine: one statement a table, whatever the number of rows.

Rows to insert travel as one JSON text of columns, which the engine takes apart: half the time of binding lists. Lists
to compare with travel as lists.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import duckdb
import orjson

Cursor: TypeAlias = duckdb.DuckDBPyConnection


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
