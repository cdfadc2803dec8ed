"""Many entities in one call: each is written by itself, and what fails stops none of the others (P26)."""

from starlette.responses import Response

from syncd.api.dialects.port import answer, spelled
from syncd.api.failures import describe
from syncd.api.port.asking import asked, is_set
from syncd.api.port.body import ManyEntities
from syncd.api.request import Request
from syncd.errors import CatalogError, InputError
from syncd.model.json import JsonObject


async def write_entities(request: Request) -> Response:
    """Write several entities; 207 where some were refused."""
    entities, most = request.read(ManyEntities).entities, request.context.limits.bulk_entities
    if len(entities) > most:
        raise InputError(f"entities: {len(entities)} are more than {most} (limit bulk_entities)", hint="send fewer")
    done, errors = await request.context.readers.run(_write, request, entities)
    return answer(207 if errors else 200, entities=done, errors=errors)


def _write(request: Request, entities: list[JsonObject]) -> tuple[list[JsonObject], list[JsonObject]]:
    desk, blueprint, do = request.context.service.register.desk, request.parameters["blueprint"], asked(request)
    request.context.service.register.reader.book.get(blueprint)
    upsert, merge = is_set(request, "upsert"), is_set(request, "merge")
    done: list[JsonObject] = []
    errors: list[JsonObject] = []
    found = desk.post_each(blueprint, entities, do, upsert=upsert, merge=merge)
    for index, (entity, outcome) in enumerate(zip(entities, found, strict=True)):
        if isinstance(outcome, CatalogError):
            failure = describe(outcome)
            assert failure is not None
            status, name, message = spelled(failure)
            named = {"identifier": entity.get("identifier"), "index": index, "statusCode": status}
            errors.append({**named, "error": name, "message": message})
        else:
            named = {"identifier": outcome.identifier, "index": index}
            done.append({**named, "created": outcome.created, "additionalData": {}})
    return done, errors
