"""Failures of our own API: RFC 9457."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from syncd.api.answers import bytes_answer
from syncd.api.body import read_json
from syncd.api.dialects.dialect import Dialect
from syncd.api.failures import Failure
from syncd.api.request import Request

MEDIA = "application/problem+json"


class Conflict(BaseModel):
    """A field that says something else by now."""

    ref: str
    path: str
    was: Any
    now: Any


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    model_config = ConfigDict(title="Problem")

    type: str
    title: str
    status: int
    detail: str
    code: str
    hint: str
    request_id: str
    position: int | None = None
    line: int | None = None
    column: int | None = None
    existing: str | None = None
    conflicts: list[Conflict] | None = None


def _spell(request: Request, failure: Failure, _: BaseException) -> Response:
    content: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(failure.status).phrase,
        "status": failure.status,
        "detail": failure.message,
        "code": failure.code,
        "hint": failure.hint,
        "request_id": request.id,
    }
    if failure.position is not None:
        content["position"] = failure.position
    if failure.place is not None:
        content["line"], content["column"] = failure.place
    if failure.existing is not None:
        content["existing"] = failure.existing
    if failure.conflicts:
        content["conflicts"] = [asdict(conflict) for conflict in failure.conflicts]
    return bytes_answer(orjson.dumps(content), status=failure.status, content_type=MEDIA)


OWN = Dialect("own", _spell, read_json, Problem, error_media=MEDIA)
