"""What may stand in the query line: a list that floats under the word that is being written."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.strip import Strip

from tui.model.finding_source import Suggestion
from tui.model.lines import Piece, Tone, fitted
from tui.model.symbols import Mark, Symbols
from tui.safe_text import safe_text
from tui.widgets.line_scroller import LineScroller

MOST_SHOWN = 10
"""Suggestions in sight at once."""
WIDEST = 60


class SuggestionList(LineScroller, can_focus=False):
    """Suggestions with what they are or how many entities they leave. None is chosen until somebody moves there."""

    DEFAULT_CSS = """
    SuggestionList {
        layer: above;
        display: none;
        background: $panel;
        scrollbar-background: $panel;
    }
    """

    class Picked(Message):
        """The suggestion under the cursor was clicked."""

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(name="suggestions")
        self._symbols = symbols
        self._items: Sequence[Suggestion] = ()
        self._moved = False

    @property
    def is_open(self) -> bool:
        """Whether it is in sight."""
        return bool(self.display)

    @property
    def chosen(self) -> Suggestion | None:
        """The suggestion that was moved to."""
        return self._items[self.cursor] if self._moved and self.is_open else None

    @property
    def first(self) -> Suggestion | None:
        """What a key takes that wants any: the one moved to, else the first."""
        return self._items[self.cursor] if self.is_open else None

    def open(self, items: Sequence[Suggestion], x: int, y: int) -> None:
        """Show these at a cell of the screen; nothing where there are none."""
        if not items:
            self.close()  # the last ones stay until it is out of sight: a drawing may be under way
            return
        self._items, self._moved = items, False
        widest = max(cell_len(safe_text(one.text)) + cell_len(_about(one)) for one in items) + 6
        width = min(widest, WIDEST, self.screen.size.width - 2)
        self.styles.width = width
        self.styles.height = min(len(items), MOST_SHOWN)
        self.styles.offset = (max(0, min(x, self.screen.size.width - width - 1)), y)
        self.display = True
        self.resize_content(len(items))
        self.set_reactive(LineScroller.cursor, 0)
        self.scroll_to(y=0, animate=False)
        self.refresh()

    def close(self) -> None:
        """Out of sight."""
        self.display = False
        self._moved = False

    def step(self, direction: int) -> None:
        """To the next suggestion, or to the one before; round at the ends."""
        if self._moved:
            self.cursor = (self.cursor + direction) % max(1, len(self._items))
        else:
            self._moved = True
            self.cursor = 0 if direction > 0 else len(self._items) - 1
            self.redraw(self.cursor)

    def paint(self, index: int, selected: bool, width: int) -> Strip:
        """Text on the left, what it is on the right."""
        selected = selected and self._moved
        one = self._items[index]
        about = _about(one)
        room = max(4, width - cell_len(about) - 4)
        pieces = (
            Piece(f"{self._symbols[Mark.CURSOR]} " if selected else "  ", Tone.ACCENT),
            Piece(fitted(safe_text(one.text), room, self._symbols.ellipsis)),
            Piece(f" {about} ", Tone.QUIET),
        )
        strip = self.strip(pieces, selected)
        return strip.adjust_cell_length(width, self.tone(Tone.TEXT, selected=selected))

    def on_click(self, event: events.Click) -> None:
        """A click takes it."""
        event.stop()
        index = event.y + self.first_visible
        if index < len(self._items):
            self._moved = True
            self.cursor = index
            self.post_message(self.Picked())


def _about(one: Suggestion) -> str:
    return f"{one.count:,}" if one.count is not None else safe_text(one.about)
