"""Edits: what was done to descriptor files, by everybody, and how it is taken back."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from tui.actions import Context
from tui.edit_answers import EditItem
from tui.model.courier import Answer
from tui.model.edit_lines import edit_line
from tui.model.lines import Piece, Tone
from tui.model.plan import Plan
from tui.model.symbols import Mark
from tui.model.writing import Outcome
from tui.safe_text import safe_text
from tui.screens.desk import Desk
from tui.screens.writing import Writing, tell_written
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines

MOST = 200
"""Edits that are listed."""


class EditsScreen(Writing):
    """The newest first; `z` takes the one under the cursor back."""

    CSS_PATH = "edit.tcss"
    PLACE = "Edits"
    CONTEXT = Context.EDITS
    BINDINGS: ClassVar = bindings(Context.EDITS)

    class Listed(Message):
        """The edits."""

        def __init__(self, answer: Answer[list[EditItem]]) -> None:
            super().__init__()
            self.answer = answer

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._items: list[EditItem] | None = None

    def body(self) -> ComposeResult:
        """One list."""
        yield TextLines(self.desk.symbols, choose=True, name="edits")
        yield Notice(self.desk.symbols)

    @property
    def scroller(self) -> LineScroller:
        """The list."""
        return self.query_one(TextLines)

    @property
    def edited_refs(self) -> tuple[str, ...]:
        """The entities of the edit under the cursor."""
        one = self.current
        return tuple(one["entities"]) if one else ()

    @property
    def current(self) -> EditItem | None:
        """The edit under the cursor."""
        items = self._items or []
        return items[self.scroller.cursor] if self.scroller.cursor < len(items) else None

    def tell(self, mark: Mark, text: str) -> None:
        """Above the keys."""
        self.query_one(Notice).say(mark, text)

    def on_mount(self) -> None:
        """Keys move in the list."""
        self.scroller.focus()

    def on_screen_resume(self) -> None:
        """Here, or here again: look."""
        self.action_reload()

    def action_reload(self) -> None:
        """Ask again."""
        self.desk.courier.send(
            "edits", lambda: self.desk.source.edits(MOST), lambda answer: self.post_message(self.Listed(answer))
        )

    @on(Listed)
    def _listed(self, event: Listed) -> None:
        if event.answer.value is None:
            self.tell(Mark.WARNING, str(event.answer.error))
            return
        self._items = [one for one in event.answer.value if one["state"] != "proposed"]
        self.lay_out()

    def on_resize(self) -> None:
        """Other width, other lines."""
        self.lay_out()

    def lay_out(self) -> None:
        """One line for each."""
        if self._items is None:
            return
        now = datetime.fromtimestamp(time.time(), UTC)
        width = self.scroller.scrollable_content_region.width - 2
        lines = [edit_line(one, width, self.desk.symbols, now) for one in self._items]
        nothing = [(Piece("no file was edited yet; e on an entity begins", Tone.QUIET),)]
        self.query_one(TextLines).show(lines or nothing, keep_place=True)

    def action_undo_this(self) -> None:
        """Take the edit under the cursor back."""
        from tui.screens.review import ReviewScreen

        one = self.current
        if one is None:
            return
        if one["state"] not in ("pushed", "confirmed"):
            self.tell(Mark.WARNING, f"it is {one['state']}: there is nothing to take back")
            return
        title = one["message"].partition("\n")[0]
        plan = Plan(tuple(one["entities"]), undo=one["id"], write="commit", message=f"Undo: {title}")

        def done(outcomes: Sequence[Outcome]) -> None:
            tell_written(self.app, self.desk, outcomes, "taken back")

        self.app.push_screen(ReviewScreen(self.desk, f"Undo: {title}", [plan], done))

    def action_open(self) -> None:
        """The entity of the edit."""
        from tui.screens.entity import EntityScreen

        if refs := self.edited_refs:
            self.app.push_screen(EntityScreen(self.desk, refs[0], "history"))

    @on(LineScroller.Chosen)
    def _chosen(self) -> None:
        self.action_open()

    def action_copy(self) -> None:
        """The command that undoes it."""
        if one := self.current:
            self.copy(f"catalog undo {safe_text(one['id'])} --to {one['target']}")

    def action_back(self) -> None:
        """Where the person came from."""
        self.leave()
