"""What is done for the index when nothing else is to be done: dead rows swept out, a long log folded in."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from syncd.store.index import Index
from syncd.store.sweep import Sweep

SWEEP_AFTER = 1_500
"""Published entities whose dead search rows make a sweep worth while, once nothing waits."""
SWEEP_SHARE = 0.2
"""In a large index so many of its entities: a sweep writes all rows anew."""

LONG_LOG = 8 << 20
"""Bytes of the write-ahead log that are folded into the index when nothing waits, where copies of it are wanted."""

REST_SECONDS = 60.0
"""How long upkeep that failed is left alone: it can wait, and each attempt may cost the open file (R39)."""


class Upkeep:
    """Knows what is due. Used by the publisher alone."""

    def __init__(self) -> None:
        self._published = 0
        self._copied = False
        self._rests_until = 0.0
        self._sweeper = ThreadPoolExecutor(1, thread_name_prefix="sweeper")
        self._sweep: tuple[Sweep, Future[None]] | None = None

    def published(self, entities: int) -> None:
        """So many entities got new rows; their old ones are dead."""
        self._published += entities

    def copied(self) -> None:
        """Somebody copies the index: each copy has to fold its log again, so that this is kept short from now on."""
        self._copied = True

    def stop(self) -> None:
        """End what runs beside; call before the index is closed. Nothing is lost by it."""
        running, self._sweep = self._sweep, None
        if running is not None:
            sweep, gathered = running
            sweep.stop()
            with suppress(Exception):
                gathered.result()

    def close(self) -> None:
        """Do nothing any more."""
        self.stop()
        self._sweeper.shutdown()

    def run(self, index: Index) -> None:
        """Do what is due. Raises `IndexUnusableError` and `DiskFullError` above all, and then rests for a while."""
        if time.monotonic() < self._rests_until:
            return
        try:
            if self._sweep is not None:
                sweep, gathered = self._sweep
                if gathered.done():
                    self._sweep = None
                    gathered.result()
                    sweep.finish()
            elif self._published >= SWEEP_AFTER and self._published >= SWEEP_SHARE * index.entities():
                self._published = 0
                sweep = Sweep(index)
                self._sweep = sweep, self._sweeper.submit(sweep.gather)
            elif self._copied and index.log_size > LONG_LOG:
                index.checkpoint()
        except Exception:
            self._rests_until = time.monotonic() + REST_SECONDS
            raise
