"""`GET …/ancestry`: the way from a registered location to an entity (spec 3.9)."""

import orjson
from starlette.responses import Response

from query.ast import Everything
from syncd.api.answers import spliced_list, spliced_object, tagged_answer
from syncd.api.request import Request
from syncd.errors import NotAllowedError, NotFoundError
from syncd.model.ref import EntityRef


async def ancestry(request: Request) -> Response:
    """The entity, then its parent and so on, each with the refs of its parents that are there (C230).

    403 for an entity that the caller may not read; of what leads to it, all beyond such a one is left off (C258).
    """
    parts = request.parameters
    root = str(EntityRef(parts["kind"], parts["namespace"], parts["name"]))
    items = await request.context.readers.run(_items, request, root)
    if not items:
        if await request.context.readers.run(request.context.service.catalog.by_ref, root) is not None:
            raise NotAllowedError(f"{root} may not be read", hint="use a token whose read condition it meets")
        raise NotFoundError(f"No such entity: {root} not found")
    content = [("rootEntityRef", orjson.dumps(root)), ("items", spliced_list(items))]
    return tagged_answer(request, spliced_object(content))


def _items(request: Request, root: str) -> list[bytes]:
    """What leads to the root, nearest first; it ends at what may not be read, and at what was met before."""
    chain: dict[str, bytes] = {}
    parents: dict[str, str] = {}
    ref = root
    while ref and ref not in chain and (document := _document(request, ref)) is not None:
        chain[ref] = document
        details = request.context.catalog.details(ref)
        parents[ref] = ref = details.parent if details is not None else ""
    return [
        spliced_object(
            [
                ("entity", document),
                ("parentEntityRefs", orjson.dumps([parents[ref]] if parents[ref] in chain else [])),
            ]
        )
        for ref, document in chain.items()
    ]


def _document(request: Request, ref: str) -> bytes | None:
    [document] = request.context.catalog.by_refs([ref], Everything())
    return document
