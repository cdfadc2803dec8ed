"""Computed properties in Port's replies (P34, P52-P54): real HTTP, one daemon, a case a property."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.daemon import Daemon
from tests.support.port import CONFIGURATION, Port
from tests.support.repository import RepoBuilder
from tests.tui.cli.program import catalog

NOW = datetime.now(UTC)


def ago(**span: float) -> str:
    return (NOW - timedelta(**span)).isoformat(timespec="milliseconds")


def number(program: str) -> dict[str, str]:
    return {"type": "number", "calculation": program}


def text(program: str, **more: str) -> dict[str, str]:
    return {"type": "string", "calculation": program, **more}


AREA: dict[str, Any] = {"identifier": "area", "schema": {"properties": {"tier": {"type": "string"}}}}
PRODUCT: dict[str, Any] = {
    "identifier": "product",
    "relations": {"area": {"target": "area"}},
    "mirrorProperties": {"tier": {"path": "area.tier"}},
    "calculationProperties": {"seven": number("7")},
}
SHIP: dict[str, Any] = {
    "identifier": "ship",
    "schema": {
        "properties": {
            "size": {"type": "number"},
            "at": {"type": "string", "format": "date-time"},
            "ok": {"type": "boolean"},
        }
    },
    "relations": {"app": {"target": "app"}, "tests": {"target": "app", "many": True}},
}
MIRRORS: Mapping[str, tuple[str, Any]] = {
    "p052_one_relation": ("product.$identifier", "shop"),
    "p052_two_relations": ("product.area.tier", "gold"),
    "p052_two_relations_title": ("product.area.$title", "The north"),
    "p052_of_a_mirror": ("product.tier", "gold"),
    "p052_of_a_calculation": ("product.seven", 7),
    "p052_no_such_property": ("product.nothing", None),
    "p052_many": ("needs.$title", ["Payments", "ledger"]),
    "p052_many_properties": ("needs.cost", [2.5]),
    "p052_many_then_one": ("needs.product.$title", ["Shop"]),
    "p052_team": ("needs.$team", [["team-pay"], []]),
}
CALCULATIONS: Mapping[str, tuple[dict[str, str], Any]] = {
    "p053_number": (number("(.properties.cost // 0) * 12"), 120),
    "p053_relations": (text('.relations.needs | join("+")'), "pay+ledger"),
    "p053_team": (text('"\\(.title) of \\(.team[0])"'), "Cart of team-cart"),
    "p053_of_a_mirror": (text(".properties.p052_two_relations"), "gold"),
    "p053_of_a_mirrored_title": (text('.properties.p052_two_relations_title + "!"'), "The north!"),
    "p053_of_an_aggregation": (number(".properties.p054_count + 1"), 5),
    "p053_nothing": (text(".properties.nothing"), None),
}
FAILING: Mapping[str, tuple[dict[str, str], str]] = {
    "p053_fails": (number(".title * {}"), "cannot be multiplied"),
    "p053_of_another_type": (number(".title"), 'is not of type "number"'),
    "p053_of_another_format": (text(".title", format="url"), "url"),
    "p053_loops": (text("def f: f; f"), "more than 1 s"),
    "p053_is_closed": (text("env.HOME"), "env is not available"),
    "p053_lacks_a_value": (number(".properties.cost * 12"), "null (null)"),
}


def of(function: str, **more: str) -> dict[str, str]:
    return {"func": function, "calculationBy": "property", "property": "size", **more}


def average(period: str, by: str = "at") -> dict[str, str]:
    return {"func": "average", "calculationBy": "entities", "averageOf": period, "measureTimeBy": by}


def where(*rules: Any) -> dict[str, Any]:
    return {"combinator": "and", "rules": [*rules]}


COUNT = {"func": "count", "calculationBy": "entities"}
DIRECT = {"pathFilter": [{"path": ["app"], "fromBlueprint": "ship"}]}
OK = {"property": "ok", "operator": "=", "value": True}
WEEK = {"property": "at", "operator": "between", "value": {"preset": "lastWeek"}}
AGGREGATIONS: Mapping[str, tuple[dict[str, str], dict[str, Any], float]] = {
    "p054_count": (COUNT, DIRECT, 4),
    "p054_sum": (of("sum"), DIRECT, 13.5),
    "p054_min": (of("min"), DIRECT, 1.5),
    "p054_max": (of("max"), DIRECT, 8),
    "p054_median": (of("median"), DIRECT, 4),
    "p054_average": (of("average"), DIRECT, 4.5),
    "p054_average_of_sums": (of("average", averageOf="week", measureTimeBy="at"), DIRECT, 13.5 / 4),
    "p054_by_hour": (average("hour"), DIRECT, 3 / (28 * 24)),
    "p054_by_day": (average("day"), DIRECT, 3 / 28),
    "p054_by_week": (average("week"), DIRECT, 3 / 4),
    "p054_by_month_that_is_not_over": (average("month"), DIRECT, 3),
    "p054_by_total": (average("total"), DIRECT, 3),
    "p054_by_a_stamp": (average("day", "$createdAt"), DIRECT, 4),
    "p054_query": (COUNT, {"query": where(OK), **DIRECT}, 3),
    "p054_query_of_time": (COUNT, {"query": where(WEEK), **DIRECT}, 1),
    "p054_query_of_none": (COUNT, {"query": where(OK, WEEK), **DIRECT}, 0),
    "p054_path_of_another_relation": (COUNT, {"pathFilter": [{"path": ["tests"], "fromBlueprint": "ship"}]}, 1),
    "p054_path_of_two": (COUNT, {"pathFilter": [{"path": ["tests", "needs"], "fromBlueprint": "ship"}]}, 1),
    "p054_all_paths": (COUNT, {}, 5),
    "p054_upstream": (COUNT, {"target": "app", "pathFilter": [{"path": ["needs"]}]}, 2),
}
APP: dict[str, Any] = {
    "identifier": "app",
    "schema": {"properties": {"cost": {"type": "number"}}},
    "relations": {"product": {"target": "product"}, "needs": {"target": "app", "many": True}},
    "mirrorProperties": {name: {"path": path} for name, (path, _) in MIRRORS.items()},
    "calculationProperties": {name: one for name, (one, _) in CALCULATIONS.items()},
    "aggregationProperties": {
        name: {"target": "ship", "calculationSpec": spec, **more} for name, (spec, more, _) in AGGREGATIONS.items()
    },
}
FAULTY: dict[str, Any] = {
    "identifier": "faulty",
    "calculationProperties": {name: one for name, (one, _) in FAILING.items()} | {"good": number("1")},
}
PLAIN = """\
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: shop}
spec: {owner: team-a}
---
kind: [unclosed
"""
WRITTEN = {"cost": 10}
ENTITIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("area", {"identifier": "north", "title": "The north", "properties": {"tier": "gold"}}),
    ("product", {"identifier": "shop", "title": "Shop", "relations": {"area": "north"}}),
    ("app", {"identifier": "ledger"}),
    ("app", {"identifier": "pay", "title": "Payments", "team": "team-pay", "properties": {"cost": 2.5},
             "relations": {"product": "shop", "needs": ["ledger"]}}),
    ("app", {"identifier": "cart", "title": "Cart", "team": "team-cart", "properties": WRITTEN,
             "relations": {"product": "shop", "needs": ["pay", "ledger"]}}),
    ("ship", {"identifier": "s1", "properties": {"size": 4, "at": ago(days=28), "ok": True},
              "relations": {"app": "cart"}}),
    ("ship", {"identifier": "s2", "properties": {"size": 1.5, "at": ago(days=14), "ok": True},
              "relations": {"app": "cart"}}),
    ("ship", {"identifier": "s3", "properties": {"size": 8, "at": ago(hours=1), "ok": False},
              "relations": {"app": "cart", "tests": ["ledger"]}}),
    ("ship", {"identifier": "s4", "properties": {"ok": True}, "relations": {"app": "cart", "tests": ["cart"]}}),
    ("ship", {"identifier": "s5", "properties": {"size": 100, "at": ago(hours=2)}, "relations": {"app": "ledger"}}),
    ("app", {"identifier": "ledger", "relations": {"needs": ["cart"]}}),
    ("faulty", {"identifier": "x", "title": "X"}),
)  # fmt: skip
GIT = """\
apiVersion: git-catalog/v1
kind: Blueprint
metadata: {{name: parcel}}
spec:
  identifier: parcel
  schema: {{properties: {{weight: {{type: number}}}}}}
  calculationProperties:
    grams:
      type: number
      calculation: {program}
---
apiVersion: git-catalog/v1
kind: parcel
metadata: {{name: box}}
spec: {{properties: {{weight: 2}}}}
"""


def jq_processes(port: Port) -> list[str]:
    """The jq processes of a daemon."""
    pid = port.daemon.process.pid
    children = [one for file in Path(f"/proc/{pid}/task").glob("*/children") for one in file.read_text().split()]
    return [one for one in children if "syncd.jq.worker" in Path(f"/proc/{one}/cmdline").read_text()]


class Fleet(Port):
    """The daemon with the entities above. `before` are the jq processes when nothing was computed yet."""

    before: list[str]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    repository = RepoBuilder(folder / "origin.git")
    repository.commit({"areas.yaml": PLAIN})
    daemon = Daemon(folder / "daemon", CONFIGURATION)
    daemon.register(repository.url, type="git", path=["*.yaml"])
    fleet = Fleet(daemon, repository)
    fleet.ok("POST", "/blueprints", AREA, status=201)
    fleet.post("area", "north")
    assert fleet.identifiers("area") == ["north"]
    assert fleet.identifiers("system") == ["shop"]
    fleet.before = jq_processes(fleet)
    for definition in (PRODUCT, {**APP, "aggregationProperties": {}}, SHIP, FAULTY):
        fleet.ok("POST", "/blueprints", definition, status=201)
    fleet.ok("PUT", "/blueprints/app", APP)
    for blueprint, entity in ENTITIES:
        fleet.ok("POST", f"/blueprints/{blueprint}/entities?upsert=true", entity, status=201)
    yield fleet
    fleet.stop()


@pytest.fixture(scope="module")
def cart(fleet: Fleet) -> Any:
    """The properties of the cart."""
    return fleet.get("app", "cart")["properties"]


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, (_, value) in MIRRORS.items()])
def test_a_mirror(cart: Any, name: str, value: Any) -> None:
    assert cart[name] == value


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, (_, value) in CALCULATIONS.items()])
def test_a_calculation(cart: Any, name: str, value: Any) -> None:
    assert cart[name] == value


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, (_, _, value) in AGGREGATIONS.items()])
def test_an_aggregation_against_a_hand_count(cart: Any, name: str, value: float) -> None:
    assert cart[name] == pytest.approx(value, rel=1e-3)


def test_p053_what_fails_is_null_and_a_problem(fleet: Fleet) -> None:
    assert fleet.get("faulty", "x")["properties"] == {**dict.fromkeys(FAILING), "good": 1}
    told = {one["message"].partition(":")[0]: one for one in fleet.problems("blueprint.computed")}
    assert told.keys() == {f"faulty.{name}" for name in FAILING}
    for name, (_, words) in FAILING.items():
        assert words in told[f"faulty.{name}"]["message"]
        assert told[f"faulty.{name}"]["ref"] == "faulty:default/x"
    assert "// 0" in told["faulty.p053_lacks_a_value"]["hint"]
    done = catalog(fleet.daemon.state, "errors")
    assert "faulty.p053_fails: " in done.out
    assert len(fleet.problems()) == fleet.own("/api/own/status")["problems"]


def test_p053_a_problem_of_several_pages(fleet: Fleet) -> None:
    fleet.get("faulty", "x")
    whole = fleet.own("/api/own/problems")
    assert whole["total"] == len(whole["items"]) > len(FAILING) > 3
    pages = [fleet.own("/api/own/problems", limit="2", offset=str(at))["items"] for at in range(0, whole["total"], 2)]
    assert [one for page in pages for one in page] == whole["items"]


def test_p053_who_reads_some_entities_only_is_told_nothing(fleet: Fleet) -> None:
    """What a program says when it fails may hold what another entity says."""
    fleet.get("faulty", "x")
    body = {"name": "narrow", "scopes": ["read"], "read": "kind:faulty"}
    token = fleet.daemon.owner.post("/api/own/tokens", json=body).json()["token"]
    with fleet.daemon.stranger(token) as client:
        assert client.get("/api/own/problems").json() == {"items": [], "total": 0}


def test_p053_a_bad_program_is_refused(fleet: Fleet) -> None:
    bad = {"identifier": "bad", "calculationProperties": {"x": number(".properties.cost *")}}
    place = "calculationProperties.x.calculation: syntax error"
    assert place in fleet.refused(422, "POST", "/blueprints", bad)
    fleet.refused(404, "GET", "/blueprints/bad")
    assert place in fleet.refused(
        422, "PATCH", "/blueprints/area", {"calculationProperties": bad["calculationProperties"]}
    )


def test_p053_a_bad_program_in_git_is_a_problem(fleet: Fleet) -> None:
    fleet.repository.commit({"parcel.yaml": GIT.format(program=".properties.weight * 1000")})
    fleet.daemon.sync()
    assert fleet.get("parcel", "box")["properties"] == {"weight": 2, "grams": 2000}
    fleet.repository.commit({"parcel.yaml": GIT.format(program=".properties.weight * (")})
    fleet.daemon.sync()
    (problem,) = (one for one in fleet.problems() if one["path"] == "parcel.yaml")
    assert problem["message"].startswith("spec: calculationProperties.grams.calculation: syntax error")
    assert (problem["line"], problem["ref"]) == (10, "blueprint:default/parcel")
    assert fleet.get("parcel", "box")["properties"]["grams"] == 2000  # the last good version stays in force
    fleet.repository.commit({"parcel.yaml": GIT.format(program=".properties.weight * {}")})
    fleet.daemon.sync()
    assert fleet.get("parcel", "box")["properties"]["grams"] is None
    (problem,) = (one for one in fleet.problems() if one["path"] == "parcel.yaml")
    assert (problem["code"], problem["line"], problem["ref"]) == ("blueprint.computed", 1, "parcel:default/box")
    fleet.repository.commit({"parcel.yaml": GIT.format(program=".properties.weight * 1e3")})
    fleet.daemon.sync()
    assert [one for one in fleet.problems() if one["path"] == "parcel.yaml"] == []


def test_p053_validate_tells_a_bad_program(fleet: Fleet, tmp_path: Path) -> None:
    (tmp_path / "catalog-info.yaml").write_text(GIT.format(program=".properties.weight * ("))
    done = catalog(fleet.daemon.state, "validate", "catalog-info.yaml", cwd=tmp_path)
    assert (done.code, "catalog-info.yaml:10: spec: calculationProperties.grams" in done.out) == (1, True)


def test_one_jq_process_and_none_before_it_is_needed(fleet: Fleet) -> None:
    fleet.get("app", "cart")
    assert (len(fleet.before), len(jq_processes(fleet))) == (0, 1)


SEARCHED = {"combinator": "and", "rules": [{"property": "$identifier", "operator": "=", "value": "cart"}]}
OF_APPS = where({"property": "$blueprint", "operator": "=", "value": "app"}, *SEARCHED["rules"])
MERGE = "/blueprints/app/entities?upsert=true&merge=true"
DOORS = {
    "get": ("GET", "/blueprints/app/entities/cart", None),
    "list": ("GET", "/blueprints/app/entities", None),
    "search": ("POST", "/entities/search", OF_APPS),
    "blueprint-search": ("POST", "/blueprints/app/entities/search", {"query": SEARCHED}),
    "post": ("POST", MERGE, {"identifier": "cart"}),
    "patch": ("PATCH", "/blueprints/app/entities/cart", {"title": "Cart"}),
    "validation": ("POST", f"{MERGE}&validation_only=true", {"identifier": "cart"}),
}


def answered(fleet: Fleet, door: str, query: str = "") -> Any:
    """What a door says of the cart."""
    method, path, body = DOORS[door]
    answer = fleet.call(method, f"{path}{'&' if '?' in path else '?'}{query}" if query else path, body)
    assert answer.status_code in (200, 201), answer.text
    found = answer.json()
    return found["entity"] if "entity" in found else {one["identifier"]: one for one in found["entities"]}["cart"]


@pytest.mark.parametrize("door", DOORS)
def test_p052_p053_p054_every_answer_holds_them(fleet: Fleet, cart: Any, door: str) -> None:
    found = answered(fleet, door)["properties"]
    assert found.keys() == {*WRITTEN, *MIRRORS, *CALCULATIONS, *AGGREGATIONS}
    assert {name: found[name] for name in MIRRORS} == {name: cart[name] for name in MIRRORS}
    assert (found["p053_number"], found["p054_sum"]) == (120, 13.5)


@pytest.mark.parametrize("door", ["get", "list", "search"])
def test_p034_only_what_is_computed_is_left_out(fleet: Fleet, door: str) -> None:
    whole, left = answered(fleet, door), answered(fleet, door, "exclude_calculated_properties=true")
    assert left["properties"] == WRITTEN
    assert left == {**whole, "properties": WRITTEN}
    assert answered(fleet, door, "exclude_calculated_properties=false")["properties"].keys() > WRITTEN.keys()


PARTS = [
    pytest.param("include=properties.p053_number", {"properties": {"p053_number": 120}}, id="p033-include-one"),
    pytest.param("include=identifier", {"identifier": "cart"}, id="p033-include-none"),
    pytest.param(
        "include=properties&exclude=properties.cost&exclude_calculated_properties=true",
        {"properties": {}},
        id="p034-and-exclude",
    ),
    pytest.param(
        "include=properties.p052_many&exclude=properties.p052_many", {"properties": {}}, id="p033-exclude-wins"
    ),
]


@pytest.mark.parametrize(("query", "wanted"), PARTS)
@pytest.mark.parametrize("door", ["get", "list", "search"])
def test_parts_of_them(fleet: Fleet, door: str, query: str, wanted: Any) -> None:
    found = answered(fleet, door, query) if "identifier" in wanted or door == "get" else None
    if found is None:  # without its identifier the cart is known by what it alone has
        method, path, body = DOORS[door]
        found = fleet.ok(method, f"{path}?{query}", body)["entities"][0 if door == "search" else -3]
    assert found == wanted


def test_p052_a_mirrored_title_with_its_identifier(fleet: Fleet) -> None:
    found = fleet.get("app", "cart", "?attach_identifier_to_title_mirror_properties=true")["properties"]
    assert found["p052_two_relations_title"] == {"identifier": "north", "title": "The north"}
    assert found["p052_many"] == [
        {"identifier": "pay", "title": "Payments"},
        {"identifier": "ledger", "title": "ledger"},
    ]
    assert (found["p052_one_relation"], found["p053_of_a_mirrored_title"]) == ("shop", "The north!")
    assert not any("app." in one["message"] for one in fleet.problems("blueprint.computed"))


def test_they_follow_what_they_are_made_of(fleet: Fleet) -> None:
    fleet.ok("PATCH", fleet.path("area", "north"), {"title": "The far north"})
    fleet.post("ship", "s6", properties={"size": 0.5}, relations={"app": "cart"})
    found = fleet.get("app", "cart")["properties"]
    assert (found["p052_two_relations_title"], found["p054_count"], found["p053_of_an_aggregation"]) == (
        "The far north",
        5,
        6,
    )
    fleet.ok("DELETE", fleet.path("ship", "s6"))
    fleet.ok("PATCH", fleet.path("area", "north"), {"title": "The north"})


def test_nobody_writes_them(fleet: Fleet) -> None:
    told = fleet.refused(422, "PATCH", fleet.path("app", "cart"), {"properties": {"p053_number": 1}})
    assert "properties.p053_number is computed" in told
