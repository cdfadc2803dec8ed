"""What screens share that are one list, asked for again whenever it may have changed."""

from typing import ClassVar

from textual.app import ComposeResult

from tui.model.link import Down, News
from tui.screens.base import CatalogScreen
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines


class ListScreen(CatalogScreen):
    """Subclasses ask for the list and lay it out."""

    CSS_PATH = "lists.tcss"
    CHOOSES: ClassVar[bool] = False
    """Whether lines can be opened."""

    def body(self) -> ComposeResult:
        """One list."""
        yield TextLines(self.desk.symbols, choose=self.CHOOSES, name="list")
        yield Notice(self.desk.symbols)

    def action_reload(self) -> None:
        """Ask again."""
        raise NotImplementedError

    def lay_out(self) -> None:
        """Show what is there."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """The keys move in the list."""
        self.query_one("#list").focus()

    @property
    def scroller(self) -> LineScroller:
        """The list."""
        return self.query_one("#list", TextLines)

    def on_resize(self) -> None:
        """Other width, other lines."""
        self.lay_out()

    def hear(self, news: News) -> None:
        """Something changed or was read, or the daemon is back: the list may differ."""
        if self.is_current and not isinstance(news, Down):
            self.action_reload()

    def on_screen_resume(self) -> None:
        """Here, or here again: look."""
        self.action_reload()

    def action_back(self) -> None:
        """To the table."""
        self.app.switch_mode("browse")
