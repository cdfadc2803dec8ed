"""What is done for the index when nothing else is to be done: dead rows swept out, a long log folded in."""

import time

from syncd.errors import CatalogError
from syncd.store.index import Index

SWEEP_AFTER = 1_500
"""Published entities whose dead search rows make a sweep worth while, once nothing waits."""
SWEEP_SHARE = 0.2
"""In a large index so many of its entities: a sweep writes all rows anew, and whoever publishes meanwhile waits."""

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

    def published(self, entities: int) -> None:
        """So many entities got new rows; their old ones are dead."""
        self._published += entities

    def copied(self) -> None:
        """Somebody copies the index: each copy has to fold its log again, so that this is kept short from now on."""
        self._copied = True

    def run(self, index: Index) -> None:
        """Do what is due. Raises `IndexUnusableError` and `DiskFullError`, and then rests for a while."""
        if time.monotonic() < self._rests_until:
            return
        try:
            if self._published >= SWEEP_AFTER and self._published >= SWEEP_SHARE * index.entities():
                index.sweep()
                self._published = 0
            elif self._copied and index.log_size > LONG_LOG:
                index.checkpoint()
        except CatalogError:
            self._rests_until = time.monotonic() + REST_SECONDS
            raise
