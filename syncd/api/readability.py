"""What of the entities a caller may read (R56, spec 3.2): the one place that decides.

A token may carry a condition (`conditions`). It is ANDed with every question by `ReadableCatalog`, which
is all that the handlers of a conditional caller get of the catalog. Cursors hold what was asked, so nothing of the
condition is in them (C259). Routes that are not listed in `READABLE` are refused to such callers: who adds one has to
think of them first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from query.ast import Node, equals
from query.graph import Graph, Known, View, explore, told_by, untold
from query.question import Question
from syncd.api.narrowing import narrowed
from syncd.api.ports.catalog import Catalog, EntityDetails, Page, ProblemPage, SourceReport, StoredProblem
from syncd.api.ports.service import LoggedChange
from syncd.errors import NotAllowedError
from syncd.model.ref import RefError, parse_ref

READABLE = frozenset(
    {
        "GET /api/catalog/entities",
        "GET /api/catalog/entities/by-query",
        "POST /api/catalog/entities/by-query",
        "GET /api/catalog/entities/by-uid/{uid}",
        "DELETE /api/catalog/entities/by-uid/{uid}",
        "GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}",
        "GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}/ancestry",
        "POST /api/catalog/entities/by-refs",
        "GET /api/catalog/entity-facets",
        "POST /api/catalog/entity-facets",
        "GET /api/catalog/locations",
        "POST /api/catalog/locations",
        "POST /api/catalog/locations/by-query",
        "GET /api/catalog/locations/{id}",
        "PUT /api/catalog/locations/{id}",
        "DELETE /api/catalog/locations/{id}",
        "GET /api/catalog/locations/by-entity/{kind}/{namespace}/{name}",
        "POST /api/catalog/validate-entity",
        "POST /api/catalog/analyze-location",
        "POST /api/catalog/refresh",
        "GET /api/catalog/.well-known/backstage/permissions/metadata",
        "POST /api/catalog/.well-known/backstage/permissions/apply-conditions",
        "GET /openapi.json",
        "GET /api/catalog/openapi.json",
        "GET /v1/openapi.json",
        "GET /api/own/openapi.json",
        "GET /api/own/status",
        "GET /api/own/limits",
        "GET /api/own/entities",
        "GET /api/own/entities/{ref}",
        "GET /api/own/entities/{ref}/graph",
        "GET /api/own/entities/{ref}/layout",
        "GET /api/own/facets",
        "GET /api/own/complete",
        "GET /api/own/entities/{ref}/activity",
        "GET /api/own/activity",
        "POST /integration/api/v1/accounts/{account}/integrations/{id}/data/{schema}",
        "POST /integration/api/v1/accounts/{account}/metrics/{id}",
        "GET /api/own/problems",
        "GET /api/own/sources",
        "GET /api/own/locations",
        "POST /api/own/locations",
        "GET /api/own/locations/{id}",
        "DELETE /api/own/locations/{id}",
        "POST /api/own/locations/{id}/refresh",
        "POST /api/own/refresh",
        "GET /api/own/changes",
        "GET /api/own/events",
    }
)
"""Routes whose answers hold nothing of entities that the caller may not read."""

_BATCH = 1000


def require_readable(method: str, path: str) -> None:
    """Raise NotAllowedError where a route is not for callers that may read some entities only."""
    if f"{method} {path}" not in READABLE:
        raise NotAllowedError(
            "this is refused to tokens with a read condition", hint="use a token that reads everything"
        )


class ReadableCatalog:
    """The catalog as a conditional caller sees it; what the caller may not read is not there."""

    def __init__(self, catalog: Catalog, read: Node) -> None:
        self._catalog = catalog
        self._read = read

    @property
    def generation(self) -> int:
        """Grows with every published change."""
        return self._catalog.generation

    def ask(self, question: Question) -> Page:
        """The page among what may be read."""
        return self._catalog.ask(replace(question, where=self._within(question.where)))

    def ask_at_once(self, question: Question) -> Page | None:
        """The same, where it is at hand."""
        return self._catalog.ask_at_once(replace(question, where=self._within(question.where)))

    def by_refs_at_once(self, refs: Sequence[str], where: Node) -> Sequence[bytes | None] | None:
        """The documents that may be read, where they are at hand."""
        return self._catalog.by_refs_at_once(refs, self._within(where))

    def by_ref(self, ref: str) -> bytes | None:
        """The document of a ref."""
        return self._catalog.by_refs([ref], self._read)[0]

    def by_refs(self, refs: Sequence[str], where: Node) -> Sequence[bytes | None]:
        """A document for each ref that may be read."""
        return self._catalog.by_refs(refs, self._within(where))

    def refs(self, where: Node) -> Sequence[str]:
        """The refs of what may be read."""
        return self._catalog.refs(self._within(where))

    def by_uid(self, uid: str) -> bytes | None:
        """The document with a uid."""
        page = self.ask(Question(where=equals("metadata.uid", [uid]), limit=1))
        return page.documents[0] if page.documents else None

    def facets(self, keys: Sequence[str], where: Node) -> Mapping[str, Sequence[tuple[str, int]]]:
        """Values among what may be read."""
        return self._catalog.facets(keys, self._within(where))

    def keys(self, beginning: str, where: Node, limit: int) -> Sequence[tuple[str, int]]:
        """Keys of what may be read."""
        return self._catalog.keys(beginning, self._within(where), limit)

    def graph(self, ref: str, view: View) -> Graph:
        """The relations that readable entities say; what else they lead to is named and told nothing of."""
        return explore(ref, view, self._relations)

    def details(self, ref: str) -> EntityDetails | None:
        """Where an entity was read; of its problems those about entities that may be read."""
        if not self.readable([ref]):
            return None
        found: Any = self._catalog.details(ref)
        if found is None:
            return None
        narrowed: EntityDetails = replace(found, problems=tuple(self._problems(found.problems)))
        return narrowed

    def updated(self, refs: Sequence[str]) -> Mapping[str, str]:
        """Times of last change."""
        return self._catalog.updated(sorted(self.readable(refs)))

    def problems(self, *, location_id: str, code: str, limit: int, offset: int) -> ProblemPage:
        """Problems of entities that may be read; those of no entity are nobody's."""
        found: list[StoredProblem] = []
        at = 0
        while True:
            page: Any = self._catalog.problems(location_id=location_id, code=code, limit=_BATCH, offset=at)
            found.extend(self._problems(page.items))
            at += _BATCH
            if at >= page.total:
                narrowed: ProblemPage = replace(page, items=tuple(found[offset : offset + limit]), total=len(found))
                return narrowed

    def problem_counts(self, refs: Sequence[str], where: Node) -> Mapping[str, int]:
        """How many of the problems of readable entities are about entities that may be read."""
        return self._catalog.problem_counts(sorted(self.readable(refs)), self._within(where))

    def sources(self, location_id: str) -> Sequence[SourceReport]:
        """Documents of entities that may be read, and the files that hold some."""
        sources: Sequence[Any] = self._catalog.sources(location_id)
        readable = self.readable({document.ref for source in sources for document in source.documents})
        narrowed = [
            replace(source, documents=tuple(document for document in source.documents if document.ref in readable))
            for source in sources
        ]
        return [source for source in narrowed if source.documents]

    def changes(self, changes: Iterable[LoggedChange]) -> list[LoggedChange]:
        """Rows of the log about entities that may be read now; what was removed cannot be judged."""
        rows: list[Any] = list(changes)
        readable = self.readable({ref for row in rows for ref in (*row.added, *row.updated, *_refs_in(row.target))})
        seen = []
        for row in rows:
            added = tuple(ref for ref in row.added if ref in readable)
            updated = tuple(ref for ref in row.updated if ref in readable)
            if added or updated:
                hidden = any(ref not in readable for ref in _refs_in(row.target))
                target = "" if hidden else row.target
                seen.append(replace(row, target=target, detail={}, added=added, updated=updated, removed=()))
        return seen

    def readable(self, refs: Collection[str]) -> set[str]:
        """Those of the refs that are there and may be read."""
        asked = sorted(ref for ref in set(refs) if ref)
        found: set[str] = set()
        for start in range(0, len(asked), _BATCH):
            part = asked[start : start + _BATCH]
            documents = self._catalog.by_refs(part, self._read)
            found.update(ref for ref, document in zip(part, documents, strict=True) if document is not None)
        return found

    def _relations(self, refs: Sequence[str]) -> dict[str, Known]:
        documents = zip(refs, self._catalog.by_refs(refs, self._read), strict=True)
        return {
            ref: untold(ref) if document is None else told_by(orjson.loads(document)) for ref, document in documents
        }

    def _problems(self, problems: Iterable[StoredProblem]) -> list[StoredProblem]:
        listed = list(problems)
        readable = self.readable({problem.ref for problem in listed})
        return [problem for problem in listed if problem.ref in readable]

    def _within(self, where: Node) -> Node:
        return narrowed(where, self._read)


def _refs_in(target: str) -> list[str]:
    """What a row of the log is about, where that is an entity."""
    if ":" not in target:
        return []
    try:
        return [str(parse_ref(target))]
    except RefError:
        return []
