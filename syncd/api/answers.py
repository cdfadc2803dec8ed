"""Answers with exact content types; JSON of entities is passed on as the bytes that the store keeps."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence

import orjson
from starlette.responses import Response

from syncd.api.request import Request

JSON = "application/json; charset=utf-8"


def json_answer(value: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A value as JSON."""
    return bytes_answer(orjson.dumps(value), status=status, headers=headers)


def bytes_answer(
    content: bytes, *, status: int = 200, content_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """Content that is encoded already."""
    return Response(content, status, {"content-type": content_type, **(headers or {})})


def empty_answer(status: int) -> Response:
    """No content, and so no content type."""
    return Response(b"", status)


def tagged_answer(request: Request, content: bytes) -> Response:
    """JSON with a weak ETag; 304 where a client that only reads has this very content (spec 3.1)."""
    digest = base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode("ascii").rstrip("=")
    etag = f'W/"{len(content):x}-{digest}"'
    if _is_fresh(request, etag):
        return Response(b"", 304, {"etag": etag})
    return bytes_answer(content, headers={"etag": etag})


def spliced_list(documents: Iterable[bytes | None]) -> bytes:
    """A JSON list of documents, `null` for what is absent."""
    return b"[" + b",".join(document or b"null" for document in documents) + b"]"


def spliced_object(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """A JSON object of values that are encoded already; the keys are plain words."""
    return b"{" + b",".join(b'"' + key.encode("ascii") + b'":' + value for key, value in parts) + b"}"


def _is_fresh(request: Request, etag: str) -> bool:
    asked = request.header(b"if-none-match")
    if asked is None or request.method not in ("GET", "HEAD") or "no-cache" in (request.header(b"cache-control") or ""):
        return False
    known = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
    return "*" in known or etag.removeprefix("W/") in known
