"""Pieces of a text that give way to others, and the lines that they touch."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from syncd.ingest.source import line_breaks

_BREAK: Final = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Splice:
    """`text` takes the place of what stands from `start` to `end`, in characters."""

    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that give way to others, wherever they stand by then: `old` between `before` and `after`.

    `before` and `after` are the neighbouring lines, "" at the ends of the file; `line`, from 0, is where `old` stood.
    """

    line: int
    before: str
    old: str
    new: str
    after: str


class Lines:
    """Where the lines of a text begin and end; LF, CR LF and CR all break lines."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _BREAK.finditer(self.text))]

    def start(self, position: int) -> int:
        """Where the line of a character begins."""
        return self._starts[bisect_right(self._starts, position) - 1]

    def number(self, position: int) -> int:
        """Which line a character stands in, from 0."""
        return bisect_right(self._starts, position) - 1

    def end(self, position: int) -> int:
        """Where the line ends, before its break."""
        match = _BREAK.search(self.text, position)
        return match.start() if match else len(self.text)

    def following(self, position: int) -> int:
        """Where the next line begins; the end of the text after the last one."""
        match = _BREAK.search(self.text, position)
        return match.end() if match else len(self.text)

    def column(self, position: int) -> int:
        """Characters before the position in its line."""
        return position - self.start(position)

    def ending(self, position: int) -> str:
        """The break that a new line beside this one gets: its own, else that of the line before."""
        match = _BREAK.search(self.text, position)
        if match:
            return match[0]
        start = self.start(position)
        return "\r\n" if self.text[:start].endswith("\r\n") else self.text[start - 1 : start] or "\n"

    def same_line(self, one: int, other: int) -> bool:
        """Is there no break between the two?"""
        return not _BREAK.search(self.text, one, other)


def spliced(text: str, splices: Iterable[Splice]) -> tuple[str, list[Hunk]]:
    """The new text, and the hunks that lead back from it to the old one."""
    lines = Lines(text)
    pieces: list[str] = []
    hunks: list[Hunk] = []
    done = number = 0
    for group in _windows(lines, _in_order(lines, splices)):
        start, end = _window(lines, group)
        pieces.append(text[done:start])
        number += lines.number(start) - lines.number(done)
        new = _replaced(text, start, end, group)
        before = text[lines.start(start - 1) : start] if start else ""
        hunks.append(Hunk(number, before, new, text[start:end], text[end : lines.following(end)]))
        pieces.append(new)
        number += line_breaks(new, 0, len(new))
        done = end
    return "".join([*pieces, text[done:]]), hunks


def trimmed(text: str, splices: Iterable[Splice]) -> list[Splice]:
    """The same splices; but what goes at the end of a text without a final break takes along the one before."""
    result = _in_order(Lines(text), splices)
    last = result[-1] if result else None
    if last and not last.text and last.end == len(text) and text[-1] not in "\r\n":
        before = re.search(r"(?:\r\n|\r|\n)\Z", text[: last.start])
        if before:
            result[-1] = Splice(before.start(), last.end)
    return result


def located(text: str, hunks: Sequence[Hunk]) -> list[Splice] | None:
    """The splices that carry out all hunks, each at the fitting place that is nearest; None where one fits nowhere."""
    lines = Lines(text)
    splices: list[Splice] = []
    for hunk in hunks:
        sought = hunk.before + hunk.old + hunk.after
        found = re.finditer(f"(?={re.escape(sought)})", text) if sought else ()
        places = [match.start() for match in found if _is_whole(lines, match.start(), len(sought))]
        if not places:
            return None
        aim = hunk.line - bool(hunk.before)
        start = min(places, key=lambda place: abs(lines.number(place) - aim)) + len(hunk.before)
        splices.append(Splice(start, start + len(hunk.old), hunk.new))
    return splices


def _is_whole(lines: Lines, place: int, length: int) -> bool:
    end = place + length
    return lines.start(place) == place and (end == len(lines.text) or lines.start(end) == end)


def _in_order(lines: Lines, splices: Iterable[Splice]) -> list[Splice]:
    """Without overlaps, and without those that change nothing."""
    changes = [splice for splice in splices if lines.text[splice.start : splice.end] != splice.text]
    result: list[Splice] = []
    for splice in sorted(changes, key=lambda splice: (splice.start, splice.end)):
        last = result[-1] if result else None
        if last and not last.text and not splice.text and splice.start <= last.end:
            result[-1] = Splice(last.start, max(last.end, splice.end))
        else:
            result.append(splice)
    return _disjoint(lines, result)


def _disjoint(lines: Lines, splices: list[Splice]) -> list[Splice]:
    """New lines that were to follow a line that goes take the place of the lines that go."""
    result: list[Splice] = []
    inside: list[list[Splice]] = []
    for splice in splices:
        if result and _is_within(lines, splice, result[-1]):
            inside[-1].append(splice)
        else:
            result.append(splice)
            inside.append([])
    return [_taken_over(lines.text, *each) if each[1] else each[0] for each in zip(result, inside, strict=True)]


def _is_within(lines: Lines, splice: Splice, gone: Splice) -> bool:
    if lines.start(gone.start) != gone.start:
        return False
    return splice.start < gone.end or splice.start == gone.end == len(lines.text)


def _taken_over(text: str, gone: Splice, new: list[Splice]) -> Splice:
    lines = "".join(splice.text for splice in new)
    first, last = _BREAK.match(lines), _BREAK.match(text, new[-1].start)
    return Splice(gone.start, gone.end, lines[first.end() if first else 0 :] + (last[0] if last else ""))


def _windows(lines: Lines, splices: list[Splice]) -> list[list[Splice]]:
    groups: list[list[Splice]] = []
    for splice in splices:
        if groups and lines.start(splice.start) <= lines.following(groups[-1][-1].end):
            groups[-1].append(splice)
        else:
            groups.append([splice])
    return groups


def _window(lines: Lines, group: list[Splice]) -> tuple[int, int]:
    """The whole lines that a group touches; a deletion of whole lines touches no further line."""
    start, last = lines.start(group[0].start), group[-1]
    whole = last.end > start and lines.start(last.end) == last.end and not last.text
    return start, last.end if whole else lines.following(last.end)


def _replaced(text: str, start: int, end: int, group: list[Splice]) -> str:
    pieces: list[str] = []
    for splice in group:
        pieces += [text[start : splice.start], splice.text]
        start = splice.end
    return "".join([*pieces, text[start:end]])
