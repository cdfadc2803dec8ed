"""`index.duckdb`: opening, healing and upkeep of the derived database. What is in the tables: `index_schema/`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from syncd.errors import CatalogError

SCHEMA_VERSION = "1"
PIPELINE_VERSION = "1"
"""Raise it when the same blobs would give other entities or other search rows: the index is then built again."""

SCHEMA = Path(__file__).parent / "index_schema"
MEMORY_LIMIT = "160MB"
CHECKPOINT_THRESHOLD = "1GB"


class IndexUnusableError(CatalogError):
    """The file cannot serve as it is (damaged, or another version): build it again (R38)."""

    code = "index"


class Index:
    """One open index file. The daemon owns it: no other process can open it meanwhile."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = path
        self._connection = connection
        self._local = threading.local()
        self._cursors: list[duckdb.DuckDBPyConnection] = []
        self._closed = False
        self._lock = threading.Lock()

    @classmethod
    def create(cls, path: Path) -> "Index":
        """A new, empty index; a file of that name is replaced."""
        path.unlink(missing_ok=True)
        wal(path).unlink(missing_ok=True)
        connection = _connect(path)
        for script in sorted(SCHEMA.glob("*.sql")):
            connection.execute(script.read_text())
        connection.executemany(
            "INSERT INTO core.meta VALUES (?, ?)",
            [("schema_version", SCHEMA_VERSION), ("pipeline_version", PIPELINE_VERSION), ("index_seq", "0")],
        )
        path.chmod(0o600)
        return cls(path, connection)

    @classmethod
    def open(cls, path: Path) -> "Index":
        """Open an index of this version; raises `IndexUnusableError` for anything else."""
        if not path.exists():
            raise IndexUnusableError("there is no index yet")
        try:
            connection = _connect(path)
            versions = dict(connection.execute("SELECT key, value FROM core.meta").fetchall())
            connection.execute("SELECT count(*), max(eid) FROM core.entities").fetchall()
        except (duckdb.Error, OSError) as error:
            raise IndexUnusableError(f"it cannot be read: {first_line(error)}") from error
        wanted = {"schema_version": SCHEMA_VERSION, "pipeline_version": PIPELINE_VERSION}
        if any(versions.get(key) != value for key, value in wanted.items()):
            connection.close()
            raise IndexUnusableError("it was built by another version")
        return cls(path, connection)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """This thread's own cursor, for reading."""
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._local, "cursor", None)
        if cursor is None:
            with self._lock:
                cursor = self._connection.cursor()
                self._cursors.append(cursor)
            self._local.cursor = cursor
        return cursor

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """All statements on the cursor become visible together, or none does (R35). One at a time (R40)."""
        cursor = self.cursor()
        cursor.execute("BEGIN TRANSACTION")
        try:
            yield cursor
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")

    def meta(self, key: str) -> str:
        """One value of `core.meta`."""
        row = self.cursor().execute("SELECT value FROM core.meta WHERE key = ?", [key]).fetchone()
        return str(row[0]) if row else ""

    def sweep(self) -> None:
        """Drop dead search rows and sort the rest by key and value again: what reads are quick by. Call when idle."""
        with self.transaction() as cursor:
            cursor.execute(
                "CREATE TABLE core.swept AS SELECT s.* FROM core.search s "
                "WHERE s.eid IN (SELECT eid FROM core.entities) ORDER BY s.key, s.value, s.eid"
            )
            cursor.execute("DROP TABLE core.search")
            cursor.execute("ALTER TABLE core.swept RENAME TO search")
        self.checkpoint()

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file. Never inside a request: it may take seconds."""
        self.cursor().execute("CHECKPOINT")

    def close(self) -> None:
        """Close every cursor and the file; a checkpoint is made by the engine."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for cursor in self._cursors:
                cursor.close()
            self._connection.close()


def wal(path: Path) -> Path:
    """The write-ahead log beside an index file."""
    return path.with_name(path.name + ".wal")


def first_line(error: BaseException) -> str:
    """The first line of an engine's message; the rest is for its authors."""
    return (str(error).splitlines() or [type(error).__name__])[0]


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        str(path),
        config={
            "threads": "1",
            "memory_limit": MEMORY_LIMIT,
            "checkpoint_threshold": CHECKPOINT_THRESHOLD,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": str(path.parent / "tmp"),
            "preserve_insertion_order": "true",
        },
    )
    connection.execute("SET enable_progress_bar = false")
    path.chmod(0o600)
    return connection
