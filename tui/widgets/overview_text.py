"""The overview of one entity, laid out to the width it has: the preview beside the table, and a tab of its own."""

from datetime import UTC, datetime

from tui.answers import LayoutAnswer
from tui.cards.page import overview_lines
from tui.model.lines import MARK_TONES, Piece, TextLine, Tone, fitted, layout, pieces_of
from tui.model.overview import heading, marks, sections
from tui.model.source import EntityDetails
from tui.model.symbols import Symbols
from tui.safe_text import safe_text
from tui.widgets.text_lines import TextLines


class OverviewText(TextLines):
    """What is known of an entity, most wanted first."""

    def __init__(self, symbols: Symbols, *, name: str | None = None) -> None:
        super().__init__(symbols, name=name)
        self._details: EntityDetails | None = None
        self._layout: LayoutAnswer | None = None

    @property
    def details(self) -> EntityDetails | None:
        """The entity shown."""
        return self._details

    @property
    def cards(self) -> LayoutAnswer | None:
        """The layout shown."""
        return self._layout

    def show_details(self, details: EntityDetails) -> None:
        """Show this entity; the place is kept when it is the same one again."""
        same = self._details is not None and self._details.ref == details.ref
        self._details = details
        self._lay_out(keep_place=same)

    def show_layout(self, layout: LayoutAnswer) -> None:
        """Show the cards of its layout, too, above the rest."""
        self._layout = layout
        self._lay_out(keep_place=True)

    def say(self, text: str, tone: Tone = Tone.QUIET) -> None:
        """Show a sentence in place of an entity."""
        self._details = None
        self.show([(Piece(safe_text(text), tone),)])

    def on_resize(self) -> None:
        """Other width, other lines."""
        self._lay_out(keep_place=True)

    def _lay_out(self, *, keep_place: bool) -> None:
        if self._details is None or not self.size.width:
            return
        width = self.scrollable_content_region.width
        lines = [*self._head(self._details, width), *self._cards(width)]
        lines += layout(sections(self._details, _now()), width, self._symbols)
        self.show(lines, keep_place=keep_place)

    def _cards(self, width: int) -> list[TextLine]:
        if self._layout is None:
            return []
        lines = overview_lines(self._layout, width, self._symbols, hyperlinks=True)
        return [*map(pieces_of, lines), ()] if lines else []

    def _head(self, details: EntityDetails, width: int) -> list[TextLine]:
        title, what = heading(details)
        states: list[Piece] = []
        for mark in marks(details):
            states.append(Piece(f"{self._symbols[mark]} {mark}   ", MARK_TONES[mark]))
        ellipsis = self._symbols.ellipsis
        return [
            (Piece(fitted(safe_text(title), width, ellipsis).rstrip(), Tone.ACCENT),),
            (Piece(f"{safe_text(what)}   ", Tone.QUIET), *states),
            (),
        ]


def _now() -> datetime:
    return datetime.now(UTC)
