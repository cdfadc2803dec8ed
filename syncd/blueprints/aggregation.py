"""Numbers made of many entities (Port 3, `calculationSpec`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import fmean, median
from typing import Final

PERIODS: Final[Mapping[str, timedelta]] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
}
"""What is averaged over; `total` is all time as one."""


@dataclass(frozen=True, slots=True)
class Member:
    """What one entity brings in: its number (None: it has none) and its time, where the aggregation asks for them."""

    number: float | None = None
    time: datetime | None = None


def aggregate(function: str, by: str, members: Sequence[Member], average_of: str, now: datetime) -> float | None:
    """The number that a function makes of the members; None where it says nothing of no members.

    By entities, `count` is how many there are, and `average` how many in each period from the first to now. By
    property, numbers are summed up (`sum`, 0 of none) or compared (`min`, `max`, `median`); `average` is their mean,
    or, with a period, their sum in each period. A period that has just begun counts whole.
    """
    if by == "entities":
        if function == "count":
            return len(members)
        times = [member.time for member in members if member.time is not None]
        return len(times) / _periods(times, average_of, now) if times else 0
    numbers = [member.number for member in members if member.number is not None]
    if function == "sum":
        return sum(numbers)
    if not numbers:
        return None
    match function:
        case "min":
            return min(numbers)
        case "max":
            return max(numbers)
        case "median":
            return median(numbers)
    times = [member.time for member in members if member.time is not None and member.number is not None]
    return sum(numbers) / _periods(times, average_of, now) if average_of in PERIODS and times else fmean(numbers)


def moment(text: object) -> datetime | None:
    """A time as properties and stamps write it; UTC where it names no zone. None for another value."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _periods(times: Sequence[datetime], average_of: str, now: datetime) -> float:
    period = PERIODS.get(average_of)
    return max(1.0, (now - min(times)) / period) if period is not None else 1.0
