"""Rows that the daemon already has, made into Parquet."""

from collections.abc import Sequence
from typing import Any

import duckdb

from syncd.sql_worker.failure import QuestionError, explained
from syncd.sql_worker.formats import distinct


class Rows:
    """A table of texts in memory; filled piece by piece, then written once."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> None:
        self._connection = connection
        names = distinct(columns)
        listed = ", ".join('"' + name.replace('"', '""') + '" VARCHAR' for name in names)
        self._connection.execute(f"CREATE TABLE taken ({listed})")
        self._cells = ", ".join(f"r[{number + 1}]" for number in range(len(names)))

    def add(self, text: str) -> None:
        """A JSON list of rows, each a list of texts or nulls. Raises QuestionError."""
        self._run(
            f"INSERT INTO taken SELECT {self._cells} FROM (SELECT unnest(from_json(?, '[[\"VARCHAR\"]]')) AS r)", text
        )

    def write(self, pipe: str) -> dict[str, Any]:
        """Write all rows as Parquet to `pipe`. Raises QuestionError."""
        row = self._run(f"COPY taken TO '{pipe}' (FORMAT parquet, USE_TMP_FILE false)").fetchone()
        return {"rows": int(row[0]) if row else 0, "truncated": None}

    def _run(self, sql: str, *parameters: str) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.execute(sql, list(parameters))
        except (duckdb.Error, MemoryError) as error:
            raise _failure(error) from None


def _failure(error: Exception) -> QuestionError:
    return explained(error, "", 0)
