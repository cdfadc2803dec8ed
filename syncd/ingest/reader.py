"""From the bytes of a file to Documents and values: pure, and what the worker process runs.

Every exception of the parser becomes a problem with the code `parse.<reason>` (R27). A class that nobody expected
becomes `parse.internal` and goes to the exception hook; `YamlWorker` counts these.
"""

import sys
from collections.abc import Callable
from typing import Literal, TypeVar

from syncd.ingest.builder import Builder
from syncd.ingest.failure import ParseError
from syncd.ingest.json_text import parse_json
from syncd.ingest.limits import ParseLimits
from syncd.ingest.source import SourceText, shown, source_text
from syncd.ingest.stream import Piece, pieces
from syncd.ingest.template import UNRENDERED, holds_placeholder, is_template
from syncd.model.document import Document
from syncd.model.json import Json
from syncd.model.problem import Problem

Format = Literal["yaml", "json"]
T = TypeVar("T")


def read_documents(content: bytes, path: str, limits: ParseLimits) -> list[Document]:
    """The documents of a file in its order, at least one; never raises. `path` goes into the problems only.

    "empty": nothing but comments, or null (C46). "template": a skeleton, see `template`. "bad": has a problem; the
    other documents of the file are not touched by it (R28).
    """
    result = _guarded(lambda: _documents(content, path, limits))
    if isinstance(result, ParseError):
        return [Document(0, max(result.line, 1), "bad", problem=result.problem(path))]
    return result


def read_value(content: bytes, path: str, kind: Format, limits: ParseLimits) -> "Json | Problem":
    """What `$yaml` (exactly one document) or `$json` (strict JSON) stands for; never raises."""
    result = _guarded(lambda: _value(content, kind, limits))
    return result.problem(path) if isinstance(result, ParseError) else result


def _guarded(work: Callable[[], T]) -> T | ParseError:
    try:
        return work()
    except ParseError as failure:
        return failure
    except MemoryError:
        return ParseError("out_of_memory", "the file needs more memory than the parser may take")
    except Exception as error:
        sys.excepthook(type(error), error, error.__traceback__)
        return ParseError(
            "internal", f"{type(error).__name__}: {error}", hint="this is a fault of the catalog: report it"
        )


def _documents(content: bytes, path: str, limits: ParseLimits) -> list[Document]:
    source = _source(content, limits)
    found = pieces(source, limits, Builder(source, limits).build)
    if not found:
        return [Document(0, 1, "empty")]
    return [_document(index, piece, source, path, limits) for index, piece in enumerate(found)]


def _source(content: bytes, limits: ParseLimits) -> SourceText:
    if len(content) > limits.file_bytes:
        raise limits.exceeded("file_bytes")
    return source_text(content)


def _document(index: int, piece: Piece[Json], source: SourceText, path: str, limits: ParseLimits) -> Document:
    value, failure = _judged(piece, source, limits)
    if failure is None and value is None:
        return Document(index, piece.line, "empty")
    if failure is None and isinstance(value, dict):
        return Document(index, piece.line, *(("template", None) if is_template(value) else ("entity", value)))
    if failure is None:
        what = "list" if isinstance(value, list) else "single value"
        failure = ParseError("not_a_mapping", f"the document is a {what}, not a mapping", piece.line, 1)
    if isinstance(value, str) or failure.reason in UNRENDERED:
        text = source.text[piece.start : piece.end]
        if holds_placeholder(text):
            return Document(index, piece.line, "template")
    return Document(index, piece.line, "bad", problem=failure.problem(path))


def _judged(piece: Piece[Json], source: SourceText, limits: ParseLimits) -> tuple[Json, ParseError | None]:
    """Value and failure of a piece, after a second look at forbidden characters and at JSON that is no YAML 1.1."""
    flaw = source.flaw_between(piece.start, piece.end)
    if flaw is not None:
        return None, flaw
    if piece.failure is None or piece.failure.reason not in ("syntax", "invalid_character"):
        return piece.value, piece.failure
    text = source.text[piece.start : piece.end].strip()
    if not (text.startswith("{") and text.endswith("}")):
        return None, piece.failure
    try:
        return parse_json(_as_written(text, source), limits), None
    except ParseError as failure:
        return None, piece.failure if failure.reason == "syntax" else failure


def _as_written(text: str, source: SourceText) -> str:
    return shown(text) if source.hidden else text


def _value(content: bytes, kind: Format, limits: ParseLimits) -> Json:
    source = _source(content, limits)
    flaw = source.flaw_between(0, len(source.text))
    if flaw is not None:
        raise flaw
    if kind == "json":
        return parse_json(_as_written(source.text, source), limits)
    found = pieces(source, limits, Builder(source, limits).build)
    for piece in found:
        if piece.failure is not None:
            raise piece.failure
    if len(found) != 1:
        raise ParseError("not_one_document", f"expected exactly one YAML document, found {len(found)}")
    return found[0].value
