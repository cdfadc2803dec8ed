"""How each part of the API spells a failure: Backstage its own error object, everything else RFC 9457."""

from http import HTTPStatus

import orjson
from starlette.responses import Response

from syncd.api.answers import bytes_answer, empty_answer
from syncd.api.failures import WRONG_MEDIA_TYPE, Failure, NoSuchPathError
from syncd.api.request import Request
from syncd.errors import UnfitError

BACKSTAGE_MOUNT = "/api/catalog"

VALIDATION = f"{BACKSTAGE_MOUNT}/validate-entity"

_BACKSTAGE_NAMES = {
    400: "InputError",
    401: "AuthenticationError",
    403: "NotAllowedError",
    404: "NotFoundError",
    409: "ConflictError",
    501: "NotImplementedError",
    503: "ServiceUnavailableError",
}


def failure_answer(request: Request, failure: Failure, error: BaseException) -> Response:
    """The answer to a failed request, in the shape of the dialect that its path belongs to."""
    backstage = is_backstage(request.raw_path)
    answer = _backstage(request, failure, error) if backstage else _problem(request, failure)
    answer.headers.update(dict(failure.headers))
    return answer


def is_backstage(raw_path: str) -> bool:
    """Whether a path is under Backstage's mount."""
    return raw_path == BACKSTAGE_MOUNT or raw_path.startswith(BACKSTAGE_MOUNT + "/")


def _backstage(request: Request, failure: Failure, error: BaseException) -> Response:
    if isinstance(error, NoSuchPathError):
        return empty_answer(404)  # spec 3.1: unknown paths have no body, and its server knows no 405
    status = 400 if failure.status == 413 or failure.code == WRONG_MEDIA_TYPE else failure.status
    message = f"{failure.message}; {failure.hint}" if failure.hint else failure.message
    if status == 400 and request.raw_path.removesuffix("/") == VALIDATION:
        return bytes_answer(orjson.dumps({"errors": _errors(error, message)}), status=400)
    content = {
        "error": {"name": _BACKSTAGE_NAMES.get(status, "Error"), "message": message},
        "request": {"method": request.method, "url": request.url.removeprefix(BACKSTAGE_MOUNT) or "/"},
        "response": {"statusCode": status},
    }
    return bytes_answer(orjson.dumps(content), status=status)


def _errors(error: BaseException, message: str) -> list[dict[str, str]]:
    """What validation finds, in the one shape that is its own (spec 3.13)."""
    problems = error.problems if isinstance(error, UnfitError) else ()
    return [{"name": one.name, "message": one.message} for one in problems] or [
        {"name": "InputError", "message": message}
    ]


def _problem(request: Request, failure: Failure) -> Response:
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
    return bytes_answer(orjson.dumps(content), status=failure.status, content_type="application/problem+json")
