"""What is wrong in the sources, and what became of every document."""

from starlette.responses import Response

from syncd.api.answers import json_answer
from syncd.api.ports.catalog import SourceReport, StoredProblem
from syncd.api.request import Request
from syncd.model.json import JsonObject

DEFAULT_LIMIT = 1000
MAX_LIMIT = 10_000


async def problems(request: Request) -> Response:
    """Problems by place, of one location or code or of all."""
    return json_answer(await request.context.readers.run(_problems, request))


def _problems(request: Request) -> JsonObject:
    """Those of the sources, then those of computed properties, which only callers who read everything are told."""
    query, context = request.query, request.context
    location, code = query.text("location") or "", query.text("code") or ""
    wanted = query.integer("limit")
    limit, offset = min(DEFAULT_LIMIT if wanted is None else wanted, MAX_LIMIT), query.integer("offset") or 0
    page = context.catalog.problems(location_id=location, code=code, limit=limit, offset=offset)
    computed = [
        problem
        for problem in (context.service.computed_problems() if context.readable is None else ())
        if location in ("", problem.location) and code in ("", problem.code)
    ]
    begin = max(0, offset - page.total)
    items = [*page.items, *computed[begin : begin + limit - len(page.items)]]
    return {"items": [shown_problem(problem) for problem in items], "total": page.total + len(computed)}


async def sources(request: Request) -> Response:
    """Every file that was read, with the one outcome of each of its documents."""
    found = await request.context.readers.run(request.context.catalog.sources, request.query.text("location") or "")
    return json_answer({"items": [_shown_source(source) for source in found]})


def shown_problem(problem: StoredProblem) -> JsonObject:
    """A problem as the API shows it."""
    return {
        "code": problem.code,
        "message": problem.message,
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "hint": problem.hint,
        "ref": problem.ref,
        "location": problem.location,
        "repository": problem.repository,
        "git_ref": problem.git_ref,
        "url": problem.url,
    }


def _shown_source(source: SourceReport) -> JsonObject:
    return {
        "location": source.location,
        "repository": source.repository,
        "ref": source.ref,
        "path": source.path,
        "blob": source.blob,
        "documents": [
            {
                "index": document.index,
                "line": document.line,
                "outcome": document.outcome,
                "ref": document.ref,
                "problem": None if document.problem is None else shown_problem(document.problem),
            }
            for document in source.documents
        ],
    }
