"""Why this value: who says it, in which line of which commit, or by whom and when it was set."""

import shlex
from datetime import UTC, datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical

from tui.actions import Context
from tui.history_answers import WhyAnswer
from tui.model.addresses import Address, fit
from tui.model.courier import Answer
from tui.model.lines import Piece, Tone
from tui.model.why_lines import place_text, why_lines
from tui.safe_text import safe_text
from tui.screens.clipboard import send
from tui.screens.desk import Desk
from tui.screens.dialog import Dialog
from tui.screens.moving import Moving
from tui.widgets.keys import bindings
from tui.widgets.text_lines import TextLines


class WhyScreen(Moving, Dialog[None]):
    """A page over the entity; `enter` goes on to the history of the field."""

    CSS_PATH = "why.tcss"
    BINDINGS: ClassVar = bindings(Context.WHY)

    def __init__(self, desk: Desk, ref: str, field: str) -> None:
        super().__init__()
        self.desk = desk
        self.ref = ref
        self.field = field
        self._answer: WhyAnswer | None = None
        self._error = ""

    def compose(self) -> ComposeResult:
        """One text in a frame."""
        with Vertical(id="page") as page:
            page.border_title = "Why this value"
            page.border_subtitle = "enter history of this field   o open   y copy command   esc close"
            yield TextLines(self.desk.symbols, name="why")

    def on_mount(self) -> None:
        """Ask."""
        self.scroller.focus()
        self.lay_out()
        self.desk.courier.send(
            f"why-{id(self)}",
            lambda: self.desk.source.why(self.ref, self.field),
            lambda answer: self.call_later(self._take, answer),
        )

    @property
    def scroller(self) -> TextLines:
        """The text."""
        return self.query_one(TextLines)

    def _take(self, answer: Answer[WhyAnswer]) -> None:
        self._answer, self._error = answer.value, str(answer.error or "")
        self.lay_out()

    def on_resize(self) -> None:
        """Other width, other lines."""
        self.lay_out()

    def lay_out(self) -> None:
        """What is known by now."""
        text = self.scroller
        if self._answer is not None:
            width = max(24, text.scrollable_content_region.width)
            text.show(why_lines(self._answer, width, self.desk.symbols, datetime.now(UTC)), keep_place=True)
        elif self._error:
            text.show([(Piece(safe_text(self._error), Tone.WARNING),)])
        else:
            text.show([(Piece(f"asking {self.desk.symbols.ellipsis}", Tone.QUIET),)])

    def action_history(self) -> None:
        """What became of the field."""
        from tui.screens.field_history import FieldHistoryScreen

        field = self._answer["field"] if self._answer else self.field
        self.dismiss()
        self.app.push_screen(FieldHistoryScreen(self.desk, self.ref, field))

    def action_open(self) -> None:
        """The line on the web; its place for the clipboard where it has no page."""
        origins = self._answer["origins"] if self._answer else []
        first = next((one for one in origins if one["path"]), None)
        if first is None:
            self.notify("it stands in no file", markup=False, timeout=3)
        elif url := fit(first["url"]):
            from tui.screens.link_picker import offer

            offer(self.app, [Address(place_text(first), url)])
        else:
            send(self.app, place_text(first))

    def action_copy(self) -> None:
        """The command that says the same."""
        send(self.app, f"catalog why {shlex.quote(self.ref)} {shlex.quote(self.field)}")

    def action_close(self) -> None:
        """Back to the field."""
        self.dismiss()
