"""The time of day, for what is measured by it."""

import time
from datetime import UTC, datetime, timedelta

_STARTED = datetime.now(UTC), time.monotonic()


def utc_now() -> datetime:
    """The time by the wall clock at the start and the monotonic clock since: it never jumps (R89)."""
    return _STARTED[0] + timedelta(seconds=time.monotonic() - _STARTED[1])
