"""Computed properties (Port 3): mirrors P52, calculations P53, aggregations P54."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from query.ast import Node
from query.dialects.rules import Asker
from query.rank import time_text
from syncd.blueprints.aggregation import Member, aggregate, moment
from syncd.blueprints.blueprint import Blueprint, blueprint_of
from syncd.blueprints.builtin import BUILT_IN
from syncd.blueprints.computed import Computation, Computed
from syncd.blueprints.reply import Stamps
from syncd.jq.runner import JqLimits, JqRunner
from syncd.model.json import Json, JsonObject
from tests.query.index import Catalog, ref_of
from tests.query.shop import SHOP, Entity
from tests.support.blueprints import changed
from tests.support.platform import BLUEPRINTS, BODIES, EVERYTHING, SERVICE, SYSTEM, entities_of

NOW = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


class Platform:
    """The catalog as computed properties ask for it, with some blueprints defined otherwise."""

    def __init__(self, definitions: Sequence[dict[str, Any]], entities: Sequence[Entity] = EVERYTHING) -> None:
        self._catalog = Catalog(entities)
        self._entities: dict[str, JsonObject] = {ref_of(one): orjson.loads(orjson.dumps(one)) for one in entities}
        self._blueprints = {**BLUEPRINTS, **{one["identifier"]: blueprint_of(one) for one in definitions}}

    def blueprints(self) -> Mapping[str, Blueprint]:
        return self._blueprints

    def entities(self, refs: Sequence[str]) -> Mapping[str, JsonObject]:
        return {ref: self._entities[ref] for ref in refs if ref in self._entities}

    def meant(self, refs: Sequence[str], where: Node) -> set[str]:
        return self._catalog.meant(where) & {*refs}

    def stamps(self, entities: Sequence[JsonObject]) -> Mapping[str, Stamps]:
        stamps = Stamps("2026-03-01T00:00:00.000Z", "ci", "2026-03-02T00:00:00.000Z", "ci")
        return {ref: stamps for ref, entity in self._entities.items() if entity in entities}


@pytest.fixture(scope="module")
def jq() -> Iterator[JqRunner]:
    with JqRunner(JqLimits(cpu_seconds=0.3)) as runner:
        yield runner


def _no_jq(program: str, value: Json) -> Json:
    return None


def computed(ref: str, *definitions: dict[str, Any], jq: JqRunner | None = None, **more: Any) -> Computed:
    """The computed properties of an entity of the platform."""
    return Computation(Platform(definitions), jq.first if jq is not None else _no_jq, Asker(now=NOW), **more).of(ref)


CART = "service:default/cart"
DB = "service:default/db"

MIRRORS = [
    pytest.param("system.tier", CART, "gold", id="p052-one-relation"),
    pytest.param("system.parent.$title", CART, "Payments", id="p052-two-relations-title"),
    pytest.param("system.parent.parent.$identifier", CART, "Core", id="p052-three-relations"),
    pytest.param("system.$blueprint", CART, "system_", id="p052-blueprint"),
    pytest.param("system.$createdAt", CART, "2026-03-01T00:00:00.000Z", id="p052-stamp"),
    pytest.param("system.parent.$title", DB, None, id="p052-leads-nowhere"),
    pytest.param("system.nothing", CART, None, id="p052-no-such-property"),
    pytest.param("needs.$title", CART, ["pay/ment", "Database"], id="p052-many"),
    pytest.param("needs.cost", CART, [2.5, -1], id="p052-many-properties"),
    pytest.param("needs.system.tier", CART, ["GOLDEN"], id="p052-many-then-one"),
    pytest.param("needs.system.tier", "service:default/lonely", [], id="p052-many-of-none"),
    pytest.param("needs.$team", CART, [["team-pay"], []], id="p052-teams"),
    pytest.param("system.yearly", CART, 7, id="p052-of-a-calculation"),
    pytest.param("needs.again", CART, [], id="p052-of-itself-ends"),
]


@pytest.mark.parametrize(("path", "ref", "value"), MIRRORS)
def test_a_mirror(jq: JqRunner, path: str, ref: str, value: Any) -> None:
    service = changed(SERVICE, "mirrorProperties", value={"x": {"path": path}, "again": {"path": "system.again"}})
    system = {
        **SYSTEM,
        "mirrorProperties": {"again": {"path": "parent.again"}},
        "calculationProperties": {"yearly": {"type": "number", "calculation": "7"}},
    }
    found = computed(ref, service, system, jq=jq)
    assert found.values["x"] == value
    assert found.problems == {}


def test_p052_a_mirror_of_a_kind_of_backstage() -> None:
    definition = changed(
        BUILT_IN["component"].blueprint.definition, "mirrorProperties", value={"x": {"path": "system.domain.$title"}}
    )
    found = computed("component:default/checkout", definition)
    assert found.values == {"x": "commerce"}


def test_a_mirrored_title_may_come_with_its_identifier() -> None:
    service = changed(SERVICE, "mirrorProperties", value={"x": {"path": "needs.$title"}})
    found = computed(CART, service, title_identifiers=True)
    assert found.values["x"] == [
        {"identifier": "pay/ment", "title": "pay/ment"},
        {"identifier": "db", "title": "Database"},
    ]


CALCULATIONS = [
    pytest.param("number", ".properties.cost * 12", 120, id="p053-number"),
    pytest.param(
        "string", '.identifier + " by " + (.team | join(" and "))', "Cart by team-cart and Team B", id="p053-team"
    ),
    pytest.param("string", ".title", "Shopping Cart", id="p053-title"),
    pytest.param("array", ".relations.needs", ["pay/ment", "db"], id="p053-relations"),
    pytest.param("string", ".properties.tier", "gold", id="p053-of-a-mirror"),
    pytest.param("number", ".properties.count + 1", 3, id="p053-of-an-aggregation"),
    pytest.param("string", ".properties.nothing", None, id="p053-nothing"),
]


def calculating(type_: str, program: str, **more: Any) -> dict[str, Any]:
    return {
        **SERVICE,
        "mirrorProperties": {"tier": {"path": "system.tier"}},
        "aggregationProperties": {
            "count": {
                "target": "service",
                "calculationSpec": {"func": "count", "calculationBy": "entities"},
                "pathFilter": [{"path": ["needs"]}],
            }
        },
        "calculationProperties": {
            "x": {"type": type_, "calculation": program, **more},
            "y": {"type": "number", "calculation": "1"},
        },
    }


@pytest.mark.parametrize(("type_", "program", "value"), CALCULATIONS)
def test_a_calculation(jq: JqRunner, type_: str, program: str, value: Any) -> None:
    found = computed(CART, calculating(type_, program), jq=jq)
    assert found.values["x"] == value
    assert found.problems == {}


FAILING = [
    pytest.param("number", ".properties.language * {}", "cannot be multiplied", id="p053-wrong-type"),
    pytest.param("number", ".title", 'is not of type "number"', id="p053-other-type"),
    pytest.param("string", "def f: f; f", "more than 0.3 s", id="p053-loop"),
    pytest.param("string", "env.HOME", "env is not available", id="p053-closed"),
]


@pytest.mark.parametrize(("type_", "program", "words"), FAILING)
def test_a_calculation_that_fails_is_null_and_a_problem(jq: JqRunner, type_: str, program: str, words: str) -> None:
    found = computed(CART, calculating(type_, program), jq=jq)
    assert found.values == {"tier": "gold", "count": 2, "x": None, "y": 1}
    (problem,) = found.problems.values()
    assert problem.message.startswith("service.x: ")
    assert words in problem.message
    assert (problem.code, problem.ref) == ("blueprint.computed", CART)


def test_p053_a_format_is_kept() -> None:
    with JqRunner() as jq:
        found = computed(CART, calculating("string", '"x"', format="url"), jq=jq)
    assert found.values["x"] is None
    assert "url" in found.problems["x"].message


# Aggregations -------------------------------------------------------------------------------------------------------

SHIP: dict[str, Any] = {
    "identifier": "ship",
    "schema": {
        "properties": {
            "size": {"type": "number"},
            "at": {"type": "string", "format": "date-time"},
            "ok": {"type": "boolean"},
        }
    },
    "relations": {"service": {"target": "service", "many": False}, "tests": {"target": "service", "many": True}},
}
SHIPS: list[dict[str, Any]] = [
    {
        "identifier": "s1",
        "properties": {"size": 4, "at": "2026-03-01T12:00:00Z", "ok": True},  # 28 days before
        "relations": {"service": "Cart"},
    },
    {
        "identifier": "s2",
        "properties": {"size": 1.5, "at": "2026-03-15T12:00:00Z", "ok": True},
        "relations": {"service": "Cart"},
    },
    {
        "identifier": "s3",
        "properties": {"size": 8, "at": "2026-03-29T11:00:00Z", "ok": False},
        "relations": {"service": "Cart", "tests": ["db"]},
    },
    {"identifier": "s4", "properties": {"ok": True}, "relations": {"service": "Cart", "tests": ["Cart"]}},
    {"identifier": "s5", "properties": {"size": 100, "at": "2026-03-29T10:30:00Z"}, "relations": {"service": "db"}},
]
FLEET = [*entities_of({**BLUEPRINTS, "ship": blueprint_of(SHIP)}, {**BODIES, "ship": SHIPS}), *SHOP]
DIRECT = [{"path": ["service"], "fromBlueprint": "ship"}]


def aggregated(
    ref: str, target: str, spec: dict[str, str], blueprint: dict[str, Any] = SERVICE, **more: Any
) -> Computed:
    """One aggregation of an entity of the fleet."""
    definition = changed(
        blueprint, "aggregationProperties", value={"x": {"target": target, "calculationSpec": spec, **more}}
    )
    platform = Platform([SHIP, definition], FLEET)
    return Computation(platform, _no_jq, Asker(now=NOW)).of(ref)


def of(function: str, **more: str) -> dict[str, str]:
    return {"func": function, "calculationBy": "property", "property": "size", **more}


COUNT = {"func": "count", "calculationBy": "entities"}


def average(period: str, by: str = "at") -> dict[str, str]:
    return {"func": "average", "calculationBy": "entities", "averageOf": period, "measureTimeBy": by}


FUNCTIONS = [
    pytest.param(COUNT, 4, id="p054-count"),
    pytest.param(of("sum"), 13.5, id="p054-sum"),
    pytest.param(of("min"), 1.5, id="p054-min"),
    pytest.param(of("max"), 8, id="p054-max"),
    pytest.param(of("median"), 4, id="p054-median"),
    pytest.param(of("average"), 4.5, id="p054-average"),
    pytest.param(of("average", averageOf="total", measureTimeBy="at"), 4.5, id="p054-average-total"),
    pytest.param(of("average", averageOf="week", measureTimeBy="at"), 13.5 / 4, id="p054-average-of-sums"),
    pytest.param(average("hour"), 3 / (28 * 24), id="p054-by-hour"),
    pytest.param(average("day"), 3 / 28, id="p054-by-day"),
    pytest.param(average("week"), 3 / 4, id="p054-by-week"),
    pytest.param(average("month"), 3, id="p054-by-month-that-is-not-over"),
    pytest.param(average("total"), 3, id="p054-by-total"),
    pytest.param(average("day", "$createdAt"), 4 / 28.5, id="p054-by-a-stamp"),
]


@pytest.mark.parametrize(("spec", "value"), FUNCTIONS)
def test_an_aggregation_against_a_hand_count(spec: dict[str, str], value: float) -> None:
    found = aggregated(CART, "ship", spec, pathFilter=DIRECT)
    assert found.values["x"] == pytest.approx(value)
    assert found.problems == {}


NONE = [
    (COUNT, 0),
    (of("sum"), 0),
    (of("min"), None),
    (of("max"), None),
    (of("median"), None),
    (of("average"), None),
    (average("day"), 0),
]


@pytest.mark.parametrize(("spec", "value"), NONE)
def test_an_aggregation_of_nothing(spec: dict[str, str], value: float | None) -> None:
    assert aggregated("service:default/lonely", "ship", spec).values["x"] == value


def where(*rules: Any) -> dict[str, Any]:
    return {"combinator": "and", "rules": [*rules]}


OK = {"property": "ok", "operator": "=", "value": True}
WEEK = {"property": "at", "operator": "between", "value": {"preset": "lastWeek"}}
OF_CART = {"relation": "service", "operator": "=", "value": "Cart"}
NEAR_EU = {"operator": "relatedTo", "blueprint": "Region", "value": "eu", "direction": "downstream"}

NARROWED = [
    pytest.param({"query": where(OK), "pathFilter": DIRECT}, 3, id="p054-query"),
    pytest.param({"query": where(OK, WEEK), "pathFilter": DIRECT}, 0, id="p054-query-of-two"),
    pytest.param({"query": where(WEEK), "pathFilter": DIRECT}, 1, id="p054-query-of-time"),
    pytest.param({"query": where(), "pathFilter": DIRECT}, 4, id="p054-query-of-all"),
    pytest.param({"pathFilter": [{"path": ["tests"], "fromBlueprint": "ship"}]}, 1, id="p054-path-of-another-relation"),
    pytest.param({"pathFilter": [{"path": ["tests", "needs"], "fromBlueprint": "ship"}]}, 1, id="p054-path-of-two"),
    pytest.param({"pathFilter": [{"path": ["nope"], "fromBlueprint": "ship"}]}, 0, id="p054-path-of-nothing"),
    pytest.param({}, 5, id="p054-all-paths"),
    pytest.param({"query": where(NEAR_EU)}, 5, id="p054-query-that-walks"),
    pytest.param({"query": where(OF_CART)}, 4, id="p054-query-on-a-relation"),
]


@pytest.mark.parametrize(("more", "count"), NARROWED)
def test_an_aggregation_is_narrowed(more: dict[str, Any], count: int) -> None:
    assert aggregated(CART, "ship", COUNT, **more).values["x"] == count


UPWARD = [
    pytest.param("service", {"pathFilter": [{"path": ["needs"]}]}, 2, id="p054-upstream-path"),
    pytest.param("system_", {"pathFilter": [{"path": ["system", "parent"]}]}, 1, id="p054-upstream-path-of-two"),
    pytest.param("system_", {}, 3, id="p054-upstream"),
    pytest.param("service", {}, 2, id="p054-of-its-own-kind-without-itself"),
    pytest.param("Region", {}, 2, id="p054-through-others"),
]


@pytest.mark.parametrize(("target", "more", "count"), UPWARD)
def test_an_aggregation_over_what_it_depends_on(target: str, more: dict[str, Any], count: int) -> None:
    assert aggregated(CART, target, COUNT, **more).values["x"] == count


def test_p054_an_aggregation_of_kinds_of_backstage() -> None:
    domain = BUILT_IN["domain"].blueprint.definition
    found = aggregated("domain:default/commerce", "component", COUNT, domain)
    assert found.values["x"] == 2  # checkout, and pricing that is a part of it
    path = [{"path": ["system", "domain"], "fromBlueprint": "component"}]
    assert aggregated("domain:default/commerce", "component", COUNT, domain, pathFilter=path).values["x"] == 1


def test_an_aggregation_with_a_wrong_query_is_null_and_a_problem() -> None:
    found = aggregated(CART, "ship", COUNT, query=where({"property": "nope", "operator": "=", "value": 1}))
    assert found.values["x"] is None
    assert "rules[0].property" in found.problems["x"].message


def test_more_related_entities_than_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syncd.blueprints.walk.MAX_RELATED", 3)
    found = aggregated(CART, "ship", COUNT)
    assert (found.values["x"], len(found.problems)) == (None, 1)
    assert found.problems["x"].hint == "give it a pathFilter"


def test_the_numbers_alone() -> None:
    times = [NOW - timedelta(days=days) for days in (10, 5, 0)]
    members = [Member(number, time) for number, time in zip((1.0, None, 3.0), times, strict=True)]
    assert aggregate("average", "entities", members, "day", NOW) == 3 / 10
    assert aggregate("average", "property", members, "day", NOW) == 4 / 10
    assert aggregate("median", "property", members, "", NOW) == 2
    assert moment(time_text(NOW)) == NOW
    assert moment("2026-03-29") == datetime(2026, 3, 29, tzinfo=UTC)
    assert [moment(value) for value in ("x", 5, None)] == [None] * 3


def test_what_is_not_there_has_no_computed_properties() -> None:
    assert computed("service:default/gone") == Computed({})
    assert computed("component:default/checkout") == Computed({})
