"""Who asks, when and where: what rules can mean beside their text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from query.ast import Node, all_of, compared
from query.dialects.rules.place import Place, shown
from query.rank import time_text

LAST_DAYS: Final = {
    "lastDay": 1,
    "lastWeek": 7,
    "last2Weeks": 14,
    "lastMonth": 30,
    "last3Months": 90,
    "last6Months": 180,
    "last12Months": 365,
}
"""Presets that end now, and the days that they go back, by the calendar and clock of the asker's zone."""

DAYS: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}
"""Presets that are a whole day of the asker's zone, counted from today."""

CONTEXTS: Final = ("user", "userTeams")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Asker:
    """`user` is the entity of the person who asks, as Port's JSON, None where nobody is known; `teams` are those of
    their teams. Presets are counted from `now` in `zone`."""

    user: Mapping[str, object] | None = None
    teams: Sequence[Mapping[str, object]] = ()
    now: datetime = field(default_factory=_now)
    zone: tzinfo = UTC

    def values(self, context: str, name: str, place: Place) -> list[object]:
        """The plain values that a property of the user, or of each of their teams, holds; lists are taken apart.

        Raises `QueryError` for another context, and where nobody is known.
        """
        if context not in CONTEXTS:
            raise place.key("context").fault(f"there is no {context[:60]!r}", f"write {' or '.join(CONTEXTS)}")
        if self.user is None:
            raise place.fault("nobody is known who asks", "use a token that has an owner")
        entities = [self.user] if context == "user" else self.teams
        return [one for entity in entities for one in _held(entity, name)]


def _held(entity: Mapping[str, object], name: str) -> Iterator[object]:
    """What one entity has at a property or meta-property."""
    properties = entity.get("properties")
    value = entity.get(name[1:]) if name.startswith("$") else None
    if not name.startswith("$") and isinstance(properties, Mapping):
        value = properties.get(name)
    for one in value if isinstance(value, list | tuple) else [value]:
        if isinstance(one, str | bool | int | float):
            yield one


def within(key: str, preset: object, asker: Asker, place: Place) -> Node:
    """`key` has a time within a preset. A day is 23 or 25 hours long where the clocks change.

    Raises `QueryError` for no preset.
    """
    if isinstance(preset, str) and preset in DAYS:
        begins = _midnight(asker, DAYS[preset])
        return all_of([_from(key, begins), compared(key, "<", time_text(_midnight(asker, DAYS[preset] + 1)))])
    if isinstance(preset, str) and preset in LAST_DAYS:
        local = asker.now.astimezone(asker.zone).replace(tzinfo=None) - timedelta(days=LAST_DAYS[preset])
        begins = local.replace(tzinfo=asker.zone)
        return all_of([_from(key, begins), compared(key, "<=", time_text(asker.now))])
    raise place.fault(f"there is no preset {shown(preset)}", f"presets are {', '.join((*DAYS, *LAST_DAYS))}")


def _from(key: str, moment: datetime) -> Node:
    return compared(key, ">=", time_text(moment))


def _midnight(asker: Asker, days: int) -> datetime:
    """The beginning of the day so many days from today, where the asker is."""
    day = asker.now.astimezone(asker.zone).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, tzinfo=asker.zone)
