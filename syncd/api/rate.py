"""How often a caller may ask: a bucket of requests for each token (R59, P77)."""

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass

from syncd.config import LimitSettings

_MANY = 4096
"""Buckets after which the full ones are thrown away: tokens come and go."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller may still ask: `limit` requests, made whole again within `period` seconds; `reset` are left of it.

    `wait` is the number of seconds until a request is granted, 0 where this one was.
    """

    limit: int
    period: int
    remaining: int
    reset: int
    wait: int = 0

    @classmethod
    def whole(cls, limits: LimitSettings) -> "Allowance":
        """The allowance of somebody who has not asked yet."""
        return cls(limits.request_burst, _period(limits), limits.request_burst, 0)

    def figures(self) -> Iterable[tuple[bytes, int]]:
        """Name and value of what callers are told."""
        return (
            (b"limit", self.limit),
            (b"period", self.period),
            (b"remaining", self.remaining),
            (b"reset", self.reset),
        )


@dataclass(slots=True)
class _Bucket:
    left: float
    filled: float


class RateLimit:
    """A bucket for each token: `request_burst` deep, filled at `requests_per_second`. Not for several threads."""

    def __init__(self, limits: LimitSettings) -> None:
        self._per_second = float(limits.requests_per_second)
        self._burst = float(limits.request_burst)
        self._whole = Allowance.whole(limits)
        self._buckets: dict[str, _Bucket] = {}

    def take(self, token_id: str) -> Allowance:
        """Count one request, unless the bucket is empty."""
        now = time.monotonic()
        bucket = self._buckets.get(token_id) or self._new(token_id, now)
        bucket.left = min(self._burst, bucket.left + (now - bucket.filled) * self._per_second)
        bucket.filled = now
        wait = 0 if bucket.left >= 1 else math.ceil((1 - bucket.left) / self._per_second)
        if not wait:
            bucket.left -= 1
        reset = math.ceil((self._burst - bucket.left) / self._per_second)
        return Allowance(self._whole.limit, self._whole.period, int(bucket.left), reset, wait)

    def _new(self, token_id: str, now: float) -> _Bucket:
        if len(self._buckets) >= _MANY:
            unused = now - self._burst / self._per_second
            self._buckets = {key: one for key, one in self._buckets.items() if one.filled > unused}
        bucket = self._buckets[token_id] = _Bucket(self._burst, now)
        return bucket


def _period(limits: LimitSettings) -> int:
    return math.ceil(limits.request_burst / limits.requests_per_second)
