"""Lines of text in a few tones: what the text views draw. Made harmless here, once, before anything is measured."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rich.cells import cell_len, chop_cells, set_cell_size

from tui.cards.span import Line as SpanLine
from tui.model.overview import Line, Section
from tui.model.symbols import Mark, Symbols
from tui.safe_text import safe_text


class Tone(StrEnum):
    """How a piece of text is meant; a widget turns it into a colour."""

    TEXT = "text"
    QUIET = "quiet"
    ACCENT = "accent"
    HEADING = "heading"
    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"


MARK_TONES = {
    Mark.OK: Tone.GOOD,
    Mark.WARNING: Tone.WARNING,
    Mark.ERROR: Tone.ERROR,
    Mark.ORPHAN: Tone.WARNING,
    Mark.CHANGED: Tone.ACCENT,
    Mark.CURSOR: Tone.ACCENT,
    Mark.WAITING: Tone.QUIET,
    Mark.UNKNOWN: Tone.QUIET,
    Mark.LOCKED: Tone.WARNING,
    Mark.MARKED: Tone.ACCENT,
    Mark.STARRED: Tone.ACCENT,
    Mark.OVERLAY: Tone.ACCENT,
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in one tone, harmless already; `styles` are bold, italic, underline."""

    text: str
    tone: Tone = Tone.TEXT
    styles: tuple[str, ...] = ()


TextLine = tuple[Piece, ...]


def fitted(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` in exactly `width` cells: filled with spaces, or cut and marked as cut."""
    if width <= 0:
        return ""
    if len(text) <= width and cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + ellipsis, width)


def fitted_end(text: str, width: int, ellipsis: str = "…") -> str:
    """The same, but it is the end that stays: for paths and addresses."""
    if width <= 0 or cell_len(text) <= width:
        return fitted(text, width, ellipsis)
    end, room = text, max(0, width - cell_len(ellipsis))
    while (excess := cell_len(end) - room) > 0:
        end = end[(excess + 1) // 2 :]  # no character has more than two cells
    return set_cell_size(ellipsis + end, width)


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells, broken at spaces where there are any; never an endless loop on a narrow pane."""
    width = max(4, width)
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split(" "):
            if cell_len(line) + 1 + cell_len(word) <= width and line:
                line = f"{line} {word}"
                continue
            if line:
                lines.append(line)
            *full, line = chop_cells(word, width) or [""]
            lines.extend(full)
        lines.append(line)
    return lines


def layout(parts: Iterable[Section], width: int, symbols: Symbols) -> list[TextLine]:
    """Sections as lines of at most `width` cells, with their labels in one column."""
    return [line for line, _ in placed(parts, width, symbols)]


def placed(parts: Iterable[Section], width: int, symbols: Symbols) -> list[tuple[TextLine, Line | None]]:
    """The same, each line with what it says; headings and gaps say nothing."""
    made: list[tuple[TextLine, Line | None]] = []
    for section in parts:
        if made:
            made.append(((), None))
        if section.title:
            made.append(((Piece(section.title, Tone.HEADING),), None))
        made.extend(_section_lines(section, width, symbols))
    return made


STACKED_BELOW = 60
"""Cells of width below which long words (refs, URLs) go under their label instead of beside it."""


def _section_lines(section: Section, width: int, symbols: Symbols) -> Iterator[tuple[TextLine, Line]]:
    lines = [(line, safe_text(line.label), _words(line, symbols)) for line in section.lines]
    labels = [min(cell_len(label), max(8, width // 3)) for _, label, _ in lines if label]
    column = max(labels, default=-2) + 2
    longest = max((cell_len(word) for _, _, text in lines for word in text.split()), default=0)
    stacked = section.long and column > 0 and width < STACKED_BELOW and longest > width - column
    for line, label, text in lines:
        tone = MARK_TONES[line.mark] if line.mark else Tone.QUIET if line.quiet else Tone.TEXT
        indent = 2 if stacked else column
        if label and (stacked or cell_len(label) > column - 2):
            yield (Piece(fitted(label, width, symbols.ellipsis).rstrip(), Tone.QUIET),), line
            label = ""
        for part in wrapped(text, width - indent):
            yield (Piece(fitted(label, indent), Tone.QUIET), Piece(part, tone)), line
            label = ""


def _words(line: Line, symbols: Symbols) -> str:
    prefix = f"{symbols[line.mark]} " if line.mark else ""
    return prefix + safe_text(line.text, multiline=True).expandtabs(4)


def yaml_lines(text: str) -> list[TextLine]:
    """YAML as lines with its keys told from its values; the text inside block literals is left alone."""
    made: list[TextLine] = []
    block = -1
    for raw in safe_text(text, multiline=True, limit=len(text)).split("\n"):
        line = raw.expandtabs(4)
        body = line.lstrip(" ")
        indent = len(line) - len(body)
        if block >= 0 and (not body or indent > block):
            made.append((Piece(line),))
            continue
        block = -1
        pieces = _yaml_pieces(line, indent, body)
        if body.rstrip().endswith(("|", "|-", "|+")):
            block = indent
        made.append(pieces)
    while made and not any(piece.text for piece in made[-1]):
        made.pop()
    return made


def _yaml_pieces(line: str, indent: int, body: str) -> TextLine:
    if body.startswith("#"):
        return (Piece(line, Tone.QUIET),)
    dashes = ""
    while body.startswith("- "):
        dashes, body = dashes + "- ", body[2:]
    start = " " * indent
    key, colon, value = body.partition(": ")
    if not colon and body.endswith(":"):
        key, colon, value = body[:-1], ":", ""
    if not colon or (key.startswith(("'", '"')) and not key.endswith(key[0])):
        return (Piece(start + dashes, Tone.QUIET), Piece(body))
    return (Piece(start + dashes, Tone.QUIET), Piece(key, Tone.ACCENT), Piece(colon, Tone.QUIET), Piece(value))


def pieces_of(line: SpanLine) -> TextLine:
    """A line of a card."""
    return tuple(Piece(span.text, Tone(span.tone), span.styles) for span in line)


def plain(line: Sequence[Piece]) -> str:
    """The text of a line without its tones."""
    return "".join(piece.text for piece in line)
