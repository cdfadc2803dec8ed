"""Ranges of time in parts, at a fixed clock, across changes of the clock."""

from datetime import UTC, datetime

import pytest

from syncd.blueprints.timeline import Interval, Preset, timeline, zone_of
from syncd.errors import InputError

NOW = datetime(2026, 3, 29, 14, 40, tzinfo=UTC)  # a Sunday; in Berlin the clock went from 2 to 3 at 1:00 UTC

RANGES: list[tuple[Preset, Interval, str, str, int, str, str]] = [
    ("today", "hour", "UTC", "03-29 00:00", 15, "03-29 00:00", "03-29 14:00"),
    ("today", "hour", "Europe/Berlin", "03-28 23:00", 16, "03-28 23:00", "03-29 14:00"),
    ("today", "hour", "Asia/Kolkata", "03-28 18:30", 21, "03-28 18:30", "03-29 14:30"),
    ("yesterday", "day", "Europe/Berlin", "03-27 23:00", 1, "03-27 23:00", "03-27 23:00"),
    ("lastDay", "hour", "Europe/Berlin", "03-28 15:40", 24, "03-28 15:00", "03-29 14:00"),
    ("lastWeek", "day", "Europe/Berlin", "03-22 15:40", 8, "03-21 23:00", "03-28 23:00"),
    ("last2Weeks", "isoWeek", "UTC", "03-15 14:40", 3, "03-09 00:00", "03-23 00:00"),
    ("lastMonth", "isoWeek", "Europe/Berlin", "02-27 15:40", 5, "02-22 23:00", "03-22 23:00"),
    ("last3Months", "month", "America/New_York", "12-29 15:40", 4, "12-01 05:00", "03-01 05:00"),
    ("last12Months", "quarter", "UTC", "03-29 14:40", 5, "01-01 00:00", "01-01 00:00"),
    ("last3Years", "quarter", "UTC", "03-30 14:40", 13, "01-01 00:00", "01-01 00:00"),
]


@pytest.mark.parametrize(("preset", "interval", "zone", "begins", "count", "first", "last"), RANGES)
def test_a_range_in_parts(
    preset: Preset, interval: Interval, zone: str, begins: str, count: int, first: str, last: str
) -> None:
    line = timeline(preset, interval, zone_of(zone), NOW)
    shown = [f"{time.astimezone(UTC):%m-%d %H:%M}" for time in (line.begins, line.starts[0], line.starts[-1])]
    assert (shown, len(line.starts)) == ([begins, first, last], count)
    assert [line.part(start) for start in line.starts[1:]] == [*range(1, count)]
    assert (line.part(line.begins), line.part(line.ends)) == (0, count - 1)
    assert line.part(datetime(2020, 1, 1, tzinfo=UTC)) is line.part(datetime(2030, 1, 1, tzinfo=UTC)) is None
    assert line.end(count - 1) == line.ends <= NOW


def test_too_many_parts() -> None:
    with pytest.raises(InputError, match="more than 10,000 of hour"):
        timeline("last2Years", "hour", UTC, NOW)


@pytest.mark.parametrize("name", ["Nowhere", "Europe", "../etc/passwd", "", "/etc/localtime"])
def test_no_zone(name: str) -> None:
    with pytest.raises(InputError, match=r"timeRange\.timeZone"):
        zone_of(name)
