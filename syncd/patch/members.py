"""Entries that come to a collection or leave it: what those in lines and those in brackets have in common."""

from collections.abc import Mapping, Sequence

from syncd.model.json import Json
from syncd.patch.pen import Pen
from syncd.patch.splices import Lines
from syncd.patch.tree import Node

Member = tuple[str | None, Json]
"""A new entry: its key, None for the item of a list, and its value."""


class Members:
    """Changes of one collection: `gone` are indexes of its entries, `new` says what comes behind which that stays.

    -1 in `new` stands for the place before all entries that stay. At least one entry is there afterwards. `style` is
    that of all texts in it, "" where each entry looks like its neighbours.
    """

    def __init__(
        self,
        lines: Lines,
        pen: Pen,
        node: Node,
        gone: Sequence[int],
        new: Mapping[int, Sequence[Member]],
        style: str,
    ) -> None:
        self.lines = lines
        self.pen = pen
        self.entries = node.entries
        self.gone = frozenset(gone)
        self.new = new
        self.style = style
        self.stay = [index for index in range(len(node.entries)) if index not in self.gone]

    def key_style(self) -> str:
        """The quotes of the keys, where all have the same."""
        styles = {style_of(entry.key) for entry in self.entries if entry.key is not None}
        return styles.pop() if len(styles) == 1 else ""


def style_of(node: Node) -> str:
    """The quotes of a single value, "" for any other."""
    return node.style if node.kind == "scalar" and not node.block_scalar else ""
