"""Errors: what is wrong in the sources, where, and what to do about it."""

from typing import ClassVar

from textual import on

from tui.actions import Context
from tui.model.lines import Piece, Tone
from tui.model.reports import problem_lines
from tui.model.source import ProblemItem
from tui.model.symbols import Mark
from tui.screens.desk import Desk
from tui.screens.list_screen import ListScreen
from tui.screens.messages import ProblemsArrived
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines

SHOWN_PROBLEMS = 2000
"""Problems listed at most; the title tells how many there are."""


class ProblemsScreen(ListScreen):
    """The list of problems; `enter` opens the entity that has it."""

    PLACE = "Errors"
    CONTEXT = Context.PROBLEMS
    CHOOSES = True
    BINDINGS: ClassVar = bindings(Context.PROBLEMS)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._items: tuple[ProblemItem, ...] | None = None
        self._total = 0

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
        self.lay_out()

    @property
    def row(self) -> str:
        """The entity that has the problem."""
        return self._under.ref if self._under else ""

    @property
    def row_location(self) -> str:
        """Where the problem was read."""
        return self._under.location if self._under else ""

    @property
    def has_row(self) -> bool:
        """Whether there is a problem at all."""
        return self._under is not None

    @property
    def _under(self) -> ProblemItem | None:
        return self._items[self.scroller.cursor] if self._items else None

    def lay_out(self) -> None:
        """One entry after the other."""
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
