"""Which columns the table has: any path, with values as samples; what is chosen is seen at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.actions import Context
from tui.model.column_choice import ColumnChoice, Sampled, sampled_columns
from tui.model.columns import DEFAULT_COLUMNS, KNOWN
from tui.model.courier import Answer
from tui.model.lines import fitted
from tui.model.view_state import ViewState
from tui.safe_text import safe_text
from tui.screens.desk import Desk
from tui.screens.dialog import Dialog
from tui.widgets.choice_list import ChoiceList
from tui.widgets.keys import bindings

NAME_WIDTH = 34


@dataclass
class SamplesArrived(Message):
    """Paths there are, with values."""

    answer: Answer[tuple[Sampled, ...]]


class ColumnPicker(Dialog[None]):
    """Tells `apply` each choice; `esc` only closes."""

    CSS_PATH = "view_picker.tcss"
    BINDINGS: ClassVar = bindings(Context.COLUMNS)

    def __init__(
        self, desk: Desk, chosen: Sequence[str], asked: ViewState, apply: Callable[[tuple[str, ...]], None]
    ) -> None:
        super().__init__()
        self._desk = desk
        self._asked = asked
        self._apply = apply
        self._choice = ColumnChoice(tuple(chosen), tuple(KNOWN))

    def compose(self) -> ComposeResult:
        """A path to look for, or to add, and the columns: those of the table first."""
        with Vertical() as box:
            box.border_title = "Columns"
            box.border_subtitle = "enter: in or out   shift+↑↓: order   ^r: the usual"
            yield Input(placeholder="find a field, or write a path", compact=True)
            options = ChoiceList(markup=False)
            options.can_focus = False  # the typing goes on; an empty list has no place to move to
            yield options

    def on_mount(self) -> None:
        """What is known at once; paths and samples follow."""
        self._list()
        source, query = self._desk.source, self._asked.query
        self._desk.courier.send(
            "columns",
            lambda: sampled_columns(source, query, self._choice.known),
            lambda answer: self.post_message(SamplesArrived(answer)),
        )

    @on(SamplesArrived)
    def _samples(self, event: SamplesArrived) -> None:
        if event.answer.value is not None:
            self._choice = self._choice.with_samples(event.answer.value)
            self._list()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._choice = self._choice.looking_for(event.value.strip())
        self._list(first=True)

    def _list(self, *, first: bool = False) -> None:
        listed = self.query_one(OptionList)
        here = None if first else self._here
        options = [Option(self._words(name), id=name) for name in self._choice.listed]
        listed.clear_options()
        listed.add_options(options)
        names = list(self._choice.listed)
        listed.highlighted = names.index(here) if here in names else 0 if names else None

    def _words(self, name: str) -> Content:
        box = "[x] " if name in self._choice.chosen else "[ ] "
        sample = safe_text(self._choice.samples.get(name, ""), limit=60)
        width = max(NAME_WIDTH, cell_len(safe_text(name)) + 2)
        return Content.assemble(
            Content.styled(box, "$primary" if name in self._choice.chosen else "$foreground 55%"),
            Content(fitted(safe_text(name), width)),
            Content.styled(sample, "$foreground 55%"),
        )

    @property
    def _here(self) -> str:
        listed = self.query_one(OptionList)
        at = listed.highlighted
        return "" if at is None else listed.get_option_at_index(at).id or ""

    def on_key(self, event: events.Key) -> None:
        """Up and down move in the list while the typing goes on."""
        listed = self.query_one(OptionList)
        moves = {"up": listed.action_cursor_up, "down": listed.action_cursor_down}
        if event.key in moves:
            event.stop()
            event.prevent_default()
            moves[event.key]()

    @on(Input.Submitted)
    def _entered(self) -> None:
        self._change(self._choice.toggled(self._here))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._change(self._choice.toggled(event.option_id or ""))

    def action_shift(self, step: int) -> None:
        """The column further to the right, or to the left."""
        self._change(self._choice.shifted(self._here, step))

    def action_usual(self) -> None:
        """The columns that a table has when nobody chose any."""
        self._change(self._choice.with_chosen(DEFAULT_COLUMNS))

    def _change(self, choice: ColumnChoice) -> None:
        if choice.chosen != self._choice.chosen:
            self._choice = choice
            self._list()
            self._apply(choice.chosen)

    def action_cancel(self) -> None:
        """Close."""
        self.dismiss(None)
