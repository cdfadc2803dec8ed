"""Entities by query line, as table rows or whole; one entity with its source."""

from collections.abc import Iterator, Sequence

import orjson
from starlette.responses import Response

from query.ast import Node, Not, all_of, starts_with
from query.dialects.line import Grouping
from query.question import Question
from query.rows import UPDATED
from syncd.api.answers import bytes_answer, empty_answer, spliced_list, spliced_object
from syncd.api.own.cells import Reader, read_columns
from syncd.api.own.lines import order_of, read_line
from syncd.api.own.problems import shown_problem
from syncd.api.own.properties import shown_properties
from syncd.api.ports.catalog import Catalog, Page
from syncd.api.request import Request
from syncd.errors import InputError, NotFoundError
from syncd.model.json import JsonObject
from syncd.model.ref import RefError, parse_ref

DEFAULT_LIMIT = 200
MAX_LIMIT = 10_000


async def entities(request: Request) -> Response:
    """Entities that the line means; with columns, of the request or of the line, as cells, else as documents."""
    query = request.query
    line = await read_line(request)
    limit = query.integer("limit")
    question = Question(
        where=line.where,
        order=order_of(line, query.text("sort") or ""),
        limit=min(DEFAULT_LIMIT if limit is None else limit, MAX_LIMIT),
        offset=query.integer("offset") or 0,
        tie="ref",
        want_total=True,
    )
    columns = query.texts("columns") if "columns" in query else line.columns
    page = await request.context.ask(question)
    if not columns and line.group is None:
        return bytes_answer(spliced_object([("items", spliced_list(page.documents)), *_totals(request, page)]))
    return await request.context.readers.run(_shown, request, question, page, columns, line.group)


def _shown(
    request: Request, question: Question, page: Page, columns: Sequence[str], group: Grouping | None
) -> Response:
    shown = _table(request, page, columns) if columns else [("items", spliced_list(page.documents))]
    return bytes_answer(spliced_object([*shown, *_groups(request, question.where, group), *_totals(request, page)]))


def _table(request: Request, page: Page, names: Sequence[str]) -> list[tuple[str, bytes]]:
    columns = read_columns(names)
    rows = [{"ref": ref, "cells": cells} for ref, cells in cells_of(request.context.catalog, page, columns)]
    return [("columns", orjson.dumps([name for name, _ in columns])), ("rows", orjson.dumps(rows))]


def cells_of(
    catalog: Catalog, page: Page, columns: Sequence[tuple[str, Reader]]
) -> Iterator[tuple[str, list[str | None]]]:
    """Ref and cells of each row."""
    refs = [row.ref for row in page.rows]
    shows_time = any(name.lower() == UPDATED for name, _ in columns)
    times = catalog.updated(refs) if shows_time else {}
    for ref, document in zip(refs, page.documents, strict=True):
        entity = orjson.loads(document)
        yield ref, [read(entity, ref, times.get(ref, "")) for _, read in columns]


def _groups(request: Request, where: Node, group: Grouping | None) -> list[tuple[str, bytes]]:
    """How many entities each group has, the largest first; null is the group of those without a value."""
    if group is None:
        return []
    catalog = request.context.catalog
    counts = sorted(catalog.facets([group.key], where)[group.key], key=lambda found: (-found[1], found[0]))
    others = all_of([where, Not(starts_with(group.key, ""))])
    rest = catalog.ask(Question(where=others, limit=0, want_total=True)).total or 0
    groups: list[JsonObject] = [{"value": value, "count": count} for value, count in counts]
    groups += [{"value": None, "count": rest}] if rest else []
    return [("group", orjson.dumps({"name": group.name, "key": group.key})), ("groups", orjson.dumps(groups))]


def _totals(request: Request, page: Page) -> list[tuple[str, bytes]]:
    return [
        ("total", str(page.total or 0).encode("ascii")),
        ("generation", str(request.context.catalog.generation).encode("ascii")),
    ]


async def forget_orphan(request: Request) -> Response:
    """Forget an orphan for good; 409 for an entity that has a source."""
    await request.context.readers.run(request.context.service.deletion.orphan, ref_in(request), actor=request.actor)
    return empty_answer(204)


async def entity(request: Request) -> Response:
    """One entity with where it was read, when it changed, what is wrong with it, and its custom properties."""
    return await request.context.readers.run(_entity, request, ref_in(request))


def ref_in(request: Request) -> str:
    """The ref that the path names; InputError where it is none."""
    try:
        return str(parse_ref(request.parameters["ref"]))
    except RefError as error:
        raise InputError(str(error)) from None


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
        ("properties", orjson.dumps(_properties(request, ref, document))),
    ]
    return bytes_answer(spliced_object(parts))


def _properties(request: Request, ref: str, document: bytes) -> list[JsonObject]:
    """None for whoever may not read all entities: they are not told what was done to their properties."""
    return [] if request.context.readable is not None else shown_properties(request.context.service, ref, document)
