"""Snapshots of the index: made when somebody asks and the index has moved, removed when nobody uses them (R66)."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from syncd.disk import is_disk_full, no_room
from syncd.errors import DiskFullError, UnavailableError

PATIENCE_SECONDS = 1.0
"""How long a question waits for the writer before it takes the snapshot that is there."""
FIRST_SECONDS = 60.0
REST = 5.0
"""A new one is made at the earliest after so many times the time that the last one took."""

LOG = logging.getLogger("syncd.sql")
Make = Callable[[Path], int]
"""Write a snapshot to a path; the sequence number that it holds."""
Now = Callable[[], tuple[int, int]]
"""How far the index is: sequence number and generation."""


@dataclass(slots=True)
class Snapshot:
    """One file; `index_seq` is the last change in it, `made` a time of the monotonic clock."""

    path: Path
    index_seq: int
    moved: tuple[int, int]
    made: float
    users: int = field(default=0)

    @property
    def age_seconds(self) -> float:
        """Seconds since it was made."""
        return round(time.monotonic() - self.made, 3)


class Snapshots:
    """The newest snapshot, and older ones while they are used. Thread-safe."""

    def __init__(self, folder: Path, make: Make, now: Now) -> None:
        """`folder` is ours alone: what an earlier daemon left in it is removed."""
        self.folder = folder
        self._make = make
        self._now = now
        self._lock = threading.Lock()
        self._making: threading.Event | None = None
        self._newest: Snapshot | None = None
        self._failure: Exception | None = None
        self._number = 0
        self._took = 0.0
        folder.mkdir(mode=0o700, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()

    @property
    def newest(self) -> Snapshot | None:
        """The last one that was made."""
        return self._newest

    def take(self) -> Snapshot:
        """A snapshot that stays until `give_back`; as new as can be had without holding up anybody for long.

        Raises `UnavailableError` where there is none and none can be made, `DiskFullError` where there is no room.
        """
        making = self._begin()
        if making is not None:
            making.wait(FIRST_SECONDS if self._newest is None else PATIENCE_SECONDS)
        with self._lock:
            if self._newest is None:
                if isinstance(self._failure, DiskFullError):
                    raise self._failure
                raise UnavailableError(
                    f"there is no snapshot to ask: {self._failure or 'it is still being made'}",
                    hint="try again in a moment",
                )
            self._newest.users += 1
            return self._newest

    def give_back(self, snapshot: Snapshot) -> None:
        """It is not read any more by whom it was given to."""
        with self._lock:
            snapshot.users -= 1
            self._drop_unused(snapshot)

    def close(self) -> None:
        """Remove what is there."""
        with self._lock:
            for file in self.folder.iterdir():
                file.unlink()
            self._newest = None

    def _begin(self) -> threading.Event | None:
        """See to it that a newer one is made where that is due; an event to wait for, None where nothing is to come."""
        with self._lock:
            if self._making is not None:
                return self._making
            newest = self._newest
            if newest is not None:
                rested = time.monotonic() - newest.made >= REST * self._took
                if newest.moved == self._now() or not rested:
                    return None
            self._making = threading.Event()
            self._number += 1
            threading.Thread(target=self._work, args=(self._making, self._number), name="snapshot", daemon=True).start()
            return self._making

    def _work(self, making: threading.Event, number: int) -> None:
        started = time.monotonic()
        moved = self._now()
        beside = self.folder / f"{number}.new"
        try:
            seq = self._make(beside)
            path = beside.rename(self.folder / f"{number}.duckdb")
            made = Snapshot(path, seq, moved, started)
        except Exception as error:
            LOG.warning("no snapshot was made: %s", error)
            self._failure = no_room("a copy of the index") if is_disk_full(error) else error
            for left in self.folder.glob(f"{number}.new*"):
                left.unlink()
            made = None
        with self._lock:
            if made is not None:
                old, self._newest = self._newest, made
                self._failure = None
                self._took = time.monotonic() - started
                if old is not None:
                    self._drop_unused(old)
            self._making = None
        making.set()

    def _drop_unused(self, snapshot: Snapshot) -> None:
        if snapshot is not self._newest and snapshot.users == 0:
            with suppress(FileNotFoundError):
                snapshot.path.unlink()
