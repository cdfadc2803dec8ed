"""What Backstage's endpoints answer with, in the words of their clients. The description is made from these shapes."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Relation(BaseModel):
    """One end of a relation; the other entity has its pair."""

    type: str
    targetRef: str  # noqa: N815 - the words of the API, here and below


class Metadata(BaseModel):
    """What every entity says about itself."""

    model_config = ConfigDict(extra="allow")

    name: str
    namespace: str
    uid: str
    etag: str
    annotations: dict[str, Any]


class Entity(BaseModel):
    """An entity as readers get it."""

    model_config = ConfigDict(extra="allow")

    apiVersion: str  # noqa: N815
    kind: str
    metadata: Metadata
    relations: list[Relation]


Cut = dict[str, Any]
"""An entity reduced to the `fields` that were asked for."""


class PageInfo(BaseModel):
    """The cursors of the pages around this one; each is there while there is such a page."""

    nextCursor: str = ""  # noqa: N815
    prevCursor: str = ""  # noqa: N815


class EntityPage(BaseModel):
    """Some of the entities asked for; `totalItems` counts them all, and is 0 where that was not wanted."""

    items: list[Entity | Cut]
    totalItems: int  # noqa: N815
    pageInfo: PageInfo  # noqa: N815


class EntityBatch(BaseModel):
    """An item for each ref, in the order of the refs; null for what is not there, or left out by a filter."""

    items: list[Entity | Cut | None]


class Ancestor(BaseModel):
    """An entity and the refs of its parents."""

    entity: Entity
    parentEntityRefs: list[str]  # noqa: N815


class Ancestry(BaseModel):
    """The way from an entity to where it was registered."""

    rootEntityRef: str  # noqa: N815
    items: list[Ancestor]


class FacetValue(BaseModel):
    """A value and how many entities have it."""

    value: str
    count: int


class Facets(BaseModel):
    """The values of each field, by the name as asked."""

    facets: dict[str, list[FacetValue]]


class Location(BaseModel):
    """A registered location; `entityRef` is the entity that stands for it."""

    id: str
    type: str
    target: str
    entityRef: str  # noqa: N815


class LocationItem(BaseModel):
    """One of a list."""

    data: Location


class LocationPage(BaseModel):
    """Some of the locations asked for."""

    items: list[Location]
    totalItems: int  # noqa: N815
    pageInfo: PageInfo  # noqa: N815


class AddedLocation(BaseModel):
    """A location that was registered; or, in a dry run, what it would bring."""

    location: Location
    entities: list[Cut]
    exists: bool = False


class SuggestedEntity(BaseModel):
    """An entity to begin with."""

    entity: Cut
    fields: list[Cut]


class ExistingEntity(BaseModel):
    """An entity that is there already."""

    location: Cut
    isRegistered: bool  # noqa: N815
    entity: Cut


class Analysis(BaseModel):
    """What could be registered of a repository."""

    existingEntityFiles: list[ExistingEntity]  # noqa: N815
    generateEntities: list[SuggestedEntity]  # noqa: N815


class ErrorWords(BaseModel):
    """Name and message of an error."""

    name: str
    message: str


class ErrorRequest(BaseModel):
    """What was asked, below the mount."""

    method: str
    url: str


class ErrorResponse(BaseModel):
    """The status once more."""

    statusCode: int  # noqa: N815


class UnprocessedEntity(BaseModel):
    """The raw state of an entity and why it is not visible; times are RFC 3339."""

    entity_id: str
    entity_ref: str
    unprocessed_entity: Cut
    processed_entity: Cut | None = None
    location_key: str
    next_update_at: str | None
    last_discovery_at: str | None
    errors: list[ErrorWords]


class UnprocessedEntities(BaseModel):
    """All that failed, or all that is pending."""

    type: str
    entities: list[UnprocessedEntity]


class Error(BaseModel):
    """Why a request was refused."""

    error: ErrorWords
    request: ErrorRequest
    response: ErrorResponse


class ValidationErrors(BaseModel):
    """Everything that is wrong with an entity."""

    errors: list[ErrorWords]
