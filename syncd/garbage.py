"""Garbage: what nobody needs any more is removed by rules, and nothing that is in use (R45)."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from syncd.config.limits import LimitSettings
from syncd.disk import Disk
from syncd.edits.desk import PROPOSAL_LIFE
from syncd.errors import CatalogError
from syncd.git import Mirrors
from syncd.model.timestamp import timestamp
from syncd.store.aging import forget_changes
from syncd.store.edits import StoredEdits
from syncd.store.state import State, now

LOG = logging.getLogger("syncd.garbage")
EVERY = 600.0
"""Seconds between two collections."""
LEFT_FOR = 3600.0
"""Seconds after which a temporary file, or a commit that is kept for nobody, is no work in progress any more."""


@dataclass(frozen=True, slots=True)
class Collected:
    """How much was removed."""

    mirrors: int = 0
    leftovers: int = 0
    """Temporary files in mirrors, and commits that they kept."""
    edits: int = 0
    changes: int = 0

    def __bool__(self) -> bool:
        return any((self.mirrors, self.leftovers, self.edits, self.changes))


class Garbage:
    """Collects now and then in a thread of its own. `read` tells which repositories locations read."""

    def __init__(
        self,
        state: State,
        mirrors: Mirrors,
        limits: LimitSettings,
        disk: Disk,
        read: Callable[[], set[str]],
        applied: Callable[[], int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`applied` is the newest change that the index has; `clock` tells how long a mirror was not needed."""
        self._state = state
        self._edits = StoredEdits(state)
        self._mirrors = mirrors
        self._limits = limits
        self._disk = disk
        self._read = read
        self._applied = applied
        self._clock = clock
        self._unneeded: dict[str, float] = {}
        """Since when nobody needs a mirror; a restart counts anew."""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="garbage", daemon=True)

    def start(self) -> None:
        """Begin; only once all locations are known, since what none of them reads is garbage."""
        self._thread.start()

    def close(self) -> None:
        """End, after what is being removed."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()

    def collect(self) -> Collected:
        """Remove what is garbage now. Raises `CatalogError`."""
        self._mirrors.sweep()
        mirrors = self._discard_mirrors()
        kept = self._state.last_good_commits()
        leftovers = 0
        for url in self._mirrors.stored():
            if self._stopped.is_set():
                break
            leftovers += self._mirrors.open(url).tidy(kept.get(url, set()), LEFT_FOR)
        if not self._disk.has_room():  # forgetting rows is writing
            return Collected(mirrors, leftovers)
        edits = self._edits.forget_proposals((datetime.now(UTC) - PROPOSAL_LIFE).isoformat())
        edits += self._edits.forget_finished(_ago(self._limits.edits_kept))
        changes = forget_changes(self._state, _ago(self._limits.changes_kept), self._applied())
        return Collected(mirrors, leftovers, edits, changes)

    def _discard_mirrors(self) -> int:
        needed, count = self._needed(), 0
        stored = set(self._mirrors.stored())
        clock = self._clock()
        self._unneeded = {url: self._unneeded.get(url, clock) for url in stored - needed}
        for url, since in list(self._unneeded.items()):
            if clock - since < self._limits.mirror_kept.total_seconds() or self._stopped.is_set():
                continue

            def is_needed(url: str = url) -> bool:  # asked again under the mirror's lock
                return url in self._needed()

            count += self._mirrors.discard(url, is_needed)
        return count

    def _needed(self) -> set[str]:
        """Read by a location, holding the last good version of something, or to be written to by an edit."""
        return self._read() | self._state.last_good_commits().keys() | self._edits.repositories()

    def _run(self) -> None:
        while not self._stopped.wait(EVERY):
            try:
                collected = self.collect()
            except (CatalogError, OSError) as error:
                LOG.warning("garbage was not collected: %s", error)
                continue
            if collected:
                LOG.info("garbage collected: %s", collected)


def _ago(age: timedelta) -> str:
    return timestamp(datetime.fromisoformat(now()) - age)
