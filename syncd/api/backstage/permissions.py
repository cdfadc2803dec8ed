"""What Backstage's permission framework asks of a backend (spec 3.2): which rules there are, and whom they admit."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from query.ast import Node
from query.dialects.permission import RESOURCE_TYPE, RULES, Parameter, Rule, parse_condition
from syncd.api.answers import json_answer
from syncd.api.request import Request
from syncd.errors import InputError
from syncd.model.ref import RefError, parse_ref

MAX_ITEMS = 500

_PERMISSIONS = (
    ("catalog.entity.read", "read", True),
    ("catalog.entity.create", "create", False),
    ("catalog.entity.delete", "delete", True),
    ("catalog.entity.refresh", "update", True),
    ("catalog.entity.validate", "", False),
    ("catalog.location.read", "read", False),
    ("catalog.location.create", "create", False),
    ("catalog.location.delete", "delete", False),
    ("catalog.location.analyze", "", False),
)
"""Name, action, and whether it is about one entity."""


class Item(BaseModel):
    """Entities and the condition that they are held against."""

    model_config = ConfigDict(strict=True, frozen=True)

    id: str
    resourceRef: str | list[str]  # noqa: N815 - the word of the API
    resourceType: str  # noqa: N815
    conditions: dict[str, Any]


class ConditionsBody(BaseModel):
    """What to judge; unknown properties are ignored (spec 3.1)."""

    model_config = ConfigDict(strict=True, frozen=True)

    items: list[Item] = Field(max_length=MAX_ITEMS)


async def metadata(_request: Request) -> Response:
    """The permissions that the catalog knows, and the rules that conditions may hold."""
    return json_answer(
        {
            "permissionResourceType": RESOURCE_TYPE,
            "permissions": [_permission(*entry) for entry in _PERMISSIONS],
            "rules": [_rule(rule) for rule in RULES.values()],
        }
    )


async def apply_conditions(request: Request) -> Response:
    """ALLOW for each entity that is there, may be read by the caller, and meets the condition; else DENY."""
    body = request.read(ConditionsBody)
    for item in body.items:
        if item.resourceType != RESOURCE_TYPE:
            raise InputError(f"unexpected resource type {item.resourceType[:100]!r}", hint=f"it is {RESOURCE_TYPE}")
    judged = [(item, parse_condition(item.conditions)) for item in body.items]
    results = await request.context.readers.run(_results, request, judged)
    return json_answer({"items": results})


def _results(request: Request, judged: list[tuple[Item, Node]]) -> list[dict[str, object]]:
    results: list[dict[str, object]] = []
    for item, condition in judged:
        one = isinstance(item.resourceRef, str)
        refs = [item.resourceRef] if isinstance(item.resourceRef, str) else item.resourceRef
        found = list(_decisions(request, refs, condition))
        results.append({"id": item.id, "result": found[0] if one else found})
    return results


def _decisions(request: Request, refs: list[str], condition: Node) -> Iterator[str]:
    known = [_complete(ref) for ref in refs]
    asked = [ref for ref in known if ref is not None]
    documents = iter(request.context.catalog.by_refs(asked, condition) if asked else ())
    for ref in known:
        yield "DENY" if ref is None or next(documents) is None else "ALLOW"


def _complete(text: str) -> str | None:
    try:
        return str(parse_ref(text))
    except RefError:
        return None


def _permission(name: str, action: str, about_entity: bool) -> dict[str, object]:
    attributes = {"action": action} if action else {}
    if not about_entity:
        return {"type": "basic", "name": name, "attributes": attributes}
    return {"type": "resource", "name": name, "attributes": attributes, "resourceType": RESOURCE_TYPE}


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "name": rule.name,
        "description": rule.about,
        "resourceType": RESOURCE_TYPE,
        "paramsSchema": {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "type": "object",
            "properties": {parameter.name: _schema(parameter) for parameter in rule.parameters},
            "required": [parameter.name for parameter in rule.parameters if not parameter.optional],
            "additionalProperties": False,
        },
    }


def _schema(parameter: Parameter) -> dict[str, object]:
    described = {"description": parameter.about}
    return {"type": "array", "items": {"type": "string"}, **described} if parameter.many else {
        "type": "string", **described}  # fmt: skip
