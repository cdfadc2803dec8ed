"""Making, listing, changing and deleting integrations. No answer holds a secret but the one that made it (H80)."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from syncd.activity.integrations import SIGNATURE_HEADER, Signature, Terms
from syncd.api.answers import empty_answer, json_answer
from syncd.api.request import Request
from syncd.model.integration import (
    DEFAULT_RETENTION_DAYS,
    METRIC,
    Algorithm,
    Correlation,
    Integration,
    IntegrationState,
    Way,
)
from syncd.model.json import JsonObject

_Days = Annotated[int, Field(ge=1, le=36500)]


class NewSignature(BaseModel):
    """How deliveries are signed; without `secret` one is made, or the present one stays."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    header: str = SIGNATURE_HEADER
    algorithm: Algorithm = "sha256"
    secret: str | None = Field(default=None, repr=False)


class NewCorrelation(BaseModel):
    """A record belongs to the entities whose value at `catalog_path` is its own at `ingested_path`."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    ingested_path: str = Field(min_length=1)
    catalog_path: str = Field(min_length=1)


class NewIntegration(BaseModel):
    """An integration to make; way in, schema and fields are fixed from then on."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    id: str
    way: Way
    schema_: str = Field(alias="schema")
    fields: list[str] = Field(default=[], max_length=100)
    retention_days: _Days = DEFAULT_RETENTION_DAYS
    correlation: NewCorrelation | None = None
    mapping: dict[str, str] = Field(default={}, max_length=200)
    signature: NewSignature | None = None


class IntegrationChange(BaseModel):
    """What to change; null takes a correlation or a signature away."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    state: IntegrationState = "enabled"
    retention_days: _Days = DEFAULT_RETENTION_DAYS
    correlation: NewCorrelation | None = None
    mapping: dict[str, str] = Field(default={}, max_length=200)
    signature: NewSignature | None = None


async def list_integrations(request: Request) -> Response:
    """All integrations, by id."""
    integrations = await request.context.readers.run(request.context.service.activity.integrations.all)
    return json_answer({"items": [_shown(one) for one in integrations]})


async def get_integration(request: Request) -> Response:
    """One integration."""
    integrations = request.context.service.activity.integrations
    return json_answer(_shown(await request.context.readers.run(integrations.get, request.parameters["id"])))


async def create_integration(request: Request) -> Response:
    """Make an integration; this answer is the only one that holds the secret of its signature."""
    body = request.read(NewIntegration)
    terms = _terms(body, frozenset({"retention_days", "correlation", "mapping", "signature"}))
    integrations = request.context.service.activity.integrations
    made, secret = await request.context.readers.run(
        integrations.create, body.id, body.way, body.schema_, body.fields, terms, actor=request.actor
    )
    return json_answer({**_shown(made), "secret": secret}, status=201)


async def change_integration(request: Request) -> Response:
    """Suspend, enable, or change how long records are kept, how they are linked, read and signed."""
    body = request.read(IntegrationChange)
    integrations = request.context.service.activity.integrations
    terms = _terms(body, frozenset(body.model_fields_set))
    changed = await request.context.readers.run(
        integrations.change, request.parameters["id"], terms, actor=request.actor
    )
    return json_answer(_shown(changed))


async def delete_integration(request: Request) -> Response:
    """Delete an integration and all its records."""
    integrations = request.context.service.activity.integrations
    await request.context.readers.run(integrations.delete, request.parameters["id"], actor=request.actor)
    return empty_answer(204)


def _terms(body: NewIntegration | IntegrationChange, given: frozenset[str]) -> Terms:
    rule, signature = body.correlation, body.signature
    return Terms(
        state=body.state if isinstance(body, IntegrationChange) and "state" in given else None,
        retention_days=body.retention_days if "retention_days" in given else None,
        correlation=None if rule is None else Correlation(rule.ingested_path, rule.catalog_path),
        mapping=body.mapping if "mapping" in given else None,
        signature=None if signature is None else Signature(signature.header, signature.algorithm, signature.secret),
        given=given,
    )


def _shown(one: Integration) -> JsonObject:
    rule, signing = one.correlation, one.signing
    return {
        "id": one.id,
        "way": one.way,
        "schema": one.schema,
        "state": one.state,
        "retention_days": one.retention_days,
        "correlation": None
        if rule is None
        else {"ingested_path": rule.ingested_path, "catalog_path": rule.catalog_path},
        "fields": list(one.fields),
        "mapping": dict(one.mapping),
        "signature": None if signing is None else {"header": signing.header, "algorithm": signing.algorithm},
        "created": one.created,
        "path": _path(one),
    }


def _path(one: Integration) -> str:
    """Where its records are sent to; any word stands for the account."""
    account = "/integration/api/v1/accounts/default"
    if one.way == "WEBHOOK":
        return f"{account}/webhooks/{one.id}"
    return (
        f"{account}/metrics/{one.id}" if one.schema == METRIC else f"{account}/integrations/{one.id}/data/{one.schema}"
    )
