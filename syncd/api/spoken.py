"""Answers in the format that the request was made in."""

from starlette.responses import Response

from syncd.api.answers import json_answer
from syncd.api.request import Request
from syncd.model.json import Json


def answer(request: Request, value: Json, status: int = 200) -> Response:
    """The value."""
    return json_answer(value, status=status)
