"""Registered locations with how their synchronisation fares (R95)."""

from functools import partial
from typing import Annotated, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from starlette.responses import Response

from syncd.api.answers import empty_answer, json_answer
from syncd.api.own.preview import shown_preview
from syncd.api.ports.standing import LastChange, LocationState
from syncd.api.registration import register
from syncd.api.request import Request
from syncd.api.scopes import require
from syncd.config.settings import SHORTEST_POLL
from syncd.config.values import LONGEST_SECONDS
from syncd.errors import NotAllowedError
from syncd.model.json import JsonObject
from syncd.model.location import Adjustment, Location, WriteMode


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


_PollInterval = Annotated[float, Field(ge=SHORTEST_POLL, le=LONGEST_SECONDS)]


class NewLocation(BaseModel):
    """A location to register; `path` is one pattern or a list."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    type: Literal["url", "git"] = "url"
    target: str = Field(min_length=1)
    ref: str = ""
    path: Annotated[list[str], BeforeValidator(_as_list)] = []
    priority: int = Field(default=0, ge=-(2**31), lt=2**31)
    write: WriteMode = "none"
    poll_interval: _PollInterval | None = None
    dry_run: bool = False
    trial: str = Field(default="", max_length=64, pattern="^[A-Za-z0-9_-]*$")
    """By which name `GET /api/own/trials/{name}` tells how far a dry run is; the client makes it up."""

    @model_validator(mode="after")
    def _selectors_belong_to_git(self) -> "NewLocation":
        if self.type == "url" and (self.ref or self.path):
            raise ValueError("ref and path belong to locations of type git; a URL names both itself")
        if self.trial and not self.dry_run:
            raise ValueError("trial is the name of a dry run")
        return self


async def list_locations(request: Request) -> Response:
    """All locations in the order of their registration, those of the configuration too."""
    return json_answer({"items": await request.context.readers.run(_all, request)})


async def get_location(request: Request) -> Response:
    """One location."""
    return json_answer(await request.context.readers.run(_one, request))


async def add_location(request: Request) -> Response:
    """Register a location, or only show what it would bring; 409 with the id of the one that is there already."""
    body = request.read(NewLocation)
    _check_write(request, body.write)
    if body.dry_run:
        return await _preview(request, body)
    location = await register(
        request,
        body.type,
        body.target,
        ref=body.ref,
        paths=tuple(body.path),
        priority=body.priority,
        write=body.write,
        poll_interval=body.poll_interval,
    )
    return json_answer(await request.context.readers.run(_shown, request, location), status=201)


async def _preview(request: Request, body: NewLocation) -> Response:
    if request.context.readable is not None:
        raise NotAllowedError(
            "a dry run shows entities that the token's read condition does not speak of",
            hint="use a token that reads everything",
        )
    location = Location("", body.type, body.target, body.ref, tuple(body.path), body.priority)
    preview = request.context.service.preview_location
    found = await request.context.waiters.run(preview, location, trial=body.trial, owner=request.is_owner)
    return json_answer(shown_preview(found))


async def trial_progress(request: Request) -> Response:
    """How far a dry run is that somebody waits for; 404 before it begins and when it is done."""
    found = await request.context.readers.run(request.context.service.trial_progress, request.parameters["name"])
    return json_answer({"phase": found.phase, "percent": found.percent})


class LocationChange(BaseModel):
    """What may be changed of a location where it stands; null is the configured interval."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", json_schema_extra={"minProperties": 1})

    paused: bool = False
    write: WriteMode = "none"
    poll_interval: _PollInterval | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "LocationChange":
        if not self.model_fields_set:
            raise ValueError("name at least one of paused, write, poll_interval")
        return self


async def change_location(request: Request) -> Response:
    """Pause a location or look at it again, say whether edits may be pushed to it, and how often it is looked at."""
    body = request.read(LocationChange)
    _check_write(request, body.write)
    said = cast(Adjustment, body.model_dump(exclude_unset=True))
    adjust = partial(request.context.service.adjust_location, actor=request.actor, **said)
    location = await request.context.readers.run(adjust, request.parameters["id"])
    return json_answer(await request.context.readers.run(_shown, request, location))


def _check_write(request: Request, write: WriteMode) -> None:
    """Whoever lets edits be pushed lends out the daemon's own credentials, which no narrower scope speaks of."""
    if write != "none" and request.principal is not None:
        require(request.principal, "admin", f'write = "{write}"')


async def remove_location(request: Request) -> Response:
    """Unregister a location; what came only from it goes too."""
    service = request.context.service
    await request.context.readers.run(service.remove_location, request.parameters["id"], actor=request.actor)
    return empty_answer(204)


async def departure(request: Request) -> Response:
    """What would leave the catalog with a location, and what would then point at nothing."""
    if request.context.readable is not None:
        raise NotAllowedError(
            "this tells of entities that the token's read condition does not speak of",
            hint="use a token that reads everything",
        )
    found = await request.context.readers.run(request.context.service.departure, request.parameters["id"])
    return json_answer(
        {
            "leaving": list(found.leaving),
            "leaving_total": found.leaving_total,
            "staying": list(found.staying),
            "pointers": [{"source": one.source, "type": one.type, "target": one.target} for one in found.pointers],
            "pointers_total": found.pointers_total,
        }
    )


async def refresh_location(request: Request) -> Response:
    """Look at one location now."""
    location = await request.context.readers.run(request.context.service.location, request.parameters["id"])
    return await _refresh(request, [location.id])


async def refresh_all(request: Request) -> Response:
    """Look at all locations now."""
    return await _refresh(request, None)


async def _refresh(request: Request, location_ids: list[str] | None) -> Response:
    """Ring; with `wait`, answer when all of it is visible or the time is up."""
    service = request.context.service
    ticket = await request.context.readers.run(service.refresh, location_ids)
    seconds = request.query.seconds("wait") or 0.0
    pool = request.context.waiters if seconds else request.context.readers
    return json_answer({"done": await pool.run(service.wait, ticket, seconds)})


def _changed(change: LastChange | None) -> JsonObject | None:
    if change is None:
        return None
    return {
        "seq": change.seq,
        "at": change.at,
        "added": change.added,
        "updated": change.updated,
        "removed": change.removed,
    }


def _all(request: Request) -> list[JsonObject]:
    state = request.context.service.standing.locations()
    return [_described(request, location, state(location.id)) for location in request.context.service.locations()]


def _one(request: Request) -> JsonObject:
    return _shown(request, request.context.service.location(request.parameters["id"]))


def _shown(request: Request, location: Location) -> JsonObject:
    return _described(request, location, request.context.service.standing.location(location.id))


def _described(request: Request, location: Location, state: LocationState) -> JsonObject:
    return {
        "id": location.id,
        "type": location.type,
        "target": location.target,
        "ref": location.ref,
        "paths": list(location.paths),
        "priority": location.priority,
        "configured": location.configured,
        "write": location.write,
        "paused": location.paused,
        "poll_interval": location.poll_interval,
        "entity_ref": location.entity_ref,
        "location_ref": location.location_ref,
        "state": {
            "phase": state.phase,
            "percent": state.percent,
            "last_attempt": state.last_attempt,
            "last_success": state.last_success,
            "commit": state.commit,
            "next_attempt": state.next_attempt,
            "error_code": state.error_code,
            "error": state.error,
            "hint": state.hint,
            "failures": state.failures,
            "stale_since": state.stale_since,
            "counts": dict(state.counts) if request.context.readable is None else {},
            "seconds": round(state.seconds, 3),
            "changed": _changed(state.changed) if request.context.readable is None else None,
        },
    }
