"""Where values come from, what happened to an entity, and what differs between two moments."""

from dataclasses import asdict

from starlette.responses import Response

from syncd.api.answers import json_answer
from syncd.api.own.entities import ref_in
from syncd.api.parameters import Parameter
from syncd.api.request import Request
from syncd.errors import InputError
from syncd.history.comparison import EntityDifference, Moment
from syncd.history.origin import Origin, Why
from syncd.history.timeline import Event
from syncd.model.json import Json, JsonObject

WHY = (Parameter("field"),)
HISTORY = (Parameter("path"), Parameter("limit", "integer", minimum=1), Parameter("offset", "integer"))
DIFF = (
    Parameter("from"),
    Parameter("to"),
    Parameter("location"),
    Parameter("repository"),
    Parameter("limit", "integer", minimum=1),
)
DIFF_ITEMS = 200
MOST_DIFF_ITEMS = 10_000
HISTORY_ROWS = 100
MOST_HISTORY_ROWS = 10_000


async def why(request: Request) -> Response:
    """Where the value at a field comes from: file, line and commit, or person and time."""
    field = request.query.text("field")
    if field is None:
        raise InputError("query parameter field is missing", hint="name a field, such as spec.owner")
    found = await request.context.waiters.run(request.context.service.history.why, ref_in(request), field)
    return json_answer(_why(found))


async def diff(request: Request) -> Response:
    """What differs between two commits of a repository, or, where none is named, between two times."""
    return json_answer(await request.context.waiters.run(_diff, request))


def _diff(request: Request) -> JsonObject:
    query, history = request.query, request.context.service.history
    location, repository = query.text("location") or "", query.text("repository") or ""
    old, limit = query.text("from"), min(query.integer("limit") or DIFF_ITEMS, MOST_DIFF_ITEMS)
    if old is None:
        raise InputError("query parameter from is missing", hint="name a commit or a time")
    if location or repository:
        new = query.text("to") or "HEAD"
        found = history.between_commits(old, new, location_id=location, repository=repository, limit=limit)
    else:
        found = history.between(old, query.text("to") or "now", limit=limit)
    items: list[Json] = [_difference(item) for item in found.items]
    return {
        "from": _moment(found.old),
        "to": _moment(found.new),
        "items": items,
        "counts": {effect: found.counts.get(effect, 0) for effect in ("added", "updated", "removed")},
        "more": found.more,
        "notes": [*found.notes],
    }


def _difference(one: EntityDifference) -> JsonObject:
    changes: list[Json] = [asdict(change) for change in one.changes]
    return {
        "ref": one.ref,
        "effect": one.effect,
        "path": one.path or None,
        "line": one.line or None,
        "changes": changes,
        "complete": one.complete,
        "reason": one.reason or None,
    }


def _moment(one: Moment) -> JsonObject:
    commit = one.commit
    return {
        "at": one.at,
        "commit": None if commit is None else commit.id,
        "author": None if commit is None else commit.author,
        "subject": None if commit is None else commit.subject,
    }


async def history(request: Request) -> Response:
    """What commits and changes did to an entity, or to a field of it, the newest first."""
    return json_answer(await request.context.waiters.run(_history, request))


def _history(request: Request) -> JsonObject:
    found = request.context.service.history.timeline(
        ref_in(request),
        request.query.text("path") or "",
        limit=min(request.query.integer("limit") or HISTORY_ROWS, MOST_HISTORY_ROWS),
        offset=request.query.integer("offset") or 0,
    )
    items: list[Json] = [_event(event) for event in found.events]
    return {"items": items, "more": found.more, "git": asdict(found.git)}


def _event(one: Event) -> JsonObject:
    change = one.change
    return {
        "seq": one.seq,
        "at": one.at,
        "actor": one.actor,
        "what": one.what,
        "path": change.path,
        "effect": change.effect,
        "old": change.old,
        "new": change.new,
        "request_id": one.request_id,
        "commit": one.commit,
        "subject": one.subject,
        "email": one.email,
        "file": one.file,
    }


def _why(found: Why) -> JsonObject:
    origins = [_origin(one) for one in found.origins]
    return {"ref": found.ref, "field": found.field, "value": found.value, "origins": [*origins], "more": found.more}


def _origin(one: Origin) -> JsonObject:
    """What does not apply is null."""
    kept = ("value", "in_force", "cut")
    return {name: value if name in kept else value or None for name, value in asdict(one).items()}
