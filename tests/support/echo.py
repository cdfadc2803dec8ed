"""Routes that answer with what they were sent, to test what a dialect does before any handler sees a request."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from syncd.api.dialects import harness, port
from syncd.api.request import Request
from syncd.api.router import Route


class Echo(BaseModel):
    """A body of one field; anything beside it is wrong."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    value: Any


async def _harness(request: Request) -> Response:
    """What was sent, as Harness answers."""
    value = request.read(Echo).value if request.body is not None else None
    return harness.answer(request, {"value": value, "path": request.path})


async def _port(request: Request) -> Response:
    """What was sent, as Port answers."""
    value = request.read(Echo).value if request.body is not None else None
    return port.answer(echo={"value": value})


HARNESS_PATH = "/v1/catalog/echo"
PORT_PATH = "/v1/echo"
ECHO = (
    Route("GET", HARNESS_PATH, _harness, "read"),
    Route("POST", HARNESS_PATH, _harness, "properties:write", body=Echo),
    Route("DELETE", HARNESS_PATH, _harness, "properties:write", body=Echo),
    Route("GET", PORT_PATH, _port, "read"),
    Route("POST", PORT_PATH, _port, "entities:write", body=Echo),
)
