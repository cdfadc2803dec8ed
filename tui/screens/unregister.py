"""Removing a location: what leaves with it and what points at that, before a key of its own confirms."""

import shlex
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from tui.actions import Action, Context
from tui.model.lines import Piece, TextLine, Tone
from tui.model.location_source import Departure
from tui.model.registration import confirmation_word, departure_lines
from tui.model.source import LocationItem
from tui.model.symbols import Mark
from tui.safe_text import safe_text
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk
from tui.screens.messages import DepartureArrived, LocationRemoved
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines

LONGEST_TARGET, LONGEST_WORD = 160, 40
"""Characters that are shown of a target, and of the word that has to be typed."""


class UnregisterScreen(CatalogScreen):
    """Where more than one entity would leave, the location's name has to be typed first."""

    CSS_PATH = "register.tcss"
    PLACE = "Unregister a location"
    CONTEXT = Context.UNREGISTER
    BINDINGS: ClassVar = bindings(Context.UNREGISTER)

    def __init__(self, desk: Desk, location_id: str) -> None:
        super().__init__(desk)
        self._location = location_id
        self._item: LocationItem | None = None
        self._departure: Departure | None = None
        self._removing = False

    def body(self) -> ComposeResult:
        """What leaves, and where a name is asked for, its line."""
        with Vertical(id="form"):
            yield Static("", id="target", markup=False)
            with Horizontal(id="name-line"):
                yield Static("", classes="label", id="name-label", markup=False)
                yield Input(compact=True, id="name")
        yield TextLines(self.desk.symbols, name="list")
        yield Notice(self.desk.symbols)

    def on_mount(self) -> None:
        """Ask what would leave."""
        self.query_one("#name-line").display = False
        self.scroller.focus()
        self.query_one(Notice).say(Mark.WAITING, "asking what would leave with it")
        self.desk.courier.send("departure", self._ask, lambda answer: self.post_message(DepartureArrived(answer)))

    def _ask(self) -> tuple[LocationItem, Departure]:
        from tui.model.source import RefusedError

        found = next((item for item in self.desk.source.locations() if item.id == self._location), None)
        if found is None:
            raise RefusedError(f"there is no location {self._location} any more")
        return found, self.desk.source.departure(self._location)

    @property
    def scroller(self) -> LineScroller:
        """What leaves."""
        return self.query_one(TextLines)

    def off(self, action: Action) -> str:
        """Only what was shown is removed, and much only after its name was typed."""
        reason = super().off(action)
        if reason or action.id != "unregister.confirm":
            return reason
        if self._item is None or self._departure is None:
            return "it is not known yet what would leave"
        if self._item.configured:
            return "it stands in [[locations]] of the configuration"
        if self._removing:
            return "it is being removed"
        if self._departure.leaving_total > 1 and self.query_one("#name", Input).value.strip() != self._word:
            return f"type {self._word} first"
        return ""

    @property
    def _word(self) -> str:
        return safe_text(confirmation_word(self._item.target), limit=LONGEST_WORD) if self._item else ""

    @on(DepartureArrived)
    def _arrived(self, event: DepartureArrived) -> None:
        notice = self.query_one(Notice)
        if event.answer.value is None:
            notice.say(Mark.ERROR, str(event.answer.error))
            return
        notice.clear()
        self._item, self._departure = event.answer.value
        self.query_one("#target", Static).update(safe_text(self._item.target, limit=LONGEST_TARGET))
        if self._departure.leaving_total > 1 and not self._item.configured:
            label = self.query_one("#name-label", Static)
            label.update(f"type {self._word} ")
            label.styles.width = "auto"
            self.query_one("#name-line").display = True
            self.query_one("#name", Input).focus()
        self._draw()

    @on(Input.Submitted)
    def _typed(self) -> None:
        self.scroller.focus()
        self.query_one(Notice).say(Mark.WARNING, "X unregisters" if self._named else f"that is not {self._word}")

    @property
    def _named(self) -> bool:
        return self.query_one("#name", Input).value.strip() == self._word

    @on(Input.Changed)
    def _changed(self) -> None:
        self.tick()

    def _draw(self) -> None:
        if self._departure is None or self._item is None:
            return
        lines: list[TextLine] = departure_lines(self._departure, self.desk.symbols)
        if self._item.configured:
            words = "it stands in [[locations]] of the configuration: take it out there"
            lines.insert(0, (Piece(f"{self.desk.symbols[Mark.LOCKED]} {words}", Tone.WARNING),))
        twin = (Piece("same as  ", Tone.QUIET), Piece(safe_text(self._command), Tone.ACCENT))
        self.query_one(TextLines).show([*lines, (), twin])
        self.tick()

    @property
    def _command(self) -> str:
        return shlex.join(["catalog", "location", "remove", self._location])

    def action_confirm(self) -> None:
        """Remove it."""
        self._removing = True
        self.query_one(Notice).say(Mark.WAITING, "removing")
        self.desk.courier.send(
            "remove-location",
            lambda: self.desk.source.remove_location(self._location),
            lambda answer: self.post_message(LocationRemoved(answer)),
        )

    @on(LocationRemoved)
    def _removed(self, event: LocationRemoved) -> None:
        self._removing = False
        if event.answer.error is not None:
            self.query_one(Notice).say(Mark.ERROR, str(event.answer.error))
            return
        self.notify(
            safe_text(f"unregistered\nsame as: {self._command} --yes", multiline=True, limit=300),
            markup=False,
            timeout=8,
        )
        self.leave_done()

    def action_copy_command(self) -> None:
        """The command that does the same."""
        self.copy(self._command)

    def action_back(self) -> None:
        """Everything stays as it is."""
        self.leave()
