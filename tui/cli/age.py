"""Times as a person reads them at a glance; only ever on a terminal."""

from collections.abc import Sequence
from datetime import UTC, datetime

TIME_COLUMNS = frozenset(
    {
        "updated",
        "last_success",
        "last_attempt",
        "next_attempt",
        "stale_since",
        "created",
        "expires",
        "last_used",
        "when",
        "set_at",
        "at",
    }
)

_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def age(text: str, now: datetime) -> str:
    """An ISO 8601 time as `2h ago` or `in 40s`; other text as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    seconds = (now - (moment if moment.tzinfo else moment.replace(tzinfo=UTC))).total_seconds()
    size = abs(round(seconds))
    if size < 1:
        return "now"
    unit, length = next((unit, length) for unit, length in _UNITS if size >= length)
    amount = f"{size // length}{unit}"
    return f"{amount} ago" if seconds > 0 else f"in {amount}"


def with_ages(columns: Sequence[str], rows: list[list[str]], now: datetime | None = None) -> list[list[str]]:
    """The rows with the cells of time columns as ages."""
    at = [index for index, name in enumerate(columns) if name in TIME_COLUMNS]
    moment = now or datetime.now(UTC)
    for row in rows:
        for index in at:
            row[index] = age(row[index], moment)
    return rows
