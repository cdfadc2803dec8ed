"""The lines of a field, for problems that are found long after parsing, and for asking who wrote them."""

from collections.abc import Sequence

from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, Event, MappingStartEvent, ScalarEvent

from syncd.ingest.builder import Feed, ends, starts
from syncd.ingest.limits import ParseLimits
from syncd.ingest.scalars import key_text, resolve, resolve_1_1
from syncd.ingest.source import source_text
from syncd.ingest.stream import pieces
from syncd.model.json import FieldPath

Span = tuple[int, int]
"""First and last line, from 1."""

_DEFAULTS = ParseLimits()


def line_of(content: bytes, document_index: int, field_path: FieldPath, limits: ParseLimits = _DEFAULTS) -> int:
    """Line, from 1, where a field begins (a key in a mapping, an item in a list), or its nearest existing parent.

    The document's own line where it cannot be read; 0 where the file has no such document.
    """
    return lines_of(content, document_index, [field_path], limits)[0]


def lines_of(
    content: bytes, document_index: int, field_paths: Sequence[FieldPath], limits: ParseLimits = _DEFAULTS
) -> list[int]:
    """`line_of` for several fields of one document in one pass."""
    if len(content) > limits.file_bytes:
        return [0] * len(field_paths)
    found = pieces(source_text(content), limits, _Tracer(field_paths, limits).trace)
    if not 0 <= document_index < len(found):
        return [0] * len(field_paths)
    piece = found[document_index]
    known = piece.value or {}
    return [_nearest(known, path) or piece.line for path in field_paths]


def span_of(content: bytes, document_index: int, field_path: FieldPath, limits: ParseLimits = _DEFAULTS) -> Span | None:
    """The lines that a field takes, key and value, without blank ones at the end; None where there is no such field.

    An alias takes the lines where it stands, not those of what it stands for.
    """
    if len(content) > limits.file_bytes:
        return None
    source = source_text(content)
    found = pieces(source, limits, _Tracer([field_path], limits).trace)
    known = found[document_index].value if 0 <= document_index < len(found) else None
    if not known or field_path not in known:
        return None
    first, last = known[field_path]
    lines = source.text.splitlines()
    while last > first and not "".join(lines[last - 1 : last]).strip():
        last -= 1
    return first, last


def _nearest(known: dict[FieldPath, Span], path: FieldPath) -> int:
    return next((known[path[:length]][0] for length in range(len(path), -1, -1) if path[:length] in known), 0)


class _Tracer:
    """Walks the events of a document and notes the first and last lines of wanted fields and of their parents."""

    def __init__(self, field_paths: Sequence[FieldPath], limits: ParseLimits) -> None:
        self._wanted = {path[:length] for path in field_paths for length in range(len(path) + 1)}
        self._limits = limits

    def trace(self, feed: Feed) -> dict[FieldPath, Span]:
        self._feed = feed
        self._known: dict[FieldPath, Span] = {}
        self._left = 2 * self._limits.events
        self._last = 1
        self._note_end(feed.root)
        self._node(feed.root, (), feed.line_of(feed.root))
        return self._known

    def _next(self) -> Event:
        self._left -= 1
        if self._left < 0:
            raise self._limits.exceeded("events")
        event = self._feed.get()
        self._note_end(event)
        return event

    def _note_end(self, event: Event) -> None:
        """Where what was read so far ends. The end of a block has no width, and stands where the next thing begins."""
        begin, end = starts(event), ends(event)
        if end.index > begin.index:
            self._last = self._feed.line + end.line + (1 if end.column or end.line == begin.line else 0)

    def _node(self, event: Event, path: FieldPath, line: int) -> None:
        if path not in self._wanted:
            self._skip(event)
            return
        self._known[path] = (line, line)
        if isinstance(event, MappingStartEvent):
            self._mapping(path)
        elif isinstance(event, CollectionStartEvent):
            self._sequence(path)
        self._known[path] = (line, max(line, self._last))

    def _mapping(self, path: FieldPath) -> None:
        while not isinstance(key := self._next(), CollectionEndEvent):
            self._skip(key)
            self._node(self._next(), (*path, self._key(key)), self._feed.line_of(key))

    def _sequence(self, path: FieldPath) -> None:
        index = 0
        while not isinstance(item := self._next(), CollectionEndEvent):
            self._node(item, (*path, index), self._feed.line_of(item))
            index += 1

    def _skip(self, event: Event) -> None:
        depth = 0
        while True:
            if isinstance(event, CollectionStartEvent):
                depth += 1
                if depth > self._limits.depth:
                    raise self._limits.exceeded("depth", self._feed.line_of(event))
            elif isinstance(event, CollectionEndEvent):
                depth -= 1
            if depth == 0:
                return
            event = self._next()

    def _key(self, event: Event) -> str:
        if not isinstance(event, ScalarEvent):
            return f"*{event.anchor}" if isinstance(event, AliasEvent) else ""
        if event.tag is not None or not event.implicit[0]:
            return str(event.value)
        value = (resolve_1_1 if self._feed.old else resolve)(event.value)
        return value if isinstance(value, str) else key_text(event.value, value)
