"""Talking to the engine: values travel as lists that it unnests, one statement a table whatever the number of rows."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import duckdb

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
        columns = ", ".join(f"unnest(?::{type_}[])" for type_ in types.split())
        self._cursor.execute(
            f"INSERT INTO {table} SELECT {columns} {order}", [list(column) for column in zip(*rows, strict=True)]
        )
