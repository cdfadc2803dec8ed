"""The facets beside the table: asked once a question, and an edit of the query line when one is chosen."""

from textual import on
from textual.timer import Timer

from tui.model.facet_lines import ASKED, FIELDS
from tui.screens.browse.table import BrowseTable
from tui.screens.desk import Desk
from tui.screens.messages import FacetsArrived
from tui.widgets.facet_pane import FacetPane

FACET_DELAY = 0.06
"""Seconds after the rows before facets are asked for: while somebody types, only the last line is worth counting."""


class Facets(BrowseTable):
    """The pane on the left: there from 130 columns, or when a key wants it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._facet_timer: Timer | None = None

    async def furnish(self) -> None:
        """The pane is built when the first rows stand."""
        await super().furnish()
        await self.query_one("#panes").mount(FacetPane(self.desk.symbols), before=self.table)
        self._count_soon()

    @property
    def facets(self) -> FacetPane:
        """The pane."""
        return self.query_one(FacetPane)

    def answered(self) -> None:
        """Other rows, other counts."""
        super().answered()
        self._count_soon()

    def _count_soon(self) -> None:
        if self._facet_timer:
            self._facet_timer.stop()
        self._facet_timer = self.set_timer(FACET_DELAY, self._ask_facets)

    def _ask_facets(self) -> None:
        shown = [pane for pane in self.query(FacetPane) if pane.display]
        if not shown:
            return
        query = self.table.view.query
        self.desk.courier.send(
            "facets",
            lambda: self.desk.source.facets(query, FIELDS, ASKED),
            lambda answer: self.post_message(FacetsArrived(query, answer)),
        )

    @on(FacetsArrived)
    def _facets_came(self, event: FacetsArrived) -> None:
        if event.answer.value is not None and event.query == self.table.view.query:
            self.facets.show(event.answer.value, self.shown.query)

    @on(FacetPane.Signed)
    def _signed(self, event: FacetPane.Signed) -> None:
        self.go(self.view.with_sign(event.field, event.value, event.sign))

    def action_facets(self) -> None:
        """Show the pane and go there, or hide it."""
        shown = self.facets.display
        self.set_class(shown, "-facets-off")
        self.set_class(not shown, "-facets-on")
        if shown:
            self.set_focus(self.table)
        else:
            self.set_focus(self.facets)
            self._count_soon()

    def on_resize(self) -> None:
        """The pane may have come into sight."""
        self._count_soon()
