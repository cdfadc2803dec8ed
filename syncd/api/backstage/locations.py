"""Registered locations (spec 3.12). Those of the configuration are not in sight here (C236)."""

from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from syncd.api.answers import empty_answer, json_answer, tagged_answer
from syncd.api.registration import register
from syncd.api.request import Request
from syncd.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from syncd.model.json import JsonObject, text_at
from syncd.model.location import Location
from syncd.model.ref import EntityRef

_TRUE = ("true", "1", "yes", "y", "on")
_ORIGIN = "backstage.io/managed-by-origin-location"


class LocationBody(BaseModel):
    """Where a location leads."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    type: str = Field(min_length=1)
    target: str = Field(min_length=1)

    def check(self) -> None:
        """InputError for a type that clients may not register (C235)."""
        if self.type != "url":
            raise InputError(f"registered locations must be of type url, not {self.type!r}")


class NewLocationBody(LocationBody):
    """A location to register; `presence` is taken and not stored, as in Backstage."""

    presence: Literal["required", "optional"] | None = None


async def list_locations(request: Request) -> Response:
    """All locations that were registered by API."""
    found = await request.context.readers.run(stored_locations, request)
    return tagged_answer(request, orjson.dumps([{"data": shown(location)} for location in found]))


async def get_location(request: Request) -> Response:
    """One of them."""
    location = await request.context.readers.run(_by_id, request)
    return tagged_answer(request, orjson.dumps(shown(location)))


async def get_by_entity(request: Request) -> Response:
    """The one that led to an entity (C238)."""
    location = await request.context.readers.run(_by_entity, request)
    return tagged_answer(request, orjson.dumps(shown(location)))


async def add_location(request: Request) -> Response:
    """Register a URL, or only try it; one that is registered already is 409, or is read again with
    `onConflict=refresh` (C232)."""
    body = request.read(NewLocationBody)
    body.check()
    if (request.query.text("dryRun") or "").lower() in _TRUE:
        if request.context.readable is not None:
            raise NotAllowedError(
                "a dry run shows entities that the token's read condition does not speak of",
                hint="use a token that reads everything",
            )
        return await _try(request, body.target)
    try:
        location = await register(request, "url", body.target)
    except ConflictError as conflict:
        existing = getattr(conflict, "existing", None)
        if request.query.text("onConflict") != "refresh" or not isinstance(existing, Location):
            raise ConflictError(f"Location url:{body.target} already exists") from None
        await request.context.readers.run(request.context.service.refresh, [existing.id])
        location = existing
    return json_answer({"location": shown(location), "entities": []}, status=201)


async def _try(request: Request, target: str) -> Response:
    """What registering would bring; nothing is stored (C233, C234)."""
    service = request.context.service
    trial = await request.context.waiters.run(service.try_location, target, owner=request.is_owner)
    location = trial.location
    content = {
        "exists": trial.exists,
        "location": {**shown(location), "id": location.location_ref},
        "entities": list(trial.entities),
    }
    return json_answer(content, status=201)


async def change_location(request: Request) -> Response:
    """Let a location lead elsewhere; it keeps its id and its entity (C239)."""
    body = request.read(LocationBody)
    body.check()
    location = await request.context.readers.run(_by_id, request)
    change = request.context.service.change_location
    try:
        changed = await request.context.waiters.run(  # until no walk of the location is under way
            change, location.id, body.target, actor=request.actor, owner=request.is_owner
        )
    except ConflictError:
        raise ConflictError(f"Location url:{body.target} already exists") from None
    return tagged_answer(request, orjson.dumps(shown(changed)))


async def remove_location(request: Request) -> Response:
    """Unregister; what came only from it goes too (C112, C237)."""
    location = await request.context.readers.run(_by_id, request)
    service = request.context.service
    await request.context.readers.run(service.remove_location, location.id, actor=request.actor)
    return empty_answer(204)


def shown(location: Location) -> JsonObject:
    """A location as Backstage's clients know it."""
    return {
        "id": location.id,
        "type": location.type,
        "target": location.target,
        "entityRef": location.entity_ref,
    }


def stored_locations(request: Request) -> list[Location]:
    """Those that were registered by API, in the order of their registration."""
    return [location for location in request.context.service.locations() if not location.configured]


def _by_id(request: Request) -> Location:
    location_id = request.parameters["id"]
    location = request.context.service.location(location_id)
    if location.configured:
        raise NotFoundError(f"location {location_id} not found")
    return location


def _by_entity(request: Request) -> Location:
    parts = request.parameters
    ref = str(EntityRef(parts["kind"], parts["namespace"], parts["name"]))
    document = request.context.catalog.by_ref(ref)
    if document is None:
        raise NotFoundError(f"No such entity: {ref} not found")
    origin = text_at(orjson.loads(document), "metadata", "annotations", _ORIGIN)
    found = next((location for location in stored_locations(request) if location.location_ref == origin), None)
    if found is None:
        raise NotFoundError(f"the location of {ref} not found among those that were registered by API")
    return found
