"""Entries below each other that come to a collection or leave it."""

import re
from collections.abc import Sequence
from typing import Final, cast

from syncd.patch.block_text import keeps_breaks, without_break
from syncd.patch.members import Member, Members, style_of
from syncd.patch.pen import Pen
from syncd.patch.placing import blanks_before, deleted, owns_line, reach
from syncd.patch.splices import Splice
from syncd.patch.tree import Entry, Node

_BLANK_LINES: Final = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))*")


class BlockMembers(Members):
    """Entries that have lines of their own."""

    def splices(self) -> list[Splice]:
        """What is to be done in the text."""
        if not self.stay:
            return self._exchanged()
        return [*self._deletions(), *self._insertions()]

    def _exchanged(self) -> list[Splice]:
        """All entries go and others come: these begin where the first one did."""
        first = self.entries[0]
        (new,) = self.new.values()
        text = self._below_each_other(new, first.start)
        others = [deleted(self.lines, entry) for entry in self.entries[1:]]
        return [Splice(first.start, self.lines.end(first.end), text), *others]

    def _deletions(self) -> list[Splice]:
        result = [self._without_gap(index, deleted(self.lines, self.entries[index])) for index in self.gone]
        first, stays = self.entries[0], self.entries[self.stay[0]]
        if first is not stays and not owns_line(self.lines, first):
            # It stands in the line of a `-`: the next one moves up, unless a comment is above that.
            result.remove(deleted(self.lines, first))
            above = self.lines.text[reach(self.lines, self.entries[self.stay[0] - 1]) : stays.start]
            if above.strip():
                begin = first.start - blanks_before(self.lines.text, first.start)
                result.append(Splice(begin, reach(self.lines, first)))
            else:
                result.append(Splice(first.start, stays.start))
        return result

    def _without_gap(self, index: int, splice: Splice) -> Splice:
        """Blank lines below an entry go with it where they would become part of the text above."""
        if not index or not keeps_breaks(self.lines, _last(self.entries[index - 1])):
            return splice
        gap = cast(re.Match[str], _BLANK_LINES.match(self.lines.text, splice.end))
        return Splice(splice.start, gap.end())

    def _insertions(self) -> list[Splice]:
        result: list[Splice] = []
        for behind, members in self.new.items():
            if behind < 0:
                place = self.entries[self.stay[0]].start
                margin = self.lines.ending(place) + " " * self.lines.column(self.entries[0].start)
                result.append(Splice(place, place, self._below_each_other(members, place) + margin))
            else:
                place = reach(self.lines, self.entries[behind])
                margin = self.lines.ending(place) + " " * self.lines.column(self.entries[0].start)
                result.append(Splice(place, place, margin + self._below_each_other(members, place)))
                result += without_break(self.lines, _last(self.entries[behind]))
        return result

    def _below_each_other(self, members: Sequence[Member], place: int) -> str:
        pen = self.pen.with_eol(self.lines.ending(place))
        column = self.lines.column(self.entries[0].start)
        return (pen.eol + " " * column).join(self._member(pen, member, column) for member in members)

    def _member(self, pen: Pen, member: Member, column: int) -> str:
        key, value = member
        if key is not None:
            return pen.key(key, self.key_style()) + ":" + pen.below_key(value, column)
        like = self.entries[-1]
        blanks = self.lines.text[like.after : like.value.start] or " "
        if blanks.strip(" ") or like.value.empty:
            blanks = " "
        return "-" + blanks + pen.inside(value, column + 1 + len(blanks), style_of(like.value))


def _last(entry: Entry) -> Node:
    """The last value in an entry."""
    node = entry.value
    while node.entries:
        node = node.entries[-1].value
    return node
