"""What a blueprint may be (Port 3, P49): each rule of a definition has a right and a wrong case."""

from typing import Any

import pytest

from syncd.blueprints.builtin import BUILT_IN
from syncd.blueprints.definition import check_definition
from tests.support.blueprints import SERVICE, blueprint, changed, paths, violations


def prop(definition: Any) -> dict[str, Any]:
    """The service with one more property `x`."""
    return changed(SERVICE, "schema", "properties", "x", value=definition)


def part(group: str, definition: Any) -> dict[str, Any]:
    """The service with one more relation or computed property `x`."""
    return changed(SERVICE, group, "x", value=definition)


def spec(**calculation: Any) -> dict[str, Any]:
    """The service with an aggregation of itself."""
    return part("aggregationProperties", {"title": "X", "target": "service", "calculationSpec": calculation})


X = "schema.properties.x"

RIGHT = [
    pytest.param(SERVICE, id="p049-whole"),
    pytest.param({"identifier": "MY_BLUEPRINT"}, id="identifier-alone"),
    pytest.param({"identifier": "größe/π:a+b.c@d\\e_-"}, id="identifier-of-any-script"),
    pytest.param(changed(SERVICE, "createdAt", value="2026-01-01T00:00:00.000Z"), id="stamps-come-back"),
    pytest.param(changed(SERVICE, "title", value="t" * 100), id="longest-title"),
    pytest.param(part("relations", {"target": "service", "many": True, "required": False}), id="p049-self-target"),
    pytest.param(part("relations", {"target": "region", "required": True, "many": False}), id="p049-required"),
    pytest.param(part("mirrorProperties", {"title": "X", "path": "system.$team"}), id="mirror-of-meta"),
    pytest.param(part("mirrorProperties", {"title": "X", "path": "needs.home.name"}), id="mirror-of-property"),
    pytest.param(changed(SERVICE, "ownership", value={"type": "Direct"}), id="ownership-direct"),
    pytest.param(changed(SERVICE, "ownership", value={"type": "Inherited", "path": "system.domain"}), id="inherited"),
    pytest.param(changed(SERVICE, "changelogDestination", value={"type": "KAFKA"}), id="changelog-kafka"),
    pytest.param(
        changed(
            SERVICE, "changelogDestination", value={"type": "WEBHOOK", "url": "https://example.com", "agent": True}
        ),
        id="changelog-webhook",
    ),
    pytest.param(spec(func="count", calculationBy="entities"), id="count"),
    pytest.param(
        spec(func="average", calculationBy="entities", averageOf="week", measureTimeBy="$createdAt"),
        id="average-of-time",
    ),
    *(
        pytest.param(spec(func=func, calculationBy="property", property="cost"), id=f"{func}-of-property")
        for func in ("sum", "min", "max", "median", "average")
    ),
    *(
        pytest.param(prop({"type": "string", "format": name}), id=f"format-{name}")
        for name in (
            *("date-time", "url", "email", "idn-email", "ipv4", "ipv6", "markdown", "yaml", "user"),
            *("blueprints", "team", "timer", "proto"),
        )
    ),
    *(
        pytest.param(prop({"type": type_, "spec": name}), id=f"{type_}-spec-{name}")
        for type_, name in (
            *(("string", "open-api"), ("string", "async-api"), ("string", "embedded-url")),
            *(("object", "open-api"), ("object", "async-api")),
        )
    ),
    pytest.param(prop({"type": "object", "format": "labeled-url"}), id="labeled-url"),
    pytest.param(
        prop(
            {
                "type": "object",
                "properties": {"a": {"type": "number"}},
                "required": ["a"],
                "additionalProperties": False,
            }
        ),
        id="object-with-properties",
    ),
    pytest.param(prop({"type": "object", "patternProperties": {"^x": {"type": "number"}}}), id="pattern-properties"),
    pytest.param(prop({"type": "array", "items": {"type": "string", "format": "url"}}), id="list-of-urls"),
    pytest.param(prop({"type": "string", "minLength": 1, "maxLength": 2, "pattern": "^[ab]+$"}), id="limits-of-text"),
    pytest.param(prop({"type": "number", "enum": [1, 2], "enumColors": {"1": "lime"}, "default": 2}), id="number-enum"),
]


@pytest.mark.parametrize("definition", RIGHT)
def test_a_right_definition(definition: Any) -> None:
    assert violations(definition) == []
    assert blueprint(definition).definition == definition


WRONG = [
    pytest.param([], "the document", "a mapping", id="no-object"),
    pytest.param({"title": "X"}, "identifier", "missing", id="no-identifier"),
    pytest.param({"identifier": ".."}, "identifier", "not . or ..", id="dots"),
    pytest.param({"identifier": "a b"}, "identifier", "a space", id="space"),
    pytest.param({"identifier": "a=b"}, "identifier", '"="', id="equals-sign"),
    pytest.param({"identifier": "x" * 101}, "identifier", "101 characters", id="long-identifier"),
    pytest.param(changed(SERVICE, "title", value="t" * 101), "title", "at most 100", id="long-title"),
    pytest.param(changed(SERVICE, "title", value=5), "title", "must be text", id="title-no-text"),
    pytest.param(changed(SERVICE, "description", value="t" * 201), "description", "at most 200", id="long-description"),
    pytest.param(changed(SERVICE, "relation", value={}), "relation", "did you mean relations?", id="unknown-field"),
    pytest.param(prop({"type": "strin"}), f"{X}.type", "did you mean string?", id="unknown-type"),
    pytest.param(prop({}), f"{X}.type", "is missing", id="no-type"),
    pytest.param(prop("string"), X, "the definition of a property", id="no-definition"),
    pytest.param(prop({"type": "string", "format": "datetime"}), f"{X}.format", "did you mean date-time?", id="format"),
    pytest.param(prop({"type": "number", "format": "url"}), f"{X}.format", "does not belong", id="format-of-number"),
    pytest.param(prop({"type": "string", "format": "labeled-url"}), f"{X}.format", "not known", id="format-of-object"),
    pytest.param(prop({"type": "object", "spec": "embedded-url"}), f"{X}.spec", "not known", id="spec-of-text"),
    pytest.param(prop({"type": "string", "minimum": 1}), f"{X}.minimum", "belongs to number", id="limit-of-number"),
    pytest.param(prop({"type": "number", "maxLength": 1}), f"{X}.maxLength", "belongs to string", id="limit-of-text"),
    pytest.param(
        prop({"type": "string", "maxlength": 1}), f"{X}.maxlength", "did you mean maxLength?", id="limit-case"
    ),
    pytest.param(prop({"type": "string", "minLength": -1}), f"{X}.minLength", "from 0", id="negative-length"),
    pytest.param(prop({"type": "number", "minimum": "1"}), f"{X}.minimum", "must be a number", id="minimum-text"),
    pytest.param(prop({"type": "number", "minimum": 2, "maximum": 1}), f"{X}.minimum", "greater", id="minimum-greater"),
    pytest.param(prop({"type": "string", "pattern": "("}), f"{X}.pattern", "regular expressions", id="pattern"),
    pytest.param(prop({"type": "string", "pattern": "(?!a)b"}), f"{X}.pattern", "look-around", id="look-around"),
    pytest.param(
        prop({"type": "string", "pattern": "((a{999}){999}){999}"}), f"{X}.pattern", "regular", id="huge-pattern"
    ),
    pytest.param(prop({"type": "string", "pattern": "a" * 1001}), f"{X}.pattern", "at most 1000", id="long-pattern"),
    pytest.param(prop({"type": "string", "enum": []}), f"{X}.enum", "at least one", id="empty-enum"),
    pytest.param(prop({"type": "string", "enum": ["a", 1]}), f"{X}.enum", "type string only", id="enum-of-numbers"),
    pytest.param(prop({"type": "number", "enum": [1, 1]}), f"{X}.enum", "twice", id="enum-twice"),
    pytest.param(
        prop({"type": "string", "enum": ["a"], "enumColors": {"a": "blau"}}),
        f"{X}.enumColors.a",
        "turquoise",
        id="color",
    ),
    pytest.param(
        prop({"type": "string", "enum": ["a"], "enumColors": {"b": "blue"}}),
        f"{X}.enumColors.b",
        "not in enum",
        id="color-of",
    ),
    pytest.param(prop({"type": "number", "default": "1"}), f"{X}.default", "number", id="default-of-other-type"),
    pytest.param(
        prop({"type": "string", "enum": ["a"], "default": "b"}), f"{X}.default", "one of", id="default-not-in-enum"
    ),
    pytest.param(prop({"type": "array", "items": {"type": "nope"}}), f"{X}.items.type", "not a type", id="items"),
    pytest.param(
        prop({"type": "object", "$ref": "https://example.com"}), f'{X}["$ref"]', "not a field", id="no-references"
    ),
    pytest.param(
        changed(SERVICE, "schema", "properties", "a b", value={"type": "string"}),
        'schema.properties["a b"]',
        "a space",
        id="property-id",
    ),
    pytest.param(
        changed(SERVICE, "schema", "properties", "a.b", value={"type": "string"}),
        'schema.properties["a.b"]',
        '"."',
        id="property-id-dot",
    ),
    pytest.param(
        changed(SERVICE, "schema", "properties", "Cost", value={"type": "string"}),
        "schema.properties.Cost",
        "cost already",
        id="case",
    ),
    pytest.param(
        part("mirrorProperties", {"path": "system.x"})
        | {"schema": {"properties": {"x": {"type": "string"}}, "required": []}},
        "mirrorProperties.x",
        "already",
        id="two-of-a-name",
    ),
    pytest.param(
        changed(SERVICE, "schema", "required", value=["languag"]),
        "schema.required[0]",
        "did you mean language?",
        id="required",
    ),
    pytest.param(
        part("relations", {"target": "region", "many": True, "required": True}),
        "relations.x.required",
        "at once",
        id="p049-many-and-required",
    ),
    pytest.param(
        part("relations", {"target": "regio"}), "relations.x.target", "no blueprint regio", id="p049-target-absent"
    ),
    pytest.param(part("relations", {"title": "X"}), "relations.x.target", "is missing", id="p049-no-target"),
    pytest.param(
        part("relations", {"target": "region", "many": "yes"}),
        "relations.x.many",
        "true or false",
        id="many-no-boolean",
    ),
    pytest.param(
        part("mirrorProperties", {"path": "system"}),
        "mirrorProperties.x.path",
        "joined by dots",
        id="mirror-of-nothing",
    ),
    pytest.param(
        part("mirrorProperties", {"path": "sytem.name"}),
        "mirrorProperties.x.path",
        "did you mean system?",
        id="mirror-relation",
    ),
    pytest.param(
        part("mirrorProperties", {"path": "system.$titel"}),
        "mirrorProperties.x.path",
        "did you mean $title?",
        id="mirror-meta",
    ),
    pytest.param(
        part("calculationProperties", {"calculation": "."}),
        "calculationProperties.x.type",
        "is missing",
        id="calculation-type",
    ),
    pytest.param(
        part(
            "aggregationProperties",
            {"target": "nope", "calculationSpec": {"func": "count", "calculationBy": "entities"}},
        ),
        "aggregationProperties.x.target",
        "no blueprint nope",
        id="aggregation-target",
    ),
    pytest.param(
        spec(func="count", calculationBy="nothing"),
        "aggregationProperties.x.calculationSpec.calculationBy",
        "entities or property",
        id="calculation-by",
    ),
    pytest.param(
        spec(func="sum", calculationBy="entities"),
        "aggregationProperties.x.calculationSpec.func",
        "count, average",
        id="sum-of-entities",
    ),
    pytest.param(
        spec(func="sum", calculationBy="property"),
        "aggregationProperties.x.calculationSpec.property",
        "is missing",
        id="sum-of-what",
    ),
    pytest.param(
        spec(func="average", calculationBy="entities", averageOf="week"),
        "aggregationProperties.x.calculationSpec.measureTimeBy",
        "is missing",
        id="average-by",
    ),
    pytest.param(
        spec(func="average", calculationBy="entities", averageOf="year", measureTimeBy="$createdAt"),
        "aggregationProperties.x.calculationSpec.averageOf",
        "hour or day",
        id="average-of-year",
    ),
    pytest.param(
        part(
            "aggregationProperties",
            {
                "target": "service",
                "calculationSpec": {"func": "count", "calculationBy": "entities"},
                "pathFilter": [{"path": ["needs"]}] * 2,
            },
        ),
        "aggregationProperties.x.pathFilter",
        "one path",
        id="two-paths",
    ),
    pytest.param(
        changed(SERVICE, "ownership", value={"type": "Inherited"}),
        "ownership.path",
        "missing",
        id="inherited-from-nowhere",
    ),
    pytest.param(
        changed(SERVICE, "ownership", value={"type": "Inherited", "path": "x.y"}),
        "ownership.path",
        "no relation",
        id="inherited-path",
    ),
]


@pytest.mark.parametrize(("definition", "path", "words"), WRONG)
def test_a_wrong_definition(definition: Any, path: str, words: str) -> None:
    found = violations(definition)
    assert paths(found) == [path]
    assert words in f"{found[0].message} {found[0].hint}"


def test_a_calculation_must_be_a_program() -> None:
    (found,) = violations(SERVICE, jq="syntax error at line 1")
    assert paths([found]) == ["calculationProperties.yearly.calculation"]
    assert "syntax error" in found.message


def test_everything_that_is_wrong_is_said_at_once() -> None:
    definition = changed(prop({"type": "nope"}), "relations", "y", value={"target": "nope", "many": 1})
    assert paths(violations(definition)) == [f"{X}.type", "relations.y.many"]
    definition = changed(prop({"type": "nope"}), "relations", "y", value={"target": "nope"})
    assert paths(violations(definition)) == [f"{X}.type", "relations.y.target"]


@pytest.mark.parametrize("identifier", BUILT_IN)
def test_the_built_in_blueprints_are_right(identifier: str) -> None:
    definition = BUILT_IN[identifier].blueprint.definition
    assert check_definition(definition, BUILT_IN.__contains__, lambda _: None) == []
    assert BUILT_IN[identifier].blueprint.required <= {*BUILT_IN[identifier].properties}
