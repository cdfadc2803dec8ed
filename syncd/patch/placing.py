"""A value in place of another, or of nothing."""

import re
from typing import Final, cast

from syncd.patch.block_text import HEADER
from syncd.patch.splices import Lines, Splice
from syncd.patch.tree import Entry, Node

_BLANKS: Final = re.compile(r"[ \t]*")
_PROPERTIES: Final = re.compile(r"[&!][^ \t\r\n]*(?:[ \t]+[&!][^ \t\r\n]*)*")


def placed(lines: Lines, entry: Entry, written: str) -> list[Splice]:
    """The splices that put `written` behind the `-` or `:` of an entry, a comment in that line staying where it is.

    The part of `written` from its first break on goes below that line.
    """
    node = entry.value
    if node.empty:
        return _filled(lines, entry, written)
    head, rest = _parted(written.strip(" "))
    start, cut, tail = node.body, node.end, lines.end(node.end)
    if node.block_scalar:
        cut, tail = cast(re.Match[str], HEADER.match(lines.text, node.body)).end(), node.end
    elif not is_beside(lines, entry) and (rest or node.in_block):
        start = cut = _behind(lines, entry)
        head = head and " " + head
        if not rest:
            return [Splice(start, cut, head), Splice(lines.start(node.body), lines.following(node.end))]
    elif node.in_block:
        cut = tail
    if not head:
        start -= blanks_before(lines.text, start, entry.after)
    return [Splice(start, cut, head), Splice(lines.end(cut), tail, rest)]


def exchanged(lines: Lines, node: Node, written: str) -> list[Splice]:
    """The splices that put `written` where a node stands, a comment behind one that has one line staying."""
    head, rest = _parted(written)
    cut = lines.end(node.end) if node.in_block else node.end
    return [Splice(node.body, cut, head), Splice(lines.end(cut), lines.end(cut), rest)]


def is_beside(lines: Lines, entry: Entry) -> bool:
    """Does the value begin in the line of its `-` or `:`?"""
    return lines.same_line(entry.after, entry.value.body)


def is_commented(lines: Lines, entry: Entry) -> bool:
    """Are there comment lines between a `-` or `:` and its value?"""
    return bool(lines.text[lines.end(entry.after) : entry.value.start].strip())


def emptied(lines: Lines, entry: Entry, written: str) -> list[Splice]:
    """The splices that leave nothing of a block collection but `written`, comments between its entries staying."""
    node = entry.value
    first, others = node.entries[0], node.entries[1:]
    gone = [deleted(lines, each) for each in others]
    if lines.start(entry.after) < lines.start(node.body) and owns_line(lines, first):
        place = _behind(lines, entry)
        return [Splice(place, place, " " + written), deleted(lines, first), *gone]
    return [Splice(first.start, first.end, written), *gone]


def deleted(lines: Lines, entry: Entry) -> Splice:
    """The lines of an entry of a block collection go, with its comments."""
    return Splice(lines.start(entry.start), lines.following(reach(lines, entry)))


def reach(lines: Lines, entry: Entry) -> int:
    """Where the last line of an entry ends; comment lines right below that are indented deeper belong to it."""
    deeper = re.compile(rf"(?:\r\n|\r|\n) {{{lines.column(entry.start) + 1},}}#[^\r\n]*")
    end = lines.end(entry.end)
    while match := deeper.match(lines.text, end):
        end = match.end()
    return end


def owns_line(lines: Lines, entry: Entry) -> bool:
    """Is there nothing but blanks before the entry in its line?"""
    return not lines.text[lines.start(entry.start) : entry.start].strip(" \t")


def blanks_before(text: str, position: int, least: int = 0) -> int:
    """How many blanks stand before a position, behind another."""
    return position - least - len(text[least:position].rstrip(" \t"))


def _behind(lines: Lines, entry: Entry) -> int:
    """The place behind a `-` or `:`, and behind the anchor and the tag that stand there."""
    match = _PROPERTIES.match(lines.text, entry.value.start, entry.value.body)
    return match.end() if match else entry.after


def _parted(written: str) -> tuple[str, str]:
    """The first line, and the rest with the break before it."""
    match = re.search(r"[\r\n]", written)
    return (written[: match.start()], written[match.start() :]) if match else (written, "")


def _filled(lines: Lines, entry: Entry, written: str) -> list[Splice]:
    """Where nothing was written; blanks that were left for a value are used."""
    head, rest = _parted(written.strip(" "))
    blanks = cast(re.Match[str], _BLANKS.match(lines.text, entry.end))
    start = entry.end
    if head and start < blanks.end() and lines.text[blanks.end() : blanks.end() + 1] != "#":
        start = blanks.end()
    elif head:
        head = " " + head
    if entry.key is not None and lines.text[entry.after - 1] != ":":
        head = ":" + head
    return [Splice(start, start, head), Splice(lines.end(start), lines.end(start), rest)]
