"""What the layout of an entity says of it, evaluated."""

from collections.abc import Sequence
from dataclasses import replace

import orjson
from starlette.responses import Response

from query.ast import Everything, all_of, equals
from query.graph import View
from query.question import Question
from syncd.activity.records import Part
from syncd.api.answers import json_answer
from syncd.api.own.entities import ref_in
from syncd.api.own.graph import graph_value
from syncd.api.ports.catalog import Catalog
from syncd.api.ports.service import Service
from syncd.api.request import Request
from syncd.errors import NotFoundError
from syncd.expressions import Scope
from syncd.layouts import Subject, choose, resolve
from syncd.model.activity import RecordQuery, StoredRecord
from syncd.model.json import JsonObject, text_at
from syncd.store.activity import Wanted

GRAPH_NODES = 60
"""Entities of a graph in a card."""


async def layout(request: Request) -> Response:
    """The layout that holds for an entity: tabs of cards, with what had no value and what is wrong with the layout."""
    return await request.context.readers.run(_layout, request, ref_in(request))


def _layout(request: Request, ref: str) -> Response:
    catalog = request.context.catalog
    document = catalog.by_ref(ref)
    if document is None:
        raise NotFoundError(f"No such entity: {ref} not found")
    entity: JsonObject = orjson.loads(document)
    scope = Scope(
        entity,
        request.context.service.ingested_paths(ref),
        request.context.settings.expressions.additional_info_fallback,
    )
    details = catalog.details(ref)
    subject = Subject(
        ref, entity, scope, _Around(catalog, request.context.service), details.problems if details else ()
    )
    chosen = choose(entity, _layouts_for(catalog, text_at(entity, "kind") or ""))
    page = resolve(chosen, subject)
    answer = {
        "ref": ref,
        "layout": chosen.ref,
        "tabs": page.tabs,
        "warnings": page.warnings,
        "unresolved": page.unresolved,
        "replaced": page.replaced,
        "generation": catalog.generation,
    }
    return json_answer(answer)


def _layouts_for(catalog: Catalog, kind: str) -> list[tuple[str, JsonObject]]:
    """The layouts of a kind; there are few, and what they are found by is at hand."""
    where = all_of([equals("kind", ["layout"]), equals("spec.kind", [kind])])
    question = Question(where, tie="ref")
    page = catalog.ask_at_once(question) or catalog.ask(question)
    return [(row.ref, orjson.loads(found)) for row, found in zip(page.rows, page.documents, strict=True)]


class _Around:
    """The catalog as the cards of one page ask it, as far as the caller may see it; nothing is asked twice."""

    def __init__(self, catalog: Catalog, service: Service) -> None:
        self._catalog = catalog
        self._activity = service.activity
        self._documents: dict[str, JsonObject | None] = {}
        self._graphs: dict[tuple[str, int], JsonObject] = {}

    def documents(self, refs: Sequence[str]) -> list[JsonObject | None]:
        """See `Reader`."""
        unknown = [ref for ref in refs if ref not in self._documents]
        if unknown:
            found = self._catalog.by_refs(unknown, Everything())
            read = (None if document is None else orjson.loads(document) for document in found)
            self._documents.update(zip(unknown, read, strict=True))
        return [self._documents[ref] for ref in refs]

    def graph(self, ref: str, depth: int) -> JsonObject:
        """See `Reader`."""
        if (ref, depth) not in self._graphs:
            view = View(depth, "both", frozenset(), GRAPH_NODES)
            found = self._catalog.graph(ref, view)
            depths = {node.ref: node.depth for node in found.nodes}
            # A card is small: what leads away from the entity, not what its neighbours are to each other.
            edges = [edge for edge in found.edges if depths[edge.source] != depths[edge.target]]
            self._graphs[ref, depth] = graph_value(replace(found, edges=edges), ref, view, self._catalog)
        return self._graphs[ref, depth]

    def activity(self, ref: str, query: RecordQuery, limit: int) -> tuple[list[StoredRecord], bool]:
        """See `Reader`."""
        types = [query.type] if query.type else None
        wanted = Wanted(query.integration, query.schema, query.besides, types)
        found = self._activity.entity_records(ref, wanted, Part(limit), self._catalog)
        return [one.record for one in found.items], found.more
