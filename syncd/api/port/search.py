"""Searching by Port's rules (Port 6)."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, RootModel
from starlette.responses import Response

from syncd.api.dialects.port import answer
from syncd.api.port.asking import shape
from syncd.api.request import Request
from syncd.blueprints.reader import Shape
from syncd.blueprints.reply import Projection
from syncd.blueprints.searching import Found, Search

PAGE = 200
LARGEST_PAGE = 1000


class Query(RootModel[dict[str, Any]]):
    """`{combinator, rules}`; what the rules say is judged as a whole, with the place of a mistake."""


class BlueprintQuery(BaseModel):
    """A page of the entities of one blueprint."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    query: dict[str, Any] | None = None
    include: list[str] = []
    exclude: list[str] = []
    limit: int = Field(default=PAGE, ge=1, le=LARGEST_PAGE)
    from_: str = Field(default="", alias="from")


async def search(request: Request) -> Response:
    """Every entity that a query means, whatever its blueprint (P38-P42)."""
    found = await request.context.readers.run(_all, request)
    return answer(matchingBlueprints=found.blueprints, entities=found.entities)


async def search_blueprint(request: Request) -> Response:
    """A page of the entities of one blueprint that a query means (P43)."""
    found = await request.context.readers.run(_page, request)
    return answer(entities=found.entities, **({"next": found.next} if found.next else {}))


def _all(request: Request) -> Found:
    return Search(request.context.service.register.reader).all(request.read(Query).root, shape(request))


def _page(request: Request) -> Found:
    body, reader = request.read(BlueprintQuery), request.context.service.register.reader
    blueprint = reader.book.get(request.parameters["blueprint"])
    wanted = Shape(Projection.of(body.include, body.exclude))
    return Search(reader).page(blueprint, body.query, wanted, body.limit, body.from_)
