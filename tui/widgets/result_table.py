"""The answer to a question in SQL as a table of any size: only what is on the screen is made."""

from rich.cells import cell_len, set_cell_size
from textual.strip import Strip

from tui.model.lines import Piece, Tone, fitted
from tui.model.sql_source import SqlResult
from tui.model.sql_text import cell, is_number, widths
from tui.model.symbols import Mark, Symbols
from tui.safe_text import safe_text
from tui.widgets.line_scroller import LineScroller

GAP = 2
MARGIN = 2


class ResultTable(LineScroller):
    """Rows under their titles; the cursor stands on a row."""

    HEADER = 1

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(name="result")
        self._symbols = symbols
        self._result: SqlResult | None = None
        self._widths: tuple[int, ...] = ()
        self._right: tuple[bool, ...] = ()

    @property
    def result(self) -> SqlResult | None:
        """What is shown."""
        return self._result

    def show(self, result: SqlResult) -> None:
        """Another answer, from its first row."""
        self._result = result
        self._widths = widths(result, self._symbols)
        self._right = tuple(is_number(kind) for kind in result.types)
        self.cursor = 0
        self.scroll_to(x=0, y=0, animate=False)
        self.resize_content(len(result.rows), MARGIN + sum(self._widths) + GAP * max(0, len(self._widths) - 1))
        self.refresh()

    def paint_header(self, width: int) -> Strip:
        """The columns' names."""
        if self._result is None:
            return Strip.blank(width, self.rich_style)
        names = [safe_text(name, limit=200) for name in self._result.columns]
        return self._line(Piece(" " * MARGIN), names, Tone.HEADING, False, width)

    def paint(self, index: int, selected: bool, width: int) -> Strip:
        """One row."""
        assert self._result is not None
        cells = [cell(value, self._symbols) for value in self._result.rows[index]]
        mark = Piece(f"{self._symbols[Mark.CURSOR] if selected else ' '} ", Tone.ACCENT)
        return self._line(mark, cells, Tone.TEXT, selected, width)

    def _line(self, mark: Piece, cells: list[str], tone: Tone, selected: bool, width: int) -> Strip:
        placed = [
            self._placed(text, room, right) for text, room, right in zip(cells, self._widths, self._right, strict=False)
        ]
        offset = self.scroll_offset.x
        strip = self.strip((mark, Piece((" " * GAP).join(placed), tone)), selected).crop(offset, offset + width)
        return strip.extend_cell_length(width, self.tone(Tone.TEXT, selected=selected))

    def _placed(self, text: str, room: int, right: bool) -> str:
        if right and (length := cell_len(text)) < room:
            return set_cell_size(" " * (room - length) + text, room)
        return fitted(text, room, self._symbols.ellipsis)
