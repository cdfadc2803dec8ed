"""Harness's dialect: its v1 failures, bodies in JSON or YAML, and answers in the format of the request (H10-H12)."""

import logging
from typing import Any
from urllib.parse import parse_qs

import orjson
from pydantic import BaseModel
from starlette.responses import Response

from syncd.api.answers import JSON, bytes_answer
from syncd.api.body import NotJsonError, is_json, require_json
from syncd.api.dialects.dialect import Dialect, failure_name
from syncd.api.failures import Failure
from syncd.api.lenient import load_leniently
from syncd.api.parameters import Parameter
from syncd.api.request import Request
from syncd.errors import NotAllowedError
from syncd.process.yaml_text import yaml_text

YAML_TYPES = frozenset({"application/yaml", "text/yaml", "application/x-yaml", "text/x-yaml"})

ACCOUNT_QUERY = ("accountIdentifier", "routingId")
"""Query parameters that name an account, as Harness's own clients send them."""

_CODES = {400: "INVALID_ARGUMENT", 404: "RESOURCE_NOT_FOUND", 409: "RESOURCE_ALREADY_EXISTS"}
_ENTITY_NOT_FOUND = "entity_not_found"
_LOG = logging.getLogger("catalog.api")


class HarnessFault(BaseModel):
    """One field that is wrong; "" is the whole body."""

    field_name: str
    message: str


class HarnessFailure(BaseModel):
    """Why a request was refused, as Harness's v1 API says it."""

    message: str
    code: str
    errors: list[HarnessFault]
    error_metadata: dict[str, str]


def answer(request: Request, value: Any, *, status: int = 200) -> Response:
    """A success in the format of the request."""
    if _wants_yaml(request):
        return bytes_answer(yaml_text(value).encode("utf-8"), status=status, content_type="application/yaml")
    return bytes_answer(orjson.dumps(value), status=status, content_type=JSON)


def _spell(request: Request, failure: Failure, _: BaseException) -> Response:
    is_entity = failure.code == _ENTITY_NOT_FOUND
    code = "ENTITY_NOT_FOUND" if is_entity else _CODES.get(failure.status) or failure_name(failure.status).upper()
    content = {
        "message": failure.sentence,
        "code": code,
        "errors": [{"field_name": one.field, "message": one.message} for one in failure.faults],
        "error_metadata": {"request_id": request.id},
    }
    return answer(request, content, status=failure.status)


async def _read(request: Request, content: bytes) -> Any:
    if request.media_type in YAML_TYPES:
        return await _yaml(request, content)
    if request.media_type:
        require_json(request, "application/json or application/yaml")
        return load_leniently(request, content)
    try:
        return load_leniently(request, content)
    except NotJsonError as failure:
        value = await _yaml(request, content)
        request.is_yaml = isinstance(value, dict)
        if not request.is_yaml:
            raise failure from None  # any words at all are YAML
        return value


async def _yaml(request: Request, content: bytes) -> Any:
    context = request.context
    return await context.readers.run(context.service.read_yaml, content)


def _admit(request: Request) -> None:
    """`Harness-Account` names one of ours, where the configuration says which these are (H9); so does the query."""
    accounts = request.context.settings.auth.accounts
    query = parse_qs(request.scope["query_string"].decode("ascii", "replace"))
    named = [*request.headers(b"harness-account"), *(one for name in ACCOUNT_QUERY for one in query.get(name, ()))]
    if named:
        _LOG.debug("request %s names the account %r", request.id, named[0])
    if accounts and any(account not in accounts for account in named):
        raise NotAllowedError(
            "this catalog does not serve the account that the request names",
            hint="leave it out, or list the account in [auth] accounts",
        )


def _wants_yaml(request: Request) -> bool:
    """By an explicit `Accept`, else by the body, read or announced."""
    for media_type in request.accepted:
        if media_type in YAML_TYPES or is_json(media_type):
            return media_type in YAML_TYPES
    return request.is_yaml or request.media_type in YAML_TYPES


_SCOPE = (*ACCOUNT_QUERY, "orgIdentifier", "projectIdentifier")
"""Harness's own clients send these with every call. The account is looked at; the scope of an entity is in its ref."""

HARNESS = Dialect(
    "harness",
    _spell,
    _read,
    HarnessFailure,
    body_media=("application/json", "application/yaml"),
    admit=_admit,
    query={name: Parameter(name, may_be_empty=True) for name in _SCOPE},
)
