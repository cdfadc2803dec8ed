"""Entities by Port's calls: written, read, deleted (Port 4, 5, 8)."""

from collections.abc import Callable

from starlette.responses import Response

from syncd.api.dialects.port import answer
from syncd.api.port.asking import asked, entity_identifier, is_set, shape
from syncd.api.port.body import Identifiers, given
from syncd.api.request import Request
from syncd.blueprints.desk import Outcome
from syncd.blueprints.reader import WHOLE, values_tag
from syncd.blueprints.refusal import NoEntityError
from syncd.model.json import JsonObject


async def create_entity(request: Request) -> Response:
    """Make an entity, or with `upsert` write to the one that is there (P9-P13)."""
    desk = request.context.service.register.desk
    upsert, merge = is_set(request, "upsert"), is_set(request, "merge")
    blueprint = request.parameters["blueprint"]
    return await _write(
        request, lambda: desk.post(blueprint, given(request), asked(request), upsert=upsert, merge=merge), 201
    )


async def replace_entity(request: Request) -> Response:
    """Replace an entity as a whole (P14)."""
    desk, blueprint = request.context.service.register.desk, request.parameters["blueprint"]
    identifier = entity_identifier(request)
    return await _write(request, lambda: desk.put(blueprint, identifier, given(request), asked(request)), 200)


async def patch_entity(request: Request) -> Response:
    """Change what is given of an entity (P15)."""
    desk, blueprint = request.context.service.register.desk, request.parameters["blueprint"]
    identifier = entity_identifier(request)
    return await _write(request, lambda: desk.patch(blueprint, identifier, given(request), asked(request)), 200)


async def list_entities(request: Request) -> Response:
    """All entities of a blueprint (P33-P35, P37)."""
    return answer(entities=await request.context.readers.run(_listed, request))


async def get_entity(request: Request) -> Response:
    """One entity, with the ETag of what is written of it (P31, P32)."""
    return await request.context.readers.run(_one, request)


async def count_entities(request: Request) -> Response:
    """How many entities a blueprint has (P36)."""
    return answer(count=await request.context.readers.run(_count, request))


async def delete_entity(request: Request) -> Response:
    """Delete an entity (P56, P57)."""
    await _delete(request, [entity_identifier(request)])
    return answer()


async def delete_entities(request: Request) -> Response:
    """Delete entities, all or none of them (P58)."""
    return answer(deletedEntities=await _delete(request, request.read(Identifiers).entities))


async def delete_all_entities(request: Request) -> Response:
    """Delete every entity of a blueprint (P58)."""
    removal, blueprint = request.context.service.register.removal, request.parameters["blueprint"]
    do = asked(request)
    and_blueprint = is_set(request, "delete_blueprint")
    await request.context.readers.run(lambda: removal.delete_all(blueprint, do, and_blueprint=and_blueprint))
    return answer()


async def _write(request: Request, do: Callable[[], Outcome], status: int) -> Response:
    entity, tag = await request.context.readers.run(_written, request, do)
    reply = answer(status, entity=entity)
    reply.headers["etag"] = tag
    return reply


def _written(request: Request, do: Callable[[], Outcome]) -> tuple[JsonObject, str]:
    outcome = do()
    reader = request.context.service.register.reader
    return reader.replies([(outcome.blueprint, outcome.entity)], WHOLE)[0], values_tag(outcome.values)


async def _delete(request: Request, identifiers: list[str]) -> list[str]:
    removal, blueprint = request.context.service.register.removal, request.parameters["blueprint"]
    do, dependents = asked(request), is_set(request, "delete_dependents")
    return await request.context.readers.run(lambda: removal.delete(blueprint, identifiers, do, dependents=dependents))


def _listed(request: Request) -> list[JsonObject]:
    reader = request.context.service.register.reader
    return list(reader.listed(reader.book.get(request.parameters["blueprint"]), shape(request)))


def _count(request: Request) -> int:
    reader = request.context.service.register.reader
    return reader.count(reader.book.get(request.parameters["blueprint"]))


def _one(request: Request) -> Response:
    reader = request.context.service.register.reader
    blueprint, identifier = reader.book.get(request.parameters["blueprint"]), entity_identifier(request)
    held = reader.find(blueprint, identifier)
    if held is None:
        raise NoEntityError(blueprint.identifier, identifier)
    reply = answer(entity=reader.reply(held, shape(request)))
    reply.headers["etag"] = values_tag(reader.values(held))
    return reply
