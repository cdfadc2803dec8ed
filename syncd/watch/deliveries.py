"""Deliveries that rang already: what comes again rings no more (R63)."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from syncd.config import LimitSettings
from syncd.errors import CatalogError
from syncd.store.webhooks import Delivered, StoredWebhooks

LOG = logging.getLogger("syncd.webhooks")


class Deliveries:
    """The newest deliveries of all webhooks, in memory: to know one takes no time, and `write_down` keeps them.

    What a crash takes from them costs a look for each that comes again.
    """

    def __init__(self, store: StoredWebhooks, limits: LimitSettings, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._seen = {(one.webhook, one.id): one for one in store.deliveries()}
        self._used = {one.secret: one.at for one in self._seen.values()}
        self._fresh: list[Delivered] = []

    def is_new(self, webhook: str, delivery: str, secret: str) -> bool:
        """Whether a delivery was not there before; from now on it was. One without a name is always new."""
        at = self._clock()
        with self._lock:
            self._used[secret] = at
            if not delivery:
                return True
            self._forget(at)
            if (webhook, delivery) in self._seen:
                return False
            if len(self._seen) >= self._limits.webhook_deliveries:
                del self._seen[next(iter(self._seen))]
            one = self._seen[(webhook, delivery)] = Delivered(webhook, delivery, secret, at)
            self._fresh.append(one)
            return True

    def last(self, secret: str) -> datetime | None:
        """When the last delivery came that was signed with a secret, as far as it is remembered."""
        with self._lock:
            return self._used.get(secret)

    def write_down(self) -> None:
        """Keep what came since; may wait for the disk."""
        with self._lock:
            fresh, self._fresh = self._fresh, []
            oldest = next(iter(self._seen.values()), None)
        if not fresh or oldest is None:
            return
        try:
            self._store.remember(fresh, oldest.at)
        except CatalogError as error:
            LOG.warning("%d deliveries are remembered until the daemon ends: %s", len(fresh), error)

    def _forget(self, at: datetime) -> None:
        while (key := next(iter(self._seen), None)) and at - self._seen[key].at > self._limits.webhook_memory:
            del self._seen[key]
