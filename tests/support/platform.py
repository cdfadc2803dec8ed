"""A small platform as Port knows it: blueprints with every type of property, entities that point at each other, as the
index holds them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from query.ref import ref_text
from syncd.blueprints.blueprint import Blueprint, blueprint_of
from syncd.blueprints.builtin import BUILT_IN
from syncd.blueprints.document import entity_of, relation_refs
from syncd.blueprints.values import Values, written
from tests.query.shop import SHOP, Entity

SERVICE: dict[str, Any] = {
    "identifier": "service",
    "schema": {
        "properties": {
            "language": {"type": "string"},
            "home": {"type": "string", "format": "url"},
            "readme": {"type": "string", "format": "markdown"},
            "cost": {"type": "number"},
            "critical": {"type": "boolean"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "ports": {"type": "array", "items": {"type": "number"}},
            "config": {"type": "object"},
            "links": {"type": "array", "items": {"type": "object"}},
            "released": {"type": "string", "format": "date-time"},
            "lease": {"type": "string", "format": "timer"},
        }
    },
    "relations": {
        "system": {"target": "system_", "required": False, "many": False},
        "needs": {"target": "service", "required": False, "many": True},
        "region": {"target": "Region", "required": True, "many": False},
    },
}
SYSTEM: dict[str, Any] = {
    "identifier": "system_",
    "schema": {"properties": {"cost": {"type": "string"}, "tier": {"type": "string"}}},
    "relations": {"parent": {"target": "system_", "required": False, "many": False}},
}
REGION: dict[str, Any] = {"identifier": "Region", "schema": {"properties": {}}}

BLUEPRINTS: Mapping[str, Blueprint] = {
    **{one["identifier"]: blueprint_of(one) for one in (SERVICE, SYSTEM, REGION)},
    **{name: one.blueprint for name, one in BUILT_IN.items()},
}
BODIES: Mapping[str, list[dict[str, Any]]] = {
    "service": [
        {
            "identifier": "Cart",
            "title": "Shopping Cart",
            "icon": "Basket",
            "team": ["team-cart", "Team B"],
            "properties": {
                "language": "Go",
                "home": "https://cart.example.com",
                "readme": "All about carts. " * 20,
                "cost": 10,
                "critical": True,
                "tags": ["python", "grpc"],
                "ports": [80, 443],
                "config": {"mode": "fast", "limits": {"cpu": 2}},
                "links": [{"url": "https://example.com"}],
                "released": "2026-03-01T12:00:00Z",
                "lease": "2026-03-28T12:00:00Z",
            },
            "relations": {"system": "Shop", "needs": ["pay/ment", "db"], "region": "eu"},
        },
        {
            "identifier": "pay/ment",
            "team": "team-pay",
            "properties": {"language": "rust", "cost": 2.5, "critical": False, "lease": "2026-03-30T12:00:00+02:00"},
            "relations": {"system": "Pay", "needs": ["db"], "region": "eu"},
        },
        {
            "identifier": "db",
            "title": "Database",
            "properties": {"cost": -1, "tags": [], "config": {}, "released": "2026-03-29T00:30:00+01:00"},
            "relations": {"needs": ["Cart"], "region": "us"},
        },
        {"identifier": "lonely", "relations": {"region": "us"}},
    ],
    "system_": [
        {"identifier": "Shop", "properties": {"cost": "high", "tier": "gold"}, "relations": {"parent": "Pay"}},
        {"identifier": "Pay", "title": "Payments", "properties": {"tier": "GOLDEN"}, "relations": {"parent": "Core"}},
        {"identifier": "Core", "relations": {"parent": "Shop"}},
    ],
    "Region": [{"identifier": "eu"}, {"identifier": "us"}],
}


def _made(blueprint: Blueprint, body: dict[str, Any]) -> tuple[str, Entity, list[tuple[str, str]]]:
    values = written(blueprint, body, None, "whole")
    assert isinstance(values, Values), values
    entity: dict[str, Any] = entity_of(blueprint, values)
    name = entity["metadata"]["name"]
    ref = ref_text(blueprint.identifier, "default", name)
    entity["metadata"]["uid"] = str(uuid5(NAMESPACE_URL, ref))
    arrows = [(name, target) for name, targets in relation_refs(blueprint, entity).items() for target in targets]
    return ref, entity, arrows


def entities_of(blueprints: Mapping[str, Blueprint], bodies: Mapping[str, Sequence[dict[str, Any]]]) -> list[Entity]:
    """The entities that bodies make, with their relations from both ends."""
    made = [_made(blueprints[name], body) for name, found in bodies.items() for body in found]
    arrows = [(ref, name, target) for ref, _, found in made for name, target in found]
    for ref, entity, _ in made:
        own = {(name, target) for source, name, target in arrows if source == ref}
        reverse = {(f"{name}Of", source) for source, name, target in arrows if target == ref}
        entity["relations"] = [{"type": name, "targetRef": target} for name, target in sorted(own | reverse)]
    return [entity for _, entity, _ in made]


EVERYTHING: Sequence[Entity] = [*entities_of(BLUEPRINTS, BODIES), *SHOP]
"""The entities of three blueprints, beside those of the shop."""
