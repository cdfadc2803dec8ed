"""One value of a form in one line, with what may stand there below it, and what is wrong with it at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.actions import Context
from tui.model.courier import Answer
from tui.model.symbols import Mark
from tui.safe_text import safe_text
from tui.screens.choice_picker import Choice
from tui.screens.desk import Desk
from tui.screens.dialog import Dialog
from tui.widgets.choice_list import ChoiceList
from tui.widgets.keys import bindings

Suggest = Callable[[str], Sequence[Choice]]
"""Asked on another thread: what may stand there, given what is written."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for: its title, the text it begins with, what is wrong with a text, what may stand there."""

    title: str
    text: str = ""
    hint: str = ""
    fault: Callable[[str], str] = lambda _: ""
    suggest: Suggest | None = None


class _Suggestion(Option):
    """A line of the suggestions with the value that it stands for: others may be there once it is heard of."""

    def __init__(self, choice: Choice, width: int) -> None:
        words = safe_text(choice.text).ljust(width)
        super().__init__(Content.assemble(words, (safe_text(choice.about), "dim")))
        self.value = choice.value


class ValueEditor(Dialog[str | None]):
    """Answers with the text, None where it is left as it is. A wrong text can be taken: the form tells it then."""

    CSS_PATH = "value_editor.tcss"
    BINDINGS: ClassVar = bindings(Context.EDITOR)

    @dataclass
    class Suggested(Message):
        """What may stand there."""

        text: str
        answer: Answer[Sequence[Choice]]

    def __init__(self, desk: Desk, question: Question) -> None:
        super().__init__()
        self.desk = desk
        self._question = question

    def compose(self) -> ComposeResult:
        """The line, what is wrong with it, suggestions."""
        with Vertical(id="page") as page:
            page.border_title = safe_text(self._question.title)
            page.border_subtitle = (
                "enter take   ↓ suggestions   esc cancel" if self._question.suggest else "enter take   esc cancel"
            )
            # where one value stands for another, what is typed takes its place; a text goes on
            yield Input(self._question.text, select_on_focus=self._question.suggest is not None)
            yield Static(self._question.hint, id="fault", markup=False)
            yield ChoiceList(id="suggestions", markup=False)

    def on_mount(self) -> None:
        """Suggestions for what stands there."""
        self.query_one(OptionList).display = False
        self._judge(self._question.text)
        self._ask(self._question.text)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._judge(event.value)
        self._ask(event.value)

    def _judge(self, text: str) -> None:
        wrong = self._question.fault(text)
        line = self.query_one("#fault", Static)
        line.set_class(bool(wrong), "-wrong")
        mark = f"{self.desk.symbols[Mark.ERROR]} " if wrong else ""
        line.update(Content(safe_text(f"{mark}{wrong}" if wrong else self._question.hint)))

    def _ask(self, text: str) -> None:
        suggest = self._question.suggest
        begun = "" if text == self._question.text else text  # what stands there already is no beginning of another
        if suggest is not None:
            self.desk.courier.send(
                "suggestions", lambda: suggest(begun), lambda answer: self.post_message(self.Suggested(text, answer))
            )

    @on(Suggested)
    def _suggested(self, event: Suggested) -> None:
        if event.answer.value is None or event.text != self.query_one(Input).value:
            return
        choices = event.answer.value
        width = max((len(one.text) for one in choices), default=0) + 2
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(_Suggestion(one, width) for one in choices)
        options.display = bool(choices)

    def key_down(self) -> None:
        """From the line into the suggestions."""
        options = self.query_one(OptionList)
        if isinstance(self.focused, Input) and options.option_count:
            options.focus()

    def key_up(self) -> None:
        """From the first suggestion back to the line."""

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        if isinstance(event.option, _Suggestion):
            self.dismiss(event.option.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)

    def action_accept(self) -> None:
        """Take the text."""
        self.dismiss(self.query_one(Input).value)

    def action_cancel(self) -> None:
        """Leave the value as it is."""
        self.dismiss(None)
