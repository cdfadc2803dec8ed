"""The overview of one entity, laid out to the width it has: the preview beside the table, and a tab of its own."""

from datetime import UTC, datetime

from tui.cards.page import overview_lines
from tui.layout_answers import LayoutAnswer
from tui.model.lines import MARK_TONES, Piece, TextLine, Tone, fitted, pieces_of, placed
from tui.model.overview import Line, heading, marks, sections
from tui.model.source import EntityDetails
from tui.model.symbols import Symbols
from tui.safe_text import safe_text
from tui.widgets.text_lines import TextLines


class OverviewText(TextLines):
    """What is known of an entity, most wanted first."""

    def __init__(self, symbols: Symbols, *, name: str | None = None) -> None:
        super().__init__(symbols, name=name)
        self._details: EntityDetails | None = None

    @property
    def details(self) -> EntityDetails | None:
        """The entity shown."""
        return self._details

    def show_details(self, details: EntityDetails) -> None:
        """Show this entity; the place is kept when it is the same one again."""
        same = self._details is not None and self._details.ref == details.ref
        self._details = details
        self._lay_out(keep_place=same)

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
        lines = overview_placed(self._details, None, self.scrollable_content_region.width, self._symbols)
        self.show([line for line, _ in lines], keep_place=keep_place)


def overview_placed(
    details: EntityDetails, cards: LayoutAnswer | None, width: int, symbols: Symbols
) -> list[tuple[TextLine, Line | None]]:
    """Title and states, the cards of its layout, then sections; each line with what it says."""
    lines: list[tuple[TextLine, Line | None]] = [(line, None) for line in _head(details, width, symbols)]
    lines += [(line, None) for line in _cards(cards, width, symbols)]
    return lines + placed(sections(details, _now()), width, symbols)


def _cards(cards: LayoutAnswer | None, width: int, symbols: Symbols) -> list[TextLine]:
    if cards is None:
        return []
    lines = overview_lines(cards, width, symbols)
    return [*map(pieces_of, lines), ()] if lines else []


def _head(details: EntityDetails, width: int, symbols: Symbols) -> list[TextLine]:
    title, what = heading(details)
    states = [Piece(f"{symbols[mark]} {mark}   ", MARK_TONES[mark]) for mark in marks(details)]
    return [
        (Piece(fitted(safe_text(title), width, symbols.ellipsis).rstrip(), Tone.ACCENT),),
        (Piece(f"{safe_text(what)}   ", Tone.QUIET), *states),
        (),
    ]


def _now() -> datetime:
    return datetime.now(UTC)
