"""Blueprints of a small fictional company, as Port's JSON, and what the tests of them share."""

from collections.abc import Iterable
from typing import Any

from syncd.blueprints.blueprint import Blueprint, blueprint_of
from syncd.blueprints.definition import check_definition
from syncd.process.schema import Violation, field_text

SERVICE: dict[str, Any] = {
    "identifier": "service",
    "title": "Service",
    "schema": {
        "properties": {
            "language": {"type": "string", "enum": ["go", "rust"], "enumColors": {"go": "blue", "rust": "orange"}},
            "readme": {"type": "string", "format": "markdown"},
            "cost": {"type": "number", "minimum": 0, "maximum": 1000, "default": 1},
            "critical": {"type": "boolean", "default": False},
            "ports": {"type": "array", "items": {"type": "number"}, "minItems": 1, "maxItems": 3, "uniqueItems": True},
            "config": {"type": "object"},
        },
        "required": ["language"],
    },
    "relations": {
        "system": {"title": "System", "target": "system", "many": False, "required": False},
        "needs": {"title": "Needs", "target": "service", "many": True, "required": False},
        "home": {"title": "Home", "target": "region", "many": False, "required": True},
    },
    "mirrorProperties": {"domain": {"title": "Domain", "path": "system.domain.$title"}},
    "calculationProperties": {"yearly": {"title": "Yearly", "type": "number", "calculation": ".properties.cost * 12"}},
    "aggregationProperties": {},
}
KNOWN = frozenset(("system", "region", "Team", "deployment"))


def changed(definition: dict[str, Any], *path: str, value: Any) -> dict[str, Any]:
    """The definition with one value put at a path; None takes the field out."""
    key, *rest = path
    new = dict(definition)
    if rest:
        new[key] = changed(new.get(key, {}), *rest, value=value)
    elif value is None:
        new.pop(key, None)
    else:
        new[key] = value
    return new


def violations(definition: Any, jq: str = "") -> list[Violation]:
    """What is wrong with a definition where the blueprints in `KNOWN` exist; `jq` is said of every program."""
    return check_definition(definition, KNOWN.__contains__, lambda _: jq or None)


def blueprint(definition: dict[str, Any]) -> Blueprint:
    """The blueprint of a definition, which must be right."""
    assert violations(definition) == []
    return blueprint_of(definition)


def paths(found: Iterable[Violation]) -> list[str]:
    """Where the violations are."""
    return [field_text(violation.path) for violation in found]
