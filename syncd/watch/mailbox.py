"""The mailbox: which repositories deserve a look. A ring says "look", never what changed; ten rings are one look."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class Mailbox:
    """Hands each rung repository to one worker at a time; a ring during a look leads to one more look."""

    clock: Callable[[], float] = time.monotonic
    _slots: dict[str, _Slot] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _closed: bool = False

    def ring(self, repositories: Iterable[str]) -> Ticket:
        """Ask for a look at each; the ticket is done when a look that began after this call has ended."""
        with self._changed:
            ticket = {}
            for repository in repositories:
                slot = self._slots.setdefault(repository, _Slot())
                slot.rung += 1
                ticket[repository] = slot.rung
            self._changed.notify_all()
            return ticket

    def ring_at(self, repository: str, delay: float) -> float:
        """Have the repository ring by itself after `delay` seconds; the earlier appointment falls away."""
        with self._changed:
            slot = self._slots.setdefault(repository, _Slot())
            slot.due = self.clock() + delay
            self._changed.notify_all()
            return slot.due

    def forget(self, repository: str) -> None:
        """Nobody asks for this repository any more."""
        with self._changed:
            self._slots.pop(repository, None)
            self._changed.notify_all()

    def take(self) -> str | None:
        """Wait for a repository that nobody looks at now; None when the mailbox is closed."""
        with self._changed:
            while not self._closed:
                now = self.clock()
                for repository, slot in self._slots.items():
                    if slot.due is not None and slot.due <= now:
                        slot.due = None
                        slot.rung += 1
                    if slot.rung > slot.seen and not slot.running:
                        slot.running = True
                        slot.seen = slot.rung  # what rings from here on is another look
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
            self._changed.notify_all()

    def wait(self, ticket: Ticket, timeout: float) -> bool:
        """Wait until every ring of the ticket was answered; False when `timeout` seconds were not enough, or `close`
        came first."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._answered(ticket), timeout)
            return self._answered(ticket)

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
