"""The entity that a page is about, and all that cards ask of the catalog around it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from syncd.expressions import Scope
from syncd.model.activity import RecordQuery, StoredRecord
from syncd.model.json import Json, JsonObject, text_at

ORPHAN = "backstage.io/orphan"
MAX_LOOKED_UP = 500
"""Relation targets that are looked up for one card; the rest is counted."""


class Flaw(Protocol):
    """Something wrong with the entity."""

    @property
    def message(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def hint(self) -> str: ...


class Reader(Protocol):
    """The catalog as cards see it."""

    def documents(self, refs: Sequence[str]) -> Sequence[JsonObject | None]:
        """An entity for each ref, None where there is none."""

    def graph(self, ref: str, depth: int) -> JsonObject:
        """The relations around a ref, as `GET /api/own/entities/{ref}/graph` tells them."""

    def activity(self, ref: str, query: RecordQuery, limit: int, /) -> tuple[Sequence[StoredRecord], bool]:
        """The newest records of an entity, and whether there are more."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An entity with its problems; `scope` is what expressions see of it."""

    ref: str
    entity: JsonObject
    scope: Scope
    reader: Reader
    flaws: Sequence[Flaw] = ()

    def text(self, *path: str) -> str:
        """The text at a path, "" where there is none."""
        return text_at(self.entity, *path) or ""

    def mapping(self, *path: str) -> JsonObject:
        """The mapping at a path, empty where there is none."""
        value: Json = self.entity
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}

    def listed(self, *path: str) -> list[Json]:
        """The list at a path, empty where there is none."""
        *above, last = path
        value = self.mapping(*above).get(last)
        return value if isinstance(value, list) else []

    @property
    def is_orphan(self) -> bool:
        """Whether no source has it any more."""
        return self.mapping("metadata", "annotations").get(ORPHAN) == "true"

    @property
    def errors(self) -> list[str]:
        """What its status says went wrong."""
        items = [item for item in self.listed("status", "items") if isinstance(item, dict)]
        return [text_at(item, "message") or "" for item in items if item.get("level") == "error"]

    def targets(self, types: Iterable[str] = (), kinds: Iterable[str] = ()) -> list[str]:
        """Refs that it has relations to: of these types and kinds, of any where none are named; each once."""
        wanted, of = frozenset(types), frozenset(kinds)
        found: dict[str, None] = {}
        for relation in self.listed("relations"):
            if not isinstance(relation, dict) or (wanted and relation.get("type") not in wanted):
                continue
            target = relation.get("targetRef")
            if isinstance(target, str) and (not of or target.partition(":")[0] in of):
                found[target] = None
        return list(found)

    def absent_targets(self) -> list[str]:
        """Refs that it has relations to and that no entity has, among the first `MAX_LOOKED_UP`."""
        targets = self.targets()[:MAX_LOOKED_UP]
        found = self.reader.documents(targets) if targets else []
        return [target for target, document in zip(targets, found, strict=True) if document is None]
