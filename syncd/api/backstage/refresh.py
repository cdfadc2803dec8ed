"""`POST /refresh`: read an entity's sources again (spec 3.13)."""

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from syncd.api.answers import empty_answer
from syncd.api.request import Request
from syncd.errors import NotFoundError
from syncd.model.ref import RefError, parse_ref


class RefreshBody(BaseModel):
    """Which entity; the token is what older clients send, and is ignored."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    entityRef: str = Field(min_length=1)  # noqa: N815 - the word of the API
    authorizationToken: str | None = None  # noqa: N815


async def refresh(request: Request) -> Response:
    """Ring the locations that lead to an entity; answered before anything is read (C243)."""
    text = request.read(RefreshBody).entityRef
    try:
        ref = str(parse_ref(text))
    except RefError:
        raise NotFoundError(f"No such entity: {text} not found") from None
    readable = request.context.readable
    if readable is not None and not await request.context.readers.run(readable.readable, [ref]):
        raise NotFoundError(f"No such entity: {ref} not found")
    await request.context.readers.run(request.context.service.refresh_entity, ref)
    return empty_answer(200)
