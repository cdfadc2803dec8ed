"""Questions in SQL, answered from a snapshot by a sandboxed process; the rows are passed on as they come."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response, StreamingResponse

from syncd.api.ports.sql import SqlAnswer
from syncd.api.request import Request
from syncd.errors import NotAllowedError
from syncd.sql.question import Format, SqlError, SqlQuestion

CONTENT_TYPES: dict[Format, str] = {
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}


class SqlBody(BaseModel):
    """`{"sql", "params"?, "format"?, "limit"?}`."""

    model_config = ConfigDict(extra="forbid")

    sql: str = Field(strict=True, min_length=1)
    params: list[Any] | dict[str, Any] = []
    format: Format = "json"
    limit: int | None = Field(default=None, strict=True, ge=0)


class CutOffError(Exception):
    """A format that cannot say that rows are missing: the answer breaks off, so that nobody takes it for whole."""


async def ask(request: Request) -> Response:
    """One question; headers tell how new the snapshot is."""
    _sees_everything(request)
    body = request.body
    assert isinstance(body, SqlBody)
    question = SqlQuestion(body.sql, body.params, body.format, body.limit)
    answer = await request.context.asking.run(request.context.service.sql.ask, question)
    if answer.end and body.format != "json" and (cut := _cut_by(answer, body.limit)) not in (None, "limit"):
        raise SqlError(f"the answer is longer than {cut} allows", code="limit", hint="ask for fewer rows, or set limit")
    headers = {
        "content-type": CONTENT_TYPES[body.format],
        "x-index-seq": str(answer.index_seq),
        "x-snapshot-age": f"{answer.age_seconds:.3f}",
    }
    if answer.end:
        headers["x-truncated"] = _cut_by(answer, body.limit) or "no"
    parts = _json(request, answer, body.limit) if body.format == "json" else _plain(request, answer, body.limit)
    return StreamingResponse(parts, headers=headers)


def _sees_everything(request: Request) -> None:
    """A snapshot holds the whole catalog: nobody asks it who may read only a part."""
    if request.principal is not None and request.principal.read is not None:
        raise NotAllowedError(
            f"{request.principal.name} reads only a part of the catalog, and SQL would show all of it",
            hint="use a token without a condition",
        )


async def _json(request: Request, answer: SqlAnswer, limit: int | None) -> AsyncIterator[bytes]:
    yield b'{"columns":' + orjson.dumps(answer.columns) + b',"rows":[\n'
    try:
        async for piece in _pieces(request, answer):
            yield piece
    except SqlError as error:  # so many rows have gone out that no other status can be told any more
        yield b"\n]," + orjson.dumps({"error": {"code": error.code, "detail": str(error), "hint": error.hint}})[1:]
        return
    end = answer.end
    told = {
        "row_count": end["rows"],
        "truncated": end["truncated"] is not None,
        "truncated_by": _cut_by(answer, limit),
        "index_seq": answer.index_seq,
        "snapshot_age_seconds": answer.age_seconds,
        "elapsed_ms": end["elapsed_ms"],
    }
    yield b"\n]," + orjson.dumps(told)[1:]


async def _plain(request: Request, answer: SqlAnswer, limit: int | None) -> AsyncIterator[bytes]:
    async for piece in _pieces(request, answer):
        yield piece
    if _cut_by(answer, limit) not in (None, "limit"):
        raise CutOffError(answer.end["truncated"])


async def _pieces(request: Request, answer: SqlAnswer) -> AsyncIterator[bytes]:
    """Piece by piece as the client takes them; who goes away takes the question with him."""
    try:
        while (piece := await request.context.asking.run(next, answer.pieces, None)) is not None:
            yield piece
    finally:
        answer.pieces.close()


def _cut_by(answer: SqlAnswer, limit: int | None) -> str | None:
    """Which limit cut the rows: the question's own, or one of the configuration."""
    cut: str | None = answer.end["truncated"]
    return "limit" if cut == "sql_rows" and limit is not None and answer.end["rows"] == limit else cut
