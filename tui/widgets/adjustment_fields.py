"""The fields of a form that say how a location is dealt with: where edits go, and how often it is looked at."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from tui.model.interval import interval_text, parse_interval
from tui.model.registration import WRITES
from tui.widgets.one_of import OneOf, Option
from tui.widgets.tab_line import TabLine


class AdjustmentFields(Vertical):
    """Two lines of a form. `usual` are the seconds between looks that the configuration says, 0 where nobody knows."""

    DEFAULT_CSS = """
    AdjustmentFields { height: auto; }
    """

    class Changed(Message):
        """Something else is written in one of them."""

    class Submitted(Message):
        """Enter was pressed in the line of the interval."""

    def __init__(self, usual: float) -> None:
        super().__init__()
        self._usual = f"every {interval_text(usual)} (configured)" if usual else "as configured"

    def compose(self) -> ComposeResult:
        """A label and a field a line."""
        with Horizontal():
            yield Static("Edits", classes="label", markup=False)
            yield OneOf([Option(word, meaning, word) for word, meaning, _ in WRITES], id="write")
        with Horizontal():
            yield Static("Look", classes="label", markup=False)
            yield Input(placeholder=f"{self._usual}, or 10s, 5m, 1h", compact=True, id="interval")

    @property
    def write(self) -> str:
        """Where edits may be pushed."""
        return self.query_one(OneOf).value

    @property
    def interval(self) -> float | None:
        """Seconds between two looks, None as configured; ValueError where what is written is none."""
        text = self.query_one(Input).value.strip()
        return parse_interval(text) if text else None

    @property
    def fault(self) -> str:
        """What is wrong with what is written, empty where nothing is."""
        try:
            _ = self.interval
        except ValueError as error:
            return str(error)
        return ""

    @on(TabLine.Chosen)
    def _chosen(self, event: TabLine.Chosen) -> None:
        event.stop()
        self.query_one(OneOf).choose(event.number)
        self.post_message(self.Changed())

    @on(Input.Changed)
    def _written(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed())

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted())
