"""What documents of a kind must look like, as JSON Schema."""

from starlette.responses import Response

from syncd.api.answers import json_answer
from syncd.api.request import Request
from syncd.blueprints.blueprint import Blueprint
from syncd.blueprints.book import Book
from syncd.errors import NotFoundError
from syncd.model.json import Json, JsonObject
from syncd.model.text import shown
from syncd.process.json_schema import REF, document_schema, schema_of
from syncd.process.kinds import KINDS, OWN_VERSION

_TABLE = {name.lower(): kind for name, kind in KINDS.items()}


async def list_schemas(request: Request) -> Response:
    """The kinds that have a schema."""
    blueprints = await request.context.readers.run(_book(request).all)
    own = [one.identifier for one in blueprints if one.identifier.lower() not in _TABLE]
    kinds = [*((name, False) for name in KINDS), *((name, True) for name in own)]
    return json_answer({"items": [{"kind": name, "declared": declared} for name, declared in kinds]})


async def schema(request: Request) -> Response:
    """The schema of one kind; letters may be in any case."""
    return json_answer(await request.context.readers.run(_schema, request))


def _schema(request: Request) -> JsonObject:
    asked = request.parameters["kind"]
    kind = _TABLE.get(asked.lower())
    if kind is not None:
        return schema_of(kind)
    blueprint = _book(request).like(asked)
    if blueprint is None:
        raise NotFoundError(f"there is no kind {shown(asked)}", hint="GET /api/own/schemas names the kinds")
    return document_schema(blueprint.identifier, (OWN_VERSION,), _declared(blueprint))


def _book(request: Request) -> Book:
    return request.context.service.register.reader.book


def _declared(blueprint: Blueprint) -> JsonObject:
    properties: JsonObject = {name: {**one.schema} for name, one in blueprint.properties.items()}
    relations: JsonObject = {}
    for name, one in blueprint.relations.items():
        target: JsonObject = {"type": "string", REF: one.target}
        relations[name] = {"type": "array", "items": target} if one.many else target
    values: JsonObject = {"type": "object", "properties": properties}
    if blueprint.required:
        needed: list[Json] = [*sorted(blueprint.required)]
        values["required"] = needed
    return {
        "type": "object",
        "properties": {
            "team": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
            "properties": values,
            "relations": {"type": "object", "properties": relations},
        },
        "additionalProperties": False,
    }
