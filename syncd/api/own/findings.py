"""What checks across the whole catalog find."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

import orjson
from starlette.responses import Response

from query.ast import Everything
from syncd.api.answers import json_answer
from syncd.api.own.parameters import LIMIT, OFFSET
from syncd.api.parameters import Parameter
from syncd.api.request import Request
from syncd.model.finding import CHECKS, Finding
from syncd.model.json import FieldPath, Json, JsonObject
from syncd.model.ref import parse_ref
from syncd.process.relations import fields_saying
from syncd.process.schema import field_text

FINDINGS = (Parameter("check", "list", choices=CHECKS), LIMIT, OFFSET)
DEFAULT_LIMIT = 1000
MAX_LIMIT = 10_000
EXACT = 200
"""Dangling relations of a page that are told with the line of their field; further ones with that of the document."""
EVERYTHING: Final = Everything()


async def findings(request: Request) -> Response:
    """Dangling relations, orphans and duplicates, each with the file and line to look at, and how many of each."""
    return json_answer(await request.context.waiters.run(_findings, request))


def _findings(request: Request) -> JsonObject:
    query = request.query
    asked = set(query.texts("check"))
    checks = tuple(check for check in CHECKS if not asked or check in asked)
    wanted = query.integer("limit")
    limit = min(DEFAULT_LIMIT if wanted is None else wanted, MAX_LIMIT)
    page = request.context.service.findings(checks, limit=limit, offset=query.integer("offset") or 0)
    counts = cast("JsonObject", dict(page.counts))
    paths = _fields(request, page.items)
    lines = _lines(request, paths)
    items: list[Json] = [_shown(one, paths.get(one), lines.get(one)) for one in page.items]
    return {"items": items, "counts": counts, "total": sum(page.counts.values())}


def _fields(request: Request, findings: Sequence[Finding]) -> dict[Finding, FieldPath]:
    """The field that says each dangling relation."""
    dangling = [one for one in findings if one.check == "dangling"]
    refs = list(dict.fromkeys(one.ref for one in dangling))
    documents = dict(zip(refs, request.context.catalog.by_refs(refs, EVERYTHING), strict=True))
    entities = {ref: orjson.loads(document) for ref, document in documents.items() if document is not None}
    found = {
        one: fields_saying(entities.get(one.ref, {}), parse_ref(one.ref), one.ref, one.type, one.target)
        for one in dangling
    }
    return {one: paths[0] for one, paths in found.items() if paths}


def _lines(request: Request, paths: Mapping[Finding, FieldPath]) -> dict[Finding, int]:
    """Their lines, of the first `EXACT`."""
    some = [*paths.items()][:EXACT]
    lines = request.context.service.history.lines([(one.ref, path) for one, path in some]) if some else []
    return {one: line for (one, _), line in zip(some, lines, strict=True) if line is not None}


def _shown(finding: Finding, path: FieldPath | None, line: int | None) -> JsonObject:
    field = "" if path is None else field_text(path)
    message, hint = _words(finding, field)
    return {
        "check": finding.check,
        "code": f"check.{finding.check}",
        "message": message,
        "hint": hint,
        "ref": finding.ref,
        "field": field,
        "type": finding.type,
        "target": finding.target,
        "path": finding.path,
        "line": finding.line if line is None else line,
        "column": finding.column,
        "location": finding.location,
        "repository": finding.repository,
        "git_ref": finding.git_ref,
        "url": finding.url,
    }


def _words(finding: Finding, field: str) -> tuple[str, str]:
    if finding.check == "dangling":
        near = f"{finding.near} has this name; " if finding.near else ""
        return (
            f"{field or finding.type} names {finding.target}, which no entity is",
            f"{near}correct the ref, register what it names, or remove it",
        )
    if finding.check == "orphans":
        return (
            f"{finding.ref} is an orphan: it stood here, and no file says it any more",
            f"put it back, or `catalog forget {finding.ref}` removes it",
        )
    return finding.message, finding.hint
