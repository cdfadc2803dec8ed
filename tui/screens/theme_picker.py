"""Other colours, seen while one chooses."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.actions import Context
from tui.screens.dialog import Dialog
from tui.widgets.choice_list import ChoiceList
from tui.widgets.keys import bindings


class ThemePicker(Dialog[str | None]):
    """Answers with the name of a theme; the one under the cursor is shown meanwhile, and taken back on `esc`."""

    CSS_PATH = "sort_picker.tcss"
    BINDINGS: ClassVar = bindings(Context.PICKER)

    def compose(self) -> ComposeResult:
        """All themes."""
        self._before = self.app.theme
        names = sorted(self.app.available_themes)
        options = ChoiceList(*(Option(Content(name), id=name) for name in names), markup=False)
        options.border_title = "Theme"
        options.highlighted = names.index(self._before) if self._before in names else 0
        yield options

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_id:
            self.app.theme = event.option_id

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_cancel(self) -> None:
        """The colours of before."""
        self.app.theme = self._before
        self.dismiss(None)
