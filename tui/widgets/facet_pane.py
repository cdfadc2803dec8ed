"""The facets beside the table: values with their counts, of which a key or a click includes or excludes one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.strip import Strip

from tui.actions import Context
from tui.model.facet_lines import FacetLine, facet_lines
from tui.model.finding_source import Facet
from tui.model.jump import Reach, Spot
from tui.model.lines import Piece, Tone, fitted
from tui.model.query_line import Sign
from tui.model.symbols import Mark, Symbols
from tui.safe_text import safe_text
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller

BOX = 4
"""Cells of `[x] `."""
BOXES = {None: "[ ] ", Sign.INCLUDED: "[x] ", Sign.EXCLUDED: "[-] "}


class FacetPane(LineScroller):
    """Draws the facets; says which value is to be included, excluded or neither, and never edits the query itself."""

    BINDINGS: ClassVar = bindings(Context.FACETS)

    @dataclass
    class Signed(Message):
        """A value is to be included, excluded, or (None) neither."""

        field: str
        value: str
        sign: Sign | None

    @dataclass
    class SqlWanted(Message):
        """The counts of a field are wanted as SQL."""

        field: str

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(name="facets")
        self._symbols = symbols
        self._facets: Sequence[Facet] = ()
        self._query = ""
        self._opened: set[str] = set()
        self._entries: list[FacetLine] = []
        self._count_width = 1

    @property
    def entries(self) -> Sequence[FacetLine]:
        """The lines shown."""
        return self._entries

    def show(self, facets: Sequence[Facet], query: str) -> None:
        """Show these facets of a query line; the cursor stays on its value."""
        self._facets, self._query = facets, query
        self._lay_out()

    def _lay_out(self) -> None:
        here = self._entries[self.cursor].key if self.cursor < len(self._entries) else None
        self._entries = facet_lines(self._facets, self._query, self._opened)
        self._count_width = max((len(f"{entry.count or 0:,}") for entry in self._entries), default=1)
        self.resize_content(len(self._entries))
        keys = [entry.key for entry in self._entries]
        self.cursor = keys.index(here) if here in keys else self.cursor
        if self.cursor == 0 and len(self._entries) > 1:
            self.cursor = 1
        self.refresh()

    def paint(self, index: int, selected: bool, width: int) -> Strip:
        """A heading, a value or "more"."""
        selected = selected and self.has_focus
        pieces = self._pieces(self._entries[index], width - 1, selected)
        strip = self.strip(tuple(pieces), selected)
        return strip.adjust_cell_length(width, self.tone(Tone.TEXT, selected=selected))

    def _pieces(self, entry: FacetLine, width: int, selected: bool) -> list[Piece]:
        if entry.hidden or entry.folds:
            words = f"+{entry.hidden:,} more" if entry.hidden else "less"
            return [Piece(" " * (BOX + 1)), Piece(words, Tone.QUIET)]
        if not entry.value:
            return [Piece(f" {safe_text(entry.field).upper()}", Tone.HEADING)]
        count = self._symbols.dash if entry.count is None else f"{entry.count:,}"
        tone = Tone.TEXT if entry.sign is None else Tone.ACCENT if entry.sign is Sign.INCLUDED else Tone.QUIET
        name = fitted(safe_text(entry.value), max(4, width - BOX - self._count_width - 2), self._symbols.ellipsis)
        return [
            Piece(self._symbols[Mark.CURSOR] if selected else " ", Tone.ACCENT),
            Piece(BOXES[entry.sign], Tone.QUIET if entry.sign is None else tone),
            Piece(name, tone),
            Piece(count.rjust(self._count_width + 1), Tone.QUIET),
        ]

    def action_include(self) -> None:
        """Include the value, or no more; open what there is more of."""
        self._choose(Sign.INCLUDED)

    def action_exclude(self) -> None:
        """Exclude the value, or no more."""
        self._choose(Sign.EXCLUDED)

    def action_sql(self) -> None:
        """How the values of this field are counted."""
        field = self._entries[self.cursor].field if self.cursor < len(self._entries) else ""
        if field:
            self.post_message(self.SqlWanted(field))

    def _choose(self, sign: Sign) -> None:
        if self.cursor >= len(self._entries):
            return
        entry = self._entries[self.cursor]
        if entry.value:
            self.post_message(self.Signed(entry.field, entry.spelling, None if entry.sign is sign else sign))
        elif entry.hidden or entry.folds:
            self._opened ^= {entry.field}
            self._lay_out()

    def spots(self) -> Iterator[Spot]:
        """Where one can jump to: the first value of each group in sight, by a letter behind the group's name."""
        for index in range(self.first_visible, min(self.lines, self.first_visible + self.room)):
            entry = self._entries[index]
            if entry.is_heading:
                x = self.gutter.left + cell_len(safe_text(entry.field)) + 2
                yield Spot(x, index - self.first_visible, Reach.PART, partial(self.stand_on, index + 1), entry.field)

    def on_click(self, event: events.Click) -> None:
        """A click includes, one with the other button or with shift excludes."""
        index = event.y + self.first_visible
        if index < len(self._entries):
            self.cursor = index
            self._choose(Sign.EXCLUDED if event.button != 1 or event.shift else Sign.INCLUDED)

    def on_focus(self) -> None:
        """The cursor is seen while the keys go here."""
        self.redraw(self.cursor)

    def on_blur(self) -> None:
        """See on_focus."""
        self.redraw(self.cursor)
