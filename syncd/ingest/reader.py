"""From the bytes of a file to Documents and values: pure, and what the worker process runs.

Every exception of the parser becomes a problem with the code `parse.<reason>` (R27). A class that nobody expected
becomes `parse.internal` and goes to the exception hook; `YamlWorker` counts these.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Literal, TypeVar

from syncd.ingest.builder import Builder, Built
from syncd.ingest.failure import ParseError
from syncd.ingest.json_text import parse_json
from syncd.ingest.limits import ParseLimits
from syncd.ingest.lines import lines_of
from syncd.ingest.source import SourceText, shown, source_text
from syncd.ingest.stream import Piece, pieces
from syncd.ingest.template import UNRENDERED, holds_placeholder, is_template
from syncd.model.document import Document
from syncd.model.json import Json, JsonObject
from syncd.model.port_entity import is_port_entity
from syncd.model.problem import Problem

Format = Literal["yaml", "json"]
T = TypeVar("T")

_JSON_MAY_DIFFER = ("syntax", "invalid_character")


def read_documents(content: bytes, path: str, limits: ParseLimits) -> list[Document]:
    """The documents of a file in its order, at least one; never raises. `path` goes into the problems only.

    "empty": nothing but comments, or null (C46). "template": a skeleton, see `template`. "bad": has a problem; the
    other documents of the file are not touched by it (R28).
    """
    result = _guarded(lambda: _documents(content, path, limits))
    if isinstance(result, ParseError):
        return [Document(0, max(result.line, 1), "bad", problem=result.problem(path))]
    return result


def read_pieces(content: bytes, limits: ParseLimits) -> "list[Piece[Json]] | ParseError":
    """What each YAML document of a file says, or its failure, and where it stands; one failure for the whole file.

    Never raises. The place of a document in the list is its number (`Document.place`); a list of entities is one.
    """

    def stated() -> list[Piece[Json]]:
        source = _source(content, limits)
        return [_stated(piece, source, limits) for piece in pieces(source, limits, Builder(source, limits).build)]

    return _guarded(stated)


def read_value(content: bytes, path: str, kind: Format, limits: ParseLimits) -> "Json | Problem":
    """What `$yaml` (exactly one document) or `$json` (strict JSON) stands for; never raises."""
    result = _guarded(lambda: _value(content, kind, limits))
    return result.problem(path) if isinstance(result, ParseError) else result


def _guarded(work: Callable[[], T]) -> T | ParseError:
    try:
        return work()
    except ParseError as failure:
        return failure
    except (MemoryError, SystemError):  # the latter is what the C parser leaves behind when an allocation fails
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
    documents: list[Document] = []
    for number, piece in enumerate(found):
        items = _items(piece, source)
        if items:
            documents += _listed(items, (len(documents), number), content, path, limits)
        else:
            documents.append(_document((len(documents), number), piece, source, path, limits))
    return documents


def _items(piece: Piece[Built], source: SourceText) -> list[Json]:
    """The items of a list of Port's entities; nothing of any other document, nor of one that is not to be read."""
    value = piece.value.value if piece.value is not None and not piece.value.collection_keys else None
    if not isinstance(value, list) or not any(map(is_port_entity, value)):
        return []
    return [] if source.flaw_between(piece.start, piece.end, piece.start_line) else value


def _listed(
    items: list[Json], at: tuple[int, int], content: bytes, path: str, limits: ParseLimits
) -> Iterator[Document]:
    """Each item as a document of its own; `at` are the index of the first one, and the number of the list."""
    first, number = at
    lines = lines_of(content, number, [(index,) for index in range(len(items))], limits)
    for index, (item, line) in enumerate(zip(items, lines, strict=True)):
        place = (number, index)
        if first + index >= limits.documents:
            problem = limits.exceeded("documents", line).problem(path)
            yield Document(first + index, line, "bad", problem=problem, place=place)
            return
        if not isinstance(item, dict):
            problem = ParseError("not_a_mapping", "the item is no entity: it is not a mapping", line, 1).problem(path)
            yield Document(first + index, line, "bad", problem=problem, place=place)
        elif is_template(item):
            yield Document(first + index, line, "template", place=place)
        else:
            yield Document(first + index, line, "entity", item, place=place)


def _source(content: bytes, limits: ParseLimits) -> SourceText:
    if len(content) > limits.file_bytes:
        raise limits.exceeded("file_bytes")
    return source_text(content)


def _document(at: tuple[int, int], piece: Piece[Built], source: SourceText, path: str, limits: ParseLimits) -> Document:
    index, place = at[0], at[1:]
    try:
        built = _checked(piece, source, limits)
        if built.value is None:
            return Document(index, piece.line, "empty", place=place)
        data = _mapping(built.value, piece.line)
    except ParseError as failure:
        if failure.reason in UNRENDERED and _has_placeholder(piece, source):
            return Document(index, piece.line, "template", place=place)
        return Document(index, piece.line, "bad", problem=failure.problem(path), place=place)
    unrendered = built.collection_keys and data.get("kind") != "Template" and _has_placeholder(piece, source)
    if unrendered or is_template(data):
        return Document(index, piece.line, "template", place=place)
    return Document(index, piece.line, "entity", data, place=place)


def _stated(piece: Piece[Built], source: SourceText, limits: ParseLimits) -> Piece[Json]:
    result: Piece[Json] = Piece(piece.start_line, piece.line, piece.start, piece.end)
    try:
        result.value = _checked(piece, source, limits).value
    except ParseError as failure:
        result.failure = failure
    return result


def _mapping(value: Json, line: int) -> JsonObject:
    if isinstance(value, dict):
        return value
    if isinstance(value, list):
        raise ParseError("not_a_mapping", "the document is a list, not a mapping", line, 1)
    reason = "syntax" if isinstance(value, str) and holds_placeholder(value) else "not_a_mapping"
    raise ParseError(reason, "the document is a single value, not a mapping", line, 1)


def _has_placeholder(piece: Piece[Built], source: SourceText) -> bool:
    return holds_placeholder(source.text[piece.start : piece.end])


def _checked(piece: Piece[Built], source: SourceText, limits: ParseLimits) -> Built:
    """What was built, after a second look at forbidden characters and at JSON that libyaml does not take."""
    flaw = source.flaw_between(piece.start, piece.end, piece.start_line)
    if flaw is not None:
        raise flaw
    if piece.value is not None:
        return piece.value
    failure = piece.failure or ParseError("syntax", "nothing was read", piece.line)
    text = source.text[piece.start : piece.end].strip()
    if failure.reason not in _JSON_MAY_DIFFER or not (text.startswith("{") and text.endswith("}")):
        raise failure
    try:
        return Built(parse_json(_as_written(text, source), limits))
    except ParseError as second:
        raise failure if second.reason == "syntax" else second from None


def _as_written(text: str, source: SourceText) -> str:
    return shown(text) if source.hidden else text


def _value(content: bytes, kind: Format, limits: ParseLimits) -> Json:
    source = _source(content, limits)
    flaw = source.flaw_between(0, len(source.text), 1)
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
    return found[0].value.value if found[0].value else None
