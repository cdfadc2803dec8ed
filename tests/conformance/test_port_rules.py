"""Port's search rules (Port 6), each by SQL and by Python: P38 to P42, P44, P46."""

from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from query.ast import Node, Not, equals
from query.dialects.line import parse_line
from query.dialects.rules import MAX_DEPTH, Asker, Field, ScorecardFields, parse_rules
from query.dialects.rules.asker import DAYS, LAST_DAYS
from query.dialects.rules.operators import ON_ENTITIES, OPERATORS
from query.errors import QueryError
from syncd.blueprints.vocabulary import vocabulary_of
from tests.query.index import Catalog, Index
from tests.support.platform import BLUEPRINTS, EVERYTHING

NOW = datetime(2026, 3, 29, 10, 0, tzinfo=UTC)
USER = {"identifier": "mira", "title": "Mira", "team": ["team-cart"], "properties": {"language": "go", "cost": 10}}
TEAMS = [{"identifier": "team-cart", "properties": {"region": "eu"}}, {"identifier": "team-x", "properties": {}}]
ASKER = Asker(USER, TEAMS, NOW)

_CATALOG = Catalog(EVERYTHING)


@pytest.fixture(scope="module")
def index() -> Index:
    found = Index()
    found.load(EVERYTHING)
    return found


def meant(index: Index, query: Any, searched: str | None = "service", asker: Asker = ASKER) -> list[str]:
    """The names of the entities that a query means, by both readings."""
    node = parse_rules(query, vocabulary_of(BLUEPRINTS.values(), searched), asker)
    return refs(index, node, searched)


def refs(index: Index, node: Node, searched: str | None = "service") -> list[str]:
    found = index.refs(node)
    assert found == _CATALOG.meant(node)
    return sorted(ref.partition("/")[2] for ref in found if searched is None or ref.startswith(f"{searched.lower()}:"))


def one(property_: Any, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    """A query of one rule."""
    rule = {"property": property_, "operator": operator, **more}
    return {"combinator": "and", "rules": [rule if value is None else {**rule, "value": value}]}


def null(property_: str, operator: str) -> dict[str, Any]:
    return {"combinator": "and", "rules": [{"property": property_, "operator": operator, "value": None}]}


EVERY = ["cart", "db", "lonely", "pay%2fment"]
BUT_CART = EVERY[1:]

OPERATIONS = [
    (one("language", "=", "go"), ["cart"]),
    (one("language", "=", "g"), []),
    (one("cost", "=", 10.0), ["cart"]),
    (one("cost", "=", 11), []),
    (one("critical", "=", False), ["pay%2fment"]),
    (one("released", "=", "2026-03-01T13:00:00+01:00"), ["cart"]),
    (one("released", "=", "2026-03-01T13:00:00Z"), []),
    (null("language", "="), ["db", "lonely"]),
    (null("language", "!="), ["cart", "pay%2fment"]),
    (null("tags", "="), ["db", "lonely", "pay%2fment"]),
    (one("language", "!=", "go"), BUT_CART),
    (one("language", "!=", "x"), EVERY),
    (one("cost", ">", 2.5), ["cart"]),
    (one("cost", ">", 10), []),
    (one("cost", ">=", 10), ["cart"]),
    (one("cost", ">=", 11), []),
    (one("cost", "<", 0), ["db"]),
    (one("cost", "<", -1), []),
    (one("cost", "<=", -1), ["db"]),
    (one("cost", "<=", -2), []),
    (one("released", ">", "2026-03-01T12:00:00Z"), ["db"]),
    (one("released", "<=", "2026-03-28T23:30:00Z"), ["cart", "db"]),
    (one("language", "contains", "US"), ["pay%2fment"]),
    (one("language", "contains", "x"), []),
    (one("tags", "contains", "GRPC"), ["cart"]),
    (one("tags", "contains", "grp"), []),
    (one("ports", "contains", 443), ["cart"]),
    (one("ports", "contains", 44), []),
    (one("language", "doesNotContains", "us"), ["cart", "db", "lonely"]),
    (one("tags", "doesNotContains", "grpc"), BUT_CART),
    (one("tags", "containsAny", ["x", "python"]), ["cart"]),
    (one("tags", "containsAny", ["x"]), []),
    (one("tags", "containsAny", []), []),
    (one("home", "beginsWith", "https://cart."), ["cart"]),
    (one("home", "beginsWith", "cart"), []),
    (one("home", "doesNotBeginsWith", "https"), BUT_CART),
    (one("home", "endsWith", ".COM"), ["cart"]),
    (one("home", "endsWith", "*"), []),
    (one("home", "doesNotEndsWith", ".com"), BUT_CART),
    (one("language", "in", ["go", "rust"]), ["cart", "pay%2fment"]),
    (one("language", "in", ["x"]), []),
    (one("cost", "in", [2.5, 7]), ["pay%2fment"]),
    (one("language", "notIn", ["go"]), BUT_CART),
    (one("config", "isEmpty"), ["db", "lonely", "pay%2fment"]),
    (one("config", "isNotEmpty"), ["cart"]),
    (one("links", "isNotEmpty"), ["cart"]),
    (one("readme", "isNotEmpty"), ["cart"]),
    (one("critical", "isNotEmpty"), ["cart", "pay%2fment"]),
    (one("cost", "isEmpty"), ["lonely"]),
    (one("lease", "isExpired"), ["cart"]),
    (one("lease", "isNotExpired"), ["pay%2fment"]),
    (one("released", "between", {"from": "2026-03-01T12:00:00Z", "to": "2026-03-01T12:00:00Z"}), ["cart"]),
    (one("released", "between", {"from": "2026-03-02", "to": "2026-03-27"}), []),
    (one("released", "between", {"preset": "yesterday"}), ["db"]),
    (one("released", "notBetween", {"preset": "yesterday"}), ["cart", "lonely", "pay%2fment"]),
    (one("$identifier", "=", "CART"), ["cart"]),
    (one("$identifier", "=", "pay/ment"), ["pay%2fment"]),
    (one("$identifier", "!=", "cart"), BUT_CART),
    (one("$identifier", "in", ["db", "pay/ment", "ment"]), ["db", "pay%2fment"]),
    (one("$identifier", "contains", "y/m"), ["pay%2fment"]),
    (one("$identifier", "contains", "z"), []),
    (one("$identifier", "beginsWith", "pay/"), ["pay%2fment"]),
    (one("$identifier", "endsWith", "/ment"), ["pay%2fment"]),
    (one("$title", "=", "database"), ["db"]),
    (one("$title", "=", "pay/ment"), ["pay%2fment"]),
    (one("$title", "contains", "cart"), ["cart"]),
    (one("$title", "beginsWith", "lone"), ["lonely"]),
    (one("$title", "endsWith", "base"), ["db"]),
    (one("$title", "isEmpty"), ["lonely", "pay%2fment"]),
    (one("$team", "=", "team b"), ["cart"]),
    (one("$team", "in", ["team-pay", "x"]), ["pay%2fment"]),
    (one("$team", "containsAny", ["team-cart"]), ["cart"]),
    (one("$team", "contains", "team"), []),
    (one("$team", "isEmpty"), ["db", "lonely"]),
    (one("$icon", "=", "basket"), ["cart"]),
    (one("$blueprint", "=", "service"), EVERY),
    (one("$blueprint", "in", ["Region"]), []),
    (one("$updatedAt", ">=", "2026-01-01T03:00:00Z"), ["lonely"]),
    (
        one("$updatedAt", "between", {"from": "2026-01-01T01:00:00Z", "to": "2026-01-01T02:00:00Z"}),
        ["db", "pay%2fment"],
    ),
]


@pytest.mark.parametrize(("query", "names"), OPERATIONS, ids=lambda value: f"p038-{_called(value)}")
def test_an_operator_hits_and_misses(index: Index, query: Any, names: list[str]) -> None:
    assert meant(index, query) == names


def _called(value: Any) -> str:
    if isinstance(value, list):
        return str(len(value))
    (rule,) = value["rules"]
    return f"{rule['property']}-{rule['operator']}"


def test_p038_each_operator_has_a_hit_and_a_miss() -> None:
    asked: dict[str, set[bool]] = {}
    for query, names in OPERATIONS:
        asked.setdefault(query["rules"][0]["operator"], set()).update((name in names) for name in EVERY)
    assert {name for name, found in asked.items() if found == {True, False}} == set(OPERATORS)


REFUSED = [
    (one("critical", ">", 1), "operator"),
    (one("language", ">", "a"), "operator"),
    (one("tags", ">=", 1), "operator"),
    (one("config", "<", 1), "operator"),
    (one("cost", "<=", "1"), "value"),
    (one("cost", ">", True), "value"),
    (one("released", ">", "yesterday"), "value"),
    (one("cost", "=", "10"), "value"),
    (one("language", "=", 5), "value"),
    (one("critical", "!=", "true"), "value"),
    (one("tags", "=", "python"), "value"),
    (one("config", "=", "x"), "value"),
    (one("language", "=", "x" * 201), "value"),
    (one("language", "=", {"a": 1}), "value"),
    (one("cost", "contains", "1"), "operator"),
    (one("language", "contains", 1), "value"),
    (one("critical", "doesNotContains", "x"), "operator"),
    (one("ports", "contains", "80"), "value"),
    (one("language", "containsAny", ["go"]), "operator"),
    (one("tags", "containsAny", "go"), "value"),
    (one("tags", "containsAny", ["go", 1]), "value[1]"),
    (one("cost", "beginsWith", "1"), "operator"),
    (one("language", "doesNotBeginsWith", None), "value"),
    (one("tags", "endsWith", "1"), "operator"),
    (one("cost", "doesNotEndsWith", "1"), "operator"),
    (one("critical", "in", [True]), "operator"),
    (one("language", "in", "go"), "value"),
    (one("cost", "notIn", ["1"]), "value[0]"),
    (one("language", "in", ["x"] * 1001), "value"),
    (one("released", "isExpired"), "operator"),
    (one("cost", "isNotExpired"), "operator"),
    (one("language", "between", {"preset": "today"}), "operator"),
    (one("cost", "notBetween", {"from": 1, "to": 2}), "operator"),
    (one("released", "between", {"preset": "lastYear"}), "value.preset"),
    (one("released", "between", {"from": "2026-01-01"}), "value"),
    (one("released", "between", {"from": "2026-01-01", "to": "x"}), "value.to"),
    (one("$identifier", ">", "a"), "operator"),
    (one("$updatedAt", "=", "now"), "value"),
]


@pytest.mark.parametrize(
    ("query", "place"), REFUSED, ids=lambda value: value if isinstance(value, str) else f"p038-{_called(value)}"
)
def test_an_operator_is_refused_on_a_wrong_type(query: Any, place: str) -> None:
    assert fault(query).path == f"rules[0].{place}"


def test_p038_each_operator_on_types_is_refused_on_another() -> None:
    on_all = {"=", "!=", "isEmpty", "isNotEmpty"}  # these are refused for their value, or never
    refused = {query["rules"][0]["operator"] for query, place in REFUSED if place == "operator" or place[:5] == "value"}
    assert set(OPERATORS) - on_all <= refused


def fault(query: Any, searched: str | None = "service", asker: Asker = ASKER) -> QueryError:
    with pytest.raises(QueryError) as found:
        parse_rules(query, vocabulary_of(BLUEPRINTS.values(), searched), asker)
    assert (found.value.path or "the query") in found.value.message
    return found.value


# Combinators --------------------------------------------------------------------------------------------------------


def both(*rules: Any) -> dict[str, Any]:
    return {"combinator": "and", "rules": [*rules]}


def any_(*rules: Any) -> dict[str, Any]:
    return {"combinator": "or", "rules": [*rules]}


GO = {"property": "language", "operator": "=", "value": "go"}
CHEAP = {"property": "cost", "operator": "<", "value": 5}
US = {"relation": "region", "operator": "=", "value": "us"}

COMBINED = [
    pytest.param(both(GO, CHEAP), [], id="p039-and"),
    pytest.param(any_(GO, CHEAP), ["cart", "db", "pay%2fment"], id="p039-or"),
    pytest.param(both(), EVERY, id="p039-no-rules-and"),
    pytest.param(any_(), EVERY, id="p039-no-rules-or"),
    pytest.param(both(CHEAP, any_(GO, both(US, any_(CHEAP, GO)))), ["db"], id="p039-three-deep"),
    pytest.param(any_(GO, both(US, any_())), ["cart", "db", "lonely"], id="p039-empty-inside"),
]


@pytest.mark.parametrize(("query", "names"), COMBINED)
def test_combinators(index: Index, query: Any, names: list[str]) -> None:
    assert meant(index, query) == names


# Presets ------------------------------------------------------------------------------------------------------------

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
SPRING = datetime(2026, 3, 29, 10, 0, tzinfo=UTC)  # 12:00 in Berlin, where the clocks went on at 1:00 UTC
AUTUMN = datetime(2026, 11, 1, 18, 0, tzinfo=UTC)  # 13:00 in New York, where they went back at 6:00 UTC

PRESETS = [
    ("today", SPRING, UTC, "2026-03-29T00:00", "2026-03-29T23:59"),
    ("tomorrow", SPRING, UTC, "2026-03-30T00:00", "2026-03-30T23:59"),
    ("yesterday", SPRING, UTC, "2026-03-28T00:00", "2026-03-28T23:59"),
    ("lastDay", SPRING, UTC, "2026-03-28T10:00", "2026-03-29T10:00"),
    ("lastWeek", SPRING, UTC, "2026-03-22T10:00", "2026-03-29T10:00"),
    ("last2Weeks", SPRING, UTC, "2026-03-15T10:00", "2026-03-29T10:00"),
    ("lastMonth", SPRING, UTC, "2026-02-27T10:00", "2026-03-29T10:00"),
    ("last3Months", SPRING, UTC, "2025-12-29T10:00", "2026-03-29T10:00"),
    ("last6Months", SPRING, UTC, "2025-09-30T10:00", "2026-03-29T10:00"),
    ("last12Months", SPRING, UTC, "2025-03-29T10:00", "2026-03-29T10:00"),
    ("today", SPRING, BERLIN, "2026-03-28T23:00", "2026-03-29T21:59"),  # a day of 23 hours
    ("tomorrow", SPRING, BERLIN, "2026-03-29T22:00", "2026-03-30T21:59"),
    ("yesterday", SPRING, BERLIN, "2026-03-27T23:00", "2026-03-28T22:59"),
    ("lastDay", SPRING, BERLIN, "2026-03-28T11:00", "2026-03-29T10:00"),  # from noon to noon
    ("lastWeek", SPRING, BERLIN, "2026-03-22T11:00", "2026-03-29T10:00"),
    ("last2Weeks", SPRING, BERLIN, "2026-03-15T11:00", "2026-03-29T10:00"),
    ("lastMonth", SPRING, BERLIN, "2026-02-27T11:00", "2026-03-29T10:00"),
    ("last3Months", SPRING, BERLIN, "2025-12-29T11:00", "2026-03-29T10:00"),
    ("last6Months", SPRING, BERLIN, "2025-09-30T10:00", "2026-03-29T10:00"),  # summer time then, and now
    ("last12Months", SPRING, BERLIN, "2025-03-29T11:00", "2026-03-29T10:00"),
    ("today", AUTUMN, NEW_YORK, "2026-11-01T04:00", "2026-11-02T04:59"),  # a day of 25 hours
    ("yesterday", AUTUMN, NEW_YORK, "2026-10-31T04:00", "2026-11-01T03:59"),
    ("lastDay", AUTUMN, NEW_YORK, "2026-10-31T17:00", "2026-11-01T18:00"),
]


@pytest.mark.parametrize(
    ("preset", "now", "zone", "first", "last"),
    PRESETS,
    ids=lambda value: f"p040-{value}" if isinstance(value, str) else "",
)
def test_a_preset(preset: str, now: datetime, zone: tzinfo, first: str, last: str) -> None:
    minutes = [f"{moment}:{second}Z" for moment in (first, last) for second in ("00.000", "00.001")]
    before, after = _minute(first, -1), _minute(last, 1)
    times = [f"{before}:59.999Z", *minutes, f"{after}:00.000Z"]
    entities: list[dict[str, object]] = [
        {
            "kind": "service",
            "metadata": {"name": f"t{number}", "namespace": "default", "uid": f"{number}"},
            "spec": {"properties": {"released": time}},
            "relations": [],
        }
        for number, time in enumerate(times)
    ]
    node = parse_rules(
        one("released", "between", {"preset": preset}),
        vocabulary_of(BLUEPRINTS.values(), "service"),
        Asker(now=now, zone=zone),
    )
    found = Catalog(entities).meant(node)
    ends_now = preset.startswith("last")
    expected = [1, 2, 3] if ends_now else [1, 2, 3, 4]
    assert found == {f"service:default/t{number}" for number in expected}
    index = Index()
    index.load(entities)
    assert index.refs(node) == found


def _minute(moment: str, by: int) -> str:
    found = datetime.fromisoformat(moment)
    return datetime.fromtimestamp(found.replace(tzinfo=UTC).timestamp() + 60 * by, UTC).strftime("%Y-%m-%dT%H:%M")


# Relations ----------------------------------------------------------------------------------------------------------


def related(value: Any, blueprint: str = "service", **more: Any) -> dict[str, Any]:
    return {"combinator": "and", "rules": [{"operator": "relatedTo", "blueprint": blueprint, "value": value, **more}]}


CYCLE = ["cart", "db", "pay%2fment"]
SYSTEMS = ["core", "pay", "shop"]

RELATED = [
    pytest.param(related("Cart", direction="upstream"), [*CYCLE, *SYSTEMS, "eu", "us"], id="p041-upstream"),
    pytest.param(related("lonely", direction="upstream"), ["us"], id="p041-upstream-one"),
    pytest.param(related("eu", "Region", direction="upstream"), [], id="p041-upstream-end"),
    pytest.param(related("Core", "system_", direction="downstream"), [*CYCLE, *SYSTEMS], id="p041-downstream"),
    pytest.param(related("lonely", direction="downstream"), [], id="p041-downstream-none"),
    pytest.param(related(["lonely", "Pay"], direction="upstream"), ["us"], id="p041-of-one-blueprint"),
    pytest.param(related(["lonely", "db"], direction="downstream"), CYCLE, id="p041-several"),
    pytest.param(related("lonely"), ["us"], id="p041-both-directions"),
    pytest.param(related("us", "Region", direction="downstream"), [*CYCLE, "lonely"], id="p041-through-others"),
    pytest.param(related("us", "Region", direction="downstream", required=True), ["db", "lonely"], id="p041-required"),
    pytest.param(related("us", "Region", direction="downstream", required=False), [], id="p041-not-required"),
    pytest.param(
        related("commerce", "domain", direction="downstream"),
        ["checkout", "checkout-api", "pricing", "storefront"],
        id="p041-built-in",
    ),
    pytest.param(related("team-cart", "group", direction="upstream"), ["division"], id="p041-not-backward"),
]


@pytest.mark.parametrize(("query", "names"), RELATED)
def test_related_to(index: Index, query: Any, names: list[str]) -> None:
    assert meant(index, query, None) == sorted(names)


def path(*steps: Any, value: Any, begins: str | None = None) -> dict[str, Any]:
    asked = {"path": [*steps], **({"fromBlueprint": begins} if begins else {})}
    return {"combinator": "and", "rules": [{"operator": "matchAny", "property": asked, "value": value}]}


def up_to(hops: int) -> dict[str, Any]:
    return {"relation": "parent", "maxHops": hops}


PATHS = [
    pytest.param("service", path("system", value="Shop"), ["cart"], id="p042-one"),
    pytest.param("service", path("system", "parent", value=["Pay", "Core"]), ["cart", "pay%2fment"], id="p042-two"),
    pytest.param("service", path("needs", "system", "parent", value="Core"), ["cart"], id="p042-three"),
    pytest.param("service", path("system", value="Core"), [], id="p042-miss"),
    pytest.param("service", path("region", value="eu"), ["cart", "pay%2fment"], id="p042-case"),
    pytest.param("system_", path(up_to(1), value="Core"), ["pay"], id="p042-hops-1"),
    pytest.param("system_", path(up_to(2), value="Core"), ["pay", "shop"], id="p042-hops-2"),
    pytest.param("system_", path(up_to(15), value="Core"), SYSTEMS, id="p042-hops-15"),
    pytest.param("service", path("system", up_to(15), value="Shop"), ["cart", "pay%2fment"], id="p042-mixed"),
    pytest.param("system_", path("parent", "parent", value="Core"), ["shop"], id="p042-exactly-two"),
    pytest.param("system_", path("system", value="Cart", begins="service"), ["shop"], id="p042-from"),
    pytest.param("system_", path("system", "parent", value=["Cart"], begins="service"), ["pay"], id="p042-from-two"),
    pytest.param("system_", path(up_to(1), value="Shop", begins="system_"), ["pay"], id="p042-from-hops-1"),
    pytest.param("system_", path("parent", up_to(15), value="Shop", begins="system_"), SYSTEMS, id="p042-from-15"),
    pytest.param("service", path("needs", value="db", begins="service"), ["cart"], id="p042-from-many"),
    pytest.param(None, path("parent", value="Core"), ["pay"], id="p042-of-any-blueprint"),
    pytest.param(None, path("system", value="Shop"), ["cart"], id="p042-two-blueprints-have-it"),
    pytest.param(None, path("system", value="storefront"), ["checkout", "checkout-api"], id="p042-built-in"),
    pytest.param("component", path("system", "domain", value="commerce"), ["checkout"], id="p042-built-in-path"),
]


@pytest.mark.parametrize(("searched", "query", "names"), PATHS)
def test_match_any(index: Index, searched: str | None, query: Any, names: list[str]) -> None:
    assert meant(index, query, searched) == names


ON_RELATIONS = [
    ({"relation": "system", "operator": "=", "value": "shop"}, ["cart"]),
    (
        {"relation": "system", "property": "$identifier", "operator": "in", "value": ["Shop", "Pay"]},
        ["cart", "pay%2fment"],
    ),
    ({"relation": "system", "property": "$title", "operator": "contains", "value": "ments"}, ["pay%2fment"]),
    ({"relation": "system", "property": "$title", "operator": "=", "value": "Shop"}, ["cart"]),
    ({"relation": "system", "operator": "!=", "value": "Shop"}, BUT_CART),
    ({"relation": "system", "operator": "isEmpty"}, ["db", "lonely"]),
    ({"relation": "system", "operator": "=", "value": None}, ["db", "lonely"]),
    ({"relation": "system", "operator": "!=", "value": None}, ["cart", "pay%2fment"]),
    ({"relation": "needs", "operator": "isNotEmpty"}, CYCLE),
    ({"relation": "needs", "operator": "=", "value": "pay/ment"}, ["cart"]),
    ({"relation": "needs", "operator": "beginsWith", "value": "PAY"}, ["cart"]),
    ({"relation": "needs", "operator": "endsWith", "value": "art"}, ["db"]),
]


@pytest.mark.parametrize(("rule", "names"), ON_RELATIONS)
def test_a_rule_on_a_relation(index: Index, rule: Any, names: list[str]) -> None:
    assert meant(index, both(rule)) == names


# Everything else ----------------------------------------------------------------------------------------------------


def schema(value: Any, operator: str = "=", **wanted: Any) -> dict[str, Any]:
    return both({"propertySchema": wanted, "operator": operator, "value": value})


SCHEMAS = [
    (schema("go", type="string"), ["cart"]),
    (schema("gold", type="string"), []),
    (schema("https://cart.example.com", type="string", format="url"), ["cart"]),
    (schema("go", type="string", format="url"), []),
    (schema("grpc", "contains", type="array", items={"type": "string"}), ["cart"]),
    (schema(80, "contains", type="array", items={"type": "number"}), ["cart"]),
    (schema(True, type="boolean"), ["cart"]),
    (schema("x", type="string", format="ipv4"), []),
]


@pytest.mark.parametrize(("query", "names"), SCHEMAS)
def test_any_property_of_a_type(index: Index, query: Any, names: list[str]) -> None:
    assert meant(index, query) == names


def context(name: str, of: str = "user") -> dict[str, str]:
    return {"context": of, "property": name}


CONTEXTUAL = [
    (one("language", "=", context("language")), ["cart"]),
    (one("language", "!=", context("language")), BUT_CART),
    (one("language", "=", context("nothing")), []),
    (one("cost", ">=", context("cost")), ["cart"]),
    (one("$team", "containsAny", context("$identifier", "userTeams")), ["cart"]),
    (one("$team", "in", context("$team")), ["cart"]),
    (one("$team", "=", context("$identifier", "userTeams")), ["cart"]),
    (one(context("language"), "=", "go"), EVERY),
    (one(context("language"), "=", "rust"), []),
    (one(context("cost"), ">", 9), EVERY),
    (one(context("$identifier", "userTeams"), "containsAny", ["Team-X"]), EVERY),
    (one(context("$identifier", "userTeams"), "containsAny", ["team"]), []),
    (path("region", value=context("region", "userTeams")), ["cart", "pay%2fment"]),
    (path("region", value=context("nothing")), []),
]


@pytest.mark.parametrize(("query", "names"), CONTEXTUAL)
def test_a_contextual_value(index: Index, query: Any, names: list[str]) -> None:
    assert meant(index, query) == names


def test_a_contextual_value_needs_somebody() -> None:
    assert fault(one("language", "=", context("language")), asker=Asker()).path == "rules[0].value"
    assert fault(one("language", "=", context("x", "team"))).path == "rules[0].value.context"


ACROSS = [
    (one("tier", "contains", "gold"), ["pay", "shop"]),
    (one("tier", "!=", "gold"), ["core", "pay"]),  # only what could have a tier
    (one("tier", "isEmpty"), ["core"]),
    (one("cost", ">", 1), ["cart", "pay%2fment"]),  # a number there, a text elsewhere
    (one("cost", "=", "high"), ["shop"]),
    (one("lifecycle", "=", "production"), ["checkout", "checkout-api", "gateway"]),
    (one("$identifier", "=", "edge/gateway"), ["gateway"]),
    (one("$identifier", "=", "gateway"), []),
    (one("$identifier", "beginsWith", "edge/gate"), ["gateway"]),
    (one("$identifier", "contains", "ge/ga"), ["gateway"]),
    (one("$identifier", "endsWith", "ge/gateway"), ["gateway"]),
    (one("$team", "=", "team-cart"), ["cart", "cart-db", "checkout", "checkout-api", "gateway", "storefront"]),
]


@pytest.mark.parametrize(("query", "names"), ACROSS)
def test_the_entities_of_all_blueprints(index: Index, query: Any, names: list[str]) -> None:
    assert meant(index, query, None) == names


def test_what_a_kind_of_backstage_does_not_declare_can_be_asked(index: Index) -> None:
    assert meant(index, one("nothing", "isEmpty"), "component") == ["checkout", "gateway", "pricing"]
    assert meant(index, one("labels", "isNotEmpty"), "component") == ["checkout"]


WRONG = [
    pytest.param([], "", id="p044-no-object"),
    pytest.param({}, "combinator", id="p044-no-combinator"),
    pytest.param({"combinator": "xor", "rules": []}, "combinator", id="p044-combinator"),
    pytest.param({"combinator": "and"}, "rules", id="p044-no-rules"),
    pytest.param(
        both(GO, any_(GO, {"combinator": "no", "rules": []})), "rules[1].rules[1].combinator", id="p044-inner"
    ),
    pytest.param(
        both(GO, any_(one("language", "equals", "x"))), "rules[1].rules[0].rules[0].operator", id="p044-operator"
    ),
    pytest.param(one("langage", "=", "x"), "rules[0].property", id="p044-property"),
    pytest.param(one("$titel", "=", "x"), "rules[0].property", id="p044-meta-property"),
    pytest.param(both({"property": "language"}), "rules[0].operator", id="p044-no-operator"),
    pytest.param(both({"operator": "="}), "rules[0]", id="p044-nothing-to-compare"),
    pytest.param(both({"property": "language", "scorecard": "x", "operator": "="}), "rules[0]", id="p044-two-things"),
    pytest.param(both("x"), "rules[0]", id="p044-no-rule"),
    pytest.param(both({"relation": "sistem", "operator": "=", "value": "x"}), "rules[0].relation", id="p044-relation"),
    pytest.param(
        both({"relation": "system", "property": "tier", "operator": "=", "value": "x"}),
        "rules[0].property",
        id="p044-target-property",
    ),
    pytest.param(both({"scorecard": "x", "operator": "=", "value": "x"}), "rules[0].scorecard", id="p044-scorecard"),
    pytest.param(
        both({"propertySchema": {}, "operator": "=", "value": "x"}), "rules[0].propertySchema.type", id="p044-schema"
    ),
    pytest.param(related("x", "servis"), "rules[0].blueprint", id="p044-blueprint"),
    pytest.param(related("x", direction="up"), "rules[0].direction", id="p044-direction"),
    pytest.param(related([], "service"), "rules[0].value", id="p044-no-identifier"),
    pytest.param(related("x", required="yes"), "rules[0].required", id="p044-required"),
    pytest.param(one("language", "relatedTo", "x"), "rules[0].blueprint", id="p044-related-to-a-property"),
    pytest.param(path("system", "parnt", value="x"), "rules[0].property.path[1]", id="p044-path"),
    pytest.param(
        path("system", {"relation": "parent", "maxHops": 16}, value="x"),
        "rules[0].property.path[1].maxHops",
        id="p044-hops",
    ),
    pytest.param(path(up_to(2), up_to(2), value="x", begins="system_"), "rules[0].property.path", id="p044-hops-twice"),
    pytest.param(path("system", value="x", begins="servis"), "rules[0].property.fromBlueprint", id="p044-from"),
    pytest.param(path(value="x"), "rules[0].property.path", id="p044-no-path"),
    pytest.param(path("system", value=5), "rules[0].value", id="p044-identifier"),
]


@pytest.mark.parametrize(("query", "place"), WRONG)
def test_what_is_wrong_is_said_with_its_place(query: Any, place: str) -> None:
    assert fault(query).path == place


def test_p044_the_nearest_name_is_offered() -> None:
    assert fault(one("language", "beginWith", "x")).hint == "did you mean beginsWith?"
    assert fault(one("langage", "=", "x")).hint == "did you mean language?"


def test_a_scorecard_is_asked_where_the_index_has_it() -> None:
    cards = {"service": {"ready": ScorecardFields(Field("level"), {"owner": Field("owner")})}}
    vocabulary = vocabulary_of(BLUEPRINTS.values(), "service", scorecards=cards)
    rule = {"scorecard": "ready", "operator": "in", "value": ["Gold", "Silver"]}
    assert parse_rules(both(rule), vocabulary) == equals("level", ["Gold", "Silver"])
    rule = {"scorecard": "ready", "scorecardRule": "owner", "operator": "!=", "value": "SUCCESS"}
    assert parse_rules(both(rule), vocabulary) == Not(equals("owner", ["SUCCESS"]))


@pytest.mark.parametrize("name", [*OPERATORS, *ON_ENTITIES, *DAYS, *LAST_DAYS])
def test_each_operator_and_preset_is_documented(name: str) -> None:
    assert f"`{name}`" in (Path(__file__).parents[2] / "docs" / "port-api.md").read_text("utf-8")


def test_rules_have_an_end() -> None:
    query: Any = both(GO)
    for _ in range(MAX_DEPTH):
        query = both(query)
    assert "nested" in fault(query).message
    assert "more than" in fault(both(*[GO] * 1001)).message


SAME = [
    (one("language", "=", "go"), "spec.properties.language:go"),
    (one("language", "!=", "go"), "-spec.properties.language:go"),
    (one("language", "in", ["go", "rust"]), "spec.properties.language:go,rust"),
    (one("language", "contains", "us"), "spec.properties.language:*us*"),
    (one("language", "beginsWith", "r"), "spec.properties.language:r*"),
    (one("language", "endsWith", "o"), "spec.properties.language:*o"),
    (one("cost", ">", 2.5), "spec.properties.cost>2.5"),
    (one("cost", "<=", 2.5), "spec.properties.cost<=2.5"),
    (one("critical", "=", True), "spec.properties.critical:true"),
    (one("language", "isNotEmpty"), "has:spec.properties.language"),
    (one("tags", "containsAny", ["python", "x"]), "spec.properties.tags:python,x"),
    (one("released", ">", "2026-03-10"), "spec.properties.released>2026-03-10"),
    (one("$updatedAt", "<", "2026-01-01T02:00:00Z"), "updated<2026-01-01T02:00:00Z"),
    (both({"relation": "system", "operator": "=", "value": "Shop"}), "relations.system:system_:default/shop"),
    (
        related("Core", "system_", direction="downstream"),
        "kind:service relations.system:system_:default/shop,system_:default/pay or kind:service relations.needs:*",
    ),
    (path("system", value="Shop"), "relations.system:system_:default/shop"),
    (both(GO, CHEAP), "spec.properties.language:go spec.properties.cost<5"),
    (
        any_(GO, both(CHEAP, US)),
        "spec.properties.language:go or (spec.properties.cost<5 relations.region:region:default/us)",
    ),
]


@pytest.mark.parametrize(("query", "line"), SAME, ids=[f"p046-{line}" for _, line in SAME])
def test_the_line_gives_the_same(index: Index, query: Any, line: str) -> None:
    assert meant(index, query) == refs(index, parse_line(f"kind:service ({line})").where)


_names = st.sampled_from(
    ["language", "cost", "tags", "config", "lease", "released", "$identifier", "$title", "$team", "x"]
)
_values = st.one_of(
    st.sampled_from(["go", "", "db", "2026-03-29", "pay/ment", "eu"]),
    st.sampled_from([10, 2.5, True, None, float("inf")]),
    st.lists(st.sampled_from(["go", 1, None, "team-cart"]), max_size=2),
    st.sampled_from([{"preset": "today"}, {"from": "2026-01-01", "to": "2027-01-01"}, {}, context("language")]),
)
_rules = st.fixed_dictionaries(
    {"operator": st.sampled_from([*OPERATORS, *ON_ENTITIES, "x"])},
    optional={
        "property": st.one_of(
            _names, st.fixed_dictionaries({"path": st.lists(st.sampled_from(["system", "needs", "x"]))})
        ),
        "relation": st.sampled_from(["system", "needs", "x", 5]),
        "propertySchema": st.fixed_dictionaries({"type": st.sampled_from(["string", "number", "x", 5])}),
        "blueprint": st.sampled_from(["service", "Region", "x", 5]),
        "value": _values,
    },
)
_queries = st.recursive(
    _rules,
    lambda part: st.fixed_dictionaries(
        {"combinator": st.sampled_from(["and", "or"]), "rules": st.lists(part, max_size=3)}
    ),
    max_leaves=5,
)


@settings(max_examples=300)
@given(query=_queries, searched=st.sampled_from(["service", "system_", "component", None]))
def test_any_rules_are_read_alike_or_refused(index: Index, query: Any, searched: str | None) -> None:
    query = query if "rules" in query else both(query)
    with suppress(QueryError):
        refs(index, parse_rules(query, vocabulary_of(BLUEPRINTS.values(), searched), ASKER), searched)
