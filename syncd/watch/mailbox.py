"""The mailbox: which repositories deserve a look. A ring says "look", never what changed; ten rings are one look."""

import heapq
import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from syncd.watch.places import Places

Ticket = Mapping[str, int]
"""For each repository the ring that one waits for."""


@dataclass(slots=True)
class _Slot:
    lane: "_Lane"
    rung: int = 0
    """The ring that asked last."""
    seen: int = 0
    """The ring that the last finished look answered."""
    running: bool = False
    due: float | None = None
    """When the repository rings by itself; monotonic seconds."""
    tried: bool = False
    led_to: dict[str, int] = field(default_factory=dict)
    """Rings that the last look at this repository led to."""
    forgotten: bool = False
    """Nobody asks any more, but a look still runs."""


@dataclass(slots=True)
class _Lane:
    """Repositories that the same workers look at. One of the workers that wait keeps the time for all of them."""

    work: threading.Condition
    ready: dict[str, None] = field(default_factory=dict)
    """Rung and not running, in the order of their rings."""
    appointments: list[tuple[float, str]] = field(default_factory=list)
    """A heap of the times when repositories ring by themselves; one that its slot does not have counts for nothing."""
    has_keeper: bool = False


class Mailbox:
    """Hands each rung repository to one worker at a time; a ring during a look leads to one more look.

    `lane` says which workers a repository is for; a lane never waits for another. `places` say which of the rung ones
    may be looked at now; the others wait for their turn without a worker.
    """

    def __init__(
        self,
        lane: Callable[[str], str] = lambda _: "",
        clock: Callable[[], float] = time.monotonic,
        places: Places | None = None,
    ) -> None:
        self._lane_of = lane
        self._clock = clock
        self._places = places
        self._lock = threading.RLock()
        self._slots: dict[str, _Slot] = {}
        self._lanes: dict[str, _Lane] = {}
        self._rings = 0  # over all repositories: no later ring has an earlier number
        self.coalesced = 0
        """Rings of repositories that were to be looked at already."""
        self._answers = threading.Condition(self._lock)
        self._closed = False

    def ring(self, repositories: Iterable[str], *, led_by: str = "") -> Ticket:
        """Ask for a look at each; the ticket is done when a look that began after this call has ended.

        `led_by` is the repository whose look leads to these: who waits for that one waits for them too.
        """
        with self._lock:
            ticket = {}
            for repository in repositories:
                slot = self._slot(repository)
                ticket[repository] = self._ring(repository, slot)
                slot.lane.work.notify()
            if led_by in self._slots:
                self._slots[led_by].led_to.update(ticket)
            return ticket

    def ring_within(self, repositories: Iterable[str], seconds: float) -> Ticket:
        """As `ring`, but each look begins at a random moment within so many seconds, lest all begin at once (R81)."""
        with self._lock:
            ticket = {}
            for repository in repositories:
                self._rings += 1
                ticket[repository] = self._slot(repository).rung = self._rings
                self.ring_at(repository, random.uniform(0, seconds))  # noqa: S311 - no secret
            return ticket

    def ring_at(self, repository: str, delay: float) -> float:
        """Have the repository ring by itself after `delay` seconds; the earlier appointment falls away."""
        with self._lock:
            slot = self._slots.get(repository)
            if slot is None or slot.forgotten:  # a look may end after everybody lost interest
                return self._clock()
            slot.due = self._clock() + delay
            appointments = slot.lane.appointments
            heapq.heappush(appointments, (slot.due, repository))
            if appointments[0] == (slot.due, repository):
                slot.lane.work.notify_all()  # whoever keeps the time has to wake up earlier
            return slot.due

    def forget(self, repository: str) -> None:
        """Nobody asks for this repository any more."""
        with self._lock:
            slot = self._slots.get(repository)
            if slot is not None:
                slot.forgotten, slot.due, slot.seen = True, None, slot.rung
                slot.lane.ready.pop(repository, None)
                if not slot.running:
                    del self._slots[repository]
            self._answers.notify_all()

    def take(self, lane: str = "") -> str | None:
        """Wait for a repository of a lane that nobody looks at now; None when the mailbox is closed."""
        with self._lock:
            mine = self._lane(lane)
            while not self._closed:
                self._ring_what_is_due(mine)
                repository = self._next(mine)
                if repository is not None:
                    self._begin(repository, mine)
                    mine.work.notify()  # for what else is ready, and somebody has to keep the time
                    return repository
                self._wait(mine)
            return None

    def done(self, repository: str) -> None:
        """The look has ended, well or not."""
        with self._lock:
            slot = self._slots.get(repository)
            if slot is not None:
                slot.running = False
                slot.tried = True
                if self._places is not None:
                    self._places.leave(repository)
                if slot.forgotten:
                    del self._slots[repository]
                elif slot.rung > slot.seen:
                    slot.lane.ready[repository] = None
                if slot.lane.ready:  # this one, or one that waited for the place
                    slot.lane.work.notify()
            self._answers.notify_all()

    def wait(self, ticket: Ticket, timeout: float) -> bool:
        """Wait until every ring of the ticket was answered, and those that these looks led to; False when `timeout`
        seconds were not enough, or `close` came first."""
        deadline = time.monotonic() + timeout
        met: set[str] = set()
        with self._lock:
            while ticket:
                for repository, ring in ticket.items():
                    while not self._is_answered(repository, ring):
                        left = deadline - time.monotonic()
                        if self._closed or left <= 0:
                            return False
                        self._answers.wait(left)
                met.update(ticket)
                looks = [self._slots[repository] for repository in ticket if repository in self._slots]
                ticket = {name: ring for slot in looks for name, ring in slot.led_to.items() if name not in met}
            return True

    def pending(self) -> Ticket:
        """A ticket for everything that was rung so far."""
        with self._lock:
            return {name: slot.rung for name, slot in self._slots.items() if slot.running or slot.rung > slot.seen}

    @property
    def idle(self) -> bool:
        """Nothing rung, nothing running, everything tried at least once."""
        with self._lock:
            return all(slot.tried and not slot.running and slot.rung == slot.seen for slot in self._slots.values())

    @property
    def running(self) -> list[str]:
        """Repositories that are being looked at."""
        with self._lock:
            return sorted(repository for repository, slot in self._slots.items() if slot.running)

    @property
    def waiting(self) -> int:
        """How many repositories were rung and nobody looks at yet."""
        with self._lock:
            return sum(len(lane.ready) for lane in self._lanes.values())

    @property
    def is_closed(self) -> bool:
        """Whether nobody is to look any more."""
        return self._closed

    def close(self) -> None:
        """Send all workers home."""
        with self._lock:
            self._closed = True
            self._answers.notify_all()
            for lane in self._lanes.values():
                lane.work.notify_all()

    # Under the lock

    def _lane(self, name: str) -> _Lane:
        if name not in self._lanes:
            self._lanes[name] = _Lane(threading.Condition(self._lock))
        return self._lanes[name]

    def _slot(self, repository: str) -> _Slot:
        if repository not in self._slots:
            self._slots[repository] = _Slot(self._lane(self._lane_of(repository)))
        slot = self._slots[repository]
        slot.forgotten = False
        return slot

    def _ring(self, repository: str, slot: _Slot) -> int:
        self._rings += 1
        self.coalesced += slot.rung > slot.seen
        slot.rung = self._rings
        if not slot.running:
            slot.lane.ready.setdefault(repository)
        return slot.rung

    def _ring_what_is_due(self, lane: _Lane) -> None:
        now = self._clock()
        while lane.appointments and lane.appointments[0][0] <= now:
            due, repository = heapq.heappop(lane.appointments)
            slot = self._slots.get(repository)
            if slot is not None and slot.due == due:
                slot.due = None
                self._ring(repository, slot)

    def _next(self, lane: _Lane) -> str | None:
        places = self._places
        return next((name for name in lane.ready if places is None or places.enter(name)), None)

    def _begin(self, repository: str, lane: _Lane) -> None:
        del lane.ready[repository]
        slot = self._slots[repository]
        slot.running = True
        slot.seen = slot.rung  # what rings from here on is another look
        slot.led_to = {}

    def _wait(self, lane: _Lane) -> None:
        """Until there may be work; one of those that wait wakes up at the next appointment."""
        if lane.has_keeper or not lane.appointments:
            lane.work.wait()
            return
        lane.has_keeper = True
        lane.work.wait(max(0.0, lane.appointments[0][0] - self._clock()))
        lane.has_keeper = False

    def _is_answered(self, repository: str, ring: int) -> bool:
        slot = self._slots.get(repository)
        return slot is None or slot.seen > ring or (slot.seen == ring and not slot.running)
