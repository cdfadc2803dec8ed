"""Errors: what is wrong in the sources, where, and what to do about it."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from tui.actions import Context
from tui.model.lines import Piece, Tone
from tui.model.link import Down, News
from tui.model.reports import problem_lines
from tui.model.source import ProblemItem
from tui.model.symbols import Mark
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk
from tui.screens.messages import ProblemsArrived
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines

SHOWN_PROBLEMS = 2000
"""Problems listed at most; the title tells how many there are."""


class ProblemsScreen(CatalogScreen):
    """The list of problems; `enter` opens the entity that has it."""

    CSS_PATH = "lists.tcss"
    PLACE = "Errors"
    CONTEXT = Context.PROBLEMS
    BINDINGS: ClassVar = bindings(Context.PROBLEMS)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._items: tuple[ProblemItem, ...] | None = None
        self._total = 0

    def body(self) -> ComposeResult:
        """One list."""
        yield TextLines(self.desk.symbols, choose=True, name="list")
        yield Notice(self.desk.symbols)

    def on_mount(self) -> None:
        """Ask for the problems."""
        self.scroller.focus()
        self.action_reload()

    @property
    def scroller(self) -> LineScroller:
        """The list."""
        return self.query_one(TextLines)

    def action_reload(self) -> None:
        """Ask again."""
        self.desk.courier.send(
            "problem-list",
            lambda: self.desk.source.problems(SHOWN_PROBLEMS),
            lambda answer: self.post_message(ProblemsArrived(answer)),
        )

    @on(ProblemsArrived)
    def _arrived(self, event: ProblemsArrived) -> None:
        if event.answer.value is None:
            self.query_one(Notice).say(Mark.WARNING, str(event.answer.error))
            return
        self._items, self._total = event.answer.value.items, event.answer.value.total
        self._lay_out()

    def on_resize(self) -> None:
        """Other width, other lines."""
        self._lay_out()

    def _lay_out(self) -> None:
        if self._items is None:
            return
        lines = self.query_one(TextLines)
        width = lines.scrollable_content_region.width - 2
        if self._items:
            lines.show(problem_lines(self._items, width, self.desk.symbols), keep_place=True)
        else:
            symbol = self.desk.symbols[Mark.OK]
            lines.show([(Piece(f"{symbol} ", Tone.GOOD), Piece("no problems: every document was read", Tone.QUIET))])
        self._say_count()

    def _say_count(self) -> None:
        shown = len(self._items or ())
        if self._total > shown:
            self.query_one(Notice).say(Mark.WARNING, f"the first {shown:,} of {self._total:,} problems")
        else:
            self.query_one(Notice).clear()

    def hear(self, news: News) -> None:
        """Something changed, or the daemon is back: the list may have."""
        if self.is_current and not isinstance(news, Down):
            self.action_reload()

    def on_screen_resume(self) -> None:
        """Back here: look again."""
        if self._items is not None:
            self.action_reload()

    def action_open(self) -> None:
        """The entity that has the problem; a file without one has no screen."""
        from tui.screens.entity import EntityScreen

        if not self._items:
            return
        problem = self._items[self.scroller.cursor]
        if problem.ref:
            self.app.push_screen(EntityScreen(self.desk, problem.ref))
        else:
            self.query_one(Notice).say(Mark.WARNING, f"{problem.where}: no entity came from this place")

    @on(LineScroller.Chosen)
    def _chosen(self) -> None:
        self.action_open()

    def action_back(self) -> None:
        """To the table."""
        self.app.switch_mode("browse")
