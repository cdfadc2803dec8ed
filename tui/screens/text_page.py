"""A text to read and to copy."""

from typing import ClassVar

from textual.app import ComposeResult

from tui.actions import Context
from tui.model.lines import Piece
from tui.safe_text import safe_text
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.text_lines import TextLines


class TextPage(CatalogScreen):
    """Shows a text until `esc`; `y` copies it."""

    CSS_PATH = "lists.tcss"
    CONTEXT = Context.PAGE
    BINDINGS: ClassVar = bindings(Context.PAGE)

    def __init__(self, desk: Desk, title: str, text: str) -> None:
        super().__init__(desk)
        self._title = title
        self._text = text

    @property
    def place(self) -> str:
        """What the text is."""
        return self._title

    def body(self) -> ComposeResult:
        """The text."""
        yield TextLines(self.desk.symbols, name="list")

    def on_mount(self) -> None:
        """Keys go to the text."""
        lines = safe_text(self._text, multiline=True, limit=len(self._text)).split("\n")
        self.query_one(TextLines).show([(Piece(line.expandtabs(4)),) for line in lines])
        self.scroller.focus()

    @property
    def scroller(self) -> LineScroller:
        """The text."""
        return self.query_one(TextLines)

    def action_copy(self) -> None:
        """The whole text to the clipboard."""
        self.copy(self._text, self._title)

    def action_back(self) -> None:
        """Close."""
        self.app.pop_screen()
