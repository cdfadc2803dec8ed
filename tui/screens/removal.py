"""Removing from the catalog: what leaves and what points at that, before a key of its own confirms."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from tui.actions import Action
from tui.model.lines import Piece, TextLine, Tone
from tui.model.parting import Parting
from tui.model.registration import departure_lines
from tui.model.symbols import Mark
from tui.safe_text import safe_text
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk
from tui.screens.messages import PartingArrived, Removed
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines

LONGEST_TITLE = 160
"""Characters that are shown of what is removed."""


class RemovalScreen(CatalogScreen):
    """Where more than one entity would leave, a word has to be typed first. Subclasses say what is removed, and how."""

    CSS_PATH = "register.tcss"
    ENDS: ClassVar[str] = ""
    """What the confirming key does, in the words of the line above the keys."""
    DONE: ClassVar[str] = ""
    """What was done."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.parting: Parting | None = None
        self._removing = False

    # -- what subclasses say

    def ask(self) -> Parting:
        """What would leave; called by a thread."""
        raise NotImplementedError

    def part(self, parting: Parting) -> None:
        """Remove what was shown; called by a thread."""
        raise NotImplementedError

    @property
    def command(self) -> str:
        """The command that does the same."""
        raise NotImplementedError

    # -- asking

    def body(self) -> ComposeResult:
        """What leaves, and where a word is asked for, its line."""
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
        self.query_one(Notice).say(Mark.WAITING, "asking what would leave")
        self.desk.courier.send("departure", self.ask, lambda answer: self.post_message(PartingArrived(answer)))

    @property
    def scroller(self) -> LineScroller:
        """What leaves."""
        return self.query_one(TextLines)

    def reason(self, action: Action, *, has_row: bool) -> str:
        """Only what was shown is removed, and much only after its word was typed."""
        reason = super().reason(action, has_row=has_row)
        if reason or action.method != "confirm":
            return reason
        if self.parting is None:
            return "it is not known yet what would leave"
        if self.parting.protected:
            return self.parting.protected
        if self._removing:
            return "it is being removed"
        return f"type {self.parting.word} first" if self._is_much and not self._is_typed else ""

    @property
    def _is_much(self) -> bool:
        return self.parting is not None and self.parting.departure.leaving_total > 1

    @property
    def _is_typed(self) -> bool:
        return self.parting is not None and self.query_one("#name", Input).value.strip() == self.parting.word

    @on(PartingArrived)
    def _arrived(self, event: PartingArrived) -> None:
        notice = self.query_one(Notice)
        if event.answer.value is None:
            notice.say(Mark.ERROR, str(event.answer.error))
            return
        notice.clear()
        self.parting = event.answer.value
        self.query_one("#target", Static).update(safe_text(self.parting.title, limit=LONGEST_TITLE))
        if self._is_much and not self.parting.protected:
            label = self.query_one("#name-label", Static)
            label.update(f"type {self.parting.word} ")
            label.styles.width = "auto"
            self.query_one("#name-line").display = True
            self.query_one("#name", Input).focus()
        self._draw(self.parting)

    @on(Input.Submitted)
    def _typed(self) -> None:
        if self.parting is not None:
            self.scroller.focus()
            words = self.ENDS if self._is_typed else f"that is not {self.parting.word}"
            self.query_one(Notice).say(Mark.WARNING, words)

    @on(Input.Changed)
    def _changed(self) -> None:
        self.tick()

    def _draw(self, parting: Parting) -> None:
        symbols = self.desk.symbols
        lines: list[TextLine] = departure_lines(parting.departure, symbols)
        lines += [(Piece(safe_text(note), Tone.QUIET),) for note in parting.notes]
        if parting.protected:
            words = f"{parting.protected}: {parting.advice}"
            lines.insert(0, (Piece(f"{symbols[Mark.LOCKED]} {words}", Tone.WARNING),))
        twin = (Piece("same as  ", Tone.QUIET), Piece(safe_text(self.command), Tone.ACCENT))
        self.query_one(TextLines).show([*lines, (), twin])
        self.tick()

    # -- removing

    def action_confirm(self) -> None:
        """Remove it."""
        parting = self.parting
        if parting is None:
            return
        self._removing = True
        self.query_one(Notice).say(Mark.WAITING, "removing")
        self.desk.courier.send("remove", lambda: self.part(parting), lambda answer: self.post_message(Removed(answer)))

    @on(Removed)
    def _removed(self, event: Removed) -> None:
        self._removing = False
        if event.answer.error is not None:
            self.query_one(Notice).say(Mark.ERROR, str(event.answer.error))
            return
        self.removed()
        words = f"{self.DONE}\nsame as: {self.command} --yes"
        self.notify(safe_text(words, multiline=True, limit=300), markup=False, timeout=8)
        self.leave_done()

    def removed(self) -> None:
        """It is gone."""

    def action_copy_command(self) -> None:
        """The command that does the same."""
        self.copy(self.command)

    def action_back(self) -> None:
        """Everything stays as it is."""
        self.leave()
