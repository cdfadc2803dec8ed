"""Text with the way it is meant to look."""

from collections.abc import Iterable
from typing import NamedTuple

from tui.cli.cell_width import cell_width


class Span(NamedTuple):
    """Harmless text. `tone` is one of `tui.model.lines.Tone`."""

    text: str
    tone: str = "text"
    styles: tuple[str, ...] = ()


Line = tuple[Span, ...]


def width_of(line: Iterable[Span]) -> int:
    """Columns that a line takes."""
    return sum(cell_width(span.text) for span in line)


def plain(line: Iterable[Span]) -> str:
    """The text of a line alone."""
    return "".join(span.text for span in line)
