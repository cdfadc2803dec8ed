"""`index.duckdb`: opening, healing and upkeep of the derived database. What is in the tables: `index_schema/`."""

import logging
import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import duckdb
import orjson

from syncd.disk import is_disk_full, no_room
from syncd.model.location import API_LOCATION, Location
from syncd.store.backlog import Backlog
from syncd.store.index_errors import IndexHeldError, IndexUnusableError, explained, first_line, is_invalidated
from syncd.store.served.journal import Delta
from syncd.store.served.served import Served
from syncd.store.statements import Prepared, first_row, one_state
from syncd.store.transaction import Transaction

LOG = logging.getLogger("syncd.index")

SCHEMA_VERSION = "10"
PIPELINE_VERSION = "6"
"""Raise it when the same blobs would give other entities, search rows or terms: the index is then built again."""

SCHEMA = Path(__file__).parent / "index_schema"
MEMORY_LIMIT = "160MB"
CHECKPOINT_THRESHOLD = "1GB"
LAST_QUESTIONS_SECONDS = 0.5
"""How long questions that are under way when the file is closed may take to end; they are interrupted then."""
BETWEEN_ATTEMPTS_SECONDS = 0.005


class Index:
    """One open index file. The daemon owns it: no other process can open it meanwhile."""

    def __init__(self, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = path
        self._connection = connection
        self._local = threading.local()
        self._cursors: list[duckdb.DuckDBPyConnection] = []
        self._closed = False
        self._opened = 1
        """How often the file was opened: a cursor of an earlier time is of no use."""
        self._lock = threading.Lock()
        self._writing = threading.RLock()
        """Held by whoever has a transaction that changes something."""
        self._backlog = Backlog(self._writing, self._own_writer, self._remember)
        self._prepared = Prepared()
        self._writer: duckdb.DuckDBPyConnection | None = None
        self.served: Served
        """What is asked most, from memory; in step with what is published."""
        self._remember()
        self._descriptor = -1

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
        """Open an index of this version; raises `IndexUnusableError` for anything else, `IndexHeldError`,
        `DiskFullError`."""
        return cls(path, _open(path))

    def reopen(self) -> None:
        """Close the file with every cursor and open it again: what the engine wants after a fatal error (R39).

        What other threads ask at this moment fails; their next question is answered. Raises as `open`.
        """
        with self._writing, self._lock:  # what is being flushed is flushed, or lost, before
            self._let_go()
            self._connection = _open_again(self.path)
            self._opened += 1
            self._backlog.lose()  # whether the last commit counted is for the file to say

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """This thread's own cursor, for reading: it sees all that is published."""
        self.flush()
        return self._cursor()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        opened, cursor = getattr(self._local, "cursor", (0, None))
        if cursor is None or opened != self._opened:
            with self._lock:
                cursor = self._connection.cursor()
                self._cursors.append(cursor)
                self._local.cursor = self._opened, cursor
        return cursor

    @property
    def descriptor(self) -> int:
        """The file for whoever copies it, open as long as the index is.

        Never close it: closing any descriptor of the file gives up the engine's lock on it.
        """
        with self._lock:
            if self._closed:
                raise IndexUnusableError("the index is closed")
            if self._descriptor < 0:
                self._descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
            return self._descriptor

    @contextmanager
    def transaction(self, delta: Delta | None = None) -> Iterator[Transaction]:
        """All that it does becomes visible together, or none of it does (R35). One at a time (R40).

        Whatever it does to entities, `delta` must tell by the end. The file may get it later: see `flush`. Raises
        `IndexUnusableError` when the engine gave up or the file is damaged, `DiskFullError`.
        """
        if self._backlog.pending.is_too_long:
            self.flush()
        cursor, losses = self._cursor(), self._backlog.losses
        with explained(), ExitStack() as held:
            transaction = Transaction(cursor, self._prepared, self._backlog.pending, lambda: self._begin(cursor, held))
            try:
                yield transaction
                transaction.complete()
                with self.served.publishing(delta):
                    if transaction.has_begun:
                        cursor.execute("COMMIT")
                    else:
                        self._backlog.add(transaction.own, losses)
            except BaseException:
                if transaction.has_begun:
                    with suppress(duckdb.Error):  # a commit that failed has rolled back already
                        cursor.execute("ROLLBACK")
                raise

    def _begin(self, cursor: duckdb.DuckDBPyConnection, held: ExitStack) -> None:
        held.enter_context(self._writing)
        self._backlog.write()  # not with this transaction: others see it already
        cursor.execute("BEGIN TRANSACTION")

    @property
    def is_flushed(self) -> bool:
        """Whether all that is published is in the file."""
        return not self._backlog.pending

    @property
    def is_to_be_flushed(self) -> bool:
        """Whether so much is published that is not in the file that it should come there now."""
        return self._backlog.pending.is_long

    @property
    def fell_behind(self) -> bool:
        """Whether something that was published got lost before it came into the file: it is in the log."""
        return self._backlog.lost_some

    def caught_up(self) -> None:
        """The log has brought what had got lost."""
        self._backlog.lost_some = False

    def flush(self) -> None:
        """Bring into the file what is published and not there yet; any thread may.

        Where that fails, it is published no longer: `fell_behind` says so, and the log has it.
        """
        with suppress(duckdb.Error, OSError):
            self._backlog.write()

    def _own_writer(self) -> duckdb.DuckDBPyConnection:
        if self._writer is None:
            with self._lock:
                self._writer = self._connection.cursor()
                self._cursors.append(self._writer)
        return self._writer

    def _remember(self) -> None:
        """Answer from the file alone."""
        self.served = Served(self._cursor, self.flush, lambda: self.is_flushed)

    def check(self) -> None:
        """Ask for nothing; raises `IndexUnusableError` where the engine gave up, be it on a question of a reader."""
        with explained():
            self.cursor().execute("SELECT 1").fetchall()

    def verify(self) -> None:
        """Read every value of every table; raises `IndexUnusableError` where a block is damaged.

        The engine looks at a block only when it is asked for: opening a file says little about it.
        """
        with explained(), one_state(self.cursor()) as cursor:  # a sweep may put another table in the place of one
            tables = cursor.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'core'").fetchall()
            for (table,) in tables:
                cursor.execute(f'SELECT max(hash(t)) FROM core."{table}" t').fetchall()

    @explained()
    def registered(self) -> dict[str, Location]:
        """The copies of registered locations by id; what an Adjustment says is not among what the index knows."""
        rows = self.cursor().execute(
            "SELECT location_id, type, target, git_ref, paths, priority, registered, configured, named_after "
            "FROM core.locations WHERE location_id <> ?",
            [API_LOCATION.id],
        )
        return {
            id_: Location(
                id_,
                type_,
                target,
                ref,
                tuple(orjson.loads(paths)),
                priority,
                order,
                configured,
                named_after=named_after,
            )
            for id_, type_, target, ref, paths, priority, order, configured, named_after in rows.fetchall()
        }

    @explained()
    def api_documents(self) -> dict[str, str]:
        """The refs of entities made by API, each with the etag of its document."""
        rows = self.cursor().execute(
            "SELECT entity_ref, blob FROM core.documents WHERE location_id = ?", [API_LOCATION.id]
        )
        return dict(rows.fetchall())

    @explained()
    def locations_with_problems(self) -> set[str]:
        """Ids of locations with a problem of their own, apart from those of their files."""
        rows = self.cursor().execute("SELECT DISTINCT location_id FROM core.problems WHERE idx = -1").fetchall()
        return {row[0] for row in rows}

    @explained()
    def refs(self) -> set[str]:
        """Every ref that is published."""
        return {row[0] for row in self.cursor().execute("SELECT ref FROM core.entities").fetchall()}

    @explained()
    def entities(self) -> int:
        """How many entities are published."""
        row = first_row(self.cursor(), "SELECT count(*) FROM core.entities")
        return int(row[0]) if row else 0

    @explained()
    def meta(self, key: str) -> str:
        """One value of `core.meta`."""
        row = first_row(self.cursor(), "SELECT value FROM core.meta WHERE key = ?", [key])
        return str(row[0]) if row else ""

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nobody commits anything to the file within."""
        with self._writing:
            yield

    @property
    def log_size(self) -> int:
        """Bytes of the write-ahead log."""
        try:
            return wal(self.path).stat().st_size
        except FileNotFoundError:
            return 0

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file. Never inside a request: it may take seconds.

        While somebody else writes or verifies, nothing happens: the log waits for the next time.
        """
        with explained():
            try:
                self.cursor().execute("CHECKPOINT")
            except duckdb.TransactionException as busy:
                LOG.info("the log of the index is folded in later: %s", first_line(busy))

    def close(self, *, fold: bool = True) -> None:
        """Close every cursor and the file, the log folded into it unless `fold` is false (R41).

        The log that is left is read by whoever opens the file next.
        """
        if fold and not self._closed:
            self.flush()
        with self._writing, self._lock:
            if not self._closed:
                self._closed = True
                # Asked for, since the engine folds nothing by itself at the end of a session that began with a log.
                last = "CHECKPOINT" if fold else "PRAGMA disable_checkpoint_on_shutdown"
                with suppress(duckdb.Error):  # after a fatal error it folds nothing anyway
                    self._connection.execute(last)
                self._let_go()

    def _let_go(self) -> None:
        connections = (*self._cursors, self._connection)
        closing = threading.Thread(target=_close, args=(connections,), name="closing")
        closing.start()
        closing.join(LAST_QUESTIONS_SECONDS)
        while closing.is_alive():
            for connection in connections:
                with suppress(duckdb.Error):  # it is closed already
                    connection.interrupt()
            closing.join(BETWEEN_ATTEMPTS_SECONDS)
        self._cursors.clear()
        self._writer = None
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def wal(path: Path) -> Path:
    """The write-ahead log beside an index file."""
    return path.with_name(path.name + ".wal")


def _close(connections: Iterable[duckdb.DuckDBPyConnection]) -> None:
    """Close all of them. One that is in use refuses, or waits for the answer: who calls this interrupts it in the end.

    One that stays open keeps its engine, and whoever opens the path is given that engine, though another file is there.
    """
    for connection in connections:
        while True:
            try:
                connection.close()
                break
            except duckdb.ResourceInUseException:
                time.sleep(BETWEEN_ATTEMPTS_SECONDS)
            except duckdb.Error:  # after a fatal error nothing else can be done with it
                break


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    if not path.exists():
        raise IndexUnusableError("there is no index yet")
    connection = None
    try:
        connection = _connect(path)
        versions = dict(connection.execute("SELECT key, value FROM core.meta").fetchall())
        connection.execute("SELECT count(*), max(eid) FROM core.entities").fetchall()
    except (duckdb.Error, OSError) as error:
        if connection is not None:
            connection.close()
        if "onflicting lock" in str(error):
            message = f"{path} is open in another program: {first_line(error)}"
            raise IndexHeldError(message, hint="end that program; a copy of the file can be opened freely") from error
        if is_disk_full(error) and not is_invalidated(error):
            raise no_room("the index") from error
        raise IndexUnusableError(f"it cannot be read: {first_line(error)}") from error
    wanted = {"schema_version": SCHEMA_VERSION, "pipeline_version": PIPELINE_VERSION}
    if any(versions.get(key) != value for key, value in wanted.items()):
        connection.close()
        raise IndexUnusableError("it was built by another version")
    return connection


def _open_again(path: Path) -> duckdb.DuckDBPyConnection:
    """Open after a fatal error: what gave up lives on until the last question that was under way has ended."""
    deadline = time.monotonic() + 4 * LAST_QUESTIONS_SECONDS
    while True:
        try:
            return _open(path)
        except IndexUnusableError as error:
            if not is_invalidated(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


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
    try:
        connection.execute("SET enable_progress_bar = false")
        path.chmod(0o600)
    except BaseException:
        connection.close()  # an exception that is kept would keep the engine alive
        raise
    return connection
