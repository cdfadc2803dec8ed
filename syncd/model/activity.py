"""Activity records: builds, deployments, incidents and what else is reported of entities."""

from dataclasses import dataclass

from syncd.model.json import JsonObject


@dataclass(frozen=True, slots=True)
class Record:
    """A record that fits its schema; `fields` is all of it, as it was sent.

    Without an identifier it can only be added. `timestamp` is in epoch milliseconds, None for the time of receipt.
    """

    fields: JsonObject
    identifier: str | None = None
    entity_ref: str | None = None
    type: str | None = None
    timestamp: int | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a record of a request was not taken; `index` counts from 0."""

    index: int
    identifier: str | None
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as it is kept.

    `entity_ref` is what it names itself, `correlated` its value for the rule of its integration. Times are epoch
    milliseconds.
    """

    integration: str
    schema: str
    identifier: str | None
    entity_ref: str | None
    correlated: str | None
    type: str | None
    timestamp: int
    received: int
    fields: JsonObject


@dataclass(frozen=True, slots=True)
class LinkedRecord:
    """A record with the entities that it belongs to; none where it is unlinked."""

    record: StoredRecord
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """Which records of an entity are meant; what is empty narrows nothing. Those of the schema `besides` are not."""

    integration: str = ""
    schema: str = ""
    type: str = ""
    besides: str = ""
