"""Who listens to the changes that become visible."""

import queue
import threading

from syncd.store.state import LoggedChange


class Subscription:
    """The changes that are published from now on."""

    def __init__(self, subscriptions: "Subscriptions") -> None:
        self._subscriptions = subscriptions
        self._queue: queue.SimpleQueue[LoggedChange | None] = queue.SimpleQueue()

    def put(self, change: LoggedChange) -> None:
        """A change is visible."""
        self._queue.put(change)

    def get(self, timeout: float) -> LoggedChange | None:
        """The next change; None when none came in `timeout` seconds, or after `close`."""
        try:
            return self._queue.get(timeout=timeout)
        except queue.Empty:
            return None

    def close(self) -> None:
        """End the subscription; a waiting `get` returns."""
        self._subscriptions.discard(self)
        self._queue.put(None)


class Subscriptions:
    """All who listen; may be used from any thread."""

    def __init__(self) -> None:
        self._listening: set[Subscription] = set()
        self._lock = threading.Lock()

    def subscribe(self) -> Subscription:
        """One more listens."""
        subscription = Subscription(self)
        with self._lock:
            self._listening.add(subscription)
        return subscription

    def discard(self, subscription: Subscription) -> None:
        """One less listens."""
        with self._lock:
            self._listening.discard(subscription)

    def announce(self, change: LoggedChange) -> None:
        """Tell all of them."""
        with self._lock:
            listening = list(self._listening)
        for subscription in listening:
            subscription.put(change)
