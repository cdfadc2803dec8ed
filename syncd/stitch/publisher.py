"""The one writer (R40): a thread that takes what waits, writes the log first, then the index, and tells who listens.

Two files cannot be committed at once. The log goes first; where the index does not follow, it is opened again, or
built again, and is told what it missed. So what was acknowledged is in both, and what was not is in both or in none.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field

from syncd.errors import CatalogError, DiskFullError, ReadOnlyError, UnavailableError
from syncd.model.reading import Reading
from syncd.stitch.flusher import Flusher
from syncd.stitch.group_commit import group_commit
from syncd.stitch.job import Job, Work
from syncd.stitch.job_queue import JobQueue
from syncd.stitch.keeper import Keeper
from syncd.stitch.publication import Publication
from syncd.stitch.upkeep import Upkeep
from syncd.stitch.write import Shared, Still, Write
from syncd.store.index import Index
from syncd.store.index_errors import IndexUnusableError
from syncd.store.memory import IndexMemory
from syncd.store.served.journal import Delta
from syncd.store.state import LoggedChange, State, now
from syncd.store.state_file import StateDamagedError

LOG = logging.getLogger("syncd.publisher")

IDLE_SECONDS = 1.0

QUIET_SECONDS = 0.05
"""How long no write may come before the index file gets what was published last."""

RETRY_SECONDS = 5.0
"""How long an index that could not be healed for want of room is left alone (R41)."""

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
        self._jobs = JobQueue()
        self._pending = 0
        self._upkeep = Upkeep()
        self._failures = 0
        self._doubt: CatalogError | None = None
        """Why the index has to be healed before anything else is done."""
        self._retry_at = 0.0
        self._owed: list[LoggedChange] = []
        """Changes that were acknowledged and that the index could not take for want of room: told when it has."""
        self._lock = threading.Lock()
        self._refusal: CatalogError | None = None
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self._flusher = Flusher(lambda: self._index)
        self.index_seq = int(index.meta("index_seq") or 0)
        self.log_seq = state.last_seq()
        """The newest row of the log that this publisher knows."""
        self._behind = self.log_seq > self.index_seq
        """Whether the log has owned changes that the index has not."""
        self._unsettled = self._behind
        """Whether syncs may be missing too: they come back with the next look at every source. Until then the index
        does not claim to be further than it is."""
        self._claimed = self.index_seq
        """What the index itself says about how far it is."""
        self._memory: IndexMemory | None = None

    def catch_up(self) -> None:
        """Before `start`: bring to the index what the log has and the index has not; later, where there is no room."""
        if self._behind:
            self._try_to_catch_up()

    def start(self) -> None:
        """Begin to work on what is submitted."""
        self._thread.start()
        self._flusher.start()

    def publish(self, reading: Reading) -> "Future[LoggedChange | None]":
        """Publish a reading; the future is done when it is visible."""
        return self._put(reading)

    def submit(self, write: Write | Shared) -> "Future[LoggedChange | None]":
        """Run a write of a person; the future is done when it is durable and visible (R34).

        Raises `DiskFullError` before anything is begun where there is no room (R41). Where the disk gets full between
        the log and the index, the write is done all the same, and becomes visible once there is room.
        """
        self._keeper.disk.require_room("any change")
        return self._put(write)

    def hold(self, work: Callable[[Index], None]) -> "Future[LoggedChange | None]":
        """Run work between two writes, such as a copy of the index; the future is done when it is."""
        self._upkeep.copied()
        return self._put(Still(work))

    def settle(self) -> None:
        """Every source was looked at since the index caught up: it has all that the log has, and says so."""

        def settled(_: Publication) -> None:
            self._unsettled = False

        self._put(settled).result()

    def suspect(self, reason: CatalogError) -> None:
        """Somebody met damage in the index, or the engine gave up: have it healed, once for all who met the same."""
        with self._lock:
            if self._doubt is not None or self._refusal is not None:
                return
            self._doubt = reason
        with suppress(CatalogError):  # it is closed by now
            self._put(Still(_nothing))  # so that it is looked at now

    @property
    def busy(self) -> bool:
        """Whether anything waits or runs."""
        return self._pending > 0

    @property
    def pending(self) -> int:
        """How many writes and readings wait or run."""
        return self._pending

    def close(self) -> None:
        """Finish what waits, then end (R87)."""
        with self._lock:
            self._refusal = UnavailableError("the daemon is stopping", hint="try again when it has started")
        self._jobs.end()
        if self._thread.is_alive():
            self._thread.join()
        self._upkeep.close()
        self._flusher.close()

    def _put(self, work: Work) -> "Future[LoggedChange | None]":
        done: Future[LoggedChange | None] = Future()
        with self._lock:
            if self._refusal is not None:
                raise self._refusal
            self._pending += 1
            self._jobs.put(Job(work, done))
        return done

    def _run(self) -> None:
        while True:
            at_rest = self._index.is_flushed
            group = self._jobs.group(IDLE_SECONDS if at_rest else QUIET_SECONDS)
            if group is None:
                return
            if group:
                self._carry_out(group)
            elif at_rest:
                self._keep_up()
            if self._index.is_to_be_flushed or not (group or at_rest):
                self._flusher.ring()

    def _carry_out(self, group: Sequence[Job]) -> None:
        try:
            self._mend()
            changes = self._done(group)
        except Exception as error:
            if len(group) > 1:  # one of them is at fault: the others shall not suffer (R84)
                for job in group:
                    self._carry_out([job])
                return
            self._count_down(1)
            group[0].done.set_exception(error)
            return
        self._tell(changes)
        self._count_down(len(group))
        for job in group:
            if job.refusal is not None:
                job.done.set_exception(job.refusal)
            else:
                job.done.set_result(job.change)

    def _done(self, group: Sequence[Job]) -> list[LoggedChange]:
        for job in group:
            if isinstance(job.work, Still):
                self._index.flush()
                job.work.do(self._index)
        writes = [job for job in group if not isinstance(job.work, Still)]
        return self._transact(writes) if writes else []

    def _tell(self, changes: Sequence[LoggedChange]) -> None:
        """Tell who listens what is visible now; what is not yet is owed to them."""
        self._owed += changes
        if not self._behind:
            owed, self._owed = self._owed, []
            for change in owed:
                self._on_change(change)

    def _count_down(self, count: int) -> None:
        with self._lock:
            self._pending -= count

    def _transact(self, jobs: Sequence[Job]) -> list[LoggedChange]:
        """Log and publish; what the log has when something fails is brought to the index later."""
        if self._is_behind:
            try:
                self._catch_up()
            except IndexUnusableError as reason:  # which catches up, too
                self._heal(reason)
        attempt = _Attempt()
        try:
            self._publish(jobs, attempt)
        except DiskFullError as full:
            return self._late(jobs, attempt, full)
        except StateDamagedError as reason:
            self._refuse(ReadOnlyError(str(reason), hint=reason.hint))
            raise
        except IndexUnusableError:
            raise
        except Exception:
            self._behind = attempt.durable
            raise
        return attempt.changes

    def _publish(self, jobs: Sequence[Job], attempt: _Attempt) -> None:
        """One transaction of the index; where the index fails, heal it and see to it that it gets what it missed."""
        try:
            self._attempt(jobs, attempt)
        except IndexUnusableError as reason:
            index = self._index
            self._heal(reason)
            readings = [job for job in jobs if isinstance(job.work, Reading)]
            if self._index is not index and readings:
                raise  # another index: what these readings differ from is not in it, so all is looked at again
            if not attempt.durable:
                self._attempt(jobs, attempt)
            elif readings:  # the log knows their entities by now: only the index gets rows
                self._attempt(readings, _Attempt())

    def _late(self, jobs: Sequence[Job], attempt: _Attempt, full: DiskFullError) -> list[LoggedChange]:
        """The index has no room for what the log may have: a write is done then, a reading is read again."""
        self._behind = attempt.durable
        if not attempt.durable or any(isinstance(job.work, Reading) for job in jobs):
            raise full
        LOG.warning("what was changed last becomes visible when there is room: %s", full)
        return attempt.changes

    def _attempt(self, jobs: Sequence[Job], attempt: _Attempt) -> None:
        at = now()
        began = time.monotonic()
        delta = Delta()
        memory = self._remembered()
        with self._index.transaction(delta) as transaction:
            publication = Publication(transaction, memory, self._state, at, delta)
            attempt.changes += group_commit(jobs, publication, self._state, at)
            attempt.durable = True
            seq = self.log_seq = self._state.last_seq()
            claimed = seq > self._claimed and not self._unsettled
            if claimed:
                publication.mark_applied(seq)
        if claimed:
            self._claimed = seq
        self._jobs.transaction_seconds = time.monotonic() - began
        self._memory = publication.memory
        self._failures = 0
        if attempt.changes or not self._unsettled:
            self.index_seq = seq
        self._upkeep.published(sum(len(change.added) + len(change.updated) for change in attempt.changes))

    def _remembered(self) -> IndexMemory:
        """What is known of the index; loaded anew after a transaction that failed half way."""
        # What gave up between two transactions is met here first.
        memory, self._memory = self._memory or IndexMemory.load(self._index.cursor()), None
        return memory

    # When something is wrong

    @property
    def _is_behind(self) -> bool:
        """Whether the log has changes that the index has not."""
        return self._behind or self._index.fell_behind

    def _catch_up(self) -> None:
        """Have the index take over the owned changes that it missed; syncs come back with the next looks."""
        self._unsettled = True
        self._memory = None
        delta = Delta()
        self._claimed = int(self._index.meta("index_seq") or 0)
        memory = IndexMemory.load(self._index.cursor())
        with self._index.transaction(delta) as transaction:
            publication = Publication(transaction, memory, self._state, now(), delta)
            self._keeper.replay(publication, self._index)
            publication.finish()
        self._behind = False
        self._index.caught_up()
        if self._thread.is_alive():
            self._keeper.caught_up()

    def _try_to_catch_up(self) -> None:
        """Catch up now, or when there is room: what the index has can be asked meanwhile."""
        try:
            self._catch_up()
        except DiskFullError as full:
            self._behind = True
            LOG.warning("the index is not in step with the log yet: %s", full)

    def _mend(self) -> None:
        """Heal what somebody met, before anything else is done; raises where that is not possible now."""
        if self._doubt is None:
            return
        if time.monotonic() < self._retry_at:
            raise self._doubt
        self._heal(self._doubt)
        self._doubt = None

    def _heal(self, reason: CatalogError) -> None:
        """Open the index again, or have it built again; raises where neither helps, and ends the process then (R39).

        A full disk is no reason to end: it is tried again until there is room (R41).
        """
        LOG.error("the index failed: %s", reason)
        self._failures += 1
        self._memory = None
        try:
            self._healthy_again(reason)
            self._try_to_catch_up()
            self._keeper.healed(self._index)
        except DiskFullError as error:
            self._failures = 0
            self._doubt, self._retry_at = error, time.monotonic() + RETRY_SECONDS
            self._keeper.no_index(error)
            raise
        except Exception as error:
            last = error if isinstance(error, CatalogError) else IndexUnusableError(str(error))
            self._refuse(UnavailableError(f"the index cannot be used: {last}"))
            self._keeper.give_up(last)
            raise last from error

    def _healthy_again(self, reason: CatalogError) -> None:
        if self._failures >= FATAL_ERRORS:
            raise reason
        self._upkeep.stop()
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
            self._mend()
            self._index.check()
            if self._is_behind:
                self._catch_up()
            self._tell(())
            if self._keeper.disk.has_room():
                self._upkeep.run(self._index)
            self._keeper.idle()
            self._failures = 0
        except IndexUnusableError as reason:
            with suppress(CatalogError):
                self._heal(reason)
        except DiskFullError as reason:
            LOG.warning("upkeep of the index waits: %s", reason)
        except Exception:
            LOG.exception("upkeep of the index failed")


def _nothing(_: Index) -> None:
    """The publisher's turn is all that is wanted."""
