"""Text of many lines: overview, YAML, lists of problems and locations."""

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip

from tui.model.lines import Piece, TextLine, Tone, plain
from tui.model.symbols import Mark, Symbols
from tui.widgets.line_scroller import LineScroller


class TextLines(LineScroller):
    """Shows lines as they are given; with `choose`, one of them stands under a cursor."""

    DEFAULT_CSS = """
    TextLines { padding: 0 1; }
    """

    def __init__(self, symbols: Symbols, *, choose: bool = False, name: str | None = None) -> None:
        super().__init__(name=name)
        self.HAS_CURSOR = choose
        self._symbols = symbols
        self._content: Sequence[TextLine] = ()
        self._header: TextLine = ()

    def show(self, lines: Sequence[TextLine], *, keep_place: bool = False, header: TextLine | None = None) -> None:
        """Show these lines, from the top unless the place is to be kept; `header` stays above them."""
        self._content = lines
        self._header = header or ()
        self.HEADER = 1 if header else type(self).HEADER
        mark = 2 if self.HAS_CURSOR else 0
        widest = max((sum(len(piece.text) for piece in line) for line in lines), default=0) + mark
        if not keep_place:
            self.scroll_to(x=0, y=0, animate=False)
        self.resize_content(len(lines), widest)
        self.refresh()

    @property
    def content(self) -> Sequence[TextLine]:
        """The lines shown."""
        return self._content

    def paint(self, index: int, selected: bool, width: int) -> Strip:
        """One line, cut to what is in sight."""
        line = self._content[index]
        if self.HAS_CURSOR:
            line = (Piece(f"{self._symbols[Mark.CURSOR] if selected else ' '} ", Tone.ACCENT), *line)
        offset = self.scroll_offset.x
        strip = self.strip(line, selected)
        if strip.cell_length > offset + width:
            more = Segment(self._symbols.more_right, self.tone(Tone.QUIET, selected=selected))
            return Strip([*strip.crop(offset, offset + width - 1), more])
        strip = strip.crop(offset, offset + width)
        return strip.extend_cell_length(width, self.tone(Tone.TEXT, selected=selected))

    def paint_header(self, width: int) -> Strip:
        """The titles, under the same shift to the side as the lines."""
        offset = self.scroll_offset.x
        line = (Piece("  " if self.HAS_CURSOR else ""), *self._header)
        return self.strip(line, selected=False).crop(offset, offset + width).extend_cell_length(width, self.rich_style)

    def text(self) -> str:
        """All lines as plain text."""
        return "\n".join(plain(line) for line in self._content)
