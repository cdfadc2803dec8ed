"""Brings what is published into the index file, beside what is published meanwhile."""

import threading
from collections.abc import Callable

from syncd.store.index import Index


class Flusher:
    """A thread of its own: most of the time that the engine takes, others can use."""

    def __init__(self, index: Callable[[], Index]) -> None:
        """`index` is asked each time: it may be another one by then."""
        self._index = index
        self._rung = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="flusher", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def ring(self) -> None:
        """There is something to bring, and it is time."""
        self._rung.set()

    def close(self) -> None:
        """End; what is still to be brought comes into the file when that is closed."""
        self._closing = True
        self._rung.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._closing:
            self._rung.wait()
            self._rung.clear()
            self._index().flush()
