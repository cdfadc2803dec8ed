"""`POST /validate-entity`: would this entity be accepted (spec 3.13)."""

from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator
from starlette.responses import Response

from syncd.api.answers import empty_answer
from syncd.api.request import Request

_TYPE = "url:"


class ValidationBody(BaseModel):
    """An entity, and the location ref of the file that it would stand in; unknown properties are ignored."""

    model_config = ConfigDict(strict=True, frozen=True)

    entity: dict[str, Any]
    location: str

    @field_validator("location")
    @classmethod
    def _is_url(cls, text: str) -> str:
        if not text.startswith(_TYPE) or text == _TYPE:
            raise ValueError("must be a location ref of type url, such as url:https://git.example.test/x.yaml")
        return text


async def validate_entity(request: Request) -> Response:
    """200 without a body for an entity that would be accepted, else 400 with a list of errors (C244-C246)."""
    body = request.read(ValidationBody)
    service, url = request.context.service, body.location.removeprefix(_TYPE)
    await request.context.waiters.run(service.try_entity, body.entity, url, owner=request.is_owner)
    return empty_answer(200)
