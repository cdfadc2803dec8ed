"""When a repository is looked at again."""

import random
from dataclasses import dataclass

from syncd.errors import CatalogError, StalledError
from syncd.watch.places import HOST_SILENT

POLL_JITTER = 0.1
NO_ROOM_PAUSE = 60.0
"""Seconds between two tries to fetch while the disk is full, where polls are rarer than that."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often repositories are looked at; seconds."""

    poll: float = 60.0
    """When nothing rings; locations may say otherwise."""
    backoff_first: float = 1.0
    backoff_longest: float = 900.0

    @property
    def without_room(self) -> float:
        """While the disk is full: that is no fault of the host's, and work goes on soon after there is room (R41)."""
        return min(self.poll, NO_ROOM_PAUSE)

    def after(self, failure: CatalogError | None, failures: int, rest: float) -> float:
        """Seconds until the next look, by chance a little more or less: none shall come all at once.

        `failures` is how many looks failed in a row, `rest` the seconds for which a host that is silent is left alone.
        """
        no_room = failure is not None and failure.code == "git.disk_full"
        if no_room or failure is None or isinstance(failure, StalledError):
            pace = self.without_room if no_room else self.poll
            return pace * random.uniform(1 - POLL_JITTER, 1 + POLL_JITTER)  # noqa: S311 - no secret
        if failure.code == HOST_SILENT:
            return rest + random.uniform(0, self.backoff_first)  # noqa: S311 - no secret
        longest = min(self.backoff_longest, self.backoff_first * 2 ** min(failures, 20))
        return max(self.backoff_first / 2, random.uniform(0, longest))  # noqa: S311 - no secret
