"""Sync: where the catalog is read from, and how that went the last time."""

from datetime import UTC, datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from tui.actions import Context
from tui.model.lines import Piece, TextLine, Tone
from tui.model.link import Down, News
from tui.model.reports import location_heading, location_lines
from tui.model.source import LocationItem
from tui.model.symbols import Mark
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk
from tui.screens.messages import LocationsArrived
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines


class LocationsScreen(CatalogScreen):
    """The registered locations, each with its state."""

    CSS_PATH = "lists.tcss"
    PLACE = "Sync"
    CONTEXT = Context.LOCATIONS
    BINDINGS: ClassVar = bindings(Context.LOCATIONS)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._items: tuple[LocationItem, ...] | None = None

    def body(self) -> ComposeResult:
        """One list."""
        yield TextLines(self.desk.symbols, name="list")
        yield Notice(self.desk.symbols)

    def on_mount(self) -> None:
        """Ask for the locations."""
        self.scroller.focus()
        self.action_reload()

    @property
    def scroller(self) -> LineScroller:
        """The list."""
        return self.query_one(TextLines)

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
        self._lay_out()

    def on_resize(self) -> None:
        """Other width, other lines."""
        self._lay_out()

    def tick(self) -> None:
        """The ages grow."""
        super().tick()
        self._lay_out()

    def _lay_out(self) -> None:
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

    def hear(self, news: News) -> None:
        """Something was read: the states may differ."""
        if self.is_current and not isinstance(news, Down):
            self.action_reload()

    def on_screen_resume(self) -> None:
        """Back here: look again."""
        if self._items is not None:
            self.action_reload()

    def action_back(self) -> None:
        """To the table."""
        self.app.switch_mode("browse")
