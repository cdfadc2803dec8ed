"""`POST /locations/by-query`: registered locations that a predicate means, by id (spec 3.12)."""

import base64
import json
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import Response

from query.ast import And, Contains, Equals, Exists, Node, Not, Or, Prefix
from query.cursor import MALFORMED
from query.dialects.predicate import parse_predicate
from query.match import matches
from query.rows import SearchRow
from query.text import fold
from syncd.api.answers import tagged_answer
from syncd.api.backstage.locations import shown, stored_locations
from syncd.api.body import Absent
from syncd.api.parameters import MAX_INTEGER
from syncd.api.request import Request
from syncd.errors import InputError
from syncd.model.json import JsonObject
from syncd.model.location import Location

KEYS = ("id", "type", "target", "entityRef")


class LocationsQuery(BaseModel):
    """What is listed, and how many at a time; unknown properties are ignored."""

    model_config = ConfigDict(strict=True, frozen=True)

    query: dict[str, Any] = {}
    limit: int = Field(default=1000, ge=1, le=MAX_INTEGER)


class LocationsBody(LocationsQuery):
    """The body of the request; beside a cursor nothing else is read."""

    cursor: Annotated[str, Field(min_length=1), Absent] = ""


class _Place(LocationsQuery):
    """A page that is to come: the cursor remembers what was asked, limit included (C240)."""

    after: str


async def locations_by_query(request: Request) -> Response:
    """One page of the locations that a predicate on `id`, `type`, `target` and `entityRef` means (C240, C241)."""
    body = request.read(LocationsBody)
    asked: LocationsQuery = _decode(body.cursor) if body.cursor else body
    where = _read(asked.query)
    stored = await request.context.readers.run(stored_locations, request)
    found = sorted((one for one in stored if matches(where, _rows(one))), key=lambda one: one.id)
    after = asked.after if isinstance(asked, _Place) else ""
    rest = [location for location in found if location.id > after]
    page = rest[: asked.limit]
    content = {
        "items": [shown(location) for location in page],
        "totalItems": len(found),
        "pageInfo": {"nextCursor": _encode(asked, page[-1].id)} if len(page) < len(rest) else {},
    }
    return tagged_answer(request, orjson.dumps(content))


def _read(query: JsonObject) -> Node:
    """The predicate with the two meanings that it has for locations only: `$all` of nothing and `$contains` match
    nothing. Raises `QueryError`, and InputError for another key."""
    for key in _keys(parse_predicate(query)):
        if key not in map(fold, KEYS):
            raise InputError(f"locations have no {key}", hint=f"the keys here are {', '.join(KEYS)}")
    return parse_predicate(_narrowed(query))


def _narrowed(value: Any) -> Any:
    if isinstance(value, list):
        return [_narrowed(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value == {"$all": []}:
        return {"$any": []}
    return {
        ("$in" if key == "$contains" else key): [] if key == "$contains" else _narrowed(part)
        for key, part in value.items()
    }


def _keys(node: Node) -> set[str]:
    match node:
        case And(parts) | Or(parts):
            return {key for part in parts for key in _keys(part)}
        case Not(part):
            return _keys(part)
        case Exists(key) | Equals(key, _) | Prefix(key, _) | Contains(key, _):
            return {key}
        case _:
            return set()


def _rows(location: Location) -> list[SearchRow]:
    values = shown(location)
    return [SearchRow(fold(key), fold(str(values[key])), str(values[key]), None, member=False) for key in KEYS]


def _encode(asked: LocationsQuery, after: str) -> str:
    place = {"limit": asked.limit, "query": asked.query, "after": after}
    return base64.b64encode(json.dumps(place).encode()).decode("ascii")


def _decode(text: str) -> _Place:
    try:
        return _Place.model_validate_json(base64.b64decode(text, validate=True))
    except (ValueError, ValidationError):
        raise InputError(f"{MALFORMED}: it is not what a page gave", hint="start again without a cursor") from None
