"""Places for looks at other hosts: so many a host, fewer where there is doubt, none while it is silent (R80, R84)."""

import math
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from syncd.errors import TransientError

BREAKS_AFTER = 3
"""Repositories that a host was silent about, with no answer in between, after which it is left alone."""


HOST_SILENT = "git.host_silent"


@dataclass(slots=True)
class _Host:
    answers: bool = False
    """Whether it answered last; a host that we know nothing of is in doubt."""
    looks: set[str] = field(default_factory=set)
    """Repositories that are being looked at."""
    silent: set[str] = field(default_factory=set)
    """Repositories that it was silent about since it answered last."""
    opened: int = 0
    """How often in a row the breaker opened."""
    until: float = 0.0
    """When the next probe may be made; monotonic seconds."""


def host_of(repository: str) -> str:
    """Host and port of a canonical clone URL; "" for this machine's disk, which is no host."""
    return urlsplit(repository).netloc.rpartition("@")[2]


class Places:
    """Who may look now, and which hosts are left alone. Thread-safe; never waits.

    In doubt are hosts that did not answer last, or never yet, and repositories whose last look failed. A host in doubt
    has one place, repositories in doubt have half of their host's, and all that is in doubt has half of all places: so
    hosts that hang never take the places of those that answer.
    """

    def __init__(
        self,
        total: int,
        per_host: int,
        *,
        first: float = 1.0,
        longest: float = 900.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`first` and `longest` bound the time for which a silent host is left alone; it doubles, with full jitter."""
        self._in_doubt = max(1, total // 2)
        self._per_host = per_host
        self._first = first
        self._longest = longest
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self._failed: set[str] = set()
        """Repositories whose last look failed."""
        self._doubtful: set[str] = set()
        """Repositories that are being looked at on one of the places for doubt."""
        self._lock = threading.Lock()

    def enter(self, repository: str) -> bool:
        """Take a place for a look; False where there is none now."""
        name = host_of(repository)
        if not name:
            return True
        with self._lock:
            host = self._hosts.setdefault(name, _Host())
            in_doubt = not host.answers or repository in self._failed
            if host.looks and not host.answers:
                return False
            if len(host.looks) >= self._per_host:
                return False
            if in_doubt:
                of_host = len(host.looks & self._doubtful)
                if of_host >= max(1, self._per_host // 2) or len(self._doubtful) >= self._in_doubt:
                    return False
                self._doubtful.add(repository)
            host.looks.add(repository)
            return True

    def leave(self, repository: str) -> None:
        """The look has ended."""
        with self._lock:
            host = self._hosts.get(host_of(repository))
            if host is not None:
                host.looks.discard(repository)
                self._doubtful.discard(repository)

    def forget(self, repository: str) -> None:
        """Nobody asks for this repository any more."""
        with self._lock:
            self._failed.discard(repository)

    def check(self, repository: str) -> None:
        """Raise `TransientError` git.host_silent where the host is left alone now."""
        rest = self.rest(repository)
        if rest > 0:
            raise TransientError(
                f"{host_of(repository)} does not answer; it is asked again in {math.ceil(rest)} s",
                code=HOST_SILENT,
                hint="check the network and the host; nothing else waits for it",
            )

    def rest(self, repository: str) -> float:
        """Seconds for which the host of a repository is left alone; 0 where it is not."""
        with self._lock:
            host = self._hosts.get(host_of(repository))
            return max(0.0, host.until - self._clock()) if host else 0.0

    def succeeded(self, repository: str) -> None:
        """A look found what it looked for."""
        self.answered(repository)
        with self._lock:
            self._failed.discard(repository)

    def answered(self, repository: str) -> None:
        """The host said something, be it a refusal."""
        name = host_of(repository)
        with self._lock:
            if name:
                host = self._hosts.setdefault(name, _Host())
                host.answers, host.opened, host.until = True, 0, 0.0
                host.silent.clear()

    def failed(self, repository: str, *, silent: bool) -> None:
        """A look failed; `silent` where the host did not answer at all, or not in time."""
        name = host_of(repository)
        if not name:
            return
        if not silent:
            self.answered(repository)
        with self._lock:
            self._failed.add(repository)
            if silent:
                self._note_silence(self._hosts.setdefault(name, _Host()), repository)

    def left_alone(self) -> list[str]:
        """Hosts whose breaker is open."""
        with self._lock:
            return sorted(name for name, host in self._hosts.items() if host.until > self._clock())

    def breakers(self) -> dict[str, int]:
        """Hosts by the state of their breaker: closed, open, and half open where one look may try again."""
        found = dict.fromkeys(("closed", "open", "half_open"), 0)
        with self._lock:
            for host in self._hosts.values():
                found["closed" if not host.opened else "open" if host.until > self._clock() else "half_open"] += 1
        return found

    def _note_silence(self, host: _Host, repository: str) -> None:
        host.silent.add(repository)
        if len(host.silent) < BREAKS_AFTER:
            return
        if host.until > self._clock():  # a look that began before the breaker opened
            return
        longest = min(self._longest, self._first * 2 ** min(host.opened + 2, 20))
        host.answers = False
        host.opened += 1
        host.until = self._clock() + max(self._first / 2, random.uniform(0, longest))  # noqa: S311 - no secret
