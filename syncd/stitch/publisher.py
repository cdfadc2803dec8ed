"""The one writer (R40): a thread that takes what waits, writes the log first, then the index, and tells who listens."""

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from syncd.errors import UnavailableError
from syncd.model.json import Json
from syncd.model.reading import Reading
from syncd.stitch.publication import Publication
from syncd.store.index import Index
from syncd.store.state import Change, State, now
from syncd.store.transaction import IndexTransaction

GROUPED_DOCUMENTS = 5_000
"""Readings that wait are published together up to this many documents."""

SWEEP_AFTER_ROWS = 30_000
"""Published entities times search rows that make a sweep worth while once nothing waits."""

IDLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Entry:
    """The row of the log that a write makes."""

    actor: str
    what: str
    target: str
    detail: Mapping[str, Json]


Write = Callable[[Publication], Entry | None]
"""A change by a person: changes `state.sqlite` and the publication; None leaves no row in the log."""


@dataclass(slots=True)
class _Job:
    work: Reading | Write
    done: "Future[Change | None]"


class Publisher:
    """Runs every write, one after the other; `submit` and `publish` may be called from any thread."""

    def __init__(self, state: State, index: Index, on_change: Callable[[Change], None]) -> None:
        self._state = state
        self._index = index
        self._on_change = on_change
        self._jobs: queue.Queue[_Job | None] = queue.Queue()
        self._pending = 0
        self._appended = 0
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self.generation = 0
        """Grows with every transaction that a reader could tell from the one before."""
        self.index_seq = int(index.meta("index_seq") or 0)

    def start(self) -> None:
        """Begin to work on what is submitted."""
        self._thread.start()

    def publish(self, reading: Reading) -> "Future[Change | None]":
        """Publish a reading; the future is done when it is visible."""
        return self._put(reading)

    def submit(self, write: Write) -> "Future[Change | None]":
        """Run a write of a person; the future is done when it is durable and visible (R34)."""
        return self._put(write)

    @property
    def busy(self) -> bool:
        """Whether anything waits or runs."""
        return self._pending > 0

    def close(self) -> None:
        """Finish what waits, then end (R87)."""
        with self._lock:
            self._closed = True
        self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _put(self, work: Reading | Write) -> "Future[Change | None]":
        done: Future[Change | None] = Future()
        with self._lock:
            if self._closed:
                raise UnavailableError("the daemon is stopping", hint="try again when it has started")
            self._pending += 1
        self._jobs.put(_Job(work, done))
        return done

    def _run(self) -> None:
        carried: _Job | None = None
        while True:
            try:
                job = carried or self._jobs.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                self._sweep()
                continue
            if job is None:
                return
            group, carried, ended = self._group(job)
            self._carry_out(group)
            if ended:
                return

    def _group(self, first: _Job) -> tuple[list[_Job], "_Job | None", bool]:
        """What is done together with `first`, the job taken but not part of it, and whether the end was met."""
        group = [first]
        size = _documents(first)
        while isinstance(group[-1].work, Reading) and size < GROUPED_DOCUMENTS:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return group, None, True
            if not isinstance(job.work, Reading):
                return group, job, False
            group.append(job)
            size += _documents(job)
        return group, None, False

    def _carry_out(self, group: Sequence[_Job]) -> None:
        try:
            change = self._transact([job.work for job in group])
        except Exception as error:
            if len(group) > 1:  # one of them is at fault: the others shall not suffer (R84)
                for job in group:
                    self._carry_out([job])
                return
            self._count_down(1)
            group[0].done.set_exception(error)
            return
        if change is not None:
            self._on_change(change)
        self._count_down(len(group))
        for job in group:
            job.done.set_result(change)

    def _count_down(self, count: int) -> None:
        with self._lock:
            self._pending -= count

    def _transact(self, works: Sequence[Reading | Write]) -> Change | None:
        at = now()
        with self._index.transaction() as cursor:
            transaction = IndexTransaction(cursor)
            publication = Publication(transaction, self._state, at)
            with self._state.transaction():
                entry = self._apply(works, publication)
                entities = publication.finish()
                change = None
                if entry is not None or entities:
                    entry = entry or _sync_entry([work for work in works if isinstance(work, Reading)])
                    change = self._state.log(entry.actor, entry.what, entry.target, entry.detail, entities, at)
                    transaction.set_meta("index_seq", str(change.seq))
        self.generation += 1
        if change is not None:
            self.index_seq = change.seq
            self._appended += len(entities)
        return change

    def _apply(self, works: Sequence[Reading | Write], publication: Publication) -> Entry | None:
        entry = None
        for work in works:
            if isinstance(work, Reading):
                publication.absorb(work)
                self._state.replace_last_good(work.location.id, work.last_good)
            else:
                entry = work(publication)
        return entry

    def _sweep(self) -> None:
        if self._appended * 20 >= SWEEP_AFTER_ROWS:
            self._index.sweep()
            self._appended = 0


def _documents(job: _Job) -> int:
    return sum(len(file.documents) for file in job.work.files) if isinstance(job.work, Reading) else 0


def _sync_entry(readings: Sequence[Reading]) -> Entry:
    commits: dict[str, Json] = {
        f"{branch.repository} {branch.short}": commit
        for reading in readings
        for branch, commit in reading.commits.items()
    }
    names = [reading.location.id for reading in readings]
    return Entry("git", "sync", names[0] if len(names) == 1 else "", {"locations": list(names), "commits": commits})
