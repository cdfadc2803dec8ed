"""Entities on their way into the index file: published already, or about to be.

To write one entity costs the engine as much as to write a hundred. So what a publication does to entities alone is kept
here, where the log has it already and memory answers from it, and is written with that of the next ones; whoever asks
the engine has it written first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from query.terms import entity_terms
from syncd.model.json import Json, JsonObject
from syncd.stitch.entity import StitchedEntity
from syncd.store.statements import Statements, among

MANY = 200
"""Entities that are written without anybody asking for them."""

TOO_MANY = 2_000
"""Entities that are written before another one is published; one takes about 20 KB of memory."""


@dataclass(frozen=True, slots=True)
class Published:
    """A version of an entity; `updated` is the time of its last change, RFC 3339."""

    eid: int
    entity: StitchedEntity
    updated: str


@dataclass(slots=True)
class Pending:
    """The newest version of each ref, None of one that is gone, and what the index says about itself."""

    versions: dict[str, Published | None] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    """Refs of which the file may hold a version that is in force no longer."""
    meta: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.versions or self.meta)

    @property
    def is_long(self) -> bool:
        """Whether it is time to write them."""
        return len(self.versions) >= MANY

    @property
    def is_too_long(self) -> bool:
        """Whether nothing may join them."""
        return len(self.versions) >= TOO_MANY

    def put(self, version: Published) -> None:
        """This is the newest version of its ref."""
        self.versions[version.entity.ref] = version

    def drop(self, refs: Iterable[str]) -> None:
        """These refs are published no longer, or not yet again."""
        for ref in refs:
            self.versions[ref] = None
            self.replaced.add(ref)

    def add(self, later: "Pending") -> None:
        """What was published after all of these."""
        self.versions |= later.versions
        self.replaced |= later.replaced
        self.meta |= later.meta

    def copy(self) -> "Pending":
        """All of these, as they are now."""
        return Pending(dict(self.versions), set(self.replaced), dict(self.meta))

    def flushed(self, written: "Pending") -> None:
        """These are in the file now; what became of them since is not."""
        for ref, version in written.versions.items():
            if self.versions[ref] is version:
                del self.versions[ref]
                self.replaced.discard(ref)
        self.replaced.update(self.versions.keys() & written.versions.keys())
        for key, value in written.meta.items():
            if self.meta[key] == value:
                del self.meta[key]

    def clear(self) -> None:
        """Nothing is on its way."""
        self.versions.clear()
        self.replaced.clear()
        self.meta.clear()

    def write(self, db: Statements) -> None:
        """Bring all of them into the tables; search rows and terms of versions before die with their eid."""
        if self.replaced:
            about, parameters = among("ref", list(self.replaced))
            db.run(f"DELETE FROM core.entities WHERE {about}", *parameters)
        published = [version for version in self.versions.values() if version is not None]
        db.insert("core.entities", [_row(one) for one in published], "INTEGER" + " VARCHAR" * 16 + _LAST_TYPES)
        search = [(*row, one.eid) for one in published for row in one.entity.rows]
        db.insert("core.search", search, _SEARCH_TYPES, order="ORDER BY 1, 2, 7")
        db.insert("core.terms", list(_terms(published)), "VARCHAR INTEGER TINYINT", order="ORDER BY 1, 2")
        for key, value in self.meta.items():  # it has every key from the beginning
            db.run("UPDATE core.meta SET value = ? WHERE key = ?", value, key)


_LAST_TYPES = " VARCHAR[] VARCHAR VARCHAR"
_SEARCH_TYPES = "VARCHAR VARCHAR VARCHAR DOUBLE BOOLEAN VARCHAR INTEGER"


def _terms(published: Sequence[Published]) -> Iterator[tuple[object, ...]]:
    return ((term, one.eid, weight) for one in published for term, weight in entity_terms(one.entity.entity).items())


def _row(published: Published) -> tuple[object, ...]:
    entity = published.entity.entity
    metadata, spec = _mapping(entity.get("metadata")), _mapping(entity.get("spec"))
    kind, namespace, name = str(entity["kind"]), str(metadata["namespace"]), str(metadata["name"])
    tags = metadata.get("tags")
    return (
        published.eid,
        published.entity.ref,
        kind,
        kind.lower(),
        namespace,
        namespace.lower(),
        name,
        name.lower(),
        published.entity.uid,
        published.entity.etag,
        _text(metadata.get("title")),
        _text(metadata.get("description")),
        *(_text(spec.get(key)) for key in ("type", "lifecycle", "owner", "system", "domain")),
        [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
        published.updated,
        published.entity.document,
    )


def _mapping(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
