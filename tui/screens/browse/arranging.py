"""Order, kinds, and the way back: keys that write the query line."""

from textual import on

from tui.screens.browse.table import BrowseTable
from tui.widgets.entity_table import EntityTable


class Arranging(BrowseTable):
    """Sorting by key and by mouse, kinds by number."""

    @on(EntityTable.SortWanted)
    def _sort_clicked(self, event: EntityTable.SortWanted) -> None:
        self.go(self.view.sorted_further(event.key) if event.further else self.view.sorted_by(event.key))

    def action_sort(self) -> None:
        """Pick a column."""
        from tui.screens.sort_picker import SortPicker

        def picked(choice: tuple[str, bool] | None) -> None:
            if choice:
                key, further = choice
                self.go(self.view.sorted_further(key) if further else self.view.sorted_by(key))

        self.app.push_screen(SortPicker(self.view, self.view.columns, self.desk.symbols), picked)

    def action_flip(self) -> None:
        """The other direction."""
        if self.view.flipped() != self.view:
            self.go(self.view.flipped())

    def action_kind(self, kind: str) -> None:
        """Entities of one kind; of all kinds the second time."""
        self.go(self.view.of_kind(kind))

    def action_back(self) -> None:
        """The view before this one, as it was left."""
        if place := self.trail.back(self.here):
            self.come_back(place)

    def action_forward(self) -> None:
        """The view, or the entity, that was left by going back."""
        if place := self.trail.forward(self.here):
            self.come_back(place)
        elif self.desk.ahead:
            from tui.screens.entity import EntityScreen

            ref, tab = self.desk.ahead.pop()
            self.app.push_screen(EntityScreen(self.desk, ref, tab, again=True))
