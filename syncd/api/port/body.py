"""Bodies of Port's calls. What a blueprint or an entity holds is judged by definitions, not by the edge."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, RootModel

from syncd.api.request import Request
from syncd.model.json import JsonObject


class PortObject(RootModel[dict[str, Any]]):
    """A definition or an entity as Port writes it."""


class ManyEntities(BaseModel):
    """Entities that are written one by one."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    entities: list[dict[str, Any]] = Field(min_length=1)


class Identifiers(BaseModel):
    """Entities that are deleted together."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    entities: list[str] = Field(min_length=1, max_length=100)


class NewPropertyName(BaseModel):
    """What a property is to be called."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    newPropertyName: str  # noqa: N815 - the word of the API


class NewMirrorName(BaseModel):
    """What a mirror property is to be called."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    newMirrorName: str  # noqa: N815 - the word of the API


class NewRelationIdentifier(BaseModel):
    """What a relation is to be called."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    newRelationIdentifier: str  # noqa: N815 - the word of the API


def given(request: Request) -> JsonObject:
    """The body of a route that takes a definition or an entity."""
    value: JsonObject = request.read(PortObject).root
    return value
