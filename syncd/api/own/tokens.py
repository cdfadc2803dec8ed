"""Making, listing and ending tokens."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from syncd.api.answers import empty_answer, json_answer
from syncd.api.conditions import condition_text
from syncd.api.request import Request
from syncd.model.json import JsonObject
from syncd.model.token import TokenRecord


class NewToken(BaseModel):
    """A token to make; without `expires_in_days` it holds until it is revoked."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    name: str
    scopes: list[str]
    expires_in_days: int | None = Field(default=None, ge=1, le=36500)
    read: str | dict[str, Any] | Literal[False] | None = None
    """Which entities it may read: a query line, a permission condition, `false` for none; all where it is left out."""


async def list_tokens(request: Request) -> Response:
    """All tokens that were not revoked, without their secrets."""
    return json_answer({"items": [_shown(record) for record in request.context.service.tokens.all()]})


async def create_token(request: Request) -> Response:
    """Make a token; this answer is the only one that holds its secret (R55)."""
    body = request.read(NewToken)
    expires = None
    if body.expires_in_days is not None:
        expires = datetime.now(UTC) + timedelta(days=body.expires_in_days)
    record, text = await request.context.readers.run(
        request.context.service.issuer.create,
        body.name,
        body.scopes,
        expires,
        condition_text(body.read),
        actor=request.actor,
    )
    return json_answer({**_shown(record), "token": text}, status=201)


async def revoke_token(request: Request) -> Response:
    """End a token at once."""
    service = request.context.service
    await request.context.readers.run(service.issuer.revoke, request.parameters["id"], actor=request.actor)
    return empty_answer(204)


def _shown(record: TokenRecord) -> JsonObject:
    return {
        "id": record.id,
        "name": record.name,
        "scopes": list(record.scopes),
        "read": record.read,
        "created": record.created.isoformat(),
        "expires": None if record.expires is None else record.expires.isoformat(),
        "last_used": None if record.last_used is None else record.last_used.isoformat(),
    }
