"""The table of entities under a query line: what is asked, what is answered, and what changes meanwhile."""

import time

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widgets import Input

from tui.actions import Context
from tui.bookmarks import BookmarkError
from tui.model.courier import SupersededError
from tui.model.lines import Piece, Tone
from tui.model.link import News, Up
from tui.model.source import PAGE_ROWS, Change, EntityPage, RefusedError
from tui.model.symbols import Mark
from tui.model.table_model import Taken
from tui.model.trail import Place, Trail
from tui.model.view_state import ViewState
from tui.safe_text import safe_text
from tui.screens.browse.preview import Preview
from tui.screens.desk import Desk
from tui.screens.messages import PageArrived, ProblemsArrived
from tui.widgets.entity_table import EntityTable
from tui.widgets.filter_bar import FilterBar
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice

PATIENCE = 0.5
"""Seconds without an answer after which the line says that it is still asking."""
CHANGE_DELAY = 0.08
"""Seconds in which changes are gathered before the rows in sight are asked for again."""
FLASH = 2.5
"""Seconds that a changed row is marked."""
OWN_CHANGE = 3.0
"""Seconds after a change of one's own in which what moves is shown at once."""
ROOMY = 80
"""Cells of width from which the line says how long the answer took."""
KNOWN_PROBLEMS = 1000
"""Problems whose entities get a mark in the table."""


class BrowseTable(Preview):
    """Query line, entities, preview. `view` is what was asked last, `shown` what was answered last, as a person wrote
    it; the view of the table is `shown` with its names replaced.

    The parts of the browse screen build on it, each with what it adds to finding.
    """

    PLACE = "Entities"
    CONTEXT = Context.BROWSE
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-mid"), (130, "-wide"), (170, "-huge")]  # noqa: RUF012 - the framework declares it so

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.view = self.shown = desk.view
        self._sequence = 0
        self._keep_ref = ""
        self._keep_row = 0
        self._keep_top: int | None = None
        self.trail = Trail()
        self._changed: dict[str, None] = {}
        self._milliseconds = 0.0
        self._own_until = 0.0
        self._asking_timer: Timer | None = None
        self._change_timer: Timer | None = None
        self._flash_timer: Timer | None = None

    # -- building

    def body(self) -> ComposeResult:
        """The table comes at once; the preview is mounted when the first screen stands."""
        yield FilterBar(self.view.query, self.desk.symbols)
        with Horizontal(id="panes"):
            yield EntityTable(self.desk.symbols, self._mark, self.desk.marks)
        yield Notice(self.desk.symbols)

    def on_mount(self) -> None:
        """Take the answer that was asked for before Textual was imported."""
        self.table.focus()
        self._sequence += 1
        self.table.model.ask_anew(self._sequence)
        self.filter_bar.counts.show((Piece("asking", Tone.QUIET),))
        sequence = self._sequence
        self.desk.first.add_done_callback(
            lambda done: self.post_message(PageArrived("new", sequence, 0, done.result()))
        )
        self.call_after_refresh(self.furnish)

    async def furnish(self) -> None:
        """What need not be there for the first rows."""
        await super().furnish()
        self._ask_problems()

    @property
    def filter_bar(self) -> FilterBar:
        """The query line with its figures."""
        return self.query_one(FilterBar)

    @property
    def notice(self) -> Notice:
        """The line above the keys."""
        return self.query_one(Notice)

    @property
    def scroller(self) -> LineScroller:
        """The pane that has the keys; the table where none has."""
        return self.focused if isinstance(self.focused, LineScroller) else self.table

    @property
    def row(self) -> str:
        """The entity under the cursor."""
        return self.table.ref

    @property
    def edited_refs(self) -> tuple[str, ...]:
        """The marked entities, else the one under the cursor."""
        return self.desk.marks.refs or ((self.table.ref,) if self.table.ref else ())

    def tell(self, mark: Mark, text: str) -> None:
        """Beside the table: the line above the keys belongs to what changes in the rows."""
        self.notify(f"{self.desk.symbols[mark]} {safe_text(text)}", markup=False, timeout=10)

    def say_nothing(self) -> None:
        """What was said above the keys is over."""
        self.notice.clear()

    def _mark(self, ref: str) -> Mark | None:
        if ref in self.desk.problem_refs:
            return Mark.ERROR
        return Mark.STARRED if ref in self.desk.bookmarks.starred else None

    # -- asking

    def look(self, view: ViewState, *, at: int = 0, ref: str = "", top: int | None = None) -> None:
        """Put a question; the answer is shown with the cursor on the entity it stands on now, or on `ref`, if it is
        there.

        `at`: the row whose page is asked for first, and on which the cursor stands when its entity is not found; `top`:
        the row on top of the screen.
        """
        self.view = view
        self._keep_row, self._keep_top = at, top
        self._sequence += 1
        table = self.table
        self._keep_ref = ref or table.ref or self._keep_ref
        table.model.ask_anew(self._sequence)
        try:
            asked = self.desk.expanded(view)
        except RefusedError as error:
            self._refused(error)
            return
        self._ask_page("new", asked, at // PAGE_ROWS)
        if self._asking_timer is None:
            self._asking_timer = self.set_timer(PATIENCE, self._say_asking)

    def give_up(self) -> bool:
        """Leave what was begun and not ended; whether there was anything."""
        return False

    @property
    def here(self) -> Place:
        """The view as it is left now."""
        table = self.table
        return Place(self.view.query, table.ref, table.row_number, table.first_visible)

    def go(self, view: ViewState) -> None:
        """To another view, from which one can come back here."""
        if view != self.view:
            self.trail.leave(self.here)
            self.put(view)

    def go_anew(self, view: ViewState) -> None:
        """As `go`; a line that is there already may mean something else by now."""
        if view == self.view:
            self.look(view)
        else:
            self.go(view)

    def put(self, view: ViewState) -> None:
        """Another line in the place of this one."""
        self._write(view)
        self.look(view)

    def come_back(self, place: Place) -> None:
        """A view as it was left: line, cursor and what was in sight."""
        view = ViewState(place.query)
        self._write(view)
        self.look(view, at=place.row, ref=place.ref, top=place.top)

    def _write(self, view: ViewState) -> None:
        """The line says what keys and clicks asked for. What somebody types is there already, and may be ahead."""
        with self.prevent(Input.Changed):
            self.filter_bar.input.value = view.query

    def _say_asking(self) -> None:
        self._asking_timer = None
        if self.table.model.waiting:
            self.filter_bar.counts.show((Piece(f"asking {self.desk.symbols.ellipsis}", Tone.QUIET),))

    def _ask_page(self, purpose: str, view: ViewState, number: int) -> None:
        sequence = self.table.model.sequence
        self.desk.courier.send(
            f"{purpose}-{number % 4}" if purpose == "more" else purpose,
            lambda: self.desk.source.entities(view.rows, view.asked_columns, view.order, number * PAGE_ROWS, PAGE_ROWS),
            lambda answer: self.post_message(PageArrived(purpose, sequence, number, answer)),
        )

    @on(EntityTable.PagesWanted)
    def _more(self, event: EntityTable.PagesWanted) -> None:
        for number in event.pages:
            self._ask_page("more", self.table.view, number)

    @on(PageArrived)
    def _page(self, event: PageArrived) -> None:
        """An answer: shown when it answers the last question, dropped otherwise."""
        if event.sequence != self.table.model.sequence:
            return
        page, error = event.answer.value, event.answer.error
        if page is None:
            self._no_page(event.purpose, event.number, error)
        elif event.purpose == "probe":
            self._compare(page)
        elif self.table.model.put(page, event.sequence) is Taken.FIRST:
            self._show(page, event.answer.milliseconds)
        else:
            self.table.show_rows(page.offset, PAGE_ROWS)
            self.preview_soon()

    def _no_page(self, purpose: str, number: int, error: Exception | None) -> None:
        model = self.table.model
        model.lost(number, model.sequence)
        if purpose == "new" and isinstance(error, RefusedError):
            self._refused(error)
        elif purpose == "new" and not isinstance(error, SupersededError):
            self.notice.say(Mark.WARNING, str(error))

    def _refused(self, error: RefusedError) -> None:
        self.table.model.withdraw()
        self.filter_bar.refuse(error, self._written(error.position))
        self._count_if_shown()

    def _written(self, position: int | None) -> int | None:
        """The place in the line as it was written of a place in what the daemon was asked."""
        try:
            return None if position is None else self.desk.bookmarks.expand(self.view.query).original(position)
        except BookmarkError:
            return position

    def _show(self, page: EntityPage, milliseconds: float) -> None:
        if not page.rows and page.total and page.offset:
            self.look(self.view, at=page.total - 1)
            return
        self._settled()
        table = self.table
        found = table.model.find(self._keep_ref) if self._keep_ref else None
        self.shown = self.view
        table.show_answer(self.desk.expanded(self.view), found if found is not None else self._keep_row, self._keep_top)
        self._keep_ref = ""
        self.count(milliseconds)
        self.say_nothing()
        self.answered()

    def answered(self) -> None:
        """Rows of a new question, or of a changed catalog, are shown: what goes with them may follow."""

    def _settled(self) -> None:
        self._changed.clear()
        if self.filter_bar.input.value.strip() == self.view.query:
            self.filter_bar.accept()

    def count(self, milliseconds: float | None = None) -> None:
        """How many rows are marked, shown, and there."""
        total, status = self.table.model.total, self.desk.health.status
        pieces = [Piece(f"{total:,}", Tone.TEXT)]
        if status and status.entities != total:
            pieces = [Piece(f"{total:,} ", Tone.TEXT), Piece(f"of {status.entities:,}", Tone.QUIET)]
        if milliseconds is not None:
            self._milliseconds = milliseconds
        pieces[-1] = Piece(f"{pieces[-1].text}  ", pieces[-1].tone)
        if self.size.width >= ROOMY:
            pieces.append(Piece(f"{self.desk.symbols.dot}  {self._milliseconds:.0f} ms", Tone.QUIET))
        if marked := len(self.desk.marks):
            pieces.insert(0, Piece(f"{self.desk.symbols[Mark.MARKED]} {marked:,} marked   ", Tone.ACCENT))
        self.filter_bar.counts.show(pieces)

    # -- changes

    def hear(self, news: News) -> None:
        """Look again at the rows in sight when something changed, or when the daemon is back."""
        if isinstance(news, Change):
            self._changed.update(dict.fromkeys(news.refs))
        elif not isinstance(news, Up):
            return
        elif not news.again:
            self._count_if_shown()
            return
        if self._change_timer is None:
            self._change_timer = self.set_timer(CHANGE_DELAY, self._probe)

    def _count_if_shown(self) -> None:
        if self.table.model.columns:
            self.count()

    def _probe(self) -> None:
        self._change_timer = None
        if self.table.model.waiting or time.monotonic() < self._own_until:
            self.look(self.view, at=self.table.row_number)
        else:
            self._ask_page("probe", self.table.view, self.table.row_number // PAGE_ROWS)
        self._ask_problems()

    def _compare(self, page: EntityPage) -> None:
        """Changed rows change in place; rows that move wait for a key when they would move the cursor's."""
        table = self.table
        patch = table.model.compare(page, table.row_number)
        if patch.in_place:
            table.model.replace(page)
            self._changed.clear()
            self.say_nothing()
            table.show_rows(0, max(table.lines, table.model.total) + table.room)
            table.want_pages()
            self.answered()
        else:
            table.model.patch(page)
            count = max(1, len(self._changed))
            self.notice.say(Mark.CHANGED, f"{count:,} changed — press r to show", Tone.ACCENT)
        if patch.refs:
            table.flash(patch.refs)
            if self._flash_timer:
                self._flash_timer.stop()
            self._flash_timer = self.set_timer(FLASH, lambda: table.flash(()))
        self.count()
        if table.ref in patch.refs or not patch.same_order:
            self.preview_soon()

    def action_apply(self) -> None:
        """Show what changed, the cursor on its entity."""
        self.look(self.shown, at=self.table.row_number)

    def show_own(self) -> None:
        """What the person did is no surprise, and neither is the word of it that is still on its way."""
        self._own_until = time.monotonic() + OWN_CHANGE
        self.action_apply()

    def _ask_problems(self) -> None:
        self.desk.courier.send(
            "problems",
            lambda: self.desk.source.problems(KNOWN_PROBLEMS),
            lambda answer: self.post_message(ProblemsArrived(answer)),
        )

    @on(ProblemsArrived)
    def _problems(self, event: ProblemsArrived) -> None:
        if event.answer.value is None:
            return
        refs = frozenset(item.ref for item in event.answer.value.items if item.ref)
        if refs != self.desk.problem_refs:
            self.desk.problem_refs = refs
            self.table.forget_drawn()

    # -- one entity

    def action_open(self) -> None:
        """Open the entity under the cursor."""
        from tui.screens.entity import EntityScreen

        if self.table.ref:
            self.desk.bookmarks.recent.add(self.table.ref)
            self.app.push_screen(EntityScreen(self.desk, self.table.ref))

    @on(LineScroller.Chosen)
    def _chosen(self) -> None:
        self.action_open()
