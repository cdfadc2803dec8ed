"""Which engines there are, and whether they are those that the store is written for."""

import sqlite3
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine with its version; `wanted` is the sentence for people."""

    name: str
    version: str
    wanted: str
    fits: bool


def engine_versions() -> tuple[Engine, ...]:
    """SQLite for the owned data, DuckDB for the index."""
    return (
        Engine("sqlite", sqlite3.sqlite_version, "3.37 or newer", sqlite3.sqlite_version_info >= (3, 37)),
        Engine("duckdb", duckdb.__version__, "2.0", duckdb.__version__.startswith("2.0.")),
    )
