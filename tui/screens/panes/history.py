"""History: what commits and changes did to the entity, or to one field of it."""

from datetime import UTC, datetime
from typing import ClassVar

from tui.history_answers import HistoryAnswer, HistoryItem
from tui.model.history_lines import history_lines
from tui.model.overview import Line
from tui.screens.desk import Desk
from tui.screens.panes.pane import Pane

MOST_ITEMS = 300
"""Changes of fields that are asked for; the pane says when there are more."""


class HistoryPane(Pane):
    """The newest first. `path` narrows it to a field."""

    NAME: ClassVar[str] = "history"

    def __init__(self, desk: Desk, ref: str, path: str = "") -> None:
        super().__init__(desk, ref)
        self.path = path
        self._items: list[HistoryItem | None] = []

    def look(self) -> None:
        """Ask anew."""
        self.ask(
            "history", lambda: self.desk.source.entity_history(self.ref, self.path, MOST_ITEMS), self._take_history
        )

    def lay_out(self) -> None:
        """Lines are as long as they are."""

    @property
    def item(self) -> HistoryItem | None:
        """The change under the cursor."""
        return self._items[self.cursor] if self.cursor < len(self._items) else None

    def enter(self) -> None:
        """The history of the field of the line."""
        item = self.item
        if item is not None and item["path"] and item["path"] != self.path:
            self.post_message(self.ShowHistory(item["path"]))

    def _take_history(self, answer: HistoryAnswer) -> None:
        lines = history_lines(answer, self.desk.symbols, datetime.now(UTC))
        self._items = [item for _, item in lines]
        self.show_placed([(line, Line("", "", field=item["path"]) if item else None) for line, item in lines])
