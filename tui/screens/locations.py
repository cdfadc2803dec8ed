"""Sync: where the catalog is read from, and how that went the last time."""

from datetime import UTC, datetime
from typing import ClassVar

from textual import on

from tui.actions import Context
from tui.model.lines import Piece, TextLine, Tone
from tui.model.reports import location_heading, location_lines
from tui.model.source import LocationItem
from tui.model.symbols import Mark
from tui.screens.desk import Desk
from tui.screens.list_screen import ListScreen
from tui.screens.messages import LocationsArrived
from tui.widgets.keys import bindings
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines


class LocationsScreen(ListScreen):
    """The registered locations, each with its state."""

    PLACE = "Sync"
    CONTEXT = Context.LOCATIONS
    BINDINGS: ClassVar = bindings(Context.LOCATIONS)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._items: tuple[LocationItem, ...] | None = None

    def action_reload(self) -> None:
        """Ask again."""
        self.desk.courier.send(
            "locations", self.desk.source.locations, lambda answer: self.post_message(LocationsArrived(answer))
        )

    @on(LocationsArrived)
    def _arrived(self, event: LocationsArrived) -> None:
        if event.answer.value is None:
            self.query_one(Notice).say(Mark.WARNING, str(event.answer.error))
            return
        self.query_one(Notice).clear()
        self._items = event.answer.value
        self.lay_out()

    def tick(self) -> None:
        """The ages grow."""
        super().tick()
        self.lay_out()

    def lay_out(self) -> None:
        """One entry after the other."""
        if self._items is None:
            return
        lines = self.query_one(TextLines)
        width = lines.scrollable_content_region.width
        now = datetime.now(UTC)
        made: list[TextLine] = [location_heading(width)]
        for item in self._items:
            made += location_lines(item, width, self.desk.symbols, now)
        if not self._items:
            made = [(Piece("no locations yet: catalog location add URL", Tone.QUIET),)]
        lines.show(made, keep_place=True)
