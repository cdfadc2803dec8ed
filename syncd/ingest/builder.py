"""From the events of one document to a JSON value, within the limits (R21-R26).

Events come from libyaml one at a time and building stops at the first excess, so nesting never reaches the parts of
the library that recurse or slow down with depth.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

from yaml.error import Mark
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from syncd.ingest.failure import ParseError
from syncd.ingest.limits import ParseLimits
from syncd.ingest.scalars import Resolver, flow_text, key_text, resolve, resolve_1_1
from syncd.ingest.source import SourceText, shown
from syncd.model.json import Json

_CORE: Final = "tag:yaml.org,2002:"
_TAG_TYPES: Final[dict[str, tuple[type, ...]]] = {
    _CORE + "int": (int,),
    _CORE + "float": (int, float, type(None)),
    _CORE + "bool": (bool,),
    _CORE + "null": (type(None),),
}


@dataclass(frozen=True, slots=True)
class Feed:
    """The events of one document: `root` is the first, `get` gives the next.

    `line` and `index` (in characters of the text) are where the parser started, from 0; `old` tells that the document
    asks for YAML 1.1.
    """

    root: Event
    get: Callable[[], Event]
    line: int
    index: int
    old: bool

    def line_of(self, event: Event) -> int:
        """Line of an event in the file, from 1."""
        return self.line + starts(event).line + 1


@dataclass(frozen=True, slots=True)
class Built:
    """A document's value; `collection_keys` tells that it has a list or mapping as a key, as `{{ x }}` makes one."""

    value: Json
    collection_keys: bool = False


def starts(event: Event) -> Mark:
    """Where an event of the C parser begins, counted from 0 from where the parser started."""
    return cast(Mark, event.start_mark)


def ends(event: Event) -> Mark:
    """Where an event of the C parser ends."""
    return cast(Mark, event.end_mark)


class _Open:
    """Stands for an anchored collection until it is complete: an alias that meets it is part of a cycle."""


class Builder:
    """Builds the documents of one file, one after the other; what aliases stand for is counted over the file."""

    def __init__(self, source: SourceText, limits: ParseLimits) -> None:
        self._limits = limits
        self._hidden = source.hidden
        self._escapes = b"\\" in source.data
        self._long = limits.scalar_bytes // 4
        self._expanded_nodes = 0
        self._expanded_bytes = 0

    def build(self, feed: Feed) -> Built:
        """The value of one document, its closing event left for the caller. Raises `ParseError` and YAML errors."""
        self._feed = feed
        self._get = feed.get
        self._resolve: Resolver = resolve_1_1 if feed.old else resolve
        self._anchors: dict[str, Json | _Open] = {}
        self._nodes_left = self._limits.events
        self._aliases_left = self._limits.aliases
        self._collection_keys = False
        value = self._node(feed.root, 1)
        return Built(value, self._collection_keys)

    def _node(self, event: Event, depth: int) -> Json:
        if type(event) is ScalarEvent:
            return self._scalar(event)
        if type(event) is AliasEvent:
            return self._alias(event, depth)
        if depth > self._limits.depth:
            raise self._exceeded("depth", event)
        return self._collection(cast(CollectionStartEvent, event), depth)

    def _collection(self, event: CollectionStartEvent, depth: int) -> Json:
        anchor = event.anchor
        marker = _Open()
        if anchor is not None:
            self._anchors[anchor] = marker
        value: Json = self._mapping(depth) if type(event) is MappingStartEvent else self._sequence(depth)
        if anchor is not None and self._anchors[anchor] is marker:
            self._anchors[anchor] = value
        return value

    def _mapping(self, depth: int) -> Json:
        get = self._get
        result: dict[str, Json] = {}
        places: dict[str, Event] = {}
        while True:
            event = get()
            if type(event) is MappingEndEvent:
                return result
            key = self._key(event, depth + 1)
            if key in places:
                raise self._duplicate(key, places[key], event)
            places[key] = event
            value = get()
            self._nodes_left -= 2
            if self._nodes_left < 0:
                raise self._exceeded("events", event)
            result[key] = self._scalar(value) if type(value) is ScalarEvent else self._node(value, depth + 1)
            if len(result) > self._limits.mapping_keys:
                raise self._exceeded("mapping_keys", event)

    def _sequence(self, depth: int) -> Json:
        get = self._get
        result: list[Json] = []
        while True:
            event = get()
            if type(event) is SequenceEndEvent:
                return result
            self._nodes_left -= 1
            if self._nodes_left < 0:
                raise self._exceeded("events", event)
            result.append(self._node(event, depth + 1))

    def _scalar(self, event: ScalarEvent) -> Json:
        text: str = event.value
        if len(text) > self._long and len(text.encode()) > self._limits.scalar_bytes:
            raise self._exceeded("scalar_bytes", event)
        if self._hidden:
            text = shown(text)
        if event.tag is not None:
            value = self._tagged(event.tag, text)
        elif event.implicit[0]:
            value = self._resolve(text)
        else:
            value = text
        if self._escapes and "\0" in text:
            raise self._failure("invalid_character", "a value holds the character NUL, which no store keeps", event)
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _tagged(self, tag: str, text: str) -> Json:
        """Core tags are honoured where the text allows it; every other tag is ignored and leaves a string."""
        types = _TAG_TYPES.get(tag)
        if types is None:
            return text
        value = self._resolve(text)
        return value if type(value) in types else text

    def _key(self, event: Event, depth: int) -> str:
        if type(event) is not ScalarEvent:
            return self._other_key(event, depth)
        text: str = event.value
        if len(text) > self._limits.key_bytes // 4 and len(text.encode()) > self._limits.key_bytes:
            raise self._exceeded("key_bytes", event)
        value = self._scalar(event)
        return value if isinstance(value, str) else key_text(text, value)

    def _other_key(self, event: Event, depth: int) -> str:
        """An alias or a collection as a key; a collection becomes its text in flow style, as in Backstage."""
        value = self._node(event, depth)
        if isinstance(value, list | dict):
            self._collection_keys = True
            value = flow_text(value)
            if len(value.encode()) > self._limits.key_bytes:
                raise self._exceeded("key_bytes", event)
        return value if isinstance(value, str) else key_text("", value)

    def _alias(self, event: AliasEvent, depth: int) -> Json:
        self._aliases_left -= 1
        if self._aliases_left < 0:
            raise self._exceeded("aliases", event)
        if event.anchor not in self._anchors:
            raise self._failure("unknown_alias", f"no anchor &{event.anchor} stands before this alias", event)
        return self._copied(self._anchors[event.anchor], event, depth)

    def _copied(self, value: "Json | _Open", event: AliasEvent, depth: int) -> Json:
        """A copy, so that no two places share a value; counted, for a few lines can stand for millions of nodes."""
        self._expanded_nodes += 1
        if self._expanded_nodes > self._limits.expanded_nodes:
            raise self._exceeded("expanded_nodes", event)
        if isinstance(value, str):
            self._count_bytes(value, event)
            return value
        if isinstance(value, _Open):
            raise self._failure("cyclic_alias", f"*{event.anchor} stands inside the node that it names", event)
        if not isinstance(value, list | dict):
            return value
        if depth > self._limits.depth:
            raise self._exceeded("depth", event)
        if isinstance(value, list):
            return [self._copied(item, event, depth + 1) for item in value]
        for key in value:
            self._count_bytes(key, event)
        return {key: self._copied(item, event, depth + 1) for key, item in value.items()}

    def _count_bytes(self, text: str, event: Event) -> None:
        self._expanded_bytes += len(text) if text.isascii() else len(text.encode())
        if self._expanded_bytes > self._limits.expanded_bytes:
            raise self._exceeded("expanded_bytes", event)

    def _duplicate(self, key: str, first: Event, second: Event) -> ParseError:
        lines = f"in line {self._feed.line_of(first)} and again in line {self._feed.line_of(second)}"
        return self._failure("duplicate_key", f"the key {key!r} stands {lines}", second, hint="keep one of the two")

    def _exceeded(self, limit: str, event: Event) -> ParseError:
        return self._limits.exceeded(limit, self._feed.line_of(event), starts(event).column + 1)

    def _failure(self, reason: str, message: str, event: Event, *, hint: str = "") -> ParseError:
        return ParseError(reason, message, self._feed.line_of(event), starts(event).column + 1, hint=hint)


def is_empty_scalar(event: Event) -> bool:
    """Is the event the nothing that stands where no value was written?"""
    return type(event) is ScalarEvent and event.implicit[0] and event.value == ""
