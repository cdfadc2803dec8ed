"""Custom properties with where each value comes from, and their export and import."""

from collections.abc import Sequence
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from syncd.api.answers import json_answer
from syncd.api.parameters import Parameter
from syncd.api.ports.service import Service
from syncd.api.request import Request
from syncd.errors import InputError, NotFoundError
from syncd.model.change import Applied, Change
from syncd.model.custom_property import CustomProperty
from syncd.model.json import JsonObject, value_at
from syncd.model.ref import RefError, parse_ref
from syncd.overlay.path import canonical, parse_path

LISTING = (Parameter("path"), Parameter("unattached", choices=("true", "false")))


class PropertyChange(BaseModel):
    """One custom property to set (`replace`, `append`, `union`) or to remove."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    ref: str = Field(min_length=1)
    path: str = Field(min_length=1)
    op: Literal["replace", "append", "union", "remove"] = "replace"
    value: Any = None


class PropertyChanges(BaseModel):
    """Changes that are made together or not at all."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    changes: list[PropertyChange] = Field(min_length=1)
    source: str = "own"
    """The door that is shown as the origin of the values."""
    dry_run: bool = False
    pass_over_unknown: bool = False
    """Whether changes of entities that do not exist are left out, instead of all being refused."""
    store_unattached: bool = False
    """Whether properties of entities that do not exist are stored all the same, for when they come (an import)."""


async def properties(request: Request) -> Response:
    """The custom properties of one entity: git's value, the one that was set, and what is in force."""
    return json_answer(await request.context.readers.run(_of_entity, request))


async def all_properties(request: Request) -> Response:
    """Every record of the overlay, those of entities that are not there too."""
    return json_answer({"items": await request.context.readers.run(_all, request)})


async def change_properties(request: Request) -> Response:
    """Set and remove custom properties."""
    return json_answer({"items": await request.context.readers.run(_change, request)})


def _change(request: Request) -> list[JsonObject]:
    body = request.read(PropertyChanges)
    changes = [
        Change(_ref(one.ref), canonical(one.path), one.op, one.value, actor=request.actor) for one in body.changes
    ]
    applied = request.context.service.apply(
        changes,
        source=body.source,
        request_id=request.id,
        dry_run=body.dry_run,
        pass_over_unknown=body.pass_over_unknown,
        store_unattached=body.store_unattached,
    )
    return [_applied(one) for one in applied]


def _applied(one: Applied) -> JsonObject:
    return {"ref": one.change.ref, "path": one.change.path, "effect": one.effect, "old": one.old, "new": one.new}


def _of_entity(request: Request) -> JsonObject:
    ref = _ref(request.parameters["ref"])
    document = request.context.catalog.by_ref(ref)
    found = shown_properties(request.context.service, ref, document)
    if document is None and not found:
        raise NotFoundError(f"entity {ref} not found", hint="catalog list shows the refs")
    return {"ref": ref, "attached": document is not None, "properties": [*found]}


def shown_properties(service: Service, ref: str, document: bytes | None) -> list[JsonObject]:
    """The custom properties of an entity, whose document is None where there is no such entity (yet, or any more)."""
    records = service.overlay.of([ref]).get(ref, ())
    if not records:
        return []
    entity = None if document is None else orjson.loads(document)
    said = service.git_entity(ref)
    return [
        {
            **_record(one),
            "git": None if said is None else value_at(said, parse_path(one.path)),
            "effective": None if entity is None else value_at(entity, parse_path(one.path)),
        }
        for one in records
    ]


def _all(request: Request) -> list[JsonObject]:
    path = request.query.text("path")
    overlay = request.context.service.overlay
    records: Sequence[CustomProperty] = overlay.all() if path is None else overlay.at_path(canonical(path))
    present = set(request.context.service.present([one.ref for one in records]))
    only_unattached = request.query.text("unattached") == "true"
    return [
        {"ref": one.ref, **_record(one), "attached": one.ref in present}
        for one in records
        if not (only_unattached and one.ref in present)
    ]


def _record(one: CustomProperty) -> JsonObject:
    return {
        "path": one.path,
        "value": one.value,
        "mode": one.base,
        "source": one.source,
        "set_by": one.set_by,
        "set_at": one.set_at,
    }


def _ref(text: str) -> str:
    try:
        return str(parse_ref(text))
    except RefError as error:
        raise InputError(str(error)) from None
