"""Figures in place of entities (Port 7): aggregate, aggregate-over-time, properties-history, over real HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.support.port import Port

NOW = datetime.now(UTC)


def days_ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat(timespec="milliseconds")


SHIP: dict[str, Any] = {
    "identifier": "ship",
    "schema": {
        "properties": {
            "size": {"type": "number"},
            "at": {"type": "string", "format": "date-time"},
            "flag": {"type": "string"},
            "ok": {"type": "boolean"},
            "ports": {"type": "array", "items": {"type": "string"}},
        }
    },
    "relations": {"home": {"target": "region"}, "calls": {"target": "region", "many": True}},
    "mirrorProperties": {"code": {"path": "home.code"}},
    "calculationProperties": {"double": {"type": "number", "calculation": "(.properties.size // 0) * 2"}},
}
SHIPS: list[dict[str, Any]] = [
    {"identifier": "a", "properties": {"size": 1, "at": days_ago(20.5), "flag": "NO", "ok": True, "ports": ["x", "y"]},
     "relations": {"home": "north", "calls": ["north", "south"]}},
    {"identifier": "b", "properties": {"size": 2, "at": days_ago(3), "flag": "DK", "ok": False, "ports": ["x"]},
     "relations": {"home": "north"}},
    {"identifier": "c", "properties": {"size": 9, "at": days_ago(2.9999999), "flag": "NO"},
     "relations": {"home": "south"}},
    {"identifier": "d", "properties": {"flag": "NO"}, "relations": {}},
]  # fmt: skip


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Port]:
    port = Port.begin(tmp_path_factory.mktemp("figures"))
    port.ok("POST", "/blueprints", SHIP, status=201)
    for region in ("north", "south"):
        port.post("region", region, properties={"code": region[0]})
    for ship in SHIPS:
        port.ok("POST", "/blueprints/ship/entities", ship, status=201)
    yield port
    port.stop()


def where(*rules: Any) -> dict[str, Any]:
    return {"combinator": "and", "rules": [{"property": "$blueprint", "operator": "=", "value": "ship"}, *rules]}


NORWEGIAN = where({"property": "flag", "operator": "=", "value": "NO"})
FIGURES = [
    pytest.param({"func": "count"}, 4, id="count"),
    pytest.param({"func": "count", "query": NORWEGIAN}, 3, id="count-of-some"),
    pytest.param({"func": "count", "query": where({"property": "flag", "operator": "=", "value": "x"})}, 0, id="none"),
    pytest.param({"func": "sum", "property": "size"}, 12, id="sum"),
    pytest.param({"func": "sum", "property": "properties.double"}, 24, id="sum-of-a-calculation"),
    pytest.param({"func": "min", "property": "size", "query": NORWEGIAN}, 1, id="min"),
    pytest.param({"func": "max", "property": "size"}, 9, id="max"),
    pytest.param({"func": "median", "property": "size", "calculationBy": "property"}, 2, id="median"),
    pytest.param({"func": "average", "property": "size"}, 4, id="average"),
    pytest.param(
        {"func": "average", "averageOf": "week", "measureTimeBy": "at", "calculationBy": "entities"},
        3 / (20.5 / 7),
        id="average-by-week",
    ),
    pytest.param({"func": "average", "averageOf": "day", "measureTimeBy": "$createdAt"}, 4, id="average-by-a-stamp"),
    pytest.param({"func": "countValues", "property": "flag"}, {"NO": 3, "DK": 1}, id="values"),
    pytest.param({"func": "countValues", "property": "ok"}, {"false": 1, "true": 1}, id="values-of-booleans"),
    pytest.param({"func": "countValues", "property": "ports"}, {"x": 2, "y": 1}, id="values-of-lists"),
    pytest.param({"func": "countValues", "property": "code"}, {"n": 2, "s": 1}, id="values-of-a-mirror"),
    pytest.param({"func": "countValues", "property": "$title"}, dict.fromkeys("abcd", 1), id="values-of-titles"),
    pytest.param({"func": "countValues", "relation": "home"}, {"north": 2, "south": 1}, id="values-of-a-relation"),
    pytest.param({"func": "countValues", "relation": "calls"}, {"north": 1, "south": 1}, id="values-of-many"),
]


@pytest.mark.parametrize(("body", "wanted"), FIGURES)
def test_aggregate(port: Port, body: Any, wanted: Any) -> None:
    result = port.ok("POST", "/entities/aggregate", {"query": where(), **body})["result"]
    assert result == (pytest.approx(wanted, rel=1e-3) if isinstance(wanted, float) else wanted)
    if isinstance(wanted, dict):
        assert list(result) == list(wanted)  # the most frequent first


def range_(preset: str = "lastMonth", **more: str) -> dict[str, Any]:
    return {"timeRange": {"preset": preset, **more}}


OVER_TIME: dict[str, Any] = {"blueprint": "ship", "measureTimeBy": "at", "timeInterval": "day", **range_()}
COUNTING = {**OVER_TIME, "aggregationType": "countEntities", "func": "count"}
VALUES = {**OVER_TIME, "aggregationType": "aggregatePropertiesValues"}
LINES = [
    pytest.param(COUNTING, {0: {"count": 1}, 17: {"count": 2}}, id="count"),
    pytest.param({**COUNTING, "query": NORWEGIAN}, {0: {"count": 1}, 17: {"count": 1}}, id="count-of-some"),
    pytest.param({**COUNTING, "breakdownProperty": "flag"}, {0: {"NO": 1}, 17: {"DK": 1, "NO": 1}}, id="breakdown"),
    pytest.param(
        {**VALUES, "func": "sum", "properties": ["size", "properties.double"]},
        {0: {"size": 1, "properties.double": 2}, 17: {"size": 11, "properties.double": 22}},
        id="sum",
    ),
    pytest.param({**VALUES, "func": "average", "properties": ["size"]}, {0: {"size": 1}, 17: {"size": 5.5}}, id="mean"),
    pytest.param(
        {**VALUES, "func": "median", "properties": ["size"]}, {0: {"size": 1}, 17: {"size": 5.5}}, id="median"
    ),
    pytest.param({**VALUES, "func": "min", "properties": ["size"]}, {0: {"size": 1}, 17: {"size": 2}}, id="min"),
    pytest.param({**VALUES, "func": "last", "properties": ["size"]}, {0: {"size": 1}, 17: {"size": 9}}, id="last"),
]


@pytest.mark.parametrize(("body", "wanted"), LINES)
def test_aggregate_over_time(port: Port, body: Any, wanted: dict[int, Any]) -> None:
    result = port.ok("POST", "/entities/aggregate-over-time", body)["result"]
    dates = [one["date"] for one in result["data"]]
    assert dates == sorted(set(dates))
    assert {second - first for first, second in pairwise(dates)} == {86_400_000}
    assert dates[0] <= result["minDate"] < result["maxDate"]
    told = [one["values"] for one in result["data"] if any(value for value in one["values"].values())]
    assert told == list(wanted.values())


def test_what_is_over_is_not_counted(port: Port) -> None:
    body = {**COUNTING, **range_("lastWeek", timeZone="Asia/Tokyo"), "timeInterval": "isoWeek"}
    result = port.ok("POST", "/entities/aggregate-over-time", body)["result"]
    assert sum(one["values"]["count"] for one in result["data"]) == 2
    assert result["maxDate"] - result["minDate"] == 7 * 86_400_000
    by_stamp = {**COUNTING, **range_("lastDay"), "timeInterval": "hour", "measureTimeBy": "$createdAt"}
    result = port.ok("POST", "/entities/aggregate-over-time", by_stamp)["result"]
    assert sum(one["values"]["count"] for one in result["data"]) == 4


def test_no_time_no_parts_of_others(port: Port) -> None:
    body = {**VALUES, "func": "max", "properties": ["size"], "query": where(), **range_("yesterday")}
    result = port.ok("POST", "/entities/aggregate-over-time", body)["result"]
    assert [one["values"] for one in result["data"]] == [{"size": None}]


REFUSED = [
    pytest.param("aggregate", {"func": "count"}, "query", id="no-query"),
    pytest.param("aggregate", {"func": "mode", "query": where()}, "func", id="no-such-function"),
    pytest.param("aggregate", {"func": "sum", "query": where()}, "property", id="no-property"),
    pytest.param("aggregate", {"func": "average", "query": where()}, "averageOf", id="no-period"),
    pytest.param("aggregate", {"func": "countValues", "query": where()}, "property or a relation", id="no-values"),
    pytest.param(
        "aggregate", {"func": "countValues", "scorecard": "x", "query": where()}, "no scorecards", id="scorecard"
    ),
    pytest.param("aggregate", {"func": "sum", "relation": "home", "query": where()}, "relation", id="sum-of-relation"),
    pytest.param(
        "aggregate",
        {"func": "count", "query": where({"property": "size", "operator": "~", "value": 1})},
        "rules[1].operator",
        id="wrong-query",
    ),
    pytest.param("aggregate-over-time", {**COUNTING, "func": "average"}, "cannot average", id="average-of-entities"),
    pytest.param("aggregate-over-time", {**COUNTING, "measureTimeBy": "size"}, "measureTimeBy", id="no-time"),
    pytest.param("aggregate-over-time", {**COUNTING, "breakdownProperty": "nope"}, "no property nope", id="breakdown"),
    pytest.param("aggregate-over-time", {**VALUES, "func": "sum"}, "properties", id="no-properties"),
    pytest.param("aggregate-over-time", {**COUNTING, **range_("tomorrow")}, "preset", id="no-preset"),
    pytest.param("aggregate-over-time", {**COUNTING, **range_(timeZone="Mars")}, "no zone Mars", id="no-zone"),
    pytest.param(
        "aggregate-over-time", {**COUNTING, **range_("last3Years"), "timeInterval": "hour"}, "10,000", id="too-many"
    ),
]


@pytest.mark.parametrize(("route", "body", "words"), REFUSED)
def test_refused(port: Port, route: str, body: Any, words: str) -> None:
    assert words in port.refused(422, "POST", f"/entities/{route}", body)


def test_an_unknown_blueprint_is_404(port: Port) -> None:
    port.refused(404, "POST", "/entities/aggregate-over-time", {**COUNTING, "blueprint": "nope"})


# History


def history(port: Port, blueprint: str, identifier: str, *names: str, **more: Any) -> Any:
    """The values by hour of today."""
    body = {
        "blueprintIdentifier": blueprint,
        "entityIdentifier": identifier,
        "propertyNames": [*names],
        "timeInterval": "hour",
        **range_("lastDay"),
        **more,
    }
    return port.ok("POST", "/entities/properties-history", body)["result"]["data"]


def test_history_of_an_entity_of_the_api(port: Port) -> None:
    port.post("ship", "h", properties={"size": 1, "flag": "NO"}, relations={"calls": ["north"]})
    data = history(port, "ship", "h", "size", "properties.flag", "relations.calls", "double")
    assert data[-1]["values"] == {"size": 1, "properties.flag": "NO", "relations.calls": ["north"], "double": 2}
    assert data[0]["values"] == dict.fromkeys(data[-1]["values"])
    port.ok("PATCH", port.path("ship", "h"), {"properties": {"size": 5, "flag": None}, "relations": {"calls": []}})
    data = history(port, "ship", "h", "size", "flag", "relations.calls")
    assert data[-1]["values"] == {"size": 5, "flag": None, "relations.calls": []}
    port.ok("DELETE", port.path("ship", "h"))


def test_history_of_an_entity_of_git(port: Port) -> None:
    """What the file said before is not in the log; what was laid over it is."""
    path = port.path("Tool", "hammer")
    assert history(port, "Tool", "hammer", "price")[-1]["values"] == {"price": 12}
    port.ok("PATCH", path, {"properties": {"price": 13}})
    assert history(port, "Tool", "hammer", "price", "maker")[-1]["values"] == {"price": 13, "maker": "Smith"}
    port.ok("PATCH", path, {"properties": {"price": None}})
    assert history(port, "Tool", "hammer", "price")[-1]["values"] == {"price": 12}


HISTORY = {"blueprintIdentifier": "ship", "entityIdentifier": "a", "propertyNames": ["size"]}


def test_history_by_day_of_a_month_unless_told_otherwise(port: Port) -> None:
    result = port.ok("POST", "/entities/properties-history", HISTORY)["result"]
    assert result["maxDate"] - result["minDate"] == 30 * 86_400_000
    assert result["data"][-1]["values"] == {"size": 1}


def test_history_that_is_not_there(port: Port) -> None:
    route = "/entities/properties-history"
    port.refused(404, "POST", route, {**HISTORY, "entityIdentifier": "nope"})
    port.refused(404, "POST", route, {**HISTORY, "blueprintIdentifier": "nope"})
    assert "no property x" in port.refused(422, "POST", route, {**HISTORY, "propertyNames": ["x"]})
    assert "no history" in port.refused(422, "POST", route, {**HISTORY, "propertyNames": ["$title"]})
    port.refused(422, "POST", route, {**HISTORY, "propertyNames": []})
