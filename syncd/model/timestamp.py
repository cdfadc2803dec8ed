"""Times as they are written down: RFC 3339 in UTC, with milliseconds."""

from datetime import UTC, datetime


def timestamp(at: datetime) -> str:
    """The text of an aware time; texts of times sort as the times do."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
