"""A small choice: the column to sort by."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.actions import Context
from tui.model.columns import column
from tui.model.symbols import Symbols
from tui.model.view_state import ViewState
from tui.safe_text import safe_text
from tui.widgets.keys import bindings


class SortPicker(ModalScreen[str | None]):
    """Answers with the key of the chosen column; choosing the one sorted by turns it round."""

    CSS_PATH = "sort_picker.tcss"
    BINDINGS: ClassVar = bindings(Context.PICKER)

    def __init__(self, view: ViewState, columns: Sequence[str], symbols: Symbols) -> None:
        super().__init__()
        self._view = view
        self._columns = columns
        self._symbols = symbols

    def compose(self) -> ComposeResult:
        """The columns, an arrow at the one sorted by."""
        options = OptionList(*(Option(self._words(key), id=key) for key in self._columns), markup=False)
        options.border_title = "Sort by"
        if self._view.sort_column in self._columns:
            options.highlighted = list(self._columns).index(self._view.sort_column)
        yield options

    def _words(self, key: str) -> Content:
        arrow = self._symbols.descending if self._view.descending else self._symbols.ascending
        return Content(f"{safe_text(column(key).title.lower())} {arrow if key == self._view.sort_column else ''}")

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_cancel(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
