"""The one writer (R40): a thread that takes what waits, writes the log first, then the index, and tells who listens.

Two files cannot be committed at once. The log goes first; where the index does not follow, it is opened again, or
built again, and is told what it missed. So what was acknowledged is in both, and what was not is in both or in none.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field

from syncd.errors import CatalogError, DiskFullError, ReadOnlyError, UnavailableError
from syncd.model.reading import Reading
from syncd.stitch.job import Job, Work, room_beside, shares, size_of, sync_entry
from syncd.stitch.keeper import Keeper
from syncd.stitch.publication import Publication
from syncd.stitch.write import Entry, Shared, Still, Write
from syncd.store.index import Index, IndexUnusableError
from syncd.store.memory import IndexMemory
from syncd.store.served.journal import Delta
from syncd.store.state import LoggedChange, State, StateDamagedError, now

LOG = logging.getLogger("syncd.publisher")

COMPANY_SECONDS = 0.002
"""How long a write waits for others when several came together of late: a transaction costs more."""

SWEEP_AFTER_ROWS = 30_000
"""Published entities times search rows that make a sweep worth while once nothing waits."""

LONG_LOG = 8 << 20
"""Bytes of the write-ahead log that are folded into the index when nothing waits, where copies of it are wanted."""

IDLE_SECONDS = 1.0

FATAL_ERRORS = 3
"""How often in a row the index may fail before the process gives up (R39)."""


@dataclass(slots=True)
class _Attempt:
    """How far a transaction came."""

    changes: list[LoggedChange] = field(default_factory=list)
    durable: bool = False
    """The log has it."""


class Publisher:
    """Runs every write, one after the other; `submit` and `publish` may be called from any thread."""

    def __init__(self, state: State, index: Index, on_change: Callable[[LoggedChange], None], keeper: Keeper) -> None:
        self._state = state
        self._index = index
        self._on_change = on_change
        self._keeper = keeper
        self._jobs: queue.Queue[Job | None] = queue.Queue()
        self._pending = 0
        self._company = (0, 0)
        """How many writes were committed together the last two times."""
        self._appended = 0
        self._failures = 0
        self._lock = threading.Lock()
        self._refusal: CatalogError | None = None
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self.index_seq = int(index.meta("index_seq") or 0)
        self._behind = state.last_seq() > self.index_seq
        """Whether the log has owned changes that the index has not."""
        self._unsettled = self._behind
        """Whether syncs may be missing too: they come back with the next look at every source. Until then the index
        does not claim to be further than it is."""
        self._claimed = self.index_seq
        """What the index itself says about how far it is."""
        self._memory: IndexMemory | None = None
        self._copied = False
        """Whether anybody copies the index: each copy has to fold its log again, so that this is kept short then."""

    def catch_up(self) -> None:
        """Before `start`: bring to the index what the log has and the index has not."""
        if self._behind:
            self._catch_up()

    def start(self) -> None:
        """Begin to work on what is submitted."""
        self._thread.start()

    def publish(self, reading: Reading) -> "Future[LoggedChange | None]":
        """Publish a reading; the future is done when it is visible."""
        return self._put(reading)

    def submit(self, write: Write | Shared) -> "Future[LoggedChange | None]":
        """Run a write of a person; the future is done when it is durable and visible (R34).

        Raises `DiskFullError` before anything is begun where there is no room (R41).
        """
        if not self._keeper.room():
            raise DiskFullError(
                "there is too little room on the disk to change anything (free_space, free_space_percent)",
                hint="free space on the disk of the state directory, then try again",
            )
        return self._put(write)

    def hold(self, work: Callable[[Index], None]) -> "Future[LoggedChange | None]":
        """Run work between two writes; the future is done when it is."""
        return self._put(Still(work))

    def settle(self) -> None:
        """Every source was looked at since the index caught up: it has all that the log has, and says so."""

        def settled(_: Publication) -> None:
            self._unsettled = False

        self._put(settled).result()

    def suspect(self, reason: CatalogError) -> None:
        """Somebody met damage in the index: have it healed."""

        def fail(_: Publication) -> None:
            raise reason

        self._put(fail)

    @property
    def busy(self) -> bool:
        """Whether anything waits or runs."""
        return self._pending > 0

    def close(self) -> None:
        """Finish what waits, then end (R87)."""
        with self._lock:
            self._refusal = UnavailableError("the daemon is stopping", hint="try again when it has started")
        self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _put(self, work: Work) -> "Future[LoggedChange | None]":
        done: Future[LoggedChange | None] = Future()
        with self._lock:
            if self._refusal is not None:
                raise self._refusal
            self._pending += 1
            self._jobs.put(Job(work, done))
        return done

    def _run(self) -> None:
        carried: Job | None = None
        while True:
            try:
                job = carried or self._jobs.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                self._keep_up()
                continue
            if job is None:
                return
            group, carried, ended = self._group(job)
            self._carry_out(group)
            if ended:
                return

    def _group(self, first: Job) -> tuple[list[Job], "Job | None", bool]:
        """What is done together with `first`, the job taken but not part of it, and whether the end was met."""
        group = [first]
        room = room_beside(first)
        deadline = time.monotonic() + COMPANY_SECONDS
        while room > 0:
            try:
                left = deadline - time.monotonic() if self._expects(group) else 0.0
                job = self._jobs.get(timeout=left) if left > 0 else self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return group, None, True
            if type(job.work) is not type(first.work):
                return group, job, False
            group.append(job)
            room -= size_of(job)
        if isinstance(first.work, Shared):
            self._company = self._company[1], len(group)
        return group, None, False

    def _expects(self, group: Sequence[Job]) -> bool:
        """Whether more of those who write at the same time are about to come: who was just answered writes again."""
        return isinstance(group[0].work, Shared) and max(self._company) > 1 and len(group) < sum(self._company)

    def _carry_out(self, group: Sequence[Job]) -> None:
        try:
            changes = self._done(group)
        except Exception as error:
            if len(group) > 1:  # one of them is at fault: the others shall not suffer (R84)
                for job in group:
                    self._carry_out([job])
                return
            self._count_down(1)
            group[0].done.set_exception(error)
            return
        for change in changes:
            self._on_change(change)
        self._count_down(len(group))
        for job in group:
            if job.refusal is not None:
                job.done.set_exception(job.refusal)
            else:
                job.done.set_result(job.change)

    def _done(self, group: Sequence[Job]) -> list[LoggedChange]:
        for job in group:
            if isinstance(job.work, Still):
                job.work.do(self._index)
                self._copied = True
        writes = [job for job in group if not isinstance(job.work, Still)]
        return self._transact(writes) if writes else []

    def _count_down(self, count: int) -> None:
        with self._lock:
            self._pending -= count

    def _transact(self, jobs: Sequence[Job]) -> list[LoggedChange]:
        """Log and publish; where the index fails, heal it and see to it that it gets what the log has by then."""
        if self._behind:
            self._catch_up()
        attempt = _Attempt()
        try:
            self._attempt(jobs, attempt)
        except IndexUnusableError as reason:
            index = self._index
            self._heal(reason)
            if self._index is not index and any(isinstance(job.work, Reading) for job in jobs):
                raise  # another index: what these readings differ from is not in it, so all is looked at again
            if not attempt.durable:
                attempt = _Attempt()
                self._attempt(jobs, attempt)
                return attempt.changes
        except StateDamagedError as reason:
            self._refuse(ReadOnlyError(str(reason), hint=reason.hint))
            raise
        except Exception:
            self._behind = attempt.durable
            raise
        else:
            return attempt.changes
        readings = [job for job in jobs if isinstance(job.work, Reading)]
        if readings:  # the log knows their entities by now: only the index gets rows
            self._attempt(readings, _Attempt())
        return attempt.changes

    def _attempt(self, jobs: Sequence[Job], attempt: _Attempt) -> None:
        at = now()
        delta = Delta()
        with self._index.transaction(delta) as cursor:
            publication = Publication(cursor, self._remembered(), self._state, at, delta)
            attempt.changes += self._log(jobs, publication, at)
            attempt.durable = True
            seq = self._state.last_seq()
            claimed = seq > self._claimed and not self._unsettled
            if claimed:
                publication.mark_applied(seq)
        if claimed:
            self._claimed = seq
        self._memory = publication.memory
        self._failures = 0
        if attempt.changes or not self._unsettled:
            self.index_seq = seq
        self._appended += sum(len(change.added) + len(change.updated) for change in attempt.changes)

    def _remembered(self) -> IndexMemory:
        """What is known of the index; loaded anew after a transaction that failed half way."""
        memory, self._memory = self._memory or IndexMemory.load(self._index.cursor()), None
        return memory

    def _log(self, jobs: Sequence[Job], publication: Publication, at: str) -> list[LoggedChange]:
        """Apply the works to the publication, and commit to the log what that changes.

        The log is locked for others while a person's write runs, or for the rows alone: a large sync takes seconds.
        """
        readings = [
            job.work for job in jobs if isinstance(job.work, Reading) and self._state.has_location(job.work.location.id)
        ]
        if readings:
            publication.absorb(readings)
        entities = publication.finish() if readings else []
        with self._state.transaction():
            for reading in readings:
                self._state.replace_last_good(reading.location.id, reading.last_good)
            entries = [] if readings else self._entries(jobs, publication)
            if not readings:
                entities = publication.finish()
            if not entries and entities:
                entries = [(list(jobs), sync_entry(readings))]
            changes = []
            for (concerned, entry), own in zip(entries, shares(entries, entities), strict=True):
                change = self._state.log(entry.actor, entry.what, entry.target, entry.detail, own, at, entry.properties)
                for job in concerned:
                    job.change = change
                changes.append(change)
            return changes

    def _entries(self, jobs: Sequence[Job], publication: Publication) -> list[tuple[list[Job], Entry]]:
        """Have each write do what it wants done: the rows of the log that this makes, each with its job."""
        entries: list[tuple[list[Job], Entry]] = []
        publication.said(list({ref: None for job in jobs if isinstance(job.work, Shared) for ref in job.work.refs}))
        for job in jobs:
            job.change = job.refusal = None
            write = job.work.do if isinstance(job.work, Shared) else job.work
            assert not isinstance(write, Reading | Still)
            try:
                entry = write(publication)
            except CatalogError as refusal:
                if len(jobs) == 1 or isinstance(refusal, UnavailableError | StateDamagedError):
                    raise
                job.refusal = refusal
            else:
                if entry is not None:
                    entries.append(([job], entry))
        return entries

    # When something is wrong

    def _catch_up(self) -> None:
        """Have the index take over the owned changes that it missed; syncs come back with the next looks."""
        self._unsettled = True
        self._memory = None
        delta = Delta()
        with self._index.transaction(delta) as cursor:
            publication = Publication(cursor, IndexMemory.load(cursor), self._state, now(), delta)
            self._keeper.replay(publication, self._index)
            publication.finish()
        self._behind = False
        if self._thread.is_alive():
            self._keeper.caught_up()

    def _heal(self, reason: CatalogError) -> None:
        """Open the index again, or have it built again; raises, and ends the process, where neither helps (R39)."""
        LOG.error("the index failed: %s", reason)
        self._failures += 1
        self._memory = None
        try:
            self._healthy_again(reason)
            self._catch_up()
        except Exception as error:
            last = error if isinstance(error, CatalogError) else IndexUnusableError(str(error))
            self._refuse(UnavailableError(f"the index cannot be used: {last}"))
            self._keeper.give_up(last)
            raise last from error

    def _healthy_again(self, reason: CatalogError) -> None:
        if self._failures >= FATAL_ERRORS:
            raise reason
        try:
            self._index.reopen()
            self._index.verify()
        except IndexUnusableError as damage:
            self._index = self._keeper.rebuilt(damage)

    def _refuse(self, refusal: CatalogError) -> None:
        with self._lock:
            self._refusal = refusal
        if isinstance(refusal, ReadOnlyError):
            self._keeper.refuse_writes(refusal)

    def _keep_up(self) -> None:
        """What can wait until nothing else does; no failure of it ends the thread."""
        try:
            self._index.check()
            if self._behind:
                self._catch_up()
            if self._appended * 20 >= SWEEP_AFTER_ROWS and self._keeper.room():
                self._appended = 0
                self._index.sweep()
            elif self._copied and self._index.log_size > LONG_LOG and self._keeper.room():
                self._index.checkpoint()
            self._keeper.idle()
        except IndexUnusableError as reason:
            with suppress(CatalogError):
                self._heal(reason)
        except DiskFullError as reason:
            LOG.warning("upkeep of the index waits: %s", reason)
        except Exception:
            LOG.exception("upkeep of the index failed")
