"""A document as nodes that know where they stand in the text: libyaml's marks, made exact.

libyaml tells where scalars and flow collections begin and end. Where a block collection ends, and where the `-` or `:`
before a value stands, follows from the nodes: between two of them there is nothing but blanks and comments.
"""

import re
from dataclasses import dataclass, field
from typing import Final, Literal, cast

from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    Event,
    ScalarEvent,
    SequenceStartEvent,
)

from syncd.ingest.builder import Feed, ends, starts
from syncd.ingest.limits import ParseLimits

Kind = Literal["scalar", "alias", "mapping", "sequence"]

_GAP: Final = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
_PROPERTIES: Final = re.compile(r"(?:[&!][^ \t\r\n]*(?:[ \t\r\n]|#[^\r\n]*)*)*")
_BREAK: Final = re.compile(r"[\r\n]")
_BLANK_LINES: Final = re.compile(r"(?:(?:\r\n|\r|\n)[ \t]*)+\Z")
_LAST_BREAK: Final = re.compile(r"(?:\r\n|\r|\n)\Z")


@dataclass(slots=True)
class Entry:
    """A pair of a mapping or an item of a sequence; `start` is where its `-`, `?` or key begins.

    `after` is the place behind the `:` or `-`, where the value may stand; the value's own begin in a flow sequence.
    """

    start: int
    key: "Node | None"
    after: int
    value: "Node"
    explicit: bool = False

    @property
    def end(self) -> int:
        """Where the last character of the value ends; that of the `:` where there is none."""
        return max(self.value.end, self.after)


@dataclass(slots=True)
class Node:
    """A node from `start`, where its anchor or tag may stand, by `body`, its own begin, to `end`; all in characters.

    `style` is that of a scalar: "", `'`, `"`, "|" or ">". `bare` is a mapping without brackets in a flow sequence.
    """

    kind: Kind
    start: int
    body: int
    end: int
    style: str = ""
    flow: bool = False
    bare: bool = False
    anchor: str | None = None
    tagged: bool = False
    entries: list[Entry] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Is it the nothing that stands where no value was written?"""
        return self.kind == "scalar" and self.body == self.end

    @property
    def in_block(self) -> bool:
        """Is it a collection with its entries below each other?"""
        return bool(self.entries) and not self.flow

    @property
    def block_scalar(self) -> bool:
        """Is it a text below a `|` or `>`?"""
        return self.style in ("|", ">")


@dataclass(slots=True)
class Tree:
    """The root of a document, and where its anchors are used: name and place of every alias.

    `old` tells that the document asks for YAML 1.1.
    """

    root: Node
    aliases: list[tuple[str, int]]
    old: bool


class Composer:
    """Makes the tree of a document from its events; bounded as the reader is, whose values it does not repeat.

    The events may come from a part of `text` that begins at `offset`.
    """

    def __init__(self, text: str, offset: int, limits: ParseLimits) -> None:
        self._text = text
        self._offset = offset
        self._limits = limits

    def compose(self, feed: Feed) -> Tree:
        """The tree of one document. Raises `ParseError` and YAML errors."""
        self._feed = feed
        self._base = self._offset + feed.index
        self._left = 2 * self._limits.events
        self._aliases: list[tuple[str, int]] = []
        root = self._node(feed.root, self._base + starts(feed.root).index, 1)
        return Tree(root, self._aliases, feed.old)

    def _next(self) -> Event:
        self._left -= 1
        if self._left < 0:
            raise self._limits.exceeded("events")
        return self._feed.get()

    def _node(self, event: Event, after: int, depth: int) -> Node:
        """`after` is where the node stands if nothing was written."""
        start, end = self._base + starts(event).index, self._base + ends(event).index
        if isinstance(event, AliasEvent):
            self._aliases.append((event.anchor or "", start))
            return Node("alias", start, start, end)
        if depth > self._limits.depth:
            raise self._limits.exceeded("depth", self._feed.line_of(event))
        if isinstance(event, ScalarEvent):
            return self._scalar(event, start, end, after)
        collection = cast(CollectionStartEvent, event)
        body = self._body(collection, start)
        node = Node("sequence", start, body, end, anchor=collection.anchor, tagged=collection.tag is not None)
        node.flow = bool(collection.flow_style)
        if isinstance(event, SequenceStartEvent):
            self._sequence(node, depth)
        else:
            node.kind = "mapping"
            node.bare = node.flow and self._text[body : body + 1] != "{"
            self._mapping(node, depth)
        return node

    def _body(self, event: ScalarEvent | CollectionStartEvent, start: int) -> int:
        """Where a node begins behind its anchor and tag."""
        if event.anchor is None and event.tag is None:
            return start
        return cast(re.Match[str], _PROPERTIES.match(self._text, start)).end()

    def _scalar(self, event: ScalarEvent, start: int, end: int, after: int) -> Node:
        style, body = event.style or "", self._body(event, start)
        if not event.value and not style:
            written = event.anchor is not None or event.tag is not None
            start, body, end = (start, end, end) if written else (after, after, after)
        elif style in ("|", ">"):
            end = self._block_end(body, end)
        return Node("scalar", start, body, end, style, anchor=event.anchor, tagged=event.tag is not None)

    def _block_end(self, body: int, end: int) -> int:
        """The end of the last line of a block scalar, without its break; blank lines are content where `+` says so."""
        header = _BREAK.split(self._text[body:end], maxsplit=1)[0].split("#")[0]
        last = _LAST_BREAK if "+" in header else _BLANK_LINES
        match = last.search(self._text, body, end)
        return match.start() if match else end

    def _gap(self, position: int) -> int:
        return cast(re.Match[str], _GAP.match(self._text, position)).end()

    def _sequence(self, node: Node, depth: int) -> None:
        position = node.body + 1 if node.flow else node.body
        while not isinstance(event := self._next(), CollectionEndEvent):
            start = self._gap(position)
            if node.flow:
                if node.entries:
                    start = self._gap(start + 1)
                entry = Entry(start, None, start, self._node(event, start, depth + 1))
            else:
                entry = Entry(start, None, start + 1, self._node(event, start + 1, depth + 1))
            node.entries.append(entry)
            position = entry.end
        self._finish(node, event, position)

    def _mapping(self, node: Node, depth: int) -> None:
        text = self._text
        position = node.body + 1 if node.flow and not node.bare else node.body
        while not isinstance(event := self._next(), CollectionEndEvent):
            start = self._gap(position)
            if node.flow and node.entries:
                start = self._gap(start + 1)
            explicit = text[start : start + 1] == "?" and self._base + starts(event).index > start
            key = self._node(event, start + explicit, depth + 1)
            colon = self._gap(key.end)
            value = self._next()
            after = colon + 1 if text[colon : colon + 1] == ":" else key.end
            entry = Entry(start, key, after, self._node(value, after, depth + 1), explicit)
            node.entries.append(entry)
            position = entry.end
        self._finish(node, event, position)

    def _finish(self, node: Node, event: Event, position: int) -> None:
        node.end = self._base + ends(event).index if node.flow and not node.bare else position
