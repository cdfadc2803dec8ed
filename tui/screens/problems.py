"""Errors: what is wrong in the sources, where, and what to do about it."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from tui.actions import Context
from tui.model.addresses import Address
from tui.model.lines import Piece, Tone
from tui.model.location_lines import location_name
from tui.model.problem_list import Entry, entries, line_url, token, whole
from tui.model.source import ProblemItem
from tui.model.symbols import Mark
from tui.model.work_tree import file_in_work_tree
from tui.screens.desk import Desk
from tui.screens.file_editor import open_in_editor
from tui.screens.list_screen import ListScreen
from tui.screens.messages import LocationsArrived, ProblemsArrived
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines

SHOWN_PROBLEMS = 2000
"""Problems listed at most; the title tells how many there are."""


class ProblemsScreen(ListScreen):
    """The list of problems, below it the whole of the one under the cursor; `enter` opens the entity that has it."""

    PLACE = "Errors"
    CONTEXT = Context.PROBLEMS
    CHOOSES = True
    BINDINGS: ClassVar = bindings(Context.PROBLEMS)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._items: tuple[ProblemItem, ...] | None = None
        self._entries: list[Entry] = []
        self._names: dict[str, str] = {}
        self._total = 0
        self._with_known = False

    def body(self) -> ComposeResult:
        """A line to filter by, once it is asked for, above the list."""
        yield Input(placeholder="words of the message, the code or the place", compact=True, id="search")
        yield TextLines(self.desk.symbols, choose=True, name="list")
        pane = TextLines(self.desk.symbols, name="whole")
        pane.can_focus = False
        yield pane
        yield Notice(self.desk.symbols)

    def on_mount(self) -> None:
        """Filtering comes with its key."""
        self.query_one("#search").display = False

    # -- the row

    @property
    def _under(self) -> ProblemItem | None:
        cursor = self.scroller.cursor
        return self._entries[cursor].problem if cursor < len(self._entries) else None

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
        """Whether the cursor stands on a problem."""
        return self._under is not None

    # -- asking

    def action_reload(self) -> None:
        """Ask again."""
        source = self.desk.source
        self.desk.courier.send(
            "problem-list",
            lambda: source.problems(SHOWN_PROBLEMS),
            lambda answer: self.post_message(ProblemsArrived(answer)),
        )
        self.desk.courier.send(
            "locations", source.locations, lambda answer: self.post_message(LocationsArrived(answer))
        )

    @on(ProblemsArrived)
    def _arrived(self, event: ProblemsArrived) -> None:
        if event.answer.value is None:
            self.query_one(Notice).say(Mark.WARNING, str(event.answer.error))
            return
        self._items, self._total = event.answer.value.items, event.answer.value.total
        self.lay_out()

    @on(LocationsArrived)
    def _named(self, event: LocationsArrived) -> None:
        if event.answer.value is not None:
            self._names = {item.id: location_name(item) for item in event.answer.value}
            self.lay_out()

    # -- drawing

    def lay_out(self) -> None:
        """Under the names of their locations, where there are several."""
        if self._items is None:
            return
        lines = self.query_one("#list", TextLines)
        before, known = self._under, self.desk.notebook.known
        self._entries = entries(
            self._items,
            lines.scrollable_content_region.width - 2,
            self.desk.symbols,
            wanted=self.query_one("#search", Input).value,
            known=known,
            with_known=self._with_known,
            names=self._names,
        )
        if self._entries:
            lines.show([entry.line for entry in self._entries], keep_place=True)
            lines.cursor = self._place_of(before)
        else:
            symbol = self.desk.symbols[Mark.OK]
            words = "no problems: every document was read" if not self._items else "nothing that is not known already"
            if self.query_one("#search", Input).value:
                words = "no problem holds these words"
            lines.show([(Piece(f"{symbol} ", Tone.GOOD), Piece(words, Tone.QUIET))])
        self._show_whole()
        self._say_count(sum(1 for item in self._items if token(item) in known))

    @on(LineScroller.Moved)
    def _moved(self) -> None:
        self._show_whole()

    def _show_whole(self) -> None:
        """A line has no room for all of a problem."""
        pane, problem = self.query_one("#whole", TextLines), self._under
        pane.display = problem is not None
        if problem is not None:
            pane.show(whole(problem, self.size.width - 4, self.desk.symbols))

    def _place_of(self, problem: ProblemItem | None) -> int:
        """Where a problem stands now; else the first problem that is near the cursor."""
        places = [number for number, entry in enumerate(self._entries) if entry.problem is not None]
        same = next((n for n in places if problem is not None and self._entries[n].problem == problem), None)
        cursor = self.scroller.cursor
        return same if same is not None else min(places, key=lambda n: abs(n - cursor), default=0)

    def _say_count(self, known: int) -> None:
        shown, notice = len(self._items or ()), self.query_one(Notice)
        if self._total > shown:
            notice.say(Mark.WARNING, f"the first {shown:,} of {self._total:,} problems")
        elif known and not self._with_known:
            notice.say(Mark.OK, f"{known:,} known, put aside; s shows them too", Tone.QUIET)
        else:
            notice.clear()

    # -- acting

    def action_filter(self) -> None:
        """Write words; the list follows every key."""
        line = self.query_one("#search", Input)
        line.display = True
        self.set_focus(line)

    @on(Input.Changed)
    def _typed(self) -> None:
        self.lay_out()

    @on(Input.Submitted)
    def _filtered(self) -> None:
        self.scroller.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the line a slash is a slash."""
        del parameters
        return not (action == "filter" and isinstance(self.focused, Input))

    def action_back(self) -> None:
        """Out of the line; without the filter; then to the table."""
        line = self.query_one("#search", Input)
        if line.display:
            line.value = ""
            line.display = False
            self.scroller.focus()
            self.lay_out()
        else:
            super().action_back()

    def action_open(self) -> None:
        """The entity that has the problem; a file without one has no screen."""
        from tui.screens.entity import EntityScreen

        problem = self._under
        if problem is None:
            return
        if problem.ref:
            self.app.push_screen(EntityScreen(self.desk, problem.ref))
        else:
            self.query_one(Notice).say(Mark.WARNING, f"{problem.where}: no entity came from this place")

    @on(LineScroller.Chosen)
    def _chosen(self) -> None:
        self.action_open()

    def action_edit(self) -> None:
        """The file at the line, in the person's editor."""
        problem, notice = self._under, self.query_one(Notice)
        if problem is None:
            return
        path = file_in_work_tree(problem.repository, problem.path)
        if path is None:
            notice.say(Mark.WARNING, "the file is in no work tree of this machine; o shows its address")
            return
        open_in_editor(self.app, path, problem.line, notice.say)

    def action_source(self) -> None:
        """Its address on the web, opened once it was seen."""
        from tui.screens.link_picker import offer

        problem = self._under
        url = line_url(problem) if problem else ""
        if not problem or not url:
            self.query_one(Notice).say(Mark.WARNING, "the file has no address on the web")
            return
        offer(self.app, [Address(problem.where, url)])

    def action_acknowledge(self) -> None:
        """Known, or not any more."""
        if self._under:
            self.desk.notebook.know(token(self._under))
            self.lay_out()

    def action_known(self) -> None:
        """With those that are known, or without."""
        self._with_known = not self._with_known
        self.lay_out()

    def action_copy(self) -> None:
        """Place and message."""
        problem = self._under
        if problem:
            self.copy(f"{problem.repository} {problem.where}: {problem.message}".strip())
