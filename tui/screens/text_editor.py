"""A value of several lines; `ctrl+s` takes it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import TextArea

from tui.actions import Context
from tui.safe_text import safe_text
from tui.screens.dialog import Dialog
from tui.widgets.keys import bindings


class TextEditor(Dialog[str | None]):
    """Answers with the text, None where it is left as it is."""

    CSS_PATH = "value_editor.tcss"
    BINDINGS: ClassVar = bindings(Context.EDITOR)

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """The lines."""
        with Vertical(id="page") as page:
            page.border_title = safe_text(self._title)
            page.border_subtitle = "^s take   esc cancel"
            yield TextArea(self._text, language=None, soft_wrap=True)

    def action_accept(self) -> None:
        """Take the text."""
        self.dismiss(self.query_one(TextArea).text)

    def action_cancel(self) -> None:
        """Leave the value as it is."""
        self.dismiss(None)
