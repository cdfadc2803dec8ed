"""The history of one field of an entity."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from tui.actions import Context
from tui.model.link import News
from tui.model.source import Change, EntityDetails
from tui.model.symbols import Mark
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk
from tui.screens.panes.history import HistoryPane
from tui.screens.panes.pane import Pane
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice


class FieldHistoryScreen(CatalogScreen):
    """Opened from a field; `esc` goes back to it."""

    CSS_PATH = "lists.tcss"
    CONTEXT = Context.HELP
    BINDINGS: ClassVar = bindings(Context.HELP)

    def __init__(self, desk: Desk, ref: str, field: str) -> None:
        super().__init__(desk)
        self.ref = ref
        self.field = field

    @property
    def place(self) -> str:
        """Entity and field."""
        return f"{self.ref}  {self.desk.symbols.arrow_out}  history of {self.field}"

    def body(self) -> ComposeResult:
        """One list."""
        yield HistoryPane(self.desk, self.ref, self.field)
        yield Notice(self.desk.symbols)

    @property
    def scroller(self) -> LineScroller:
        """The list."""
        return self.query_one(HistoryPane)

    def on_mount(self) -> None:
        """Ask."""
        self.scroller.focus()
        self.query_one(HistoryPane).show_entity(EntityDetails(self.ref, {}))

    def hear(self, news: News) -> None:
        """The entity changed."""
        if isinstance(news, Change) and self.ref in news.refs:
            self.query_one(HistoryPane).look()

    @on(Pane.Say)
    def _say(self, event: Pane.Say) -> None:
        self.query_one(Notice).say(event.mark if event.text else Mark.OK, event.text)

    def action_back(self) -> None:
        """To the field."""
        self.leave()
