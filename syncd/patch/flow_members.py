"""Entries in brackets that come to a collection or leave it."""

import re
from collections.abc import Sequence
from typing import Final, cast

from syncd.patch.members import Member, Members, style_of
from syncd.patch.placing import owns_line
from syncd.patch.splices import Splice
from syncd.patch.tree import Entry

_GAP: Final = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
_REST_OF_LINE: Final = re.compile(r"[ \t]*(,?)[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")


class FlowMembers(Members):
    """Entries with commas between them."""

    def splices(self) -> list[Splice]:
        """What is to be done in the text."""
        if not self.stay:
            (new,) = self.new.values()
            text = ", ".join(map(self._member, new))
            return [Splice(self.entries[0].start, self.entries[-1].end, text)]
        last = self.stay[-1]
        tail = self.entries[last + 1 :]
        result = [self._cut(index) for index in self.gone if index < last]
        for behind, members in self.new.items():
            if behind == last and tail:
                texts = ", ".join(map(self._member, members))
                result.append(Splice(tail[0].start, tail[-1].end, texts))
                tail = []
            else:
                result += self._insertion(behind, members)
        return result + self._tail_cut(self.entries[last], tail)

    def _cut(self, index: int) -> Splice:
        """An entry goes that has others behind it; comments above the next one stay."""
        entry, following = self.entries[index], self.entries[index + 1]
        if owns_line(self.lines, entry) and owns_line(self.lines, following):
            return Splice(self.lines.start(entry.start), self.lines.following(_gap_end(self.lines.text, entry.end)))
        return Splice(entry.start, following.start)

    def _tail_cut(self, last: Entry, tail: Sequence[Entry]) -> list[Splice]:
        """The entries behind the last that stays go, and one comma."""
        if not tail:
            return []
        rests = [_REST_OF_LINE.match(self.lines.text, entry.end) for entry in [last, *tail]]
        if not all(rests) or not all(owns_line(self.lines, entry) for entry in tail):
            return [Splice(last.end, tail[-1].end)]
        lines = [Splice(self.lines.start(entry.start), self.lines.following(entry.end)) for entry in tail]
        comma = _gap_end(self.lines.text, last.end)
        return lines if rests[-1] and rests[-1][1] else [Splice(comma, comma + 1), *lines]

    def _insertion(self, behind: int, members: Sequence[Member]) -> list[Splice]:
        texts = list(map(self._member, members))
        if behind < 0:
            first = self.entries[self.stay[0]].start
            margin = self._margin(self.entries[self.stay[0]]) or " "
            return [Splice(first, first, "".join(f"{text},{margin}" for text in texts))]
        entry = self.entries[behind]
        margin = self._margin(entry)
        rest = _REST_OF_LINE.match(self.lines.text, entry.end)
        if not margin or not rest:
            return [Splice(entry.end, entry.end, "".join(f",{margin or ' '}{text}" for text in texts))]
        if rest[1]:
            return [Splice(rest.end(), rest.end(), "".join(f"{margin}{text}," for text in texts))]
        comma = Splice(entry.end, entry.end, ",")
        return [comma, Splice(rest.end(), rest.end(), ",".join(f"{margin}{text}" for text in texts))]

    def _margin(self, entry: Entry) -> str:
        """The break and indentation before an entry that begins its line, "" before one that does not."""
        if not owns_line(self.lines, entry):
            return ""
        return self.lines.ending(entry.start) + self.lines.text[self.lines.start(entry.start) : entry.start]

    def _member(self, member: Member) -> str:
        key, value = member
        like = self.entries[-1]
        if key is None:
            return self.pen.flow(value, self.style or style_of(like.value))
        style = self.style or self.key_style()
        blanks = self.lines.text[like.after : like.value.start]
        # Only behind a quoted key may the blank be missing, as it is in dense JSON.
        if blanks.strip(" ") or like.value.empty or (not blanks and style != '"'):
            blanks = " "
        return self.pen.key(key, style, flow=True) + ":" + blanks + self.pen.flow(value, style)


def _gap_end(text: str, position: int) -> int:
    return cast(re.Match[str], _GAP.match(text, position)).end()
