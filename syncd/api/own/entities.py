"""Entities by query line, as table rows or whole; one entity with its source; facets."""

import orjson
from starlette.responses import Response

from query.dialects.line import Line, parse_line
from query.errors import QueryError
from query.order import Order
from query.question import Question
from syncd.api.answers import bytes_answer, json_answer, spliced_list, spliced_object
from syncd.api.own.cells import UPDATED, read_columns
from syncd.api.own.problems import shown_problem
from syncd.api.ports import Page
from syncd.api.request import Request
from syncd.errors import InputError, NotFoundError
from syncd.model.json import JsonObject
from syncd.model.ref import RefError, parse_ref

DEFAULT_LIMIT = 200
MAX_LIMIT = 10_000
DEFAULT_ORDER = (Order("metadata.name"), Order("kind"))


async def entities(request: Request) -> Response:
    """Entities that the line means; with `columns` as cells, else as documents."""
    query = request.query
    line = parse_line(query.text("q") or "")
    limit = query.integer("limit")
    question = Question(
        where=line.where,
        order=_order(line, query.text("sort") or ""),
        limit=min(DEFAULT_LIMIT if limit is None else limit, MAX_LIMIT),
        offset=query.integer("offset") or 0,
        tie="ref",
        want_total=True,
    )
    if "columns" in query:
        return await request.context.readers.run(_table, request, question)
    return await request.context.readers.run(_documents, request, question)


def _order(line: Line, sort: str) -> tuple[Order, ...]:
    """The parameter wins over the line's own `sort:`; names without anything go by name."""
    if not sort.strip():
        return line.order or DEFAULT_ORDER
    if any(character.isspace() for character in sort):
        raise QueryError("sort holds a space", hint="write fields with commas, such as sort=-updated,name")
    try:
        return parse_line(f"sort:{sort}").order
    except QueryError as error:
        raise QueryError(f"sort: {error.message}", hint=error.hint) from None


def _documents(request: Request, question: Question) -> Response:
    page = request.context.catalog.ask(question)
    return bytes_answer(spliced_object([("items", spliced_list(page.documents)), *_totals(request, page)]))


def _table(request: Request, question: Question) -> Response:
    columns = read_columns(request.query.texts("columns"))
    page = request.context.catalog.ask(question)
    refs = [row.ref for row in page.rows]
    shows_time = any(name.lower() == UPDATED for name, _ in columns)
    times = request.context.catalog.updated(refs) if shows_time else {}
    rows = []
    for ref, document in zip(refs, page.documents, strict=True):
        entity = orjson.loads(document)
        rows.append({"ref": ref, "cells": [read(entity, ref, times.get(ref, "")) for _, read in columns]})
    names = orjson.dumps([name for name, _ in columns])
    return bytes_answer(spliced_object([("columns", names), ("rows", orjson.dumps(rows)), *_totals(request, page)]))


def _totals(request: Request, page: Page) -> list[tuple[str, bytes]]:
    return [
        ("total", str(page.total or 0).encode("ascii")),
        ("generation", str(request.context.catalog.generation).encode("ascii")),
    ]


async def entity(request: Request) -> Response:
    """One entity with where it was read, when it changed, and what is wrong with it."""
    text = request.parameters["ref"]
    try:
        ref = str(parse_ref(text))
    except RefError as error:
        raise InputError(str(error)) from None
    return await request.context.readers.run(_entity, request, ref)


def _entity(request: Request, ref: str) -> Response:
    document = request.context.catalog.by_ref(ref)
    details = request.context.catalog.details(ref)
    if document is None:
        raise NotFoundError(f"No such entity: {ref} not found")
    source: JsonObject | None = None
    if details is not None and details.repository:
        source = {
            "location": details.location_id,
            "repository": details.repository,
            "ref": details.git_ref,
            "path": details.path,
            "line": details.line,
            "blob": details.blob,
            "commit": details.commit,
            "url": details.url,
        }
    problems = [] if details is None else [shown_problem(problem) for problem in details.problems]
    parts = [
        ("entity", document),
        ("source", orjson.dumps(source)),
        ("updated", orjson.dumps("" if details is None else details.updated)),
        ("problems", orjson.dumps(problems)),
    ]
    return bytes_answer(spliced_object(parts))


async def facets(request: Request) -> Response:
    """Values of each facet among the entities that the line means, the most frequent first."""
    names = list(dict.fromkeys(request.query.texts("facet")))
    if not names:
        raise InputError("query parameter facet is missing", hint="name at least one, such as facet=kind")
    where = parse_line(request.query.text("q") or "").where
    counts = await request.context.readers.run(request.context.catalog.facets, names, where)
    return json_answer(
        {
            "facets": {
                name: [
                    {"value": value, "count": count}
                    for value, count in sorted(counts[name], key=lambda found: (-found[1], found[0]))
                ]
                for name in names
            }
        }
    )
