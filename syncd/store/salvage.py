"""Saving what can be read of a damaged `state.sqlite`: row by row, from both ends of each table."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from syncd.store.state import State

TABLES = (
    "changes",
    "changed_entities",
    "changed_properties",
    "locations",
    "last_good",
    "missing_refs",
    "clients",
    "tokens",
    "overlay",
    "documents",
    "integrations",
    "activity",
    "webhooks",
    "deliveries",
    "edits",
)
"""Every table with owned data; those that others refer to come first."""
DETAILS = ("changed_entities", "changed_properties")
"""Tables whose rows belong to a row of the log."""


def salvage(damaged: Path, into: State, tables: Sequence[str] = TABLES) -> dict[str, int]:
    """Copy the readable rows of these tables; how many of each. The damaged file is only read.

    A damaged page hides the rows behind it, so each table is read forwards as far as it goes, and then backwards.
    """
    source = sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)
    try:
        with into.transaction():
            return {table: _copy(source, into, table) for table in tables}
    finally:
        source.close()


def _copy(source: sqlite3.Connection, into: State, table: str) -> int:
    columns = _shared_columns(source, into, table)
    keys = [str(row[1]) for row in into.read(f"SELECT * FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk")]
    places, names = ", ".join("?" * len(columns)), ", ".join(columns)
    # A row whose change was lost would break the reference to it; it is of no use without its time.
    known = " WHERE ? IN (SELECT seq FROM changes)" if table in DETAILS else ""
    count = 0
    for direction in ("ASC", "DESC"):
        order = ", ".join(f"{key} {direction}" for key in keys)
        for row in _readable(source, f"SELECT {names} FROM {table} ORDER BY {order}"):
            extra = (row[columns.index("seq")],) if known else ()
            count += into.write(f"INSERT OR IGNORE INTO {table} ({names}) SELECT {places}{known}", (*row, *extra))
    return count


def _shared_columns(source: sqlite3.Connection, into: State, table: str) -> list[str]:
    """Columns that both files have: the damaged one may be of an older format."""
    query = f"SELECT name FROM pragma_table_info('{table}')"
    there = {str(row[0]) for row in _readable(source, query)}
    return [str(row[0]) for row in into.read(query) if not there or row[0] in there]


def _readable(source: sqlite3.Connection, query: str) -> Iterator[tuple[object, ...]]:
    """Rows until the first that cannot be read."""
    try:
        yield from source.execute(query)
    except sqlite3.DatabaseError:
        return
