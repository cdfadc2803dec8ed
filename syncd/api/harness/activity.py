"""Activity records as Harness's integrations are sent them: by API, by webhook, and metrics (Harness spec 12)."""

from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from syncd.activity.records import HOW_TO_SIGN, UNSIGNED, Received
from syncd.api.answers import json_answer
from syncd.api.body import Absent, load_json, read_body
from syncd.api.request import Request
from syncd.api.router import Route
from syncd.errors import AuthenticationError, InputError
from syncd.model.json import Json, JsonObject
from syncd.model.ref import RefError, parse_ref

ACCOUNT = "/integration/api/v1/accounts/{account}"
DATA = f"{ACCOUNT}/integrations/{{id}}/data/{{schema}}"


class Records(BaseModel):
    """Records of the schema that the path names; each is judged alone."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    records: list[Any]


class Filter(BaseModel):
    """What the records to remove have in common; one of the two."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    entity_refs: Annotated[list[str] | None, Absent] = None
    types: Annotated[list[str] | None, Absent] = None


class Removal(BaseModel):
    """Which records to remove: by exactly one of identifiers, entities, types."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    identifiers: Annotated[list[str] | None, Absent] = None
    filter: Annotated[Filter | None, Absent] = None


class Metrics(BaseModel):
    """Rows `{value, timestamp}` of one entity."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    entity_ref: Annotated[str | None, Absent] = None
    tags: Annotated[dict[str, Any] | list[str] | None, Absent] = None
    metrics: list[Any]


async def send_records(request: Request) -> Response:
    """Take records: those that fit the schema, the others are rejected by index."""
    activity = request.context.service.activity
    received = await request.context.readers.run(
        activity.receive,
        request.parameters["id"],
        request.parameters["schema"],
        request.read(Records).records,
        actor=request.actor,
        entities=request.context.catalog,
    )
    return _told(received)


async def remove_records(request: Request) -> Response:
    """Remove records by exactly one of identifiers, filter.entity_refs and filter.types."""
    body = request.read(Removal)
    chosen = body.filter or Filter()
    gone = await request.context.readers.run(
        request.context.service.activity.delete,
        request.parameters["id"],
        request.parameters["schema"],
        identifiers=body.identifiers,
        refs=None if chosen.entity_refs is None else [_ref(text) for text in chosen.entity_refs],
        types=chosen.types,
        actor=request.actor,
        entities=request.context.catalog,
    )
    return json_answer({"deleted": gone})


async def send_metrics(request: Request) -> Response:
    """Add rows of a metric; nothing that is there is replaced."""
    body = request.read(Metrics)
    received = await request.context.readers.run(
        request.context.service.activity.receive_metrics,
        request.parameters["id"],
        body.metrics,
        entity_ref=body.entity_ref,
        tags=cast("Json", body.tags),
        actor=request.actor,
        entities=request.context.catalog,
    )
    return _told(received)


async def deliver(request: Request) -> Response:
    """Take a delivery of a webhook, which its signature or a key vouches for (H76).

    The signature is judged over the raw body before that is read as JSON (R62). Who shows neither is refused, also
    over the Unix socket and in open mode.
    """
    activity, integration_id = request.context.service.activity, request.parameters["id"]
    content = await read_body(request, "webhook_body_size")

    def signatures(name: str) -> list[str]:
        return request.headers(name.encode("ascii"))

    signed = await request.context.readers.run(activity.is_signed, integration_id, signatures, content)
    if not signed and request.principal is None:
        raise AuthenticationError(UNSIGNED, hint=HOW_TO_SIGN)
    body = load_json(content)
    if not isinstance(body, dict):
        raise InputError("the body is not an object")
    received = await request.context.readers.run(
        activity.deliver,
        integration_id,
        cast("JsonObject", body),
        actor=request.actor or f"webhook:{integration_id}",
        entities=request.context.catalog,
    )
    return _told(received)


ROUTES = (
    Route("POST", DATA, send_records, "properties:write", body=Records),
    Route("DELETE", DATA, remove_records, "properties:write", body=Removal),
    Route("POST", f"{ACCOUNT}/webhooks/{{id}}", deliver, "signed"),
    Route("POST", f"{ACCOUNT}/metrics/{{id}}", send_metrics, "properties:write", body=Metrics),
)


def _told(received: Received) -> Response:
    return json_answer(
        {
            "accepted": received.created + received.updated,
            "created": received.created,
            "updated": received.updated,
            "unlinked": received.unlinked,
            "rejected": [
                {"index": one.index, "identifier": one.identifier, "field": one.field, "reason": one.reason}
                for one in received.rejected
            ],
        }
    )


def _ref(text: str) -> str:
    try:
        return str(parse_ref(text, kind="component"))
    except RefError as error:
        raise InputError(f"filter.entity_refs: {error}") from None
