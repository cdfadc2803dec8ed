"""`/entities/unprocessed`: what is registered and not visible as its author meant it (spec 3.14, U14)."""

from collections.abc import Sequence

import orjson
from starlette.responses import Response

from syncd.api.answers import empty_answer, tagged_answer
from syncd.api.ports.service import Unprocessed
from syncd.api.ports.standing import LocationState
from syncd.api.request import Request
from syncd.model.json import Json, JsonObject


async def failed(request: Request) -> Response:
    """Documents that became no entity and Locations that lead nowhere, with the raw state and every error."""
    found = await request.context.waiters.run(request.context.service.failed_entities)
    return await _answer(request, "failed", found)


async def pending(request: Request) -> Response:
    """Registered locations that were not read yet."""
    found = await request.context.readers.run(request.context.service.pending_entities)
    return await _answer(request, "pending", found)


async def delete(request: Request) -> Response:
    """Forget what is kept of an entity and read its source again; 204 for an unknown id too."""
    discard = request.context.service.deletion.unprocessed
    await request.context.waiters.run(discard, request.parameters["id"].lower(), actor=request.actor)
    return empty_answer(204)


async def _answer(request: Request, kind: str, found: Sequence[Unprocessed]) -> Response:
    owner = request.query.text("owner")
    chosen = [one for one in found if owner is None or one.is_owned_by(owner)]
    states = await request.context.readers.run(_states, request, {one.location.id for one in chosen})
    entities = [_shown(one, states[one.location.id]) for one in chosen]
    return tagged_answer(request, orjson.dumps({"type": kind, "entities": entities}))


def _states(request: Request, location_ids: set[str]) -> dict[str, LocationState]:
    return {id_: request.context.service.standing.location(id_) for id_ in location_ids}


def _shown(one: Unprocessed, state: LocationState) -> JsonObject:
    errors: list[Json] = [{"name": name, "message": message} for name, message in one.errors]
    shown: JsonObject = {
        "entity_id": one.id,
        "entity_ref": one.ref,
        "unprocessed_entity": one.entity,
        "location_key": one.location.location_ref,
        "next_update_at": state.next_attempt,
        "last_discovery_at": state.last_success,
        "errors": errors,
    }
    return shown if one.processed is None else {**shown, "processed_entity": one.processed}
