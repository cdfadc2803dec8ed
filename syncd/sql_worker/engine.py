"""The engine with its own settings as the second line (R68), and the one way a question runs."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from syncd.sql_worker.failure import QuestionError, explained
from syncd.sql_worker.formats import WRITERS
from syncd.sql_worker.statement import Statement, read_statement

BATCH = 128
"""Rows taken from the engine at a time."""
_EXPLAIN = "EXPLAIN "
_DESCRIBE = "DESCRIBE SELECT * FROM (\n"

SETTINGS = (
    "SET max_temp_directory_size = '0KB'",
    "SET errors_as_json = true",
    "SET enable_progress_bar = false",
    "SET TimeZone = 'UTC'",
    "SET enable_external_access = false",
)
LAST_SETTING = "SET lock_configuration = true"

Send = Callable[[bytes], None]
Columns = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an answer may be: rows, bytes, columns."""

    rows: int
    bytes: int
    columns: int


def open_engine(path: str, memory_bytes: int, pipe: str = "") -> duckdb.DuckDBPyConnection:
    """A snapshot opened for reading, or ":memory:"; nothing else can be reached, and no setting changed any more.

    `pipe` is the one path that a result may be written to.
    """
    connection = duckdb.connect(
        path,
        read_only=path != ":memory:",
        config={
            "threads": "1",
            "async_threads": "0",  # none may be there before the walls: it would stay outside of some of them
            "memory_limit": f"{memory_bytes}B",
            "temp_directory": "",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
        },
    )
    if pipe:
        connection.execute(f"SET allowed_paths = ['{pipe}']")
    for setting in SETTINGS:
        connection.execute(setting)
    if not pipe:
        connection.execute("SET disabled_filesystems = 'LocalFileSystem'")
    connection.execute(LAST_SETTING)
    connection.execute("SELECT 1").fetchall()
    return connection


class Run:
    """One question from its text to the last row. `interrupt` may be called from another thread."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, question: Mapping[str, Any]) -> None:
        self._connection = connection
        self._text: str = question["sql"]
        self._parameters: list[Any] | dict[str, Any] = question.get("params") or []
        self._format: str = question["format"]
        self._bounds = Bounds(question["rows"], question["bytes"], question["columns"])
        self._limited: bool = question["limited"]
        """Whether the asker wanted no more than these rows, so that a cut is what was asked for."""
        self._stopped = False

    def interrupt(self) -> None:
        """Stop as soon as the engine looks up."""
        self._stopped = True
        self._connection.interrupt()

    def answer(self, on_columns: Callable[[Columns], None], send: Send) -> dict[str, Any]:
        """Send columns, then the rows; what is known at the end. Raises QuestionError."""
        with _read_only(self._connection):
            statement = self._read()
            columns = self._columns(statement)
            on_columns(columns)
            start = time.perf_counter()
            rows = self._explained(statement) if statement.explain else self._rows(statement, columns)
            end = self._send_rows(columns, rows, send)
        return end | {"elapsed_ms": round((time.perf_counter() - start) * 1000, 1)}

    def export(self, on_columns: Callable[[Columns], None], pipe: str) -> dict[str, Any]:
        """Send columns, then write the rows as Parquet to `pipe`; as `answer`."""
        with _read_only(self._connection):
            statement = self._read()
            if statement.explain:
                raise QuestionError("sql.refused", "EXPLAIN has no Parquet", hint="choose another format")
            columns = self._columns(statement)
            on_columns(columns)
            start = time.perf_counter()
            named = self._named(statement, [name for name, _ in columns])
            copy = (
                f"COPY (SELECT * FROM {named} LIMIT {self._bounds.rows + (not self._limited)}) "
                f"TO '{pipe}' (FORMAT parquet, USE_TMP_FILE false)"
            )
            row = self._engine(copy, statement).fetchone()
        count = int(row[0]) if row else 0
        return {
            "rows": min(count, self._bounds.rows),
            "truncated": "sql_rows" if count > self._bounds.rows else None,
            "elapsed_ms": round((time.perf_counter() - start) * 1000, 1),
        }

    def _read(self) -> Statement:
        try:
            return read_statement(self._connection, self._text)
        except duckdb.Error as error:
            raise explained(error, self._text, 0) from None

    def _columns(self, statement: Statement) -> Columns:
        if statement.explain:
            return [("explain_key", "VARCHAR"), ("explain_value", "VARCHAR")]
        asked = f"{_DESCRIBE}{statement.text}\n)"
        rows = self._engine(asked, statement, before=len(_DESCRIBE)).fetchall()
        if len(rows) > self._bounds.columns:
            raise QuestionError("limit", f"{len(rows)} columns are more than sql_columns allows")
        return [(str(row[0]), str(row[1])) for row in rows]

    def _named(self, statement: Statement, names: Sequence[str]) -> str:
        listed = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
        return f"(\n{statement.text}\n) AS q({listed})"

    def _rows(self, statement: Statement, columns: Columns) -> Iterator[str]:
        """Each row as the text of a JSON list, which the engine writes."""
        names = [f"c{number}" for number in range(len(columns))]
        asked = f"SELECT json_array({', '.join(names)}) FROM {self._named(statement, names)}"
        cursor = self._engine(asked, statement)
        while batch := self._fetched(cursor, statement):
            for (row,) in batch:
                yield row

    def _fetched(self, cursor: duckdb.DuckDBPyConnection, statement: Statement) -> list[Any]:
        try:
            return cursor.fetchmany(BATCH)
        except (duckdb.Error, MemoryError, RuntimeError) as error:
            raise self._failure(error, statement, 0) from None

    def _explained(self, statement: Statement) -> Iterator[str]:
        for row in self._engine(_EXPLAIN + statement.text, statement, before=len(_EXPLAIN)).fetchall():
            yield json.dumps(row, ensure_ascii=False)

    def _send_rows(self, columns: Columns, rows: Iterator[str], send: Send) -> dict[str, Any]:
        writer = WRITERS[self._format]([name for name, _ in columns])
        count = size = 0
        truncated = None
        if writer.first:
            send(writer.first)
        for row in rows:
            if self._stopped:
                raise QuestionError("sql.time", "the question was interrupted")
            if count == self._bounds.rows:
                truncated = "sql_rows"
                break
            text = writer.row(row, count)
            size += len(text)
            if size > self._bounds.bytes:
                truncated = "sql_bytes"
                break
            count += 1
            send(text)
        return {"rows": count, "truncated": truncated}

    def _engine(self, sql: str, statement: Statement, before: int = 0) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.execute(sql, self._parameters)
        except (duckdb.Error, MemoryError, RuntimeError) as error:
            raise self._failure(error, statement, before) from None

    def _failure(self, error: Exception, statement: Statement, before: int) -> QuestionError:
        return explained(error, self._text, before - statement.offset, self._tables())

    def _tables(self) -> list[str]:
        try:
            found = self._connection.cursor().execute(
                "SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal ORDER BY ALL"
            )
            return [row[0] for row in found.fetchall()]
        except (duckdb.Error, MemoryError):
            return []


class _read_only:  # noqa: N801 - reads as a statement
    """A transaction that cannot write, whatever runs in it; the second thing that stops a data-changing CTE."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN TRANSACTION READ ONLY")

    def __exit__(self, *_: object) -> None:
        try:
            self._connection.execute("ROLLBACK")
        except duckdb.Error:  # an error of the question ended the transaction already
            return
