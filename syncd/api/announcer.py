"""Tells all open event streams that there may be something new; what it is they read from the log themselves."""

import asyncio
import threading
from contextlib import suppress

from syncd.api.ports.service import Service, Subscription

_WAIT_SECONDS = 5.0


class Announcer:
    """One thread listens to the daemon for all streams. A stream takes `turn()`, reads the log, then waits for it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._turn = asyncio.Event()
        self._subscription: Subscription | None = None
        self._stopped = False
        service.tokens.on_revoked(self.call)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begin to listen; call in the event loop."""
        self._loop = asyncio.get_running_loop()
        self._subscription = self._service.subscribe()
        threading.Thread(target=self._listen, args=(self._subscription,), name="announcer", daemon=True).start()

    def turn(self) -> asyncio.Event:
        """An event that is set when something happens after this call."""
        return self._turn

    def call(self) -> None:
        """Wake all streams, from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: no stream is left
                self._loop.call_soon_threadsafe(self.call_in_loop)

    def call_in_loop(self) -> None:
        """Wake all streams, in the event loop."""
        done, self._turn = self._turn, asyncio.Event()
        done.set()

    def stop(self) -> None:
        """Listen no more."""
        self._stopped = True
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None

    def _listen(self, subscription: Subscription) -> None:
        while not self._stopped:
            if subscription.get(_WAIT_SECONDS) is not None and not self._stopped:
                self.call()
