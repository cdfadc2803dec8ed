"""What is published and is not in the index file yet, and its way there."""

import logging
import threading
from collections.abc import Callable

import duckdb

from syncd.store.index_errors import IndexUnusableError, first_line
from syncd.store.pending import Pending
from syncd.store.statements import Cursor, Prepared, Statements, all_or_nothing

LOG = logging.getLogger("syncd.index")


class Backlog:
    """Any thread may write it; what is added while that happens stays for the next time."""

    def __init__(self, writing: threading.RLock, writer: Callable[[], Cursor], on_loss: Callable[[], None]) -> None:
        """`writing` is held by whoever has a transaction that changes something, `writer` gives the cursor for it;
        `on_loss` is told when something could not be written and is published no longer."""
        self._writing = writing
        self._writer = writer
        self._on_loss = on_loss
        self._lock = threading.Lock()
        self._prepared = Prepared()
        self.pending = Pending()
        """To be read by the one who publishes."""
        self.losses = 0
        """How often something that was published got lost: it is in the log."""
        self.lost_some = False

    def add(self, own: Pending, losses: int) -> None:
        """Publish; `losses` is how often something had got lost when this was begun.

        Raises `IndexUnusableError` where something was lost since: this may stand on it.
        """
        with self._lock:
            if self.losses != losses:
                raise IndexUnusableError("what was published before could not be written")
            self.pending.add(own)

    def write(self) -> None:
        """Bring all of it into the file; where that fails, it is published no longer, and the failure is raised."""
        if not self.pending:
            return
        with self._writing:
            with self._lock:
                batch = self.pending.copy()
            if not batch:
                return
            try:
                self._write(batch)
            except (duckdb.Error, OSError) as error:
                LOG.warning("what was published last has to be brought to the index again: %s", first_line(error))
                self.lose()
                raise
            with self._lock:
                self.pending.flushed(batch)

    def lose(self) -> None:
        """Publish nothing of it any longer."""
        with self._lock:
            if self.pending:
                self.lost_some = True
                self.losses += 1
                self.pending.clear()
        self._on_loss()

    def _write(self, batch: Pending) -> None:
        writer = self._writer()
        with all_or_nothing(writer):
            batch.write(Statements(writer, self._prepared))
