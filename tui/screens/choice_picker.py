"""A small choice from a list of words."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.actions import Context
from tui.safe_text import safe_text
from tui.screens.dialog import Dialog
from tui.widgets.choice_list import ChoiceList
from tui.widgets.keys import bindings


class Choice(NamedTuple):
    """What can be chosen: the answer, its words, what stands behind them, why it cannot be chosen, and the letter that
    chooses it at once."""

    value: str
    text: str
    about: str = ""
    off: str = ""
    key: str = ""


class ChoicePicker(Dialog[str | None]):
    """Answers with the value of the chosen one, None where nothing was chosen."""

    CSS_PATH = "choice_picker.tcss"
    BINDINGS: ClassVar = bindings(Context.PICKER)

    def __init__(self, title: str, choices: Sequence[Choice], chosen: str = "") -> None:
        super().__init__()
        self._title = title
        self._choices = choices
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """The choices in one column, what is said of them in another."""
        width = max((len(safe_text(one.text)) for one in self._choices), default=0) + 2
        options = ChoiceList(
            *(Option(self._words(one, width), disabled=bool(one.off)) for one in self._choices), markup=False
        )
        options.border_title = safe_text(self._title)
        values = [one.value for one in self._choices]
        options.highlighted = values.index(self._chosen) if self._chosen in values else 0
        yield options

    def _words(self, one: Choice, width: int) -> Content:
        about = one.off or one.about
        text = safe_text(one.text)
        letter = [(f"{one.key:<3}", "$primary")] if any(other.key for other in self._choices) else []
        return Content.assemble(*letter, text.ljust(width) if about else text, (safe_text(about), "dim"))

    def on_key(self, event: events.Key) -> None:
        """A letter chooses."""
        for one in self._choices:
            if one.key and not one.off and event.key == one.key:
                event.stop()
                self.dismiss(one.value)
                return

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index].value)

    def action_cancel(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
