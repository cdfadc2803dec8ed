"""Numbers, versions and times as texts that sort as they do, so that one comparison of texts serves all of them.

A value has at most one rank, written beside its search row: a JSON number, a text that spells a version (`v1.10.2`,
`17`, `2.0.0-rc.1`), or a text that spells an ISO 8601 date or time. All other values are compared as text.
"""

import math
import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, Literal, NamedTuple, TypeAlias

from query.text import fold

Operator: TypeAlias = Literal["<", "<=", "=", ">=", ">"]
OPERATORS: Final[tuple[Operator, ...]] = ("<", "<=", "=", ">=", ">")

NUMBER: Final = "0"
VERSION: Final = "1"
TIME: Final = "2"
TEXT: Final = "3"
"""The first character of a rank. In this order values of different types stand in a list; `TEXT` stands before the text
of a value without a rank."""

UNTYPED: Final = frozenset({"kind", "metadata.namespace", "metadata.name", "metadata.uid"})
"""Keys whose values are names, whatever they look like."""

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?")
_VERSION = re.compile(r"v?([0-9]+(?:\.[0-9]+)+)(?:-([0-9a-z.-]+))?(?:\+[0-9a-z.-]+)?|v?([0-9]+)")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[t ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_RUNS = re.compile(r"[0-9]+|[a-z]+")
_RELEASE_ENDS, _PRERELEASE_BEGINS, _AFTER = "#", "!", "!"
"""`!` and `#` sort before all digits and letters: 1.0-rc before 1.0, that before 1.0.1."""

_DAY, _MINUTE, _SECOND, _TICK = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1), timedelta(milliseconds=1)


class Range(NamedTuple):
    """The ranks from `low` up to, but not including, `high`."""

    low: str
    high: str


def rank(value: str | None, number: float | None) -> str | None:
    """The rank of a folded value; `number` is its value where it is a JSON number. None for other text and for null."""
    if number is not None:
        return number_rank(number)
    if value is None or not _may_be_typed(value):
        return None
    time = _time(value)
    return _time_rank(time.begins) if time is not None else _version_rank(value)


def is_time(literal: str) -> bool:
    """Whether a literal is a date or time, in any spelling."""
    return _may_be_typed(literal) and _time(fold(literal)) is not None


def is_typed(literal: str) -> bool:
    """Whether a folded literal is a number, a version or a time, so that ranks are compared with it."""
    return any(True for _ in _readings(literal))


def ranges(operator: Operator, literal: str) -> tuple[Range, ...]:
    """Which ranks stand in this relation to a typed literal; numbers are compared with numbers, versions with versions,
    times with times.

    A time means the whole day, minute or second that it names: `>2026-01-01` begins on January 2nd.
    """
    return tuple(_range(operator, reading) for reading in _readings(literal))


def number_rank(number: float) -> str:
    """A finite number as 16 hexadecimal digits in the order of numbers, after the letter of its type."""
    (bits,) = struct.unpack(">Q", struct.pack(">d", number + 0.0))
    return f"{NUMBER}{bits ^ (0xFFFF_FFFF_FFFF_FFFF if bits >> 63 else 1 << 63):016x}"


def time_text(moment: datetime) -> str:
    """A moment as it stands in ranks and in the column `updated`: UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _readings(literal: str) -> Iterator[Range]:
    """What a literal may be: the ranks that are equal to it, of each type that it spells."""
    if _NUMBER.fullmatch(literal) and math.isfinite(number := float(literal)):
        found = number_rank(number)
        yield Range(found, found + _AFTER)
    if not _may_be_typed(literal):
        return
    time = _time(literal)
    if time is not None:
        yield Range(_time_rank(time.begins), _time_rank(time.ends) if time.ends else TEXT)
    elif (version := _version_rank(literal)) is not None:
        yield Range(version, version + _AFTER)


def _range(operator: Operator, reading: Range) -> Range:
    first = reading.low[0]
    after_all = chr(ord(first) + 1)
    match operator:
        case "<":
            return Range(first, reading.low)
        case "<=":
            return Range(first, reading.high)
        case "=":
            return Range(reading.low, reading.high)
        case ">=":
            return Range(reading.low, after_all)
        case ">":
            return Range(reading.high, after_all)


def _may_be_typed(text: str) -> bool:
    """Whether it begins as versions and times do; asked of every value there is."""
    return "0" <= text[:1] <= "9" or (text[:1] == "v" and "0" <= text[1:2] <= "9")


# Versions -----------------------------------------------------------------------------------------------------------


def _version_rank(text: str) -> str | None:
    found = _VERSION.fullmatch(text)
    if found is None:
        return None
    dotted, prerelease, whole = found.groups()
    numbers = [part.lstrip("0") for part in (dotted or whole).split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    release = "".join(map(_counted, numbers))
    if prerelease is None:
        return f"{VERSION}{release}{_RELEASE_ENDS}"
    runs = "".join(map(_run, _RUNS.findall(prerelease)))
    return f"{VERSION}{release}{_PRERELEASE_BEGINS}{runs}"


def _counted(digits: str) -> str:
    """Digits without leading zeros, after their number: so texts sort as the numbers do."""
    return f"{len(digits):03}{digits}"


def _run(text: str) -> str:
    """A piece of a prerelease: numbers before words, `rc2` before `rc10`."""
    return f"0{_counted(text.lstrip('0'))}" if text.isdigit() else f"1{text}{_AFTER}"


# Times --------------------------------------------------------------------------------------------------------------


class _Time(NamedTuple):
    """What a text names: a day, minute, second or less. `ends` None where the calendar ends before it."""

    begins: datetime
    ends: datetime | None


def _time(text: str) -> _Time | None:
    """The time that a text spells; UTC where it names no zone."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups(default="")
    unit = _DAY if not hour else _MINUTE if not second else _SECOND if not fraction else _TICK
    clock = (int(hour or 0), int(minute or 0), int(second or 0), int(fraction[:3].ljust(3, "0")) * 1000)
    try:
        begins = datetime(int(year), int(month), int(day), *clock, tzinfo=_zone(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    try:
        return _Time(begins, begins + unit)
    except OverflowError:
        return _Time(begins, None)


def _zone(text: str) -> timezone:
    if text in ("", "z"):
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _time_rank(moment: datetime) -> str:
    return TIME + time_text(moment)
