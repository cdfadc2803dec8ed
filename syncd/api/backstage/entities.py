"""Single entities and batches of them (spec 3.9, 3.10)."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from query.ast import Everything, Node, all_of
from query.dialects.filter import parse_filter
from query.dialects.predicate import parse_predicate
from query.fields import parse_fields
from syncd.api.answers import bytes_answer, empty_answer, spliced_list, spliced_object, tagged_answer
from syncd.api.backstage.projection import projected
from syncd.api.request import Request
from syncd.errors import NotFoundError
from syncd.model.ref import EntityRef, RefError, parse_ref


class ByRefsBody(BaseModel):
    """The body of by-refs; unknown properties are ignored (spec 3.1)."""

    model_config = ConfigDict(strict=True, frozen=True)

    entityRefs: list[str]  # noqa: N815 - the word of the API
    fields: list[str] | None = None
    query: dict[str, Any] | None = None


async def by_uid(request: Request) -> Response:
    """The entity with a uid, in any case (C221)."""
    uid = request.parameters["uid"].lower()
    document = await request.context.readers.run(request.context.catalog.by_uid, uid)
    if document is None:
        raise NotFoundError(f"No such entity: uid {uid} not found")
    return bytes_answer(document)


async def delete_by_uid(request: Request) -> Response:
    """Forget an entity until its source is read again; 204 for an unknown uid too (C222, C223)."""
    service, uid = request.context.service, request.parameters["uid"].lower()
    readable = request.context.readable
    if readable is not None and await request.context.readers.run(readable.by_uid, uid) is None:
        return empty_answer(204)
    try:
        await request.context.readers.run(service.deletion.entity, uid, actor=request.actor)
    except NotFoundError:
        return empty_answer(204)
    return empty_answer(204)


async def by_name(request: Request) -> Response:
    """The entity with a kind, namespace and name, each in any case (C219)."""
    parts = request.parameters
    ref = str(EntityRef(parts["kind"], parts["namespace"], parts["name"]))
    [document] = await request.context.documents([ref], Everything())
    if document is None:
        raise NotFoundError(f"No such entity: {ref} not found")
    return bytes_answer(document)


async def by_refs(request: Request) -> Response:
    """Entities in the order asked for, `null` for those that are absent or that the filter leaves out (C224-C228)."""
    body = request.read(ByRefsBody)
    projection = parse_fields(body.fields or [])
    asked = [_complete(text) for text in body.entityRefs]
    where = _where(request.query.texts("filter"), body.query)
    known = [ref for ref in asked if ref is not None]
    found = iter(await request.context.documents(known, where))
    documents = [None if ref is None else next(found) for ref in asked]
    if projection is None:
        return bytes_answer(spliced_object([("items", spliced_list(documents))]))
    cut = await request.context.readers.run(projected, projection, documents)
    return tagged_answer(request, spliced_object([("items", spliced_list(cut))]))


def _where(filters: list[str], query: dict[str, Any] | None) -> Node:
    parts = [parse_filter(filters)] if filters else []
    if query is not None:
        parts.append(parse_predicate(query))
    return all_of(parts)


def _complete(text: str) -> str | None:
    """The full ref that a text means; None where it does not say a kind (C226)."""
    try:
        return str(parse_ref(text))
    except RefError:
        return None
