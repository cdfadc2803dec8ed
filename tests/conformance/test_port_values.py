"""What may be written to an entity of a blueprint, and in which modes (Port 4): P12, P13, P15 to P22."""

from typing import Any

import pytest

from syncd.blueprints.builtin import BUILT_IN
from syncd.blueprints.identifier import ENTITY, entity_ref
from syncd.blueprints.values import Mode, Values, absent_targets, written
from syncd.process.schema import Violation
from tests.support.blueprints import SERVICE, blueprint, changed, paths

BLUEPRINT = blueprint(SERVICE)
OLD = Values(
    "shop",
    "Shop",
    "Cart",
    ("team-a",),
    {"language": "go", "cost": 5, "critical": True, "config": {"a": {"b": 1}}},
    {"system": "store", "needs": ("db", "queue"), "home": "eu"},
)


def write(body: Any, old: Values | None = OLD, mode: Mode = "merge") -> Values:
    """What is written; the body must be right."""
    found = written(BLUEPRINT, body, old, mode)
    assert isinstance(found, Values), found
    return found


def refused(body: Any, old: Values | None = OLD, mode: Mode = "merge") -> list[Violation]:
    """What is wrong with a body."""
    found = written(BLUEPRINT, body, old, mode)
    assert isinstance(found, list)
    return found


NEEDED = {"properties": {"language": "rust"}, "relations": {"home": "us"}}


def test_p012_whole_clears_what_is_not_given() -> None:
    values = write(NEEDED, mode="whole")
    assert (values.title, values.icon, values.team) == (None, None, ())
    assert values.properties == {"language": "rust", "cost": 1, "critical": False}  # defaults apply
    assert values.relations == {"system": None, "needs": (), "home": "us"}


def test_p013_merge_keeps_what_is_not_given_and_null_clears() -> None:
    body = {"properties": {"cost": None, "config": {"c": 2}}, "relations": {"system": None}, "icon": None}
    values = write(body)
    assert (values.identifier, values.title, values.icon, values.team) == ("shop", "Shop", None, ("team-a",))
    assert values.properties == {"language": "go", "critical": True, "config": {"c": 2}}  # one level, not deeper
    assert values.relations == {"system": None, "needs": ("db", "queue"), "home": "eu"}
    assert write({}) == OLD
    assert write({"relations": {"needs": None}}).relations["needs"] == ()


def test_p015_patch_changes_one_property_and_may_rename() -> None:
    values = write({"properties": {"cost": 6}}, mode="patch")
    assert values.properties == {**OLD.properties, "cost": 6}
    assert write({"identifier": "store"}, mode="patch").identifier == "store"
    assert paths(refused({"blueprint": "service"}, mode="patch")) == ["blueprint"]
    assert write({"blueprint": "service", **NEEDED}, None, "whole").properties["language"] == "rust"


def test_p016_an_identifier_is_made_up() -> None:
    made = {write(NEEDED, None).identifier for _ in range(20)}
    assert len(made) == 20
    assert all(ENTITY.fits(identifier) for identifier in made)


LEGAL = ["a/b", "a:b", "a+b=c", "über", "サービス", "a@b.c", "a\\b", "MyService", "x" * 1000, "...", "ไทย"]
ILLEGAL = ["..", ".", "", "a b", "a?b", "a#b", "a%2fb", "x" * 1001, "a\nb", 5, None, ["a"], {}]


@pytest.mark.parametrize("identifier", LEGAL, ids=lambda text: f"p017-{text[:10]}")
def test_a_legal_identifier(identifier: str) -> None:
    assert write({**NEEDED, "identifier": identifier}, None).identifier == identifier
    ref = entity_ref("service", identifier, BUILT_IN)
    assert str(ref).count(":") == str(ref).count("/") == 1
    assert str(entity_ref("service", identifier.upper(), BUILT_IN)) == str(ref)


@pytest.mark.parametrize("identifier", ILLEGAL, ids=lambda value: f"p017-{str(value)[:10]}")
def test_an_illegal_identifier(identifier: Any) -> None:
    assert paths(refused({**NEEDED, "identifier": identifier}, None)) == ["identifier"]


def test_p018_what_is_unknown_is_named() -> None:
    found = refused({"properties": {"langage": "go"}, "relations": {"sistem": "x"}})
    assert paths(found) == ["properties.langage", "relations.sistem"]
    assert [violation.hint for violation in found] == ["did you mean language?", "did you mean system?"]
    for computed in ("domain", "yearly"):
        (violation,) = refused({"properties": {computed: 1}})
        assert "is computed" in violation.message


VALUES: list[tuple[dict[str, Any], list[Any], list[Any]]] = [
    ({"type": "string"}, ["", "x", "x" * 10_000], [1, True, [], {}]),
    (
        {"type": "string", "format": "date-time"},
        ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123+02:00"],
        ["2026-01-31", "2026-02-30T12:00:00Z", "now"],
    ),
    ({"type": "string", "format": "timer"}, ["2026-01-31T12:00:00Z"], ["2026-01-31", "later"]),
    (
        {"type": "string", "format": "url"},
        ["https://example.com/a?b", "mailto:a@example.com"],
        ["example.com", "https://", ""],
    ),
    ({"type": "string", "format": "email"}, ["a@example.com"], ["a", "a@", "@example.com"]),
    ({"type": "string", "format": "idn-email"}, ["ü@exämple.com"], ["ü"]),
    ({"type": "string", "format": "ipv4"}, ["192.0.2.1"], ["192.0.2", "192.0.2.256"]),
    ({"type": "string", "format": "ipv6"}, ["2001:db8::1"], ["2001:db8::g", "192.0.2.1"]),
    ({"type": "string", "format": "markdown"}, ["# a"], [1]),
    ({"type": "string", "format": "yaml"}, ["a: 1"], [{}]),
    ({"type": "string", "format": "proto"}, ["syntax = 'proto3'"], [1]),
    ({"type": "string", "format": "user"}, ["mira@example.com", "mira"], ["mira o", ""]),
    ({"type": "string", "format": "team"}, ["Spider Team"], [" ", ""]),
    ({"type": "string", "format": "blueprints"}, ["service"], ["a b", ".."]),
    ({"type": "string", "spec": "embedded-url"}, ["https://example.com"], ["x"]),
    ({"type": "string", "spec": "open-api"}, ["openapi: 3.1.0"], [1]),
    ({"type": "object", "spec": "open-api"}, [{"openapi": "3.1.0"}], ["openapi: 3.1.0"]),
    (
        {"type": "object", "format": "labeled-url"},
        [{"url": "https://example.com", "displayText": "x"}, {"url": "https://example.com"}],
        [{"displayText": "x"}, {"url": "x"}, {"url": "https://example.com", "other": 1}, "https://example.com"],
    ),
    ({"type": "string", "enum": ["a", "b"]}, ["a"], ["c", "A"]),
    ({"type": "string", "pattern": "^a+$"}, ["aa"], ["b", "aab"]),
    ({"type": "string", "pattern": "^(a+)+$"}, ["a" * 50_000], ["a" * 50_000 + "b"]),
    ({"type": "string", "minLength": 2, "maxLength": 3}, ["ab", "😀😀😀"], ["a", "abcd"]),
    ({"type": "number"}, [1, 1.5, -2, 10**30], ["1", True]),
    ({"type": "number", "minimum": 1, "maximum": 3}, [1, 3], [0.9, 3.1]),
    ({"type": "number", "enum": [1, 2]}, [1, 2.0], [3]),
    ({"type": "boolean"}, [True, False], ["true", 0, 1]),
    ({"type": "object"}, [{}, {"a": [1]}], ["{}", [], 1]),
    (
        {"type": "object", "properties": {"a": {"type": "number"}}, "required": ["a"]},
        [{"a": 1, "b": 2}],
        [{}, {"a": "1"}],
    ),
    ({"type": "object", "properties": {"a": {}}, "additionalProperties": False}, [{"a": 1}], [{"b": 1}]),
    ({"type": "object", "patternProperties": {"^x": {"type": "number"}}}, [{"x1": 1, "y": "a"}], [{"x1": "a"}]),
    ({"type": "array"}, [[], [1, "a", None]], ["a", {}]),
    ({"type": "array", "items": {"type": "string", "format": "url"}}, [["https://example.com"]], [["x"], [1]]),
    ({"type": "array", "items": {"type": "string", "enum": ["a"]}}, [["a", "a"]], [["b"]]),
    ({"type": "array", "minItems": 1, "maxItems": 2}, [[1], [1, 2]], [[], [1, 2, 3]]),
    ({"type": "array", "uniqueItems": True}, [[1, 2]], [[1, 1]]),
]


def _called(definition: dict[str, Any]) -> str:
    return "p019-" + "-".join(str(value)[:12] for value in definition.values())


@pytest.mark.parametrize(
    ("definition", "right", "wrong"), VALUES, ids=lambda value: _called(value) if isinstance(value, dict) else ""
)
def test_a_value_is_accepted_or_refused(definition: dict[str, Any], right: list[Any], wrong: list[Any]) -> None:
    one = blueprint(changed({"identifier": "one"}, "schema", "properties", "x", value=definition))
    for value in right:
        found = written(one, {"properties": {"x": value}}, None, "whole")
        assert isinstance(found, Values), (value, found)
        assert found.properties == {"x": value}
    for value in wrong:
        found = written(one, {"properties": {"x": value}}, None, "whole")
        assert isinstance(found, list), value
        assert all(path.startswith("properties.x") for path in paths(found))


def test_p019_the_path_leads_into_the_value() -> None:
    found = refused({"properties": {"ports": [1, "2"], "config": {}}})
    assert paths(found) == ["properties.ports[1]"]
    assert found[0].message == 'properties.ports[1]: is not of type "number"'


def test_p020_what_is_required() -> None:
    for mode in ("whole", "merge"):
        body: dict[str, Any] = {"properties": {}, "relations": {}}
        assert paths(refused(body, None, mode)) == ["properties.language", "relations.home"]
    assert paths(refused({}, OLD, "whole")) == ["properties.language", "relations.home"]
    cleared: dict[str, Any] = {"properties": {"language": None}, "relations": {"home": None}}
    assert paths(refused(cleared, OLD, "patch")) == ["properties.language", "relations.home"]
    before = Values("shop", relations={"home": None})  # written before the property was required
    assert write({"properties": {"cost": 2}}, before, "patch").properties == {"cost": 2}


def test_p021_defaults_fill_on_create_and_not_on_patch() -> None:
    for mode in ("whole", "merge"):
        assert write(NEEDED, None, mode).properties == {"language": "rust", "cost": 1, "critical": False}
    bare = Values("shop", properties={"language": "go"}, relations={"home": "eu"})
    assert write({"title": "x"}, bare, "patch").properties == {"language": "go"}
    given = {"properties": {"language": "go", "cost": None, "critical": True}, "relations": {"home": "eu"}}
    assert write(given, None).properties == {"language": "go", "critical": True}


def test_p022_targets_must_exist() -> None:
    values = write({"relations": {"system": "gone", "needs": ["shop", "gone"], "home": "eu"}})
    there = {("service", "shop"), ("region", "eu")}
    found = absent_targets(BLUEPRINT, values.relations, lambda *target: target in there)
    assert paths(found) == ["relations.system", "relations.needs[1]"]
    assert "create_missing_related_entities" in found[0].hint


MISSHAPEN = [
    ("text", []),
    ([], []),
    ({"title": 5}, ["title"]),
    ({"icon": {}}, ["icon"]),
    ({"team": 5}, ["team"]),
    ({"team": ["a", 5]}, ["team"]),
    ({"team": " "}, ["team"]),
    ({"properties": []}, ["properties"]),
    ({"properties": None}, ["properties"]),
    ({"relations": "x"}, ["relations"]),
    ({"relations": {"system": ["a"]}}, ["relations.system"]),
    ({"relations": {"system": 5}}, ["relations.system"]),
    ({"relations": {"system": "a b"}}, ["relations.system"]),
    ({"relations": {"needs": "a"}}, ["relations.needs"]),
    ({"relations": {"needs": ["a", 1, ".."]}}, ["relations.needs[1]", "relations.needs[2]"]),
    ({"properties": {"config": {"a": 1, "A": 2}}}, ["properties"]),
]


@pytest.mark.parametrize(("body", "where"), MISSHAPEN)
def test_a_body_of_the_wrong_shape(body: Any, where: list[str]) -> None:
    assert paths(refused(body)) == (where or ["the document"])


def test_teams_are_one_or_many() -> None:
    assert write({"team": "a"}).team == ("a",)
    assert write({"team": ["a", "b", "a"]}).team == ("a", "b")
    assert write({"team": None}).team == ()


COMPONENT = BUILT_IN["component"].blueprint
GIVEN = {"type": "service", "lifecycle": "production"}


def test_a_built_in_blueprint_takes_any_property_and_knows_one_owner_by_two_names() -> None:
    owners: list[dict[str, Any]] = [{"team": ["a", "b"]}, {"team": "a"}, {}]
    for owner in owners:
        properties: dict[str, Any] = {**GIVEN, "sla": {"uptime": 99.9}, **({} if owner else {"owner": "a"})}
        values = written(COMPONENT, {"identifier": "x", "properties": properties, **owner}, None, "whole")
        assert isinstance(values, Values)
        assert (values.team[0], values.properties["owner"], values.properties["sla"]) == ("a", "a", {"uptime": 99.9})
    both = written(COMPONENT, {"team": "a", "properties": {**GIVEN, "owner": "b"}}, None, "whole")
    assert isinstance(both, list)
    assert paths(both) == ["properties.owner"]
    for name in ("name", "uid", "a b"):
        found = written(COMPONENT, {"team": "a", "properties": {**GIVEN, name: "b"}}, None, "whole")
        assert isinstance(found, list)
        assert len(found) == 1
