"""Port's dialect: `ok` in every answer, short names for failures, 422 for what is wrong with a request."""

from typing import Any, Literal

import orjson
from pydantic import BaseModel
from starlette.responses import Response

from syncd.api.answers import bytes_answer, json_answer
from syncd.api.body import require_json
from syncd.api.dialects.dialect import Dialect, Headers, failure_name
from syncd.api.failures import WRONG_MEDIA_TYPE, Failure, NoSuchPathError
from syncd.api.lenient import load_leniently
from syncd.api.rate import Allowance
from syncd.api.request import Request

INVALID = 422
_NAMES = {409: "identifier_taken", INVALID: "invalid_request"}
_OWN_NAMES = frozenset({"not_supported"})
"""Codes of failures that are names already."""
OTHER_GROUPS = frozenset(
    {
        *("actions", "ai", "apps", "blueprints", "checklist", "data-sources", "entities", "integration"),
        *("invite", "migrations", "organization", "pages", "permissions", "roles", "rotate-credentials"),
        *("scorecards", "sidebars", "teams", "users", "webhooks"),
    }
)
"""Groups of Port's API: what of them has no route is `not_supported`."""


class PortFault(BaseModel):
    """One field that is wrong; "" is the whole body."""

    field: str
    message: str


class PortFailure(BaseModel):
    """Why a request was refused, as Port says it."""

    ok: Literal[False]
    error: str
    message: str
    details: list[PortFault] = []


def answer(status: int = 200, /, **things: Any) -> Response:
    """A success: `ok`, and each thing under its own name (spec 1)."""
    return json_answer({"ok": True, **things}, status=status)


def spelled(failure: Failure) -> tuple[int, str, str]:
    """The status, the name and the message of a failure."""
    status = INVALID if failure.status == 400 or failure.code == WRONG_MEDIA_TYPE else failure.status
    name = failure.code if failure.code in _OWN_NAMES else _NAMES.get(status) or failure_name(status)
    return status, name, failure.sentence


def _spell(request: Request, failure: Failure, error: BaseException) -> Response:
    status, name, message = spelled(failure)
    if isinstance(error, NoSuchPathError) and not error.allowed and _group(request.path) in OTHER_GROUPS:
        name, message = "not_supported", f"{request.path} is a part of Port's API that is not here; docs/port-api.md"
    content: dict[str, Any] = {"ok": False, "error": name, "message": message}
    if failure.faults:
        content["details"] = [{"field": one.field, "message": one.message} for one in failure.faults]
    return bytes_answer(orjson.dumps(content), status=status)


def _group(path: str) -> str:
    """What stands behind `/v1`."""
    return path.removeprefix("/v1/").partition("/")[0]


async def _read(request: Request, content: bytes) -> Any:
    if request.media_type:
        require_json(request)
    return load_leniently(request, content)


def _rate_headers(request: Request) -> Headers:
    """What the caller may still ask (P77); a caller without a token of its own has all of it."""
    allowance = request.allowance or Allowance.whole(request.context.limits)
    return [(b"x-ratelimit-" + name, str(value).encode("ascii")) for name, value in allowance.figures()]


PORT = Dialect("port", _spell, _read, PortFailure, headers=_rate_headers)
