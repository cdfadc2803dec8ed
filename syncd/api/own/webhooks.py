"""Webhooks of git hosts: their deliveries, and what administrators do with them. No answer holds a secret but the one
that made it."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.background import BackgroundTask
from starlette.responses import Response

from syncd.api.answers import empty_answer, json_answer
from syncd.api.body import load_json, read_body
from syncd.api.request import Request
from syncd.errors import CatalogError
from syncd.model.json import JsonObject
from syncd.model.webhook import Provider, Webhook
from syncd.watch.webhooks import KEEP, Received

PATH = "/api/own/hooks"


class NewWebhook(BaseModel):
    """A webhook to make; without `secret` one is made."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    id: str
    provider: Provider
    secret: str | None = Field(default=None, repr=False)


class NewSecret(BaseModel):
    """Another secret; the one before stays valid for `keep_hours`."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    secret: str | None = Field(default=None, repr=False)
    keep_hours: Annotated[float, Field(ge=0, le=24 * 365)] = KEEP.total_seconds() / 3600


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Ring(BaseModel):
    """A repository that somebody pushed to, by any of its URLs, or by several."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    repository: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=4096)]], BeforeValidator(_as_list), Field(max_length=100)
    ]


async def deliver(request: Request) -> Response:
    """Take a delivery of a git host; 202 before anybody looks at a repository.

    The signature is judged over the raw body before that is read as JSON (R62). Tokens are not asked for, and make up
    for nothing.
    """
    content = await read_body(request, "webhook_body_size")
    received = await request.context.readers.run(_received, request, content)
    answer = json_answer({"rung": received.rung, "reason": received.reason or None}, status=202)
    answer.background = BackgroundTask(request.context.service.webhooks.write_down)
    return answer


async def ring(request: Request) -> Response:
    """Have a look at a repository that somebody pushed to; 202 before anybody looks."""
    rung = request.context.service.doorbell.ring(request.read(Ring).repository)
    return json_answer({"rung": rung}, status=202)


async def list_webhooks(request: Request) -> Response:
    """All webhooks, by id, with the ids of their secrets."""
    return json_answer({"items": [_shown(request, one) for one in request.context.service.webhooks.all()]})


async def create_webhook(request: Request) -> Response:
    """Make a webhook; this answer is the only one that holds its secret."""
    body, webhooks = request.read(NewWebhook), request.context.service.webhooks
    made, secret = await request.context.readers.run(
        webhooks.create, body.id, body.provider, body.secret, actor=request.actor
    )
    return json_answer({**_shown(request, made), "secret": secret}, status=201)


async def rotate_webhook(request: Request) -> Response:
    """Give a webhook another secret; the one before stays valid for a while."""
    body, webhooks = request.read(NewSecret), request.context.service.webhooks
    keep = timedelta(hours=body.keep_hours)
    changed, secret = await request.context.readers.run(
        webhooks.rotate, request.parameters["id"], body.secret, keep, actor=request.actor
    )
    return json_answer({**_shown(request, changed), "secret": secret}, status=201)


async def revoke_secret(request: Request) -> Response:
    """End one secret of a webhook at once."""
    webhooks, path = request.context.service.webhooks, request.parameters
    changed = await request.context.readers.run(webhooks.revoke, path["id"], path["secret"], actor=request.actor)
    return json_answer(_shown(request, changed))


async def delete_webhook(request: Request) -> Response:
    """Delete a webhook with its secrets."""
    webhooks = request.context.service.webhooks
    await request.context.readers.run(webhooks.delete, request.parameters["id"], actor=request.actor)
    return empty_answer(204)


def _received(request: Request, content: bytes) -> Received:
    webhooks, outcomes = request.context.service.webhooks, request.context.service.meters.deliveries
    try:
        proven = webhooks.prove(request.parameters["id"], lambda name: request.headers(name.encode("ascii")), content)
        received = webhooks.receive(proven, load_json(content))
    except CatalogError:
        outcomes.add(("refused",))
        raise
    outcomes.add(("rung" if received.rung else "ignored",))
    return received


def _shown(request: Request, webhook: Webhook) -> JsonObject:
    webhooks = request.context.service.webhooks
    path = f"{PATH}/{webhook.id}"
    base = request.context.settings.daemon.base_url
    return {
        "id": webhook.id,
        "provider": webhook.provider,
        "path": path,
        "url": None if base is None else f"{base}{path}",
        "created": webhook.created.isoformat(),
        "secrets": [
            {
                "id": one.id,
                "created": one.created.isoformat(),
                "expires": None if one.expires is None else one.expires.isoformat(),
                "last_delivery": None if (last := webhooks.last_delivery(one.id)) is None else last.isoformat(),
            }
            for one in webhook.secrets
        ],
    }
