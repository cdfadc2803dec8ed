"""A choice among the questions that were asked before."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.actions import Context
from tui.safe_text import safe_text
from tui.screens.dialog import Dialog
from tui.widgets.choice_list import ChoiceList
from tui.widgets.keys import bindings

SHOWN = 160
"""Characters of a question that its line shows."""


class QuestionPicker(Dialog[str | None]):
    """Answers with the question as it was asked."""

    CSS_PATH = "sql.tcss"
    BINDINGS: ClassVar = bindings(Context.PICKER)

    def __init__(self, questions: Sequence[str]) -> None:
        super().__init__()
        self._questions = questions

    def compose(self) -> ComposeResult:
        """Each on one line, the newest first."""
        lines = (Option(Content(safe_text(" ".join(text.split()), limit=SHOWN))) for text in self._questions)
        options = ChoiceList(*lines, markup=False)
        options.border_title = "Asked before"
        yield options

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._questions[event.option_index])

    def action_cancel(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
