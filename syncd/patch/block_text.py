"""Another text below the same `|` or `>`: its header and indentation stay, and so do the lines that are alike."""

import re
from collections.abc import Sequence
from typing import Final, cast

from syncd.patch.pen import can_block
from syncd.patch.splices import Lines, Splice
from syncd.patch.tree import Node

HEADER: Final = re.compile(r"([|>])([-+]?)([1-9]?)([-+]?)")
_LINE: Final = re.compile(r"(?:\r\n|\r|\n)[^\r\n]*")
_SINGLE_BLANK: Final = re.compile(r"(?<![ ]) (?![ ])")
_WIDTH: Final = 80


def reworded(lines: Lines, node: Node, old: str, new: str) -> list[Splice] | None:
    """The splices that make `new` of the block scalar `old`; None where its style cannot carry that."""
    header = cast(re.Match[str], HEADER.match(lines.text, node.body))
    top = lines.end(node.body)
    raw: list[str] = _LINE.findall(lines.text, top, node.end)
    column = _column(raw, old)
    if column < 1 or not can_block(new.lstrip(" ") if header[3] else new):
        return None
    hang = len(new) - len(new.rstrip("\n"))
    chomp = header[2] + header[4]
    if hang != len(old) - len(old.rstrip("\n")):
        chomp = "-" if not hang else "+" if hang > 1 or chomp == "+" else ""
    content, style = new.rstrip("\n").split("\n"), header[1]
    if style == ">" and any(line[:1] in (" ", "\t") for line in content):
        style = "|"
    if style == ">":
        content = _folded(content, max(_WIDTH, *map(len, raw)) - column)
    if chomp == "+":
        content += [""] * (hang - 1)
    splices = [Splice(top, node.end, _merged(raw, content, column, lines.ending(node.body)))]
    if (style, chomp) != (header[1], header[2] + header[4]):
        splices.append(Splice(node.body, header.end(), style + header[3] + chomp))
    return splices


def without_break(lines: Lines, node: Node) -> list[Splice]:
    """A block scalar at the end of a file without a final break, before a break comes: it says it ends without one."""
    header = HEADER.match(lines.text, node.body) if node.block_scalar else None
    if header is None or node.end < len(lines.text) or "-" in header[0]:
        return []
    return [Splice(node.body, header.end(), header[1] + header[3] + "-")]


def keeps_breaks(lines: Lines, node: Node) -> bool:
    """Do blank lines behind the node belong to its text?"""
    header = HEADER.match(lines.text, node.body) if node.block_scalar else None
    return header is not None and "+" in header[0]


def _column(raw: Sequence[str], old: str) -> int:
    """How far the content is indented: what its first line has beyond the blanks that are part of the text."""
    first = next((line.lstrip("\r\n") for line in raw if line.strip()), "")
    said = next((line for line in old.split("\n") if line.strip()), "")
    return _indent(first) - _indent(said)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _merged(raw: Sequence[str], content: Sequence[str], column: int, eol: str) -> str:
    """The new lines, those taken from `raw` that are alike at the beginning and the end."""
    bare = [line.lstrip("\r\n")[column:] for line in raw]
    ahead = _alike(bare, content)
    behind = _alike(bare[ahead:][::-1], content[ahead:][::-1])
    between = content[ahead : len(content) - behind]
    written = [eol + (" " * column + line if line else "") for line in between]
    return "".join([*raw[:ahead], *written, *raw[len(raw) - behind :]])


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def _folded(paragraphs: Sequence[str], width: int) -> list[str]:
    """Lines for `>`: one blank line more than the text has between its paragraphs, each wrapped at single blanks."""
    lines: list[str] = []
    for paragraph in paragraphs:
        if lines and paragraph:
            lines.append("")
        lines += _wrapped(paragraph, width)
    return lines


def _wrapped(paragraph: str, width: int) -> list[str]:
    lines = [""]
    for word in _SINGLE_BLANK.split(paragraph):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines
