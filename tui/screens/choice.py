"""A small choice among named things, by arrow, letter or mouse."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.actions import Context
from tui.model.lines import fitted
from tui.safe_text import safe_text
from tui.widgets.keys import bindings


@dataclass(frozen=True, slots=True)
class Choice:
    """One of them; `key` is a letter that chooses it at once."""

    id: str
    title: str
    about: str = ""
    key: str = ""


class ChoicePicker(ModalScreen[str | None]):
    """Answers with the id of what was chosen."""

    CSS_PATH = "choice.tcss"
    BINDINGS: ClassVar = bindings(Context.PICKER)

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._title = title
        self._choices = choices

    def compose(self) -> ComposeResult:
        """Letter, title, and what it is, in columns."""
        width = max((cell_len(safe_text(one.title)) for one in self._choices), default=0) + 2
        options = OptionList(*(Option(_words(one, width), id=one.id) for one in self._choices), markup=False)
        options.border_title = self._title
        yield options

    def on_key(self, event: events.Key) -> None:
        """A letter chooses."""
        for one in self._choices:
            if one.key and event.key == one.key:
                event.stop()
                self.dismiss(one.id)
                return

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_cancel(self) -> None:
        """Choose nothing."""
        self.dismiss(None)


def _words(choice: Choice, width: int) -> Content:
    letter = Content.styled(f"{choice.key:<3}", "$primary") if choice.key else Content("")
    title = Content(fitted(safe_text(choice.title), width))
    return Content.assemble(letter, title, Content.styled(safe_text(choice.about), "$foreground 55%"))
