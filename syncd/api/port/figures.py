"""Figures of entities, now, over a time, and what one entity was (Port 7)."""

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from syncd.api.dialects.port import answer
from syncd.api.request import Request
from syncd.blueprints.figures import BY_PROPERTY, Figures, Measure
from syncd.blueprints.property_history import MAX_DEEDS, property_history
from syncd.blueprints.refusal import NoEntityError
from syncd.blueprints.timeline import Interval, Preset, Timeline, timeline, zone_of
from syncd.errors import InputError
from syncd.model.json import Json, JsonObject
from syncd.store.story import Asked

Period = Literal["hour", "day", "week", "month", "total"]
_STRICT = ConfigDict(strict=True, frozen=True, extra="forbid")


class Aggregation(BaseModel):
    """What is to be made of the entities that a query means."""

    model_config = _STRICT

    query: dict[str, Any]
    func: Literal["count", "average", "sum", "min", "max", "median", "countValues"]
    calculationBy: Literal["entities", "property"] | None = None  # noqa: N815 - the words of the API
    property: str = ""
    relation: str = ""
    scorecard: str = ""
    rule: str = ""
    averageOf: Period | None = None  # noqa: N815
    measureTimeBy: str = ""  # noqa: N815


class TimeRange(BaseModel):
    """A range that ends now, or a day, in the zone of an IANA name."""

    model_config = _STRICT

    preset: Preset
    timeZone: str = "UTC"  # noqa: N815


class AggregationOverTime(BaseModel):
    """What is to be made of the entities of a blueprint that have their time in each part of a range."""

    model_config = _STRICT

    blueprint: str
    aggregationType: Literal["countEntities", "aggregatePropertiesValues"]  # noqa: N815
    func: Literal["count", "average", "sum", "min", "max", "median", "last"]
    properties: list[str] = Field(default=[], max_length=100)
    breakdownProperty: str = ""  # noqa: N815
    measureTimeBy: str  # noqa: N815
    query: dict[str, Any] | None = None
    timeInterval: Interval  # noqa: N815
    timeRange: TimeRange  # noqa: N815


class PropertiesHistory(BaseModel):
    """Which properties of which entity, and when."""

    model_config = _STRICT

    blueprintIdentifier: str  # noqa: N815
    entityIdentifier: str  # noqa: N815
    propertyNames: list[str] = Field(min_length=1, max_length=100)  # noqa: N815
    timeInterval: Interval = "day"  # noqa: N815
    timeRange: TimeRange = TimeRange(preset="lastMonth")  # noqa: N815


async def aggregate(request: Request) -> Response:
    """One figure of the entities that a query means, or how many have each value."""
    return answer(result=await request.context.readers.run(_aggregate, request))


async def aggregate_over_time(request: Request) -> Response:
    """Figures of the entities of a blueprint, by the time that one of their properties tells."""
    return answer(result=await request.context.readers.run(_over_time, request))


async def properties_history(request: Request) -> Response:
    """What properties of an entity were at the end of each part of a time, as far as the log of changes tells."""
    return answer(result=await request.context.readers.run(_history, request))


def _aggregate(request: Request) -> Json:
    body = request.read(Aggregation)
    if body.scorecard or body.rule:
        raise InputError("scorecard: there are no scorecards here", hint="count the values of a property or a relation")
    counts = body.func == "countValues"
    if counts and bool(body.property) == bool(body.relation):
        raise InputError("countValues needs a property or a relation", hint="name one of them")
    if not counts and body.relation:
        raise InputError(f"relation: {body.func} is of a property", hint="use countValues")
    if body.func in BY_PROPERTY and not body.property:
        raise InputError(f"property: {body.func} needs one", hint="name a property that holds numbers")
    if body.func == "average" and not body.property and not (body.averageOf and body.measureTimeBy):
        raise InputError("average of entities needs averageOf and measureTimeBy", hint="or name a property")
    of = f"relations.{body.relation}" if body.relation else body.property
    measure = Measure(body.func, of, body.averageOf or "total", body.measureTimeBy)
    return Figures(request.context.service.register.reader).aggregate(body.query, measure)


def _over_time(request: Request) -> JsonObject:
    body, reader = request.read(AggregationOverTime), request.context.service.register.reader
    blueprint, figures = reader.book.get(body.blueprint), Figures(reader)
    line = _line(body.timeRange, body.timeInterval, datetime.now(UTC))
    if body.aggregationType == "countEntities":
        if body.func != "count":
            raise InputError(f"func: countEntities cannot {body.func}", hint="use count")
        counted = figures.counted(blueprint, body.query, body.measureTimeBy, body.breakdownProperty, line)
        return _result(line, counted)
    if body.func == "count" or not body.properties:
        raise InputError("aggregatePropertiesValues needs properties and one of average, sum, min, max, median, last")
    found = figures.aggregated(blueprint, body.query, body.measureTimeBy, body.func, body.properties, line)
    return _result(line, found)


def _history(request: Request) -> JsonObject:
    body, service = request.read(PropertiesHistory), request.context.service
    reader, now = service.register.reader, datetime.now(UTC)
    blueprint = reader.book.get(body.blueprintIdentifier)
    held = reader.find(blueprint, body.entityIdentifier)
    if held is None:
        raise NoEntityError(blueprint.identifier, body.entityIdentifier)
    line = _line(body.timeRange, body.timeInterval, now)
    deeds = service.stories.deeds(Asked(refs=(held.ref,)), MAX_DEEDS)
    overlay = service.overlay.of([held.ref]).get(held.ref, ())
    return _result(line, property_history(reader, held, body.propertyNames, line, now, deeds, overlay))


def _line(time: TimeRange, interval: Interval, now: datetime) -> Timeline:
    return timeline(time.preset, interval, zone_of(time.timeZone), now)


def _result(line: Timeline, values: list[JsonObject]) -> JsonObject:
    """Times are milliseconds since 1970."""
    return {
        "minDate": _milliseconds(line.begins),
        "maxDate": _milliseconds(line.ends),
        "data": [{"date": _milliseconds(start), "values": one} for start, one in zip(line.starts, values, strict=True)],
    }


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
