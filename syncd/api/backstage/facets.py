"""`GET` and `POST /entity-facets`: how often each value occurs (spec 3.11)."""

from collections.abc import Sequence
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from query.ast import Node
from query.dialects.filter import parse_filter
from query.dialects.predicate import parse_predicate
from syncd.api.answers import tagged_answer
from syncd.api.request import Request
from syncd.errors import InputError


class FacetsBody(BaseModel):
    """The body of POST entity-facets; unknown properties are ignored."""

    model_config = ConfigDict(strict=True, frozen=True)

    facets: list[str]
    query: dict[str, Any] = {}


async def facets(request: Request) -> Response:
    """How often each value of a field occurs, values ascending, under the names as asked (C211-C217)."""
    keys = request.query.texts("facet")
    if not keys or not all(key.strip() for key in keys):
        raise InputError("query parameter facet is missing or blank", hint="name at least one, such as facet=kind")
    return await _answer(request, keys, parse_filter(request.query.texts("filter")))


async def post_facets(request: Request) -> Response:
    """The same for the entities that a predicate means (C218)."""
    body = request.read(FacetsBody)
    keys = [key for key in body.facets if key.strip()]
    if not keys:
        raise InputError("facets names no field", hint='name at least one, such as {"facets": ["kind"]}')
    return await _answer(request, keys, parse_predicate(body.query))


async def _answer(request: Request, asked: Sequence[str], where: Node) -> Response:
    keys = list(dict.fromkeys(asked))
    counts = await request.context.readers.run(request.context.catalog.facets, keys, where)
    content = {key: [{"value": value, "count": count} for value, count in counts[key]] for key in keys}
    return tagged_answer(request, orjson.dumps({"facets": content}))
