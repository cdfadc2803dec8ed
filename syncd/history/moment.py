"""Points in time as people name them."""

from datetime import UTC, datetime, timedelta

from syncd.activity.times import milliseconds_now, read_since


def time_of(text: str) -> datetime | None:
    """`now`, a date (its first moment, UTC), RFC 3339, or an age such as `7d`; None for what is none of these."""
    if text == "now":
        return datetime.now(UTC)
    if text.isdigit():
        return None
    try:
        found = read_since(text, milliseconds_now())
    except ValueError:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=found)
