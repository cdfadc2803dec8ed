"""The table of entities: any number of rows, of which only the visible ones exist.

It draws what its model has and says which pages it lacks; it never asks the daemon itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.cache import LRUCache
from textual.message import Message
from textual.strip import Strip

from tui.model.columns import MAX_CELL_CHARACTERS, Column, column, plain_value, widths
from tui.model.lines import MARK_TONES, Piece, Tone, fitted
from tui.model.source import Row
from tui.model.symbols import Mark, Symbols
from tui.model.table_model import TableModel
from tui.model.times import ago
from tui.model.view_state import ViewState
from tui.safe_text import safe_text
from tui.widgets.line_scroller import LineScroller

READ_AHEAD = 60
"""Rows above and below the screen that are asked for before somebody scrolls there."""
GAP = 2
"""Cells between columns."""
MARKS_WIDTH = 3
"""Cursor bar, state symbol, space."""
SAMPLE = 60
"""Rows whose cells decide the width of a column."""


class EntityTable(LineScroller):
    """Rows of a `TableModel`, a header, a first column that stays, and the cursor pinned to an entity's ref."""

    HEADER = 1

    @dataclass
    class PagesWanted(Message):
        """These pages are needed for what is on the screen."""

        pages: tuple[int, ...]

    @dataclass
    class SortWanted(Message):
        """The header of a column was clicked."""

        key: str

    def __init__(
        self,
        symbols: Symbols,
        marks: Callable[[str], Mark | None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(name="entities")
        self.model = TableModel()
        self.view = ViewState()
        self._symbols = symbols
        self._marks = marks
        self._now = now
        self._columns: tuple[Column, ...] = ()
        self._widths: tuple[int, ...] = ()
        self._flashing: frozenset[str] = frozenset()
        self._layout = 0
        self._strips: LRUCache[object, Strip] = LRUCache(600)

    # -- what is shown

    @property
    def ref(self) -> str:
        """The ref of the entity under the cursor, empty when there is none (yet)."""
        row = self.model.row(self.cursor)
        return row.ref if row else ""

    def show_answer(self, view: ViewState, cursor: int) -> None:
        """The model holds the first page of an answer: show it with the cursor on row `cursor`."""
        distance = self.cursor - self.first_visible
        self.view = view
        self._measure()
        self.resize_content(self.model.total, self._full_width())
        moved = cursor != self.cursor
        self.set_reactive(LineScroller.cursor, self.validate_cursor(cursor))
        self.scroll_to(y=max(0, self.cursor - distance if moved else self.first_visible), animate=False)
        self.keep_in_sight()
        self.refresh()
        self.want_pages()
        self.post_message(self.Moved(self))

    def show_rows(self, first: int, count: int) -> None:
        """Rows of the model came or changed."""
        if self.lines != self.model.total:
            self.resize_content(self.model.total, self._full_width())
        self.redraw(first, count)

    def flash(self, refs: Iterable[str]) -> None:
        """Mark rows as changed just now; an empty set ends it."""
        touched = self._flashing | frozenset(refs)
        self._flashing = frozenset(refs)
        for index in self.model.positions(touched):
            self.redraw(index)

    def forget_drawn(self) -> None:
        """Draw every row anew: marks, theme, or the clock changed."""
        self._layout += 1
        self.refresh()

    def want_pages(self) -> None:
        """Say which pages the screen needs."""
        top = self.first_visible
        if pages := self.model.missing(top - READ_AHEAD, top + self.room + READ_AHEAD):
            self.post_message(self.PagesWanted(tuple(pages)))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Other rows are in sight."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.want_pages()

    def on_resize(self) -> None:
        """More rows may be in sight; the cursor stays so."""
        self._layout += 1
        self.keep_in_sight()
        self.want_pages()

    def notify_style_update(self) -> None:
        """Another theme: what was drawn is not right any more."""
        super().notify_style_update()
        self._layout += 1

    def on_focus(self) -> None:
        """The cursor line has another colour with the focus."""
        self.forget_drawn()

    def on_blur(self) -> None:
        """See on_focus."""
        self.forget_drawn()

    # -- drawing

    def paint_header(self, width: int) -> Strip:
        """The titles; an arrow at the column sorted by."""
        pieces = [Piece(" " * MARKS_WIDTH, Tone.HEADING)]
        for col, size in zip(self._columns, self._widths, strict=True):
            sorted_by = col.key == self.view.sort_column
            arrow = self._symbols.descending if self.view.descending else self._symbols.ascending
            title = f"{safe_text(col.title)} {arrow}" if sorted_by else safe_text(col.title)
            tone = Tone.ACCENT if sorted_by else Tone.HEADING
            pieces.append(Piece(fitted(title, size, self._symbols.ellipsis) + " " * GAP, tone))
        return self._slid(pieces, width, selected=False)

    def paint(self, index: int, selected: bool, width: int) -> Strip:
        """One row, from the cache when it was drawn before."""
        row = self.model.row(index)
        offset = self.scroll_offset.x
        changed = row is not None and row.ref in self._flashing
        key = (self._layout, row, selected, changed, offset, width)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._slid(self._pieces(row, selected, changed), width, selected=selected)
            self._strips[key] = strip
        return strip

    def _pieces(self, row: Row | None, selected: bool, changed: bool) -> list[Piece]:
        cursor = Piece(self._symbols[Mark.CURSOR] if selected else " ", Tone.ACCENT)
        if row is None:
            waiting = [Piece(self._symbols[Mark.WAITING] * (3 + i % 4), Tone.QUIET) for i in range(len(self._widths))]
            cells = [Piece(fitted(p.text, w) + " " * GAP, p.tone) for p, w in zip(waiting, self._widths, strict=True)]
            return [cursor, Piece(" " * (MARKS_WIDTH - 1)), *cells]
        mark = Mark.CHANGED if changed else self._marks(row.ref)
        pieces = [cursor, Piece(self._symbols[mark] if mark else " ", MARK_TONES[mark] if mark else Tone.TEXT)]
        pieces.append(Piece(" " * (MARKS_WIDTH - 2)))
        for number, (col, size) in enumerate(zip(self._columns, self._widths, strict=True)):
            text = self._cell(col, row.cells[number] if number < len(row.cells) else None)
            tone = Tone.TEXT if number == 0 else Tone.QUIET if text == self._symbols.dash else Tone.TEXT
            if col.key in ("kind", "updated", "type", "namespace"):
                tone = Tone.QUIET
            pieces.append(Piece(fitted(text, size, self._symbols.ellipsis) + " " * GAP, tone))
        return pieces

    def _cell(self, col: Column, value: str | None) -> str:
        if not value:
            return self._symbols.dash
        if col.key == "updated":
            value = ago(value, self._now())
        return safe_text(plain_value(col.key, value), limit=MAX_CELL_CHARACTERS)

    def _slid(self, pieces: list[Piece], width: int, *, selected: bool) -> Strip:
        """Pieces with the frozen part in place and the rest moved to the side."""
        segments = [Segment(p.text, self.tone(p.tone, selected=selected)) for p in pieces if p.text]
        strip = Strip(segments).extend_cell_length(width, self.tone(Tone.TEXT, selected=selected))
        offset = self.scroll_offset.x
        if offset:
            frozen = min(self._frozen(), width)
            rest = strip.crop(frozen + offset, offset + width)
            strip = Strip.join([strip.crop(0, frozen), rest])
        return strip.crop(0, width).extend_cell_length(width, self.tone(Tone.TEXT, selected=selected))

    def _measure(self) -> None:
        """Widths from the rows in sight, and the room that is left shared out."""
        self._columns = tuple(column(key) for key in self.model.columns)
        first = self.first_visible if self.first_visible < self.model.total else 0
        rows = [row for index in range(first, first + SAMPLE) if (row := self.model.row(index))]
        samples = [
            [cell_len(self._cell(col, cell)) for col, cell in zip(self._columns, row.cells, strict=False)]
            for row in rows
        ]
        before = self._widths
        self._widths = widths(self._columns, samples)
        if before != self._widths:
            self._layout += 1

    def _frozen(self) -> int:
        return MARKS_WIDTH + (self._widths[0] + GAP if self._widths else 0)

    def _full_width(self) -> int:
        return MARKS_WIDTH + sum(self._widths) + GAP * len(self._widths)

    def on_click(self, event: events.Click) -> None:
        """A click on a title sorts."""
        if event.y >= self.HEADER:
            super().on_click(event)
            return
        x = event.x + (self.scroll_offset.x if event.x >= self._frozen() else 0) - MARKS_WIDTH
        for col, size in zip(self._columns, self._widths, strict=True):
            if 0 <= x < size + GAP:
                self.post_message(self.SortWanted(col.key))
                return
            x -= size + GAP
