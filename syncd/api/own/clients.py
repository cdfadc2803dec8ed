"""Making, listing, rotating and disabling clients."""

from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from syncd.api.answers import json_answer
from syncd.api.request import Request
from syncd.model.client import ClientRecord
from syncd.model.json import JsonObject


class NewClient(BaseModel):
    """A client to make; without `scopes` it may read, and write entities and properties."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    name: str
    scopes: list[str] = []


async def list_clients(request: Request) -> Response:
    """All clients, without their secrets."""
    return json_answer({"items": [_shown(record) for record in request.context.service.clients.all()]})


async def create_client(request: Request) -> Response:
    """Make a client; this answer is the only one that holds its secret."""
    body, context = request.read(NewClient), request.context
    clients = context.service.clients
    record, secret = await context.readers.run(clients.create, body.name, body.scopes, actor=request.actor)
    return json_answer({**_shown(record), "client_secret": secret}, status=201)


async def rotate_client(request: Request) -> Response:
    """Give a client another secret; the old one and its access tokens end at once (P6)."""
    clients, client_id = request.context.service.clients, request.parameters["id"]
    record, secret = await request.context.readers.run(clients.rotate, client_id, actor=request.actor)
    return json_answer({**_shown(record), "client_secret": secret})


async def disable_client(request: Request) -> Response:
    """End a client, its secret and its access tokens at once."""
    clients, client_id = request.context.service.clients, request.parameters["id"]
    return json_answer(_shown(await request.context.readers.run(clients.disable, client_id, actor=request.actor)))


def _shown(record: ClientRecord) -> JsonObject:
    return {
        "client_id": record.id,
        "name": record.name,
        "scopes": list(record.scopes),
        "created": record.created.isoformat(),
        "rotated": None if record.rotated is None else record.rotated.isoformat(),
        "last_used": None if record.last_used is None else record.last_used.isoformat(),
        "disabled": None if record.disabled is None else record.disabled.isoformat(),
    }
