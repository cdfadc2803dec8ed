"""A range of time in equal parts, as people of a zone see them: hours, days, weeks, months, quarters (Port 7)."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from query.dialects.rules.asker import DAYS, LAST_DAYS
from syncd.errors import InputError
from syncd.model.text import shown

MAX_PARTS: Final = 10_000
"""Parts of a range that are answered at once."""

BACK: Final[Mapping[str, int]] = {**LAST_DAYS, "last2Years": 730, "last3Years": 1095}
"""Presets that end now, and the days that they go back by the calendar of the zone."""
Preset: TypeAlias = Literal[
    "today", "yesterday", "lastDay", "lastWeek", "last2Weeks", "lastMonth",
    "last3Months", "last6Months", "last12Months", "last2Years", "last3Years",
]  # fmt: skip
Interval: TypeAlias = Literal["hour", "day", "isoWeek", "month", "quarter"]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A range in parts; `starts` are the beginnings of the parts, the first of them at `begins` or before it."""

    begins: datetime
    ends: datetime
    starts: tuple[datetime, ...]

    def part(self, moment: datetime) -> int | None:
        """The number of the part that a moment is in; None outside of the range."""
        if not self.begins <= moment <= self.ends:
            return None
        return bisect_right(self.starts, moment) - 1

    def end(self, part: int) -> datetime:
        """When a part is over: the next one begins, or the range ends."""
        return self.starts[part + 1] if part + 1 < len(self.starts) else self.ends


def timeline(preset: Preset, interval: Interval, zone: tzinfo, now: datetime) -> Timeline:
    """The range of a preset, cut by an interval. Raises `InputError` for too many parts."""
    begins, ends = _range(preset, zone, now)
    starts = [_floor(begins, interval, zone)]
    while (following := _next(starts[-1], interval, zone)) <= ends:
        starts.append(following)
        if len(starts) > MAX_PARTS:
            raise InputError(
                f"timeInterval: {preset} has more than {MAX_PARTS:,} of {interval}", hint="ask by longer intervals"
            )
    return Timeline(begins, ends, tuple(starts))


def zone_of(name: str) -> tzinfo:
    """The zone of an IANA name; `InputError` for none."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        message = f"timeRange.timeZone: there is no zone {shown(name)}"
        raise InputError(message, hint="write a name such as Europe/Berlin") from None


def _range(preset: Preset, zone: tzinfo, now: datetime) -> tuple[datetime, datetime]:
    local = now.astimezone(zone)
    if preset in DAYS:
        day = local.date() + timedelta(days=DAYS[preset])
        return _midnight(day, zone), min(now, _midnight(day + timedelta(days=1), zone) - timedelta(milliseconds=1))
    begins = local.replace(tzinfo=None) - timedelta(days=BACK[preset])
    return begins.replace(tzinfo=zone).astimezone(UTC), now


def _floor(moment: datetime, interval: Interval, zone: tzinfo) -> datetime:
    local = moment.astimezone(zone)
    if interval == "hour":
        return moment - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return _midnight(_DAYS[interval][0](local.date()), zone)


def _next(start: datetime, interval: Interval, zone: tzinfo) -> datetime:
    if interval == "hour":
        return start + timedelta(hours=1)
    return _midnight(_DAYS[interval][1](start.astimezone(zone).date()), zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    """In UTC, so that what is compared and added is time that goes by."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _months_later(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


_DAYS: Final[Mapping[str, tuple[Callable[[date], date], Callable[[date], date]]]] = {
    "day": (lambda day: day, lambda day: day + timedelta(days=1)),
    "isoWeek": (lambda day: day - timedelta(days=day.weekday()), lambda day: day + timedelta(days=7)),
    "month": (lambda day: day.replace(day=1), lambda day: _months_later(day, 1)),
    "quarter": (lambda day: day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), lambda day: _months_later(day, 3)),
}
"""By name: the first day of the part that a day is in, and the first day of the part after one."""
