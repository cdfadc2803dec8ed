"""An entity that no file holds, made by API."""

from dataclasses import dataclass

from syncd.model.json import JsonObject


@dataclass(frozen=True, slots=True)
class ApiDocument:
    """`entity` is as it was given, `etag` changes with it; times are RFC 3339. `source` is the door that it came by."""

    ref: str
    entity: JsonObject
    etag: str
    source: str
    created_at: str
    created_by: str
    updated_at: str
    updated_by: str
