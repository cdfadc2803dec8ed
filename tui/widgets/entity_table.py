"""The table of entities: any number of rows, of which only the visible ones exist.

It draws what its model has and says which pages it lacks; it never asks the daemon itself.
"""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.cache import LRUCache
from textual.message import Message
from textual.strip import Strip

from tui.model.columns import MAX_CELL_CHARACTERS, ORPHAN, Column, Density, column, plain_value, widths
from tui.model.groups import Group, Groups
from tui.model.lines import MARK_TONES, Piece, Tone, fitted
from tui.model.source import PAGE_ROWS, Row
from tui.model.symbols import Mark, Symbols
from tui.model.table_model import TableModel
from tui.model.times import ago
from tui.model.view_state import ViewState
from tui.safe_text import safe_text
from tui.widgets.line_scroller import LineScroller

READ_AHEAD = 60
"""Rows above and below the screen that are asked for before somebody scrolls there."""
MARKS_WIDTH = 4
"""Cursor bar, mark, state symbol, space."""
SAMPLE = 60
"""Rows whose cells decide the width of a column."""
MIN_SQUEEZED = 8
"""Cells that are left for a column which does not fit whole; with fewer it is not shown."""
MENU_BUTTON = 3
QUIET_COLUMNS = frozenset({"kind", "type", "updated", "namespace"})
"""Columns that are read less than the others."""


class EntityTable(LineScroller):
    """Rows of a `TableModel`, a header, a first column that stays, and the cursor pinned to an entity's ref."""

    HEADER = 1

    @dataclass
    class PagesWanted(Message):
        """These pages are needed for what is on the screen."""

        pages: tuple[int, ...]

    @dataclass
    class SortWanted(Message):
        """The header of a column was clicked; `further`: it is to decide where the columns before it are equal."""

        key: str
        further: bool = False

    @dataclass
    class Dragged(Message):
        """The mouse was drawn over the rows of these entities."""

        refs: tuple[str, ...]

    @dataclass
    class MenuWanted(Message):
        """The other button was pressed on the row under the cursor."""

    def __init__(
        self,
        symbols: Symbols,
        marks: Callable[[str], Mark | None],
        marked: Container[str] = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(name="entities")
        self.model = TableModel()
        self.view = ViewState()
        self._symbols = symbols
        self._marks = marks
        self._marked = marked
        self.density = Density.USUAL
        self._pressed_on: int | None = None
        self._groups: Groups | None = None
        self._now = now
        self._columns: tuple[Column, ...] = ()
        self._widths: tuple[int, ...] = ()
        self._flashing: frozenset[str] = frozenset()
        self._layout = 0
        self._slid = 0
        self._strips: LRUCache[object, Strip] = LRUCache(600)

    # -- what is shown

    @property
    def ref(self) -> str:
        """The ref of the entity under the cursor, empty when there is none (yet)."""
        row = self._row(self.cursor)
        return row.ref if row else ""

    @property
    def row_number(self) -> int:
        """The row of the answer under the cursor; on the heading of a group, the first of its rows."""
        return self._groups.row_near(self.cursor) if self._groups else self.cursor

    @property
    def groups(self) -> Groups | None:
        """The groups that the rows are in, where there are any."""
        return self._groups

    def show_groups(self, groups: Groups | None) -> None:
        """Show headings, or other groups folded; the cursor stays on its row."""
        row, heading = self.row_number, self._groups.heading(self.cursor) if self._groups else None
        self._groups = groups if groups and groups.lines else None
        self.resize_content(self._line_count)
        line = self._line(row)
        if heading and self._groups:
            line = next((self._line(one.first) - 1 for one in self._groups.groups if one == heading), line)
            line = max(line, 0) if heading.value not in self._groups.folded else self._line(heading.first)
        self.cursor = line
        self._layout += 1
        self.refresh()
        self.want_pages()

    def _row(self, line: int) -> Row | None:
        number = self._groups.row(line) if self._groups else line
        return None if number is None else self.model.row(number)

    def _line(self, row: int) -> int:
        return self._groups.line(row) if self._groups else row

    @property
    def _line_count(self) -> int:
        return self._groups.lines if self._groups else self.model.total

    def show_answer(self, view: ViewState, cursor: int, top: int | None = None) -> None:
        """The model holds the first page of an answer: show it with the cursor on row `cursor`, line `top` on top."""
        distance = self.cursor - self.first_visible
        if self._groups and (view.group != self.view.group or self._groups_total != self.model.total):
            self._groups = None
        self.view = view
        self._measure()
        self.resize_content(self._line_count)
        cursor = self._line(cursor)
        moved = cursor != self.cursor
        self.set_reactive(LineScroller.cursor, self.validate_cursor(cursor))
        if top is None:
            top = self.cursor - distance if moved else self.first_visible
        self.scroll_to(y=max(0, top), animate=False, force=True)
        self.keep_in_sight()
        self.refresh()
        self.want_pages()
        self.post_message(self.Moved(self))

    def show_rows(self, first: int, count: int) -> None:
        """Rows of the model came or changed."""
        if self._groups and self._groups_total != self.model.total:
            self._groups = None
        if self.lines != self._line_count:
            self.resize_content(self._line_count)
        if self._groups:
            self.refresh()
        else:
            self.redraw(first, count)

    @property
    def _groups_total(self) -> int:
        return sum(group.count for group in self._groups.groups) if self._groups else 0

    def flash(self, refs: Iterable[str]) -> None:
        """Mark rows as changed just now; an empty set ends it."""
        touched = self._flashing | frozenset(refs)
        self._flashing = frozenset(refs)
        for index in self.model.positions(touched):
            self.redraw(self._line(index))

    def make_room(self, density: Density) -> None:
        """Columns take this much room from now on."""
        self.density, self._widths = density, ()
        self._measure()
        self.forget_drawn()

    def forget_drawn(self) -> None:
        """Draw every row anew: marks, theme, or the clock changed."""
        self._layout += 1
        self.refresh()

    def want_pages(self) -> None:
        """Say which pages the screen needs."""
        top = self.first_visible
        first, last = top - READ_AHEAD, top + self.room + READ_AHEAD
        if self._groups is None:
            pages = self.model.missing(first, last)
        else:
            rows = {self._groups.row(line) for line in range(first, last)}
            numbers = sorted({row // PAGE_ROWS for row in rows if row is not None})
            pages = [page for n in numbers for page in self.model.missing(n * PAGE_ROWS, n * PAGE_ROWS)]
        if pages:
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
        """The titles; an arrow at the column sorted by, a sign where columns are out of sight."""
        pieces = [Piece(" " * MARKS_WIDTH, Tone.HEADING)]
        shown = self._in_sight(width)
        for number, size in shown:
            col = self._columns[number]
            rank = self.view.rank(col.key)
            arrow = self._symbols.descending if self.view.falls(col.key) else self._symbols.ascending
            order = f" {arrow}{rank if len(self.view.sort) > 1 else ''}" if rank else ""
            title = safe_text(col.title) + order
            tone = Tone.ACCENT if rank else Tone.HEADING
            hidden_left = number == 0 and self._slid
            gap = (self._symbols.more_left if hidden_left else "").rjust(self.density.gap)
            pieces += [Piece(fitted(title, size, self._symbols.ellipsis), tone), Piece(gap, Tone.ACCENT)]
        strip = self._strip(pieces, width, selected=False)
        if shown and shown[-1][0] < len(self._columns) - 1:
            more = Segment(self._symbols.more_right, self.tone(Tone.ACCENT))
            strip = Strip.join([strip.crop(0, width - 1), Strip([more])])
        return strip

    def paint_empty(self, y: int, width: int) -> Strip:
        """Where no row is: say so, once."""
        if y != 1 or self.lines or not self.model.columns:
            return super().paint_empty(y, width)
        text = "nothing matches" if self.view.query else "the catalog is empty: a adds a location"
        return self._strip([Piece(" " * MARKS_WIDTH), Piece(text, Tone.QUIET)], width, selected=False)

    def paint(self, index: int, selected: bool, width: int) -> Strip:
        """One row, from the cache when it was drawn before; or the heading of a group."""
        if self._groups and (group := self._groups.heading(index)):
            return self._strip(self._heading(group, selected), width, selected=selected)
        row = self._row(index)
        changed = row is not None and row.ref in self._flashing
        key = (self._layout, row, selected, changed, row is not None and row.ref in self._marked, width)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strip(self._pieces(row, selected, changed, width), width, selected=selected)
            self._strips[key] = strip
        return strip

    def _heading(self, group: Group, selected: bool) -> list[Piece]:
        assert self._groups is not None
        sign = self._symbols.folded if group.value in self._groups.folded else self._symbols.opened
        name = plain_value(self.view.group, group.value) if group.value is not None else f"no {self.view.group}"
        return [
            Piece(self._symbols[Mark.CURSOR] if selected else " ", Tone.ACCENT),
            Piece(f"{sign} ", Tone.ACCENT),
            Piece(safe_text(name, limit=MAX_CELL_CHARACTERS), Tone.HEADING if group.value is None else Tone.TEXT),
            Piece(f"  {group.count:,}", Tone.QUIET),
        ]

    def _pieces(self, row: Row | None, selected: bool, changed: bool, width: int) -> list[Piece]:
        cursor = Piece(self._symbols[Mark.CURSOR] if selected else " ", Tone.ACCENT)
        marked = row is not None and row.ref in self._marked
        mark = self._state(row, changed)
        pieces = [
            cursor,
            Piece(self._symbols[Mark.MARKED] if marked else " ", Tone.ACCENT),
            Piece(f"{self._symbols[mark]} " if mark else "  ", MARK_TONES[mark] if mark else Tone.TEXT),
        ]
        for number, size in self._in_sight(width):
            text, tone = self._shown(number, row)
            pieces.append(Piece(fitted(text, size, self._symbols.ellipsis) + " " * self.density.gap, tone))
        return pieces

    def _state(self, row: Row | None, changed: bool) -> Mark | None:
        if row is None:
            return None
        if changed:
            return Mark.CHANGED
        orphan = self.model.columns[-1:] == (ORPHAN,) and row.cells[-1] == "true"
        mark = self._marks(row.ref)
        return Mark.ORPHAN if orphan and mark in (None, Mark.STARRED) else mark

    def _shown(self, number: int, row: Row | None) -> tuple[str, Tone]:
        """Text and tone of one cell; dots stand for a row that is on its way."""
        if row is None:
            return self._symbols[Mark.WAITING] * (3 + number % 3), Tone.QUIET
        col = self._columns[number]
        text = self._cell(col, row.cells[number] if number < len(row.cells) else None)
        return text, Tone.QUIET if col.key in QUIET_COLUMNS or text == self._symbols.dash else Tone.TEXT

    def _in_sight(self, width: int) -> list[tuple[int, int]]:
        """Columns that fit, each with its width: the first always, then those slid to; the last may be squeezed."""
        left = width - MARKS_WIDTH
        shown: list[tuple[int, int]] = []
        for number in (0, *range(1 + self._slid, len(self._widths))):
            size = self._widths[number] if number < len(self._widths) else 0
            if number == 0:
                size = min(size, max(MIN_SQUEEZED, width * 2 // 5))
            if size > left and shown and left < min(size, MIN_SQUEEZED):
                break
            shown.append((number, min(size, left)))
            left -= size + self.density.gap
            if left <= 0:
                break
        return shown if self._widths else []

    def slide(self, direction: int) -> None:
        """One column to the right, or to the left; the first stays."""
        shown = self._in_sight(self.scrollable_content_region.width)
        complete = bool(shown) and shown[-1] == (len(self._widths) - 1, self._widths[-1])
        if direction > 0 and complete:
            return
        self._slid = max(0, min(self._slid + direction, len(self._widths) - 2))
        self.forget_drawn()

    def _cell(self, col: Column, value: str | None) -> str:
        if not value:
            return self._symbols.dash
        if col.key == "updated":
            value = ago(value, self._now())
        return safe_text(plain_value(col.key, value), limit=MAX_CELL_CHARACTERS)

    def _strip(self, pieces: list[Piece], width: int, *, selected: bool) -> Strip:
        strip = self.strip(tuple(pieces), selected)
        return strip.adjust_cell_length(width, self.tone(Tone.TEXT, selected=selected))

    def _measure(self) -> None:
        """Widths from the rows in sight."""
        shown = tuple(column(key) for key in self.model.columns if key != ORPHAN)
        before, self._columns = self._columns, shown
        anew = before != self._columns
        first = min(self.row_number, self.first_visible)
        first = first if first < self.model.total else 0
        rows = [row for index in range(first, first + SAMPLE) if (row := self.model.row(index))]
        samples = [
            [cell_len(self._cell(col, cell)) for col, cell in zip(self._columns, row.cells, strict=False)]
            for row in rows
        ]
        needed = widths(self._columns, samples, self.density)
        if not anew and self._widths:  # columns grow and never shrink: the eye keeps its place
            needed = tuple(map(max, needed, self._widths))
        if needed != self._widths:
            self._widths = needed
            self._layout += 1

    def on_click(self, event: events.Click) -> None:
        """A click on a title sorts; with shift or ctrl it sorts further. The other button asks for the menu."""
        if event.y >= self.HEADER:
            super().on_click(event)
            if event.button == MENU_BUTTON and self.ref:
                self.post_message(self.MenuWanted())
            return
        left = MARKS_WIDTH
        for number, size in self._in_sight(self.scrollable_content_region.width):
            if left <= event.x < left + size + self.density.gap:
                self.post_message(self.SortWanted(self._columns[number].key, event.shift or event.ctrl))
                return
            left += size + self.density.gap

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Rows may be drawn over from here."""
        self._pressed_on = event.y - self.HEADER + self.first_visible if event.button == 1 else None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drawing over rows marks them."""
        index = event.y - self.HEADER + self.first_visible
        if event.button != 1 or self._pressed_on is None or event.y < self.HEADER or index == self._pressed_on:
            return
        if 0 <= index < self.lines:
            first, last = sorted((self._pressed_on, index))
            rows = [row for line in range(first, last + 1) if (row := self._row(line))]
            self.post_message(self.Dragged(tuple(row.ref for row in rows)))

    def on_mouse_up(self) -> None:
        """The drawing ends."""
        self._pressed_on = None
