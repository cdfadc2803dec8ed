"""A small choice: the column to sort by."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.actions import Context
from tui.model.columns import column
from tui.model.symbols import Symbols
from tui.model.view_state import ViewState
from tui.safe_text import safe_text
from tui.screens.dialog import Dialog
from tui.widgets.choice_list import ChoiceList
from tui.widgets.keys import bindings


class SortPicker(Dialog[tuple[str, bool] | None]):
    """Answers with the key of the chosen column, and whether it is to decide only where the columns before are equal.

    Choosing one that is sorted by turns it round.
    """

    CSS_PATH = "sort_picker.tcss"
    BINDINGS: ClassVar = bindings(Context.SORT)

    def __init__(self, view: ViewState, columns: Sequence[str], symbols: Symbols) -> None:
        super().__init__()
        self._view = view
        self._columns = columns
        self._symbols = symbols

    def compose(self) -> ComposeResult:
        """The columns, an arrow at the one sorted by."""
        options = ChoiceList(*(Option(self._words(key), id=key) for key in self._columns), markup=False)
        options.border_title = "Sort by"
        options.border_subtitle = "space: then by"
        if self._view.sort_column in self._columns:
            options.highlighted = list(self._columns).index(self._view.sort_column)
        yield options

    def _words(self, key: str) -> Content:
        rank = self._view.rank(key)
        arrow = self._symbols.descending if self._view.falls(key) else self._symbols.ascending
        return Content(f"{safe_text(column(key).title.lower())} {f'{arrow}{rank}' if rank else ''}")

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss((event.option_id or "", False))

    def action_further(self) -> None:
        """Sort by this column where the others are equal."""
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.dismiss((self._columns[at], True))

    def action_cancel(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
