"""What is wrong in the sources, and what became of every document."""

from starlette.responses import Response

from syncd.api.answers import json_answer
from syncd.api.ports import SourceReport, StoredProblem
from syncd.api.request import Request
from syncd.model.json import JsonObject

DEFAULT_LIMIT = 1000
MAX_LIMIT = 10_000


async def problems(request: Request) -> Response:
    """Problems by place, of one location or code or of all."""
    query = request.query
    limit = query.integer("limit")
    page = await request.context.readers.run(
        request.context.catalog.problems,
        location_id=query.text("location") or "",
        code=query.text("code") or "",
        limit=min(DEFAULT_LIMIT if limit is None else limit, MAX_LIMIT),
        offset=query.integer("offset") or 0,
    )
    return json_answer({"items": [shown_problem(problem) for problem in page.items], "total": page.total})


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
