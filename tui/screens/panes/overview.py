"""Overview: the cards of its layout, then fields, relations, problems, source."""

from typing import ClassVar

from tui.layout_answers import LayoutAnswer
from tui.model.source import Change
from tui.screens.panes.pane import Pane
from tui.widgets.overview_text import overview_placed


class OverviewPane(Pane):
    """The first tab."""

    NAME: ClassVar[str] = "overview"
    cards: LayoutAnswer | None = None

    def look(self) -> None:
        """Show it at once; the cards are asked for."""
        self.lay_out()
        self._ask_for_cards()

    def hear(self, change: Change) -> None:
        """A layout changed: perhaps its own."""
        if any(ref.startswith("layout:") for ref in change.refs):
            self._ask_for_cards()

    def lay_out(self) -> None:
        """Cards, then sections."""
        if self.details is not None and self.size.width:
            self.show_placed(overview_placed(self.details, self.cards, self.room_across, self.desk.symbols))

    def refused(self, what: str, error: Exception) -> None:
        """Cards are an addition: without an answer, from an older daemon say, the rest stands alone."""

    def _ask_for_cards(self) -> None:
        self.ask("layout", lambda: self.desk.source.layout(self.ref), self._take_cards)

    def _take_cards(self, cards: LayoutAnswer) -> None:
        self.cards = cards
        self.lay_out()
