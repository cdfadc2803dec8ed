"""Failures as Backstage's catalog backend spells them; its clients read `error.name` and `error.message`."""

import orjson
from starlette.responses import Response

from syncd.api.answers import bytes_answer, empty_answer
from syncd.api.backstage.shapes import Error
from syncd.api.body import read_json
from syncd.api.dialects.dialect import Dialect
from syncd.api.failures import WRONG_MEDIA_TYPE, Failure, NoSuchPathError
from syncd.api.request import Request
from syncd.errors import UnfitError

MOUNT = "/api/catalog"

VALIDATION = f"{MOUNT}/validate-entity"

_NAMES = {
    400: "InputError",
    401: "AuthenticationError",
    403: "NotAllowedError",
    404: "NotFoundError",
    409: "ConflictError",
    501: "NotImplementedError",
    503: "ServiceUnavailableError",
}


def _spell(request: Request, failure: Failure, error: BaseException) -> Response:
    if isinstance(error, NoSuchPathError):
        return empty_answer(404)  # spec 3.1: unknown paths have no body, and its server knows no 405
    status = 400 if failure.status == 413 or failure.code == WRONG_MEDIA_TYPE else failure.status
    if status == 400 and request.path.removesuffix("/") == VALIDATION:
        return bytes_answer(orjson.dumps({"errors": _errors(error, failure.sentence)}), status=400)
    content = {
        "error": {"name": _NAMES.get(status, "Error"), "message": failure.sentence},
        "request": {"method": request.method, "url": request.url.removeprefix(MOUNT) or "/"},
        "response": {"statusCode": status},
    }
    return bytes_answer(orjson.dumps(content), status=status)


def _errors(error: BaseException, message: str) -> list[dict[str, str]]:
    """What validation finds, in the one shape that is its own (spec 3.13)."""
    problems = error.problems if isinstance(error, UnfitError) else ()
    return [{"name": one.name, "message": one.message} for one in problems] or [
        {"name": "InputError", "message": message}
    ]


BACKSTAGE = Dialect("backstage", _spell, read_json, Error)
