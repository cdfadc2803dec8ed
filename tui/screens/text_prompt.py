"""One line to write: a name, a file."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from tui.actions import Context
from tui.screens.dialog import Dialog
from tui.widgets.keys import bindings


class TextPrompt(Dialog[str | None]):
    """Answers with the line, None where nothing was written."""

    CSS_PATH = "view_picker.tcss"
    BINDINGS: ClassVar = bindings(Context.PICKER)

    def __init__(self, title: str, text: str, hint: str) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._hint = hint

    def compose(self) -> ComposeResult:
        """Title, line, and what may be written."""
        with Vertical() as box:
            box.border_title = self._title
            box.border_subtitle = self._hint
            yield Input(self._text, compact=True)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() or None)

    def action_cancel(self) -> None:
        """Write nothing."""
        self.dismiss(None)
