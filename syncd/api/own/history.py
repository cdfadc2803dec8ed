"""Where values come from, what happened to an entity, and what differs between two moments."""

from dataclasses import asdict

from starlette.responses import Response

from syncd.api.answers import json_answer
from syncd.api.own.entities import ref_in
from syncd.api.parameters import Parameter
from syncd.api.request import Request
from syncd.errors import InputError
from syncd.history.origin import Origin, Why
from syncd.model.json import JsonObject

WHY = (Parameter("field"),)


async def why(request: Request) -> Response:
    """Where the value at a field comes from: file, line and commit, or person and time."""
    field = request.query.text("field")
    if field is None:
        raise InputError("query parameter field is missing", hint="name a field, such as spec.owner")
    found = await request.context.waiters.run(request.context.service.history.why, ref_in(request), field)
    return json_answer(_why(found))


def _why(found: Why) -> JsonObject:
    origins = [_origin(one) for one in found.origins]
    return {"ref": found.ref, "field": found.field, "value": found.value, "origins": [*origins], "more": found.more}


def _origin(one: Origin) -> JsonObject:
    """What does not apply is null."""
    kept = ("value", "in_force", "cut")
    return {name: value if name in kept else value or None for name, value in asdict(one).items()}
