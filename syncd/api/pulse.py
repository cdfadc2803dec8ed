"""Whether the event loop reacts (R91)."""

import asyncio
import time

BEAT_SECONDS = 0.25
LATE_SECONDS = 1.0
"""A loop that reacts later than this is stuck."""
REMEMBER_SECONDS = 10.0
"""How long a stuck loop is reported, so that a probe that comes after it sees it too."""


class Pulse:
    """Beats in the event loop and notices when a beat comes late."""

    def __init__(self) -> None:
        self._due = 0.0
        self._late_until = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to beat in the running loop."""
        self._due = time.monotonic() + BEAT_SECONDS
        self._timer = asyncio.get_running_loop().call_later(BEAT_SECONDS, self._beat)

    def stop(self) -> None:
        """Beat no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @property
    def stuck(self) -> bool:
        """Whether the loop is late, or was lately."""
        now = time.monotonic()
        return now < self._late_until or now > self._due + LATE_SECONDS

    def _beat(self) -> None:
        now = time.monotonic()
        if now > self._due + LATE_SECONDS:
            self._late_until = now + REMEMBER_SECONDS
        self._due = now + BEAT_SECONDS
        self._timer = asyncio.get_running_loop().call_later(BEAT_SECONDS, self._beat)
