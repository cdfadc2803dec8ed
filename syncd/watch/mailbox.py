"""The mailbox: which repositories deserve a look. A ring says "look", never what changed; ten rings are one look."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

Ticket = Mapping[str, int]
"""For each repository the ring that one waits for."""


@dataclass(slots=True)
class _Slot:
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
class Mailbox:
    """Hands each rung repository to one worker at a time; a ring during a look leads to one more look."""

    clock: Callable[[], float] = time.monotonic
    _slots: dict[str, _Slot] = field(default_factory=dict)
    _rings: int = 0
    """Rings so far, over all repositories: no later ring has an earlier number."""
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _closed: bool = False

    def ring(self, repositories: Iterable[str], *, led_by: str = "") -> Ticket:
        """Ask for a look at each; the ticket is done when a look that began after this call has ended.

        `led_by` is the repository whose look leads to these: who waits for that one waits for them too.
        """
        with self._changed:
            ticket = {}
            for repository in repositories:
                ticket[repository] = self._ring(self._slot(repository))
            if led_by in self._slots:
                self._slots[led_by].led_to.update(ticket)
            self._changed.notify_all()
            return ticket

    def _ring(self, slot: _Slot) -> int:
        self._rings += 1
        slot.rung = self._rings
        return slot.rung

    def _slot(self, repository: str) -> _Slot:
        slot = self._slots.setdefault(repository, _Slot())
        slot.forgotten = False
        return slot

    def ring_at(self, repository: str, delay: float) -> float:
        """Have the repository ring by itself after `delay` seconds; the earlier appointment falls away."""
        with self._changed:
            slot = self._slots.get(repository)
            if slot is None or slot.forgotten:  # a look may end after everybody lost interest
                return self.clock()
            slot.due = self.clock() + delay
            self._changed.notify_all()
            return slot.due

    def forget(self, repository: str) -> None:
        """Nobody asks for this repository any more."""
        with self._changed:
            slot = self._slots.get(repository)
            if slot is not None and slot.running:
                slot.forgotten, slot.due, slot.seen = True, None, slot.rung
            else:
                self._slots.pop(repository, None)
            self._changed.notify_all()

    def take(self, wanted: Callable[[str], bool] = bool) -> str | None:
        """Wait for a repository that is wanted and that nobody looks at now; None when the mailbox is closed."""
        with self._changed:
            while not self._closed:
                now = self.clock()
                for repository, slot in self._slots.items():
                    if slot.due is not None and slot.due <= now:
                        slot.due = None
                        self._ring(slot)
                        self._changed.notify_all()  # it may be another worker that wants it
                    if slot.rung > slot.seen and not slot.running and wanted(repository):
                        slot.running = True
                        slot.seen = slot.rung  # what rings from here on is another look
                        slot.led_to = {}
                        self._slots[repository] = self._slots.pop(repository)  # the others come first next time
                        return repository
                self._changed.wait(self._until_next(now))
            return None

    def _until_next(self, now: float) -> float | None:
        due = [slot.due for slot in self._slots.values() if slot.due is not None and not slot.running]
        return max(0.0, min(due) - now) if due else None

    def done(self, repository: str) -> None:
        """The look has ended, well or not."""
        with self._changed:
            slot = self._slots.get(repository)
            if slot is not None:
                slot.running = False
                slot.tried = True
                if slot.forgotten:
                    del self._slots[repository]
            self._changed.notify_all()

    def wait(self, ticket: Ticket, timeout: float) -> bool:
        """Wait until every ring of the ticket was answered, and those that these looks led to; False when `timeout`
        seconds were not enough, or `close` came first."""
        deadline = time.monotonic() + timeout
        met: set[str] = set()
        with self._changed:
            while ticket:
                left = max(0.0, deadline - time.monotonic())
                self._changed.wait_for(partial(self._answered_or_closed, ticket), left)
                if not self._answered(ticket):
                    return False
                met.update(ticket)
                looks = [self._slots[repository] for repository in ticket if repository in self._slots]
                ticket = {name: ring for slot in looks for name, ring in slot.led_to.items() if name not in met}
            return True

    def _answered_or_closed(self, ticket: Ticket) -> bool:
        return self._closed or self._answered(ticket)

    def pending(self) -> Ticket:
        """A ticket for everything that was rung so far."""
        with self._changed:
            return {name: slot.rung for name, slot in self._slots.items() if slot.running or slot.rung > slot.seen}

    def _answered(self, ticket: Ticket) -> bool:
        return all(
            slot is None or slot.seen > ring or (slot.seen == ring and not slot.running)
            for slot, ring in ((self._slots.get(repository), ring) for repository, ring in ticket.items())
        )

    @property
    def idle(self) -> bool:
        """Nothing rung, nothing running, everything tried at least once."""
        with self._changed:
            return all(slot.tried and not slot.running and slot.rung == slot.seen for slot in self._slots.values())

    @property
    def running(self) -> list[str]:
        """Repositories that are being looked at."""
        with self._changed:
            return sorted(repository for repository, slot in self._slots.items() if slot.running)

    def close(self) -> None:
        """Send all workers home."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
