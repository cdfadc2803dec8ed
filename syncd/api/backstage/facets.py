"""`GET /entity-facets`: how often each value occurs (spec 3.11)."""

import orjson
from starlette.responses import Response

from query.dialects.filter import parse_filter
from syncd.api.answers import tagged_answer
from syncd.api.request import Request
from syncd.errors import InputError


async def facets(request: Request) -> Response:
    """The facets under the names as asked, values ascending (C211-C217)."""
    keys = list(dict.fromkeys(request.query.texts("facet")))
    if not keys or not all(key.strip() for key in keys):
        raise InputError("query parameter facet is missing or blank", hint="name at least one, such as facet=kind")
    where = parse_filter(request.query.texts("filter"))
    counts = await request.context.readers.run(request.context.catalog.facets, keys, where)
    content = {key: [{"value": value, "count": count} for value, count in counts[key]] for key in keys}
    return tagged_answer(request, orjson.dumps({"facets": content}))
