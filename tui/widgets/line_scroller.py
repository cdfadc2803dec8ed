"""Lines drawn on demand: the base of every list and text in the interface.

Nothing is laid out or measured ahead: a million lines cost what the visible ones cost. One line under the cursor moves
by redrawing two lines, not the widget.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.model.jump import Reach, Spot
from tui.model.lines import Piece, Tone

SLIDE = 8
"""Cells that one step to the side moves."""


class LineScroller(ScrollView, can_focus=True, inherit_bindings=False):
    """A scrolling column of lines under an optional fixed header, with an optional cursor."""

    DEFAULT_CSS = """
    LineScroller {
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;
        scrollbar-gutter: stable;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
        scrollbar-color: $foreground 20%;
        scrollbar-color-hover: $foreground 35%;
        scrollbar-color-active: $primary;
    }
    LineScroller > .line--quiet { color: $foreground 55%; }
    LineScroller > .line--accent { color: $primary; }
    LineScroller > .line--heading { color: $foreground 55%; text-style: bold; }
    LineScroller > .line--good { color: $success; }
    LineScroller > .line--warning { color: $warning; }
    LineScroller > .line--error { color: $error; }
    LineScroller > .line--text { color: $foreground; }
    LineScroller > .line--cursor { background: $foreground 8%; }
    LineScroller:focus > .line--cursor { background: $primary 22%; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"line--{tone}" for tone in Tone} | {"line--cursor"}

    HEADER = 0
    """Lines at the top that do not scroll."""

    HAS_CURSOR = True

    virtual_size = Reactive(Size(0, 0), layout=False)
    """Not laid out by the framework: more lines ask for another scroll bar, and for no other place of any widget."""

    cursor = reactive(0, repaint=False, init=False)
    """The line under the cursor. Not repainted by the framework: only the old and the new line change."""

    @dataclass
    class Moved(Message):
        """The cursor stands on another line."""

        scroller: "LineScroller"

    @dataclass
    class Chosen(Message):
        """A line was clicked on while the cursor stood on it."""

        scroller: "LineScroller"

    @dataclass
    class Filled(Message):
        """There are lines where there were none, or none any more."""

        scroller: "LineScroller"

    def __init__(self, *, name: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=name, classes=classes)
        self._lines = 0

    # -- for subclasses

    def paint(self, index: int, selected: bool, width: int) -> Strip:
        """Line `index` in `width` cells, as far as it is scrolled to the side."""
        raise NotImplementedError

    def paint_header(self, width: int) -> Strip:
        """The fixed line on top; further lines of the header are empty."""
        return Strip.blank(width, self.rich_style)

    def paint_empty(self, y: int, width: int) -> Strip:
        """The screen's line `y` below the header, where there is no line to show."""
        del y
        return Strip.blank(width, self.rich_style)

    def resize_content(self, lines: int, width: int = 0) -> None:
        """There are that many lines now, the widest that many cells (0: as wide as there is room)."""
        if bool(self._lines) != bool(lines):
            self.post_message(self.Filled(self))
        self._lines = lines
        self.virtual_size = Size(width, lines + self.HEADER)
        if self.styles.auto_dimensions:
            self.refresh(layout=True)
        else:
            self._scroll_update(self.virtual_size)
        self.cursor = min(self.cursor, max(0, lines - 1))

    def tone(self, tone: Tone, *, selected: bool = False) -> Style:
        """The colours of a tone, on the cursor line or off it."""
        style = self.get_component_rich_style(f"line--{tone}")
        if not selected:
            return style
        return style + Style(bgcolor=self.get_component_rich_style("line--cursor").bgcolor)

    def strip(self, pieces: tuple[Piece, ...], selected: bool) -> Strip:
        """Pieces as a strip."""
        return Strip([Segment(piece.text, self._style(piece, selected)) for piece in pieces])

    def _style(self, piece: Piece, selected: bool) -> Style:
        style = self.tone(piece.tone, selected=selected)
        if not piece.styles:
            return style
        return style + Style.parse(" ".join(piece.styles))

    def leads(self, index: int) -> bool:
        """Whether a line is worth a letter to jump to it."""
        del index
        return True

    def spots(self) -> Iterator[Spot]:
        """Where one can jump to: itself, unless a line stands in that place, and its lines in sight."""
        top = self.gutter.top + self.HEADER
        shown = range(self.first_visible, min(self.lines, self.first_visible + self.room)) if self.HAS_CURSOR else ()
        if self.size.height > 1 and (top or not shown):
            title = self.border_title or ""
            yield Spot(cell_len(title) + 2 if title else 0, 0, Reach.PANE, self.focus, title or self.id or "")
        for index in shown:
            if self.leads(index):
                yield Spot(0, top + index - self.first_visible, Reach.LINE, partial(self.stand_on, index))

    def stand_on(self, index: int) -> None:
        """The keys go here, the cursor to a line."""
        self.focus()
        self.cursor = index

    # -- drawing

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return self._lines

    @property
    def room(self) -> int:
        """How many lines are visible below the header."""
        return max(1, self.scrollable_content_region.height - self.HEADER)

    @property
    def first_visible(self) -> int:
        """The line on top."""
        return self.scroll_offset.y

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.scrollable_content_region.width
        if y < self.HEADER:
            return self.paint_header(width) if not y else Strip.blank(width, self.rich_style)
        index = y - self.HEADER + self.first_visible
        if index >= self._lines:
            return self.paint_empty(y - self.HEADER, width)
        selected = self.HAS_CURSOR and index == self.cursor
        return self.paint(index, selected, width)

    def redraw(self, index: int, count: int = 1) -> None:
        """Draw lines again; what is not visible costs nothing."""
        first = max(index, self.first_visible)
        last = min(index + count, self.first_visible + self.room)
        if first < last:
            y = first - self.first_visible + self.HEADER
            self.refresh(Region(0, y, self.size.width, last - first))

    # -- movement

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a line."""
        return max(0, min(cursor, self._lines - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Draw the two lines concerned and keep the new one in sight."""
        self.redraw(old)
        self.redraw(new)
        self.keep_in_sight()
        self.post_message(self.Moved(self))

    def keep_in_sight(self) -> None:
        """Scroll as little as it takes to show the cursor."""
        top = self.first_visible
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + self.room:
            self.scroll_to(y=self.cursor - self.room + 1, animate=False, force=True)

    def move(self, step: int) -> None:
        """Some lines down, or up."""
        if self.HAS_CURSOR:
            self.cursor += step
        else:
            self.scroll_to(y=self.scroll_y + step, animate=False, force=True)

    def page(self, direction: int) -> None:
        """A screenful down, or up; the cursor keeps its place on the screen."""
        step = direction * max(1, self.room - 1)
        if self.HAS_CURSOR:
            self.scroll_to(y=self.scroll_y + step, animate=False, force=True)
            self.cursor += step
        else:
            self.scroll_to(y=self.scroll_y + step, animate=False, force=True)

    def edge(self, direction: int) -> None:
        """The last line, or the first."""
        if self.HAS_CURSOR:
            self.cursor = self._lines - 1 if direction > 0 else 0
        else:
            self.scroll_to(y=self._lines if direction > 0 else 0, animate=False, force=True)

    def slide(self, direction: int) -> None:
        """Some cells to the right, or to the left."""
        self.scroll_to(x=self.scroll_x + direction * SLIDE, animate=False, force=True)

    def on_click(self, event: events.Click) -> None:
        """A click sets the cursor; a click on the cursor opens."""
        index = event.y - self.HEADER + self.first_visible
        if not self.HAS_CURSOR or event.y < self.HEADER or index >= self._lines:
            return
        if index == self.cursor and event.chain > 1:
            self.post_message(self.Chosen(self))
        self.cursor = index
