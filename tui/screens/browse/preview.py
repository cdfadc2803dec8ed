"""The entity under the cursor, beside the table."""

from textual import on
from textual.timer import Timer

from tui.model.source import RefusedError
from tui.safe_text import safe_text
from tui.screens.desk import Desk
from tui.screens.messages import DetailsArrived
from tui.screens.writing import Writing
from tui.widgets.entity_table import EntityTable
from tui.widgets.line_scroller import LineScroller
from tui.widgets.overview_text import OverviewText

PREVIEW_DELAY = 0.07
"""Seconds the cursor rests before the preview follows: updating it at each step would make the step itself slow."""


class Preview(Writing):
    """A table, and a preview that follows its cursor."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._preview_timer: Timer | None = None

    @property
    def table(self) -> EntityTable:
        """The table."""
        return self.query_one(EntityTable)

    async def furnish(self) -> None:
        """The preview is built when the first rows stand."""
        await self.query_one("#panes").mount(OverviewText(self.desk.symbols, name="preview"))
        self.preview_soon()

    @on(LineScroller.Moved)
    def _moved(self, event: LineScroller.Moved) -> None:
        if event.scroller is self.table:
            self.preview_soon()

    def preview_soon(self) -> None:
        """Follow the cursor when it rests."""
        if self._preview_timer:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(PREVIEW_DELAY, self._preview)

    def _preview(self) -> None:
        ref = self.table.ref
        shown = [preview for preview in self.query(OverviewText) if preview.display]
        if not shown:
            return
        if not ref:
            if not self.table.lines:
                shown[0].say("")
            return
        self.desk.courier.send(
            "preview",
            lambda: self.desk.source.entity(ref),
            lambda answer: self.post_message(DetailsArrived(ref, answer)),
        )

    @on(DetailsArrived)
    def _details(self, event: DetailsArrived) -> None:
        if event.ref != self.table.ref:
            return
        preview = self.query_one(OverviewText)
        if event.answer.value is not None:
            preview.show_details(event.answer.value)
        elif isinstance(event.answer.error, RefusedError):
            preview.say(safe_text(str(event.answer.error)))

    def on_resize(self) -> None:
        """The preview may have come into sight."""
        self.preview_soon()
