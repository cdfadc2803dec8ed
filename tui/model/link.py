"""The line to the daemon: follows its events, notices when it is gone, comes back by itself."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tui.model.source import Change, Source, SourceError, Status

FIRST_DELAY, LONGEST_DELAY = 0.25, 8.0
"""Seconds between attempts while the daemon is away: doubled each time."""


@dataclass(frozen=True, slots=True)
class Up:
    """The daemon answers; `again` when it had been away."""

    status: Status
    again: bool


@dataclass(frozen=True, slots=True)
class Down:
    """The daemon does not answer; the next attempt comes after `delay` seconds."""

    reason: str
    delay: float


News = Up | Down | Change


def next_delay(delay: float) -> float:
    """The back-off after one more failure."""
    return min(LONGEST_DELAY, delay * 2)


class Link:
    """A thread that tells `news` of the daemon's state and of every change, until closed."""

    def __init__(self, source: Source, tell: Callable[[News], None]) -> None:
        self._source = source
        self._tell = tell
        self._stop = threading.Event()
        self._hurry = threading.Event()

    def start(self) -> None:
        """Begin; the thread never keeps the program alive."""
        threading.Thread(target=self._run, name="link", daemon=True).start()

    def retry(self) -> None:
        """Do not wait for the back-off: a person asks now."""
        self._hurry.set()

    def close(self) -> None:
        """Tell nothing any more."""
        self._stop.set()
        self._hurry.set()

    def _run(self) -> None:
        delay, again, seen = FIRST_DELAY, False, -1
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                status = self._source.status()
                self._say(Up(status, again))
                # A rebuilt daemon counts from the start again: never wait for a number it will not reach.
                seen = status.index_seq if seen < 0 else min(seen, status.index_seq)
                for change in self._source.events(seen):
                    self._say(change)
                    seen = change.seq
                    delay = FIRST_DELAY
                reason = "the daemon closed the connection"
            except SourceError as error:
                reason = str(error)
            if time.monotonic() - began > LONGEST_DELAY:
                delay = FIRST_DELAY
            again = True
            self._say(Down(reason, delay))
            self._hurry.wait(delay)
            self._hurry.clear()
            delay = next_delay(delay)

    def _say(self, news: News) -> None:
        if not self._stop.is_set():
            self._tell(news)
