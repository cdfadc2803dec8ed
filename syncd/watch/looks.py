"""The threads that look at what rings: some for this machine, some for the rest of the world."""

import logging
import threading
from collections.abc import Callable
from functools import partial

from syncd.watch.mailbox import Mailbox

LOCAL, REMOTE = "local", "remote"
LOCAL_LOOKS = 4
"""Looks at repositories of this machine at the same time."""

LOG = logging.getLogger("syncd.looks")

Look = Callable[[str, Callable[[], None]], None]
"""Look at a repository; call the second when its ring is answered, once and in any thread."""


def lane_of(repository: str) -> str:
    """Who looks at a repository: slow hosts shall not delay a push on this machine (R84)."""
    return LOCAL if repository.startswith("file:") else REMOTE


class Looks:
    """Takes repositories out of a mailbox made with `lane_of`, until it is closed."""

    def __init__(self, mailbox: Mailbox, look: Look, *, remote: int, pause: float) -> None:
        """`remote` looks at other hosts at the same time; after one that failed the next in `pause` seconds."""
        self._mailbox = mailbox
        self._look = look
        self._pause = pause
        lanes = [LOCAL] * LOCAL_LOOKS + [REMOTE] * remote
        self._threads = [
            threading.Thread(target=self._run, args=(lane,), name=f"look-{number}", daemon=True)
            for number, lane in enumerate(lanes)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait for the last looks, once the mailbox is closed."""
        for thread in self._threads:
            thread.join()

    def _run(self, lane: str) -> None:
        while (repository := self._mailbox.take(lane)) is not None:
            try:
                self._look(repository, partial(self._mailbox.done, repository))
            except Exception:
                if not self._mailbox.is_closed:  # a look that fails is its own affair (R84)
                    LOG.exception("a look at %s failed", repository)
                    self._mailbox.ring_at(repository, self._pause)
                self._mailbox.done(repository)
