"""Points in time as records and questions spell them; epoch milliseconds within."""

import re
import time
from datetime import UTC, datetime

LATEST = 253_402_300_799_999
"""The end of the year 9999."""
DAY = 86_400_000

_AGE = re.compile(r"(\d{1,6})([smhd])")
_UNITS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": DAY}


def milliseconds_now() -> int:
    """The wall clock."""
    return time.time_ns() // 1_000_000


def read_time(value: object) -> int:
    """Epoch milliseconds, or RFC 3339 (UTC where no zone is written); ValueError for anything else."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(_FORMS) from None
        value = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= LATEST:
        raise ValueError(_FORMS)
    return round(value)


def read_since(text: str, now: int) -> int:
    """The same as a text, or an age such as `7d`, `12h`, `30m`; ValueError for anything else."""
    if text.isascii() and text.isdigit() and len(text) < 16:
        return read_time(int(text))
    if age := _AGE.fullmatch(text):
        return max(0, now - int(age[1]) * _UNITS[age[2]])
    return read_time(text)


_FORMS = "must be epoch milliseconds, or a time such as 2026-05-26T13:55:00Z"
