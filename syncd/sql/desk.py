"""The desk: hands questions to a few sandboxed processes, one at a time each, and lets only so many wait (R70)."""

import json
import threading
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from syncd.config import LimitSettings
from syncd.errors import UnavailableError
from syncd.sql.child import ChildGoneError, SqlChild
from syncd.sql.question import BusyError, SqlAnswer, SqlError, SqlQuestion, SqlState
from syncd.sql.snapshots import Snapshot, Snapshots
from syncd.sql_worker.wire import COLUMNS, DATA, END, FAILURE, PIECE, ROWS

Pieces: TypeAlias = Generator[bytes, None, None]
MEMORY = ":memory:"
_KILLED = {
    "SIGXCPU": ("limit", "the question used more processor time than sql_time allows"),
    "SIGKILL": ("sql.memory", "the system ended the process that answered: it took too much memory"),
}


class SqlDesk:
    """Every call may block and may come from any thread; `close` ends all processes."""

    def __init__(self, snapshots: Snapshots, limits: LimitSettings) -> None:
        self._snapshots = snapshots
        self.limits = limits
        self._changed = threading.Condition()
        self._idle: list[SqlChild] = []
        self._spare: SqlChild | None = None
        """Has loaded the engine and opened nothing yet: a question on a newer snapshot need not wait for that."""
        self._working: set[SqlChild] = set()
        self._places = limits.sql_workers
        self._waiting = 0
        self._layers: dict[str, str] = {}
        self._closed = False
        self.killed = 0
        """Processes that an interrupt did not stop."""
        self._keeper: threading.Thread | None = None

    def state(self) -> SqlState:
        """How it fares."""
        newest = self._snapshots.newest
        with self._changed:
            there = [*self._working, *self._idle]
            return SqlState(
                len(there),
                len(self._working),
                self._waiting,
                tuple(child.pid for child in there),
                dict(self._layers),
                newest.index_seq if newest else None,
            )

    def ask(self, question: SqlQuestion) -> SqlAnswer:
        """Begin to answer: returns when the columns are known and the first rows are there.

        Raises `SqlError`, `BusyError` (429), `UnavailableError`.
        """
        self._take_place()
        try:
            snapshot = self._snapshots.take()
        except BaseException:
            self._leave_place()
            raise
        export = question.format == "parquet"
        session = _Session(self, snapshot, question, export=export)
        try:
            session.child = self._child(snapshot, export=export)
            return session.begin()
        except BaseException:
            session.end(healthy=False)
            raise

    def pack(self, columns: Sequence[str], batches: Iterable[Sequence[Sequence[str | None]]]) -> Pieces:
        """Rows of texts as Parquet, piece by piece. Raises as `ask`."""
        self._take_place()
        session = _Session(self, None, SqlQuestion("", [], "parquet"), export=True)
        try:
            session.child = self._child(None, export=True)
            return session.pack(columns, batches)
        except BaseException:
            session.end(healthy=False)
            raise

    def close(self) -> None:
        """End every process; questions that run fail."""
        with self._changed:
            self._closed = True
            ending = [*self._idle, *self._working, *([self._spare] if self._spare else [])]
            self._idle.clear()
            self._spare = None
            self._changed.notify_all()
        for child in ending:
            child.kill()
        self._snapshots.close()

    # Places

    def _take_place(self) -> None:
        with self._changed:
            if not self._places:
                if self._waiting >= self.limits.sql_queue:
                    raise BusyError(
                        f"{self._waiting} questions in SQL wait already (limit sql_queue)", hint="try again in a moment"
                    )
                self._waiting += 1
                try:
                    self._changed.wait_for(lambda: self._places or self._closed)
                finally:
                    self._waiting -= 1
            if self._closed:
                raise UnavailableError("the daemon is stopping", hint="try again when it has started")
            self._places -= 1

    def _leave_place(self) -> None:
        with self._changed:
            self._places += 1
            self._changed.notify_all()

    # Processes

    def _child(self, snapshot: Snapshot | None, *, export: bool) -> SqlChild:
        """A process that has the snapshot open: one that is idle, else a new one."""
        name = snapshot.path.name if snapshot else MEMORY
        with self._changed:
            outdated = [child for child in self._idle if child.snapshot != name]
            self._idle = [child for child in self._idle if child.snapshot == name]
            found = self._idle.pop() if self._idle and not export else None
            fresh, self._spare = (None, self._spare) if found else (self._spare, None)
            self._changed.notify_all()  # whoever keeps a spare process ready
        for child in outdated:
            child.kill()
        if found is None:
            found = fresh or SqlChild()
            try:
                found.open(self._snapshots.folder, name, self.limits.sql_memory, export=export)
            except BaseException:
                found.kill()
                raise
        with self._changed:
            if self._closed:
                found.kill()
                raise UnavailableError("the daemon is stopping")
            self._layers = dict(found.layers)
            self._working.add(found)
        return found

    def released(self, child: SqlChild | None, snapshot: Snapshot | None, *, healthy: bool) -> None:
        """A session is over."""
        with self._changed:
            keep = child is not None and healthy and not self._closed
            if child is not None:
                self._working.discard(child)
            if keep and child is not None:
                child.released = time.monotonic()
                self._idle.append(child)
            self._places += 1
            self._changed.notify_all()
            if not self._closed and self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, name="sql-keeper", daemon=True)
                self._keeper.start()
        if child is not None and not keep:
            child.kill()
        if snapshot is not None:
            self._snapshots.give_back(snapshot)

    def _keep(self) -> None:
        """Have a spare process ready while questions come, and end those that nobody needed for a while."""
        patience = self.limits.sql_idle.total_seconds()
        used = time.monotonic()
        while True:
            with self._changed:
                if self._working:
                    used = time.monotonic()
                elif self._idle:
                    used = max(used, *(child.released for child in self._idle))
                if self._closed:
                    return
                needs_spare = self._spare is None and time.monotonic() - used < patience
            if needs_spare:
                self._put_spare()
            with self._changed:
                if time.monotonic() - used >= patience and not self._working:
                    ending = [*self._idle, *([self._spare] if self._spare else [])]
                    self._idle.clear()
                    self._spare = None
                    self._keeper = None
                    break
                self._changed.wait(max(0.01, used + patience - time.monotonic()))
        for child in ending:
            child.kill()

    def _put_spare(self) -> None:
        try:
            spare = SqlChild()
        except UnavailableError:
            return
        with self._changed:
            if self._closed or self._spare is not None:
                ending: SqlChild | None = spare
            else:
                self._spare, ending = spare, None
        if ending is not None:
            ending.kill()


class _Session:
    """One question at one process."""

    def __init__(self, desk: SqlDesk, snapshot: Snapshot | None, question: SqlQuestion, *, export: bool) -> None:
        self._desk = desk
        self._snapshot = snapshot
        self._question = question
        self._export = export
        self._limits = desk.limits
        self._over = False
        self._seen = 0
        self.child: SqlChild | None = None

    def begin(self) -> SqlAnswer:
        """Ask, and wait for columns and the first piece."""
        assert self._snapshot is not None
        child, limits = self._alive(), self._limits
        wanted = self._question.rows
        child.ask(
            {
                "sql": self._question.sql,
                "params": self._question.parameters,
                "format": self._question.format,
                "rows": limits.sql_rows if wanted is None else min(wanted, limits.sql_rows),
                "bytes": limits.sql_bytes,
                "columns": limits.sql_columns,
                "limited": wanted is not None and wanted <= limits.sql_rows,
            },
            limits.sql_time.total_seconds(),
        )
        age = self._snapshot.age_seconds
        columns: list[Mapping[str, str]] = []
        end: dict[str, Any] = {}
        first: list[bytes] = []
        while sum(map(len, first)) < PIECE and not end:
            kind, content = self._receive()
            if kind == COLUMNS:
                columns = json.loads(content)
            elif kind == DATA:
                first.append(content)
            elif kind == END:
                end |= json.loads(content)
                self.end(healthy=True)
        return SqlAnswer(columns, self._snapshot.index_seq, age, self._pieces(first, end), end)

    def pack(self, columns: Sequence[str], batches: Iterable[Sequence[Sequence[str | None]]]) -> Pieces:
        """Send the rows, give the file."""
        child = self._alive()
        child.write(ROWS, json.dumps({"columns": list(columns)}).encode())
        for batch in batches:
            child.write(ROWS, json.dumps([list(row) for row in batch]).encode())
        child.write(ROWS, b"")
        kind, content = self._receive()
        return self._pieces([content] if kind == DATA else [], {})

    def _pieces(self, first: list[bytes], end: dict[str, Any]) -> Pieces:
        try:
            while first:
                yield first.pop(0)
            while not self._over and not end:
                kind, content = self._receive()
                if kind == DATA:
                    yield content
                elif kind == END:
                    end |= json.loads(content)
                    self.end(healthy=True)
        finally:
            self.end(healthy=False)

    def _receive(self) -> tuple[bytes, bytes]:
        """The next frame; SqlError for a failure, after the deadline, and beyond the bytes that are allowed."""
        child, allowed = self._alive(), self._limits.sql_time.total_seconds()
        try:
            kind, content = child.receive(allowed - child.spent)
        except TimeoutError:
            stopped = child.stopped()
            self._desk.killed += not stopped
            self.end(healthy=stopped)
            raise SqlError(
                f"the question took more than {allowed:g} seconds (limit sql_time)", code="limit", hint=_SMALLER
            ) from None
        except ChildGoneError:
            self.end(healthy=False)
            raise self._gone(child) from None
        if kind == FAILURE:
            self.end(healthy=True)
            told = json.loads(content)
            raise SqlError(
                told["message"],
                code=told["code"],
                hint=told.get("hint", ""),
                position=told.get("position"),
                line=told.get("line"),
                column=told.get("column"),
            )
        self._seen += len(content)
        if self._seen > self._limits.sql_bytes + 2 * PIECE:
            self.end(healthy=False)
            raise SqlError("the answer is larger than sql_bytes allows", code="limit", hint=_SMALLER)
        return kind, content

    def _gone(self, child: SqlChild) -> SqlError:
        code, message = _KILLED.get(
            child.ended_by, ("sql.crashed", "the process that answered has ended; the catalog is unharmed")
        )
        return SqlError(message, code=code, hint=_SMALLER)

    def _alive(self) -> SqlChild:
        if self.child is None:
            raise UnavailableError("the question is over")
        return self.child

    def end(self, *, healthy: bool) -> None:
        """Give process, snapshot and place back; once. An export's process has done its one job."""
        if not self._over:
            self._over = True
            self._desk.released(self.child, self._snapshot, healthy=healthy and not self._export)


_SMALLER = "ask for fewer rows, or group before joining"
