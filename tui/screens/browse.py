"""The table of entities under a query line: the first screen, and the one everything comes back to."""

import time
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widgets import Input

from tui.actions import Context
from tui.model.courier import SupersededError
from tui.model.lines import Piece, Tone
from tui.model.link import News, Up
from tui.model.source import PAGE_ROWS, Change, EntityPage, RefusedError
from tui.model.symbols import Mark
from tui.model.table_model import Taken
from tui.model.view_state import ViewState
from tui.safe_text import safe_text
from tui.screens.desk import Desk
from tui.screens.messages import DetailsArrived, PageArrived, ProblemsArrived
from tui.screens.writing import Writing
from tui.widgets.bars import KeyBar
from tui.widgets.entity_table import EntityTable
from tui.widgets.filter_bar import FilterBar, QueryInput
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.overview_text import OverviewText

PREVIEW_DELAY = 0.07
"""Seconds the cursor rests before the preview follows: updating it at each step would make the step itself slow."""
PATIENCE = 0.5
"""Seconds without an answer after which the line says that it is still asking."""
CHANGE_DELAY = 0.08
"""Seconds in which changes are gathered before the rows in sight are asked for again."""
FLASH = 2.5
"""Seconds that a changed row is marked."""
OWN_CHANGE = 3.0
"""Seconds after a change of one's own in which what moves is shown at once."""
KNOWN_PROBLEMS = 1000
"""Problems whose entities get a mark in the table."""


class BrowseScreen(Writing):
    """Query line, entities, preview. `view` is what was asked last, the table shows what was answered last."""

    PLACE = "Entities"
    CONTEXT = Context.BROWSE
    BINDINGS: ClassVar = bindings(Context.BROWSE)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-mid"), (140, "-wide")]  # noqa: RUF012 - the framework declares it so

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.view = desk.view
        self._sequence = 0
        self._keep_ref = ""
        self._keep_row = 0
        self._changed: dict[str, None] = {}
        self._milliseconds = 0.0
        self._own_until = 0.0
        self._asking_timer: Timer | None = None
        self._preview_timer: Timer | None = None
        self._change_timer: Timer | None = None
        self._flash_timer: Timer | None = None

    # -- building

    def body(self) -> ComposeResult:
        """The table comes at once; the preview is mounted when the first screen stands."""
        yield FilterBar(self.view.query, self.desk.symbols)
        with Horizontal(id="panes"):
            yield EntityTable(self.desk.symbols, self._mark)
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
        self.call_after_refresh(self._furnish)

    async def _furnish(self) -> None:
        await self.query_one("#panes").mount(OverviewText(self.desk.symbols, name="preview"))
        self._preview_soon()
        self._ask_problems()

    @property
    def table(self) -> EntityTable:
        """The table."""
        return self.query_one(EntityTable)

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
        """The table."""
        return self.table

    @property
    def row(self) -> str:
        """The entity under the cursor."""
        return self.table.ref

    @property
    def edited_refs(self) -> tuple[str, ...]:
        """The marked entities, else the one under the cursor."""
        return self.desk.marks.refs or ((self.table.ref,) if self.table.ref else ())

    def tell(self, mark: Mark, text: str) -> None:
        """Above the keys."""
        self.notice.say(mark, text)

    def _mark(self, ref: str) -> Mark | None:
        return Mark.ERROR if ref in self.desk.problem_refs else None

    # -- asking

    def look(self, view: ViewState, *, at: int = 0) -> None:
        """Put a question; the answer is shown with the cursor on the entity it stands on now, if that is there.

        `at`: the row whose page is asked for first, and on which the cursor stands when its entity is not found.
        """
        self.view = view
        self._keep_row = at
        self._sequence += 1
        table = self.table
        self._keep_ref = table.ref or self._keep_ref
        table.model.ask_anew(self._sequence)
        self._ask_page("new", view, at // PAGE_ROWS)
        if self._asking_timer is None:
            self._asking_timer = self.set_timer(PATIENCE, self._say_asking)

    def _say_asking(self) -> None:
        self._asking_timer = None
        if self.table.model.waiting:
            self.filter_bar.counts.show((Piece(f"asking {self.desk.symbols.ellipsis}", Tone.QUIET),))

    def _ask_page(self, purpose: str, view: ViewState, number: int) -> None:
        sequence = self.table.model.sequence
        self.desk.courier.send(
            f"{purpose}-{number % 4}" if purpose == "more" else purpose,
            lambda: self.desk.source.entities(
                view.query, view.asked_columns, view.order, number * PAGE_ROWS, PAGE_ROWS
            ),
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
            self._preview_soon()

    def _no_page(self, purpose: str, number: int, error: Exception | None) -> None:
        model = self.table.model
        model.lost(number, model.sequence)
        if purpose == "new" and isinstance(error, RefusedError):
            model.withdraw()
            self.filter_bar.refuse(error)
            self._count_if_shown()
        elif purpose == "new" and not isinstance(error, SupersededError):
            self.notice.say(Mark.WARNING, str(error))

    def _show(self, page: EntityPage, milliseconds: float) -> None:
        if not page.rows and page.total and page.offset:
            self.look(self.view, at=page.total - 1)
            return
        self._settled()
        table = self.table
        found = table.model.find(self._keep_ref) if self._keep_ref else None
        table.show_answer(self.view, found if found is not None else self._keep_row)
        self._keep_ref = ""
        self._count(milliseconds)
        self.notice.clear()

    def _settled(self) -> None:
        self._changed.clear()
        if self.filter_bar.input.value.strip() == self.view.query:
            self.filter_bar.accept()

    def _count(self, milliseconds: float | None = None) -> None:
        total, status = self.table.model.total, self.desk.health.status
        pieces = [Piece(f"{total:,}", Tone.TEXT)]
        if status and status.entities != total:
            pieces = [Piece(f"{total:,} ", Tone.TEXT), Piece(f"of {status.entities:,}", Tone.QUIET)]
        if milliseconds is not None:
            self._milliseconds = milliseconds
        pieces[-1] = Piece(f"{pieces[-1].text}  ", pieces[-1].tone)
        pieces.append(Piece(f"{self.desk.symbols.dot}  {self._milliseconds:.0f} ms", Tone.QUIET))
        self.filter_bar.counts.show(pieces)

    # -- the query line

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        view = self.view.with_query(event.value)
        if view != self.view:
            self.look(view)

    def action_to_table(self) -> None:
        """Done with the query line."""
        self.set_focus(self.table)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the query line a slash is a slash."""
        del parameters
        return not (action == "filter" and isinstance(self.focused, QueryInput))

    def on_descendant_focus(self) -> None:
        """The keys that work depend on where the typing goes."""
        focused = isinstance(self.focused, QueryInput)
        self.query_one(KeyBar).show(Context.FILTER if focused else Context.BROWSE)

    def action_filter(self) -> None:
        """To the query line, its text selected."""
        line = self.filter_bar.input
        self.set_focus(line)
        line.select_all()

    def action_clear(self) -> None:
        """Everything again."""
        self.filter_bar.input.value = ""

    # -- sorting

    @on(EntityTable.SortWanted)
    def _sort_clicked(self, event: EntityTable.SortWanted) -> None:
        self.look(self.view.sorted_by(event.key))

    def action_sort(self) -> None:
        """Pick a column."""
        from tui.screens.sort_picker import SortPicker

        def picked(key: str | None) -> None:
            if key:
                self.look(self.view.sorted_by(key))

        self.app.push_screen(SortPicker(self.view, self.view.columns, self.desk.symbols), picked)

    def action_flip(self) -> None:
        """The other direction."""
        if self.view.flipped() != self.view:
            self.look(self.view.flipped())

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
            self._count()

    def _probe(self) -> None:
        self._change_timer = None
        if self.table.model.waiting or time.monotonic() < self._own_until:
            self.look(self.view, at=self.table.cursor)
        else:
            self._ask_page("probe", self.table.view, self.table.cursor // PAGE_ROWS)
        self._ask_problems()

    def _compare(self, page: EntityPage) -> None:
        """Changed rows change in place; rows that move wait for a key when they would move the cursor's."""
        table = self.table
        patch = table.model.compare(page, table.cursor)
        if patch.in_place:
            table.model.replace(page)
            self._changed.clear()
            self.notice.clear()
            table.show_rows(0, max(table.lines, table.model.total) + table.room)
            table.want_pages()
        else:
            table.model.patch(page)
            count = max(1, len(self._changed))
            self.notice.say(Mark.CHANGED, f"{count:,} changed — press r to show", Tone.ACCENT)
        if patch.refs:
            table.flash(patch.refs)
            if self._flash_timer:
                self._flash_timer.stop()
            self._flash_timer = self.set_timer(FLASH, lambda: table.flash(()))
        self._count()
        if table.ref in patch.refs or not patch.same_order:
            self._preview_soon()

    def action_apply(self) -> None:
        """Show what changed, the cursor on its entity."""
        self.look(self.table.view, at=self.table.cursor)

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

    @on(LineScroller.Moved)
    def _moved(self, event: LineScroller.Moved) -> None:
        if event.scroller is self.table:
            self._preview_soon()

    def _preview_soon(self) -> None:
        if self._preview_timer:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(PREVIEW_DELAY, self._preview)

    def _preview(self) -> None:
        ref = self.table.ref
        shown = [preview for preview in self.query(OverviewText) if preview.display]
        if not shown:
            return
        if not ref:
            if not self.table.lines:
                shown[0].say("")
            return
        self.desk.courier.send(
            "preview",
            lambda: self.desk.source.entity(ref),
            lambda answer: self.post_message(DetailsArrived(ref, answer)),
        )

    @on(DetailsArrived)
    def _details(self, event: DetailsArrived) -> None:
        if event.ref != self.table.ref:
            return
        preview = self.query_one(OverviewText)
        if event.answer.value is not None:
            preview.show_details(event.answer.value)
        elif isinstance(event.answer.error, RefusedError):
            preview.say(safe_text(str(event.answer.error)))

    def on_resize(self) -> None:
        """The preview may have come into sight."""
        self._preview_soon()

    def action_open(self) -> None:
        """Open the entity under the cursor."""
        from tui.screens.entity import EntityScreen

        if self.table.ref:
            self.app.push_screen(EntityScreen(self.desk, self.table.ref))

    @on(LineScroller.Chosen)
    def _chosen(self) -> None:
        self.action_open()

    def action_copy(self) -> None:
        """The ref to the clipboard."""
        self.copy(self.table.ref)
