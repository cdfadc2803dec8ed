"""Activity records: all of them, those of an entity, and those that belong to none yet."""

from starlette.responses import Response

from syncd.activity.records import Listed, Part
from syncd.activity.times import milliseconds_now, read_since
from syncd.api.answers import json_answer
from syncd.api.parameters import Parameter, Query
from syncd.api.request import Request
from syncd.errors import InputError, NotFoundError
from syncd.model.activity import LinkedRecord
from syncd.model.json import JsonObject
from syncd.model.ref import RefError, parse_ref
from syncd.store.activity import Wanted

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000

_COMMON = (
    Parameter("integration"),
    Parameter("schema"),
    Parameter("type"),
    Parameter("since"),
    Parameter("limit", "integer"),
    Parameter("offset", "integer"),
)
ENTITY_ACTIVITY = _COMMON
ACTIVITY = (Parameter("entity"), *_COMMON, Parameter("unlinked", choices=("true", "false")))


async def activity(request: Request) -> Response:
    """Records, newest first; `unlinked=true` for those that belong to no entity (H77)."""
    return json_answer(_shown(await request.context.readers.run(_all, request)))


async def entity_activity(request: Request) -> Response:
    """The records of one entity, newest first."""
    return json_answer(_shown(await request.context.readers.run(_entity, request)))


def _all(request: Request) -> Listed:
    query, context = request.query, request.context
    unlinked = query.text("unlinked") == "true"
    ref = query.text("entity")
    if ref is not None and unlinked:
        raise InputError("entity and unlinked exclude each other", hint="leave one of the two out")
    if ref is not None:
        return _of(request, _canonical(ref))
    if context.readable is not None and unlinked:
        return Listed((), more=False)  # nobody can say whether they are about what may be read
    narrowed = "unlinked" if unlinked else "linked" if context.readable is not None or "unlinked" in query else ""
    return context.service.activity.records(_wanted(query), _part(query), context.catalog, only=narrowed)


def _entity(request: Request) -> Listed:
    ref = _canonical(request.parameters["ref"])
    if request.context.catalog.by_ref(ref) is None:
        raise NotFoundError(f"No such entity: {ref} not found")
    return _of(request, ref)


def _of(request: Request, ref: str) -> Listed:
    context = request.context
    if context.readable is not None and not context.readable.readable([ref]):
        return Listed((), more=False)
    query = request.query
    return context.service.activity.entity_records(ref, _wanted(query), _part(query), context.catalog)


def _wanted(query: Query) -> Wanted:
    type_, since = query.text("type"), query.text("since")
    try:
        moment = None if since is None else read_since(since, milliseconds_now())
    except ValueError as error:
        raise InputError(f"query parameter since {error}", hint="or an age such as 7d, 12h, 30m") from None
    return Wanted(
        integration=query.text("integration") or "",
        schema=query.text("schema") or "",
        types=None if type_ is None else [type_],
        since=moment,
    )


def _part(query: Query) -> Part:
    limit = query.integer("limit")
    return Part(min(DEFAULT_LIMIT if limit is None else limit, MAX_LIMIT), query.integer("offset") or 0)


def _canonical(text: str) -> str:
    try:
        return str(parse_ref(text))
    except RefError as error:
        raise InputError(str(error)) from None


def _shown(found: Listed) -> JsonObject:
    return {"items": [_item(one) for one in found.items], "more": found.more}


def _item(linked: LinkedRecord) -> JsonObject:
    record = linked.record
    return {
        "integration": record.integration,
        "schema": record.schema,
        "identifier": record.identifier,
        "type": record.type,
        "timestamp": record.timestamp,
        "received": record.received,
        "entity_ref": linked.refs[0] if linked.refs else None,
        "entity_refs": list(linked.refs),
        "fields": record.fields,
    }
