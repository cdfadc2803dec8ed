"""What checks across the whole catalog find."""

from typing import cast

from starlette.responses import Response

from syncd.api.answers import json_answer
from syncd.api.own.parameters import LIMIT, OFFSET
from syncd.api.parameters import Parameter
from syncd.api.request import Request
from syncd.model.finding import CHECKS, Finding
from syncd.model.json import JsonObject

FINDINGS = (Parameter("check", "list", choices=CHECKS), LIMIT, OFFSET)
DEFAULT_LIMIT = 1000
MAX_LIMIT = 10_000


async def findings(request: Request) -> Response:
    """Dangling relations, orphans and duplicates, each with the file and line to look at, and how many of each."""
    return json_answer(await request.context.readers.run(_findings, request))


def _findings(request: Request) -> JsonObject:
    query = request.query
    asked = set(query.texts("check"))
    checks = tuple(check for check in CHECKS if not asked or check in asked)
    wanted = query.integer("limit")
    limit = min(DEFAULT_LIMIT if wanted is None else wanted, MAX_LIMIT)
    page = request.context.service.findings(checks, limit=limit, offset=query.integer("offset") or 0)
    counts = cast("JsonObject", dict(page.counts))
    return {"items": [_shown(one) for one in page.items], "counts": counts, "total": sum(page.counts.values())}


def _shown(finding: Finding) -> JsonObject:
    message, hint = _words(finding)
    return {
        "check": finding.check,
        "code": f"check.{finding.check}",
        "message": message,
        "hint": hint,
        "ref": finding.ref,
        "type": finding.type,
        "target": finding.target,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "location": finding.location,
        "repository": finding.repository,
        "git_ref": finding.git_ref,
        "url": finding.url,
    }


def _words(finding: Finding) -> tuple[str, str]:
    if finding.check == "dangling":
        near = f"{finding.near} has this name; " if finding.near else ""
        return (
            f"{finding.ref}: {finding.type} {finding.target}, which no entity is",
            f"{near}correct the ref, register what it names, or remove it",
        )
    if finding.check == "orphans":
        return (
            f"{finding.ref} is an orphan: it stood here, and no file says it any more",
            'put it back, or delete it by API; with [catalog] orphan_strategy = "delete" orphans go by themselves',
        )
    return finding.message, finding.hint
