"""The panes beside the table: which one has the keys, how much room the preview takes, and how much the columns."""

from tui.model.columns import Density
from tui.screens.browse.table import BrowseTable
from tui.screens.desk import Desk
from tui.widgets.facet_pane import FacetPane
from tui.widgets.line_scroller import LineScroller
from tui.widgets.overview_text import OverviewText

SIZES = ("-preview-off", "-preview-usual", "-preview-half", "-preview-full")
"""How much room the preview takes, as classes of the screen: none, as much as the terminal allows, half, all."""
USUAL = 1


class Panes(BrowseTable):
    """Facets, table, preview."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._room = USUAL

    def on_mount(self) -> None:
        """As it was the last time; a preview that hid the table then leaves it half the room."""
        self._room = max(0, min(len(SIZES) - 2, self.desk.notebook.size_of("preview", USUAL)))
        self._make_room()
        density = self.desk.notebook.size_of("columns", Density.USUAL)
        if density in tuple(Density):
            self.table.make_room(Density(density))

    def action_pane(self, step: int) -> None:
        """The next pane that is in sight."""
        panes: list[LineScroller] = [*self.query(FacetPane), self.table, *self.query(OverviewText)]
        seen = [pane for pane in panes if pane.display]
        here = seen.index(self.scroller) if self.scroller in seen else 0
        self.set_focus(seen[(here + step) % len(seen)])

    def action_size(self, step: int) -> None:
        """More room for the preview, or less."""
        self._room = max(0, min(len(SIZES) - 1, self._room + step))
        self.desk.notebook.resized("preview", self._room)
        self._make_room()
        preview = self.query(OverviewText)
        whole = SIZES[self._room] == "-preview-full"
        self.set_focus(preview.first() if whole and preview else self.table)
        self.preview_soon()

    def _make_room(self) -> None:
        for number, name in enumerate(SIZES):
            self.set_class(number == self._room, name)

    def action_density(self) -> None:
        """Narrow columns, then wide ones, then as usual."""
        self.table.make_room(self.table.density.next)
        self.desk.notebook.resized("columns", self.table.density)
        self.notify(f"columns: {self.table.density.name.lower()}", markup=False, timeout=2)
