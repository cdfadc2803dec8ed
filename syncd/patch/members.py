"""Entries that come to a collection or leave it."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, cast

from syncd.model.json import Json
from syncd.patch.block_text import keeps_breaks, without_break
from syncd.patch.pen import Pen
from syncd.patch.placing import blanks_before, deleted, owns_line, reach
from syncd.patch.splices import Lines, Splice
from syncd.patch.tree import Entry, Node

Member = tuple[str | None, Json]
"""A new entry: its key, None for the item of a list, and its value."""

_GAP: Final = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
_BLANK_LINES: Final = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))*")
_REST_OF_LINE: Final = re.compile(r"[ \t]*(,?)[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")


class Members:
    """Changes of one collection: `gone` are indexes of its entries, `new` says what comes behind which that stays.

    -1 in `new` stands for the place before all entries that stay.
    """

    def __init__(
        self, lines: Lines, pen: Pen, node: Node, gone: Sequence[int], new: Mapping[int, Sequence[Member]]
    ) -> None:
        self._lines = lines
        self._text = lines.text
        self._pen = pen
        self._node = node
        self._entries = node.entries
        self._gone = frozenset(gone)
        self._new = new
        self._stay = [index for index in range(len(node.entries)) if index not in self._gone]

    def splices(self) -> list[Splice]:
        """What is to be done in the text; at least one entry is there afterwards."""
        if self._node.flow:
            return self._in_flow()
        return self._in_block()

    # Below each other.

    def _in_block(self) -> list[Splice]:
        if not self._stay:
            return self._exchanged()
        return [*self._block_deletions(), *self._block_insertions()]

    def _exchanged(self) -> list[Splice]:
        """All entries go and others come: these begin where the first one did."""
        first = self._entries[0]
        (new,) = self._new.values()
        text = self._below_each_other(new, first.start)
        others = [deleted(self._lines, entry) for entry in self._entries[1:]]
        return [Splice(first.start, self._lines.end(first.end), text), *others]

    def _block_deletions(self) -> list[Splice]:
        result = [self._without_gap(index, deleted(self._lines, self._entries[index])) for index in self._gone]
        first, stays = self._entries[0], self._entries[self._stay[0]]
        if first is not stays and not owns_line(self._lines, first):
            # It stands in the line of a `-`: the next one moves up, unless a comment is above that.
            result.remove(deleted(self._lines, first))
            above = self._text[reach(self._lines, self._entries[self._stay[0] - 1]) : stays.start]
            if above.strip():
                begin = first.start - blanks_before(self._text, first.start)
                result.append(Splice(begin, reach(self._lines, first)))
            else:
                result.append(Splice(first.start, stays.start))
        return result

    def _without_gap(self, index: int, splice: Splice) -> Splice:
        """Blank lines below an entry go with it where they would become part of the text above."""
        if not index or not keeps_breaks(self._lines, _last(self._entries[index - 1])):
            return splice
        gap = cast(re.Match[str], _BLANK_LINES.match(self._text, splice.end))
        return Splice(splice.start, gap.end())

    def _block_insertions(self) -> list[Splice]:
        result: list[Splice] = []
        for behind, members in self._new.items():
            if behind < 0:
                place = self._entries[self._stay[0]].start
                margin = self._lines.ending(place) + " " * self._lines.column(self._node.entries[0].start)
                result.append(Splice(place, place, self._below_each_other(members, place) + margin))
            else:
                place = reach(self._lines, self._entries[behind])
                margin = self._lines.ending(place) + " " * self._lines.column(self._node.entries[0].start)
                result.append(Splice(place, place, margin + self._below_each_other(members, place)))
                result += without_break(self._lines, _last(self._entries[behind]))
        return result

    def _below_each_other(self, members: Sequence[Member], place: int) -> str:
        pen = self._pen.with_eol(self._lines.ending(place))
        column = self._lines.column(self._node.entries[0].start)
        return (pen.eol + " " * column).join(self._block_member(pen, member, column) for member in members)

    def _block_member(self, pen: Pen, member: Member, column: int) -> str:
        key, value = member
        if key is not None:
            return pen.key(key, self._key_style()) + ":" + pen.below_key(value, column)
        like = self._entries[-1]
        blanks = self._text[like.after : like.value.start] or " "
        if blanks.strip(" ") or like.value.empty:
            blanks = " "
        return "-" + blanks + pen.inside(value, column + 1 + len(blanks), _style(like.value))

    def _key_style(self) -> str:
        """The quotes of the keys, where all have the same."""
        styles = {_style(entry.key) for entry in self._entries if entry.key is not None}
        return styles.pop() if len(styles) == 1 else ""

    # In brackets.

    def _in_flow(self) -> list[Splice]:
        if not self._stay:
            (new,) = self._new.values()
            text = ", ".join(map(self._flow_member, new))
            return [Splice(self._entries[0].start, self._entries[-1].end, text)]
        last = self._stay[-1]
        tail = self._entries[last + 1 :]
        result = [self._cut(index) for index in self._gone if index < last]
        for behind, members in self._new.items():
            if behind == last and tail:
                texts = ", ".join(map(self._flow_member, members))
                result.append(Splice(tail[0].start, tail[-1].end, texts))
                tail = []
            else:
                result += self._flow_insertion(behind, members)
        return result + self._tail_cut(self._entries[last], tail)

    def _cut(self, index: int) -> Splice:
        """An entry goes that has others behind it; comments above the next one stay."""
        entry, following = self._entries[index], self._entries[index + 1]
        if owns_line(self._lines, entry) and owns_line(self._lines, following):
            return Splice(self._lines.start(entry.start), self._lines.following(_gap_end(self._text, entry.end)))
        return Splice(entry.start, following.start)

    def _tail_cut(self, last: Entry, tail: Sequence[Entry]) -> list[Splice]:
        """The entries behind the last that stays go, and one comma."""
        if not tail:
            return []
        rests = [_REST_OF_LINE.match(self._text, entry.end) for entry in [last, *tail]]
        if not all(rests) or not all(owns_line(self._lines, entry) for entry in tail):
            return [Splice(last.end, tail[-1].end)]
        lines = [Splice(self._lines.start(entry.start), self._lines.following(entry.end)) for entry in tail]
        comma = _gap_end(self._text, last.end)
        return lines if rests[-1] and rests[-1][1] else [Splice(comma, comma + 1), *lines]

    def _flow_insertion(self, behind: int, members: Sequence[Member]) -> list[Splice]:
        texts = list(map(self._flow_member, members))
        if behind < 0:
            first = self._entries[self._stay[0]].start
            margin = self._margin(self._entries[self._stay[0]]) or " "
            return [Splice(first, first, "".join(f"{text},{margin}" for text in texts))]
        entry = self._entries[behind]
        margin = self._margin(entry)
        rest = _REST_OF_LINE.match(self._text, entry.end)
        if not margin or not rest:
            return [Splice(entry.end, entry.end, "".join(f",{margin or ' '}{text}" for text in texts))]
        if rest[1]:
            return [Splice(rest.end(), rest.end(), "".join(f"{margin}{text}," for text in texts))]
        comma = Splice(entry.end, entry.end, ",")
        return [comma, Splice(rest.end(), rest.end(), ",".join(f"{margin}{text}" for text in texts))]

    def _margin(self, entry: Entry) -> str:
        """The break and indentation before an entry that begins its line, "" before one that does not."""
        if not owns_line(self._lines, entry):
            return ""
        return self._lines.ending(entry.start) + self._text[self._lines.start(entry.start) : entry.start]

    def _flow_member(self, member: Member) -> str:
        key, value = member
        like = self._entries[-1]
        if key is None:
            return self._pen.flow(value, _style(like.value))
        blanks = self._text[like.after : like.value.start]
        style = self._key_style()
        between = blanks if not blanks.strip(" ") and like.value.start > like.after and style == '"' else " "
        if style == '"' and not like.value.empty and like.value.start == like.after:
            between = ""
        return self._pen.key(key, style, flow=True) + ":" + between + self._pen.flow(value, style)


def _last(entry: Entry) -> Node:
    """The last value in an entry."""
    node = entry.value
    while node.entries:
        node = node.entries[-1].value
    return node


def _style(node: Node) -> str:
    return node.style if node.kind == "scalar" and not node.block_scalar else ""


def _gap_end(text: str, position: int) -> int:
    return cast(re.Match[str], _GAP.match(text, position)).end()
