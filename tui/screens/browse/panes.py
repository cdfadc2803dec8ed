"""The panes beside the table: which one has the keys, and how much room the preview takes."""

from tui.screens.browse.table import BrowseTable
from tui.screens.desk import Desk
from tui.widgets.facet_pane import FacetPane
from tui.widgets.line_scroller import LineScroller
from tui.widgets.overview_text import OverviewText

SIZES = ("-preview-off", "-preview-usual", "-preview-half", "-preview-full")
"""How much room the preview takes, as classes of the screen: none, as much as the terminal allows, half, all."""


class Panes(BrowseTable):
    """Facets, table, preview."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._room = 1

    def action_pane(self, step: int) -> None:
        """The next pane that is in sight."""
        panes: list[LineScroller] = [*self.query(FacetPane), self.table, *self.query(OverviewText)]
        seen = [pane for pane in panes if pane.display]
        here = seen.index(self.scroller) if self.scroller in seen else 0
        self.set_focus(seen[(here + step) % len(seen)])

    def action_size(self, step: int) -> None:
        """More room for the preview, or less."""
        self._room = max(0, min(len(SIZES) - 1, self._room + step))
        for number, name in enumerate(SIZES):
            self.set_class(number == self._room, name)
        preview = self.query(OverviewText)
        whole = SIZES[self._room] == "-preview-full"
        self.set_focus(preview.first() if whole and preview else self.table)
        self.preview_soon()
