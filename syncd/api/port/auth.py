"""Port's exchange of a client's secret for an access token (P1-P8, spec 2)."""

from typing import Literal

from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from syncd.api.dialects.port import answer
from syncd.api.request import Request


class Credentials(BaseModel):
    """The two halves of a client's credentials, and nothing else."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    clientId: str  # noqa: N815 - the words of the API, here and below
    clientSecret: str  # noqa: N815


class AccessTokenAnswer(BaseModel):
    """An access token, and the seconds that are left of its life."""

    ok: Literal[True]
    accessToken: str  # noqa: N815
    expiresIn: int  # noqa: N815
    tokenType: Literal["Bearer"]  # noqa: N815


async def access_token(request: Request) -> Response:
    """Exchange a client's secret for its access token: the live one, as long as it lives for a minute more."""
    body = request.read(Credentials)
    context = request.context
    token = await context.readers.run(context.service.clients.exchange, body.clientId, body.clientSecret)
    return answer(accessToken=token.text, expiresIn=token.expires_in, tokenType="Bearer")
