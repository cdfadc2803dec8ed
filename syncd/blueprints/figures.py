"""Figures in place of entities: one number, counts of values, a number for each part of a time (Port 7)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from syncd.blueprints.aggregation import Member, aggregate, moment
from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.reader import AT_ONCE, Reader, Shape
from syncd.blueprints.reply import Projection
from syncd.blueprints.searching import EVERYTHING, Search
from syncd.blueprints.timeline import Timeline
from syncd.errors import InputError
from syncd.model.json import Json, JsonObject

BY_PROPERTY: Final = ("sum", "min", "max", "median")
"""Functions that need a property; `average` can do without."""
TIMES: Final = ("$createdAt", "$updatedAt")


@dataclass(frozen=True, slots=True)
class Measure:
    """What is made of entities: a function, of a property or a relation (`relations.x`) where it takes one, per period
    of a time."""

    function: str
    of: str = ""
    average_of: str = "total"
    measure_time_by: str = ""


class Figures:
    """Answers from what the catalog holds now; raises `QueryError` as searches do."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def aggregate(self, query: JsonObject, measure: Measure) -> Json:
        """One figure of all entities that a query means; of `countValues` how many have each value, the most frequent
        first."""
        if measure.function == "count":
            return self._reader.total(Search(self._reader).where(query))
        found = self._entities(query, None, (measure.of, measure.measure_time_by))
        if measure.function == "countValues":
            return _counted(value for entity in found for value in _values(entity, measure.of))
        members = [_member(entity, measure.of, measure.measure_time_by) for entity in found]
        by = "property" if measure.of else "entities"
        return aggregate(measure.function, by, members, measure.average_of, datetime.now(UTC))

    def counted(
        self, blueprint: Blueprint, query: JsonObject | None, time: str, breakdown: str, line: Timeline
    ) -> list[JsonObject]:
        """How many entities have their time in each part; with `breakdown` how many of each value of that property."""
        parts = self._parts(blueprint, query, (time, breakdown), line)
        if not breakdown:
            return [{"count": len(part)} for part in parts]
        return [_counted(value for entity in part for value in _values(entity, breakdown)) for part in parts]

    def aggregated(
        self,
        blueprint: Blueprint,
        query: JsonObject | None,
        time: str,
        function: str,
        names: Sequence[str],
        line: Timeline,
    ) -> list[JsonObject]:
        """A figure of each property for the entities that have their time in each part; null where there are none."""
        parts = self._parts(blueprint, query, (time, *names), line)
        return [{name: _figure(part, name, time, function) for name in names} for part in parts]

    def _parts(
        self, blueprint: Blueprint, query: JsonObject | None, names: Iterable[str], line: Timeline
    ) -> list[list[JsonObject]]:
        """The entities of each part, by the first of the names."""
        time, *others = names
        check_time(blueprint, time)
        for name in others:
            check_property(blueprint, name)
        parts: list[list[JsonObject]] = [[] for _ in line.starts]
        for entity in self._entities(query or EVERYTHING, blueprint, (time, *others)):
            at = moment(value_at(entity, time))
            part = line.part(at) if at is not None else None
            if part is not None:
                parts[part].append(entity)
        return parts

    def _entities(self, query: JsonObject, blueprint: Blueprint | None, names: Iterable[str]) -> list[JsonObject]:
        """Those that a query means, with what has these names."""
        wanted = Shape(Projection(tuple(part_of(name) for name in names if name) or ("identifier",)))
        found, _ = self._reader.page(Search(self._reader).where(query, blueprint))
        portions = (found[start : start + AT_ONCE] for start in range(0, len(found), AT_ONCE))
        return [entity for some in portions for entity in self._reader.replies(some, wanted)]


def check_property(blueprint: Blueprint, name: str) -> None:
    """`InputError` where no entity of the blueprint has a property or relation of that name."""
    plain = name.removeprefix("properties.")
    known = {*blueprint.properties, *blueprint.computed}
    if not name or name.startswith("$") or blueprint.open or plain in known:
        return
    if name.removeprefix("relations.") in blueprint.relations:
        return
    hint = f"there are {', '.join(sorted(known))}" if known else "it has none"
    raise InputError(f"{blueprint.identifier} has no property {plain[:100]}", hint=hint)


def check_time(blueprint: Blueprint, name: str) -> None:
    """`InputError` where entities of the blueprint have no time of that name."""
    plain = name.removeprefix("properties.")
    written = blueprint.properties.get(plain)
    calculated = blueprint.calculations.get(plain)
    is_time = name in TIMES or "date-time" in (
        written.format if written is not None else "",
        calculated.format if calculated is not None else "",
    )
    if not is_time and not blueprint.open:
        raise InputError(
            f"measureTimeBy: {name[:100]} is no time of {blueprint.identifier}",
            hint=f"name a property of format date-time, or {' or '.join(TIMES)}",
        )


def value_at(entity: Mapping[str, Json], name: str) -> Json:
    """What an entity in Port's words has under a name: `$title`, `relations.x`, `properties.x` or `x`."""
    at: Json = dict(entity)
    for key in part_of(name).split(".", 1):
        at = at.get(key) if isinstance(at, dict) else None
    return at


def part_of(name: str) -> str:
    """A name as parts of a reply are called."""
    if name.startswith("$"):
        return name[1:]
    return name if name.startswith(("properties.", "relations.")) else f"properties.{name}"


def _values(entity: JsonObject, name: str) -> list[str]:
    """The values that are counted, as text: each item of a list, nothing of an object."""
    found = value_at(entity, name)
    items = found if isinstance(found, list) else [found]
    return [
        str(item).lower() if isinstance(item, bool) else str(item)
        for item in items
        if isinstance(item, str | bool | int | float)
    ]


def _counted(values: Iterable[str]) -> JsonObject:
    counts = Counter(values)
    return {value: counts[value] for value in sorted(counts, key=lambda value: (-counts[value], value))}


def _member(entity: JsonObject, name: str, time: str) -> Member:
    number = value_at(entity, name) if name else None
    if isinstance(number, bool) or not isinstance(number, int | float):
        number = None
    return Member(number, moment(value_at(entity, time)) if time else None)


def _figure(entities: Sequence[JsonObject], name: str, time: str, function: str) -> float | None:
    members = [_member(entity, name, time) for entity in entities]
    numbers = [one for one in members if one.number is not None]
    if not numbers:
        return None
    if function == "last":
        return max(numbers, key=lambda one: one.time or datetime.min.replace(tzinfo=UTC)).number
    return aggregate(function, "property", numbers, "total", datetime.now(UTC))
