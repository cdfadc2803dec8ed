"""What properties of one entity were at past times, as far as the log of changes knows (Port 7).

The log holds what was said by API. What a file said before its newest change is in its repository and not in the log,
and computed properties are worked out for now only: at such times nothing is known, and the value is null.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from syncd.blueprints.aggregation import moment
from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.builtin import Path
from syncd.blueprints.document import field_paths, values_of
from syncd.blueprints.figures import check_property, part_of, value_at
from syncd.blueprints.reader import Held, Reader
from syncd.blueprints.timeline import Timeline
from syncd.errors import InputError
from syncd.model.json import Json, JsonObject
from syncd.overlay.path import parse_path

MAX_DEEDS: Final = 10_000
"""Changes of one entity that are looked at, the newest; what was before them is not known."""


class Deed(Protocol):
    """What one change of the log did to the entity: at each path, what was there before and after."""

    @property
    def at(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def paths(self) -> Sequence[tuple[str, Json, Json]]: ...


class Record(Protocol):
    """A custom property as it is now."""

    @property
    def path(self) -> str: ...
    @property
    def base(self) -> str: ...


def property_history(
    reader: Reader,
    held: Held,
    names: Sequence[str],
    line: Timeline,
    now: datetime,
    deeds: Sequence[Deed],
    overlay: Sequence[Record],
) -> list[JsonObject]:
    """The values of properties and relations at the end of each part of a time. `deeds` are the changes of the entity,
    the newest first, `overlay` its custom properties.

    Raises `InputError` for what its blueprint has not.
    """
    for name in names:
        if not name or name.startswith("$"):
            raise InputError(f"propertyNames: {name[:100]!r} has no history", hint="name properties or relations.x")
        check_property(held.blueprint, name)
    reply = reader.reply(held)
    series = {name: _series(held.blueprint, name, deeds, overlay, now, value_at(reply, name)) for name in names}
    return [{name: _at(series[name], line.end(part)) for name in names} for part in range(len(line.starts))]


def _series(
    blueprint: Blueprint,
    name: str,
    deeds: Sequence[Deed],
    overlay: Sequence[Record],
    now: datetime,
    current: Json,
) -> list[tuple[datetime, Json]]:
    """What a property became, and when, the oldest first; the newest value is the current one."""
    part = part_of(name)
    if part.removeprefix("properties.") in blueprint.computed:
        return [(now, current)]
    (path, *_) = field_paths(blueprint, part)
    told = _Told(blueprint, part, path)
    state = _State(over_known=all(one.base == "replace" for one in overlay if told.touches(one.path)))
    found: list[tuple[datetime, Json]] = []
    for deed in reversed(deeds):
        state = told.after(deed, state)
        at = moment(deed.at)
        if at is not None:
            found.append((at, state.value))
    if found:
        found[-1] = (found[-1][0], current)
    return found


def _at(series: Sequence[tuple[datetime, Json]], time: datetime) -> Json:
    """The value in force at a time."""
    return next((value for at, value in reversed(series) if at <= time), None)


@dataclass(frozen=True, slots=True)
class _State:
    """What is known of one property: what the entity says itself, and what a custom property lays over it."""

    base: Json = None
    over: Json = None
    over_known: bool = True

    @property
    def value(self) -> Json:
        """What was in force; None where that is not known, too."""
        return (self.base if self.over is None else self.over) if self.over_known else None


@dataclass(frozen=True, slots=True)
class _Told:
    """What changes tell of one property, which is a part of Port's JSON and a path of the catalog's."""

    blueprint: Blueprint
    part: str
    path: Path

    def touches(self, path: str) -> bool:
        """Whether a custom property at this path changes any of it."""
        other = parse_path(path)
        size = min(len(other), len(self.path))
        return other[:size] == self.path[:size]

    def after(self, deed: Deed, state: _State) -> _State:
        """What is known after a change."""
        if deed.outcome == "removed" or not deed.paths:  # without paths a file said something else
            return replace(state, base=None)
        for path, _, new in deed.paths:
            if not path:
                state = replace(state, base=self._said(new))
            elif parse_path(path) == self.path:
                state = replace(state, over=self._said(self._entity(new)))
            elif self.touches(path):  # a part of it, or more than it
                state = replace(state, over_known=False)
        return state

    def _entity(self, value: Json) -> JsonObject:
        """An entity that says nothing else."""
        entity: Json = value
        for key in reversed(self.path):
            entity = {key: entity}
        assert isinstance(entity, dict)
        return entity

    def _said(self, entity: Json) -> Json:
        """What an entity of the catalog says of the property."""
        if not isinstance(entity, dict):
            return None
        values = values_of(self.blueprint, entity)
        relations: JsonObject = {
            name: [*one] if isinstance(one, tuple) else one for name, one in values.relations.items()
        }
        return value_at({"properties": values.properties, "relations": relations}, self.part)
