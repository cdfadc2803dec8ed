"""The SQL console: tables, question, answer."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static, TextArea

from tui.actions import Action, Context
from tui.model.courier import Courier
from tui.model.lines import TextLine, Tone
from tui.model.link import News, Up
from tui.model.source import RefusedError
from tui.model.sql_source import SqlView
from tui.model.sql_text import as_row, command, place_of, refs_in, table_lines, told
from tui.model.symbols import Mark
from tui.named_path import named_path
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk
from tui.screens.messages import EntitiesWanted, SqlAnswered, SqlCounted, SqlExported, SqlViewsArrived
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.result_table import ResultTable
from tui.widgets.text_lines import TextLines

ROWS = 20_000
"""Rows of an answer that are held here; all of them can be exported."""

FIRST = "SELECT kind, count(*) AS entities\nFROM entities\nGROUP BY ALL\nORDER BY entities DESC, kind"


class SqlScreen(CatalogScreen):
    """Questions have threads of their own: one may take as long as the daemon lets it."""

    CSS_PATH = "sql.tcss"
    PLACE = "SQL"
    CONTEXT = Context.SQL
    BINDINGS: ClassVar = bindings(Context.SQL)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-mid")]  # noqa: RUF012 - the framework declares it so

    def __init__(self, desk: Desk, question: str = "") -> None:
        super().__init__(desk)
        self._first = question or next(iter(desk.notebook.questions), FIRST)
        self._courier = Courier(threads=2)
        self._number = 0
        self._asked = ""
        self._is_asking = False
        self._views: tuple[SqlView, ...] = ()
        self._opened: set[str] = set()
        self._counts: Mapping[str, int] = {}

    def body(self) -> ComposeResult:
        """Tables on the left, where there is room."""
        with Horizontal(id="console"):
            yield TextLines(self.desk.symbols, choose=True, name="tables")
            with Vertical():
                yield TextArea(self._first, id="question", tab_behavior="focus", show_line_numbers=False, theme="css")
                yield ResultTable(self.desk.symbols)
        with Horizontal(id="export"):
            yield Static("Export to ", markup=False)
            yield Input("answer.csv", compact=True, id="path")
        yield Notice(self.desk.symbols)

    def on_mount(self) -> None:
        """Write first; the tables come when they come."""
        self.query_one("#export").display = False
        self.query_one("#tables").border_title = " Tables "
        self.editor.border_title = " Question "
        self.result.border_title = " Answer "
        self.editor.focus()
        self._ask_views()

    def on_unmount(self) -> None:
        """Nobody waits any more."""
        self._courier.close()

    @property
    def editor(self) -> TextArea:
        """The question."""
        return self.query_one("#question", TextArea)

    @property
    def result(self) -> ResultTable:
        """The answer."""
        return self.query_one(ResultTable)

    @property
    def tables(self) -> TextLines:
        """What can be asked."""
        return self.query_one("#tables", TextLines)

    @property
    def scroller(self) -> LineScroller:
        """The pane that has the focus, else the answer."""
        return self.tables if self.focused is self.tables else self.result

    def reason(self, action: Action, *, has_row: bool) -> str:
        """What needs an answer, or a question that runs."""
        if action.id == "sql.cancel" and not self._is_asking:
            return "nothing is running"
        if action.id in ("sql.export", "sql.copy", "sql.command", "sql.entities") and self.result.result is None:
            return "there is no answer yet"
        if action.id == "sql.entities" and self.result.result and not refs_in(self.result.result):
            return "the answer has no column ref"
        if action.id == "sql.history" and not self.desk.notebook.questions:
            return "nothing was asked yet"
        return super().reason(action, has_row=has_row)

    # -- tables

    def _ask_views(self) -> None:
        self._courier.send(
            "views", self.desk.source.sql_views, lambda answer: self.post_message(SqlViewsArrived(answer))
        )

    @on(SqlViewsArrived)
    def _have_views(self, event: SqlViewsArrived) -> None:
        if event.answer.value is not None:
            self._views = event.answer.value
            self._show_tables()
            self._ask_counts()
        elif not self._views:
            self.query_one(Notice).say(Mark.WARNING, str(event.answer.error))

    def _ask_counts(self) -> None:
        """After the tables: counting takes longer, and nobody waits for it."""
        names = [view.name for view in self._views]
        self._courier.send(
            "counts",
            lambda: self.desk.source.sql_counts(names),
            lambda answer: self.post_message(SqlCounted(answer)),
        )

    @on(SqlCounted)
    def _counted(self, event: SqlCounted) -> None:
        if event.answer.value is not None:
            self._counts = event.answer.value
            self._show_tables()

    def _table_lines(self) -> list[tuple[TextLine, str]]:
        width = self.tables.scrollable_content_region.width - 2
        return table_lines(self._views, self._opened, self._counts, width)

    def _show_tables(self) -> None:
        self.tables.show([line for line, _ in self._table_lines()], keep_place=True)

    def on_resize(self) -> None:
        """Other width, other lines."""
        self._show_tables()

    def action_take(self) -> None:
        """Open or close a table; write a column's name into the question."""
        if self.focused is not self.tables:
            return
        lines = self._table_lines()
        if not lines:
            return
        name = lines[self.tables.cursor][1]
        if any(view.name == name for view in self._views) and not lines[self.tables.cursor][0][0].text.startswith("  "):
            self._opened ^= {name}
            self._show_tables()
        else:
            self.editor.insert(name)

    @on(LineScroller.Chosen)
    def _chosen(self, event: LineScroller.Chosen) -> None:
        if event.scroller is self.tables:
            self.action_take()

    # -- asking

    def ask(self, question: str) -> None:
        """Put another question into the editor."""
        self.editor.text = question
        self.editor.focus()

    def action_run(self) -> None:
        """Ask what is written, or what is marked of it."""
        question = (self.editor.selected_text or self.editor.text).strip().rstrip(";")
        if not question:
            self.query_one(Notice).say(Mark.WARNING, "there is no question")
            return
        self._number += 1
        number = self._number
        self._asked, self._is_asking = question, True
        self.desk.notebook.asked(question)
        self.query_one(Notice).say(Mark.WAITING, "asking", Tone.QUIET)
        self._courier.send(
            f"sql-{number % 2}",
            lambda: self.desk.source.sql(question, ROWS),
            lambda answer: self.post_message(SqlAnswered(number, answer)),
        )
        self.tick()

    def action_cancel(self) -> None:
        """The answer is dropped when it comes."""
        self._number += 1
        self._is_asking = False
        self.query_one(Notice).say(Mark.WARNING, "cancelled; the last answer stays")
        self.tick()

    @on(SqlAnswered)
    def _answered(self, event: SqlAnswered) -> None:
        if event.number != self._number:
            return
        self._is_asking = False
        notice, answer = self.query_one(Notice), event.answer
        if answer.value is None:
            self._refused(answer.error)
        else:
            notice.clear()
            if answer.value.cut_by:
                notice.say(Mark.WARNING, f"cut by {answer.value.cut_by}; ^s exports what is allowed")
            self.result.show(answer.value)
            self.result.border_title = f" {told(answer.value, self.desk.symbols)} "
        self.tick()

    def _refused(self, error: Exception | None) -> None:
        """Say what is wrong and where; the caret goes there, and the last answer stays."""
        words = str(error)
        if isinstance(error, RefusedError):
            words += f" {self.desk.symbols.dash} {error.hint}" if error.hint else ""
            if error.position is not None and not self.editor.selected_text:
                line, column = place_of(self.editor.text, error.position)
                self.editor.move_cursor((line, column))
                words = f"line {line + 1}, column {column + 1}: {words}"
        self.query_one(Notice).say(Mark.ERROR, words)

    def action_history(self) -> None:
        """One of the questions that were asked."""
        from tui.screens.question_picker import QuestionPicker

        def picked(question: str | None) -> None:
            if question:
                self.ask(question)

        self.app.push_screen(QuestionPicker(self.desk.notebook.questions), picked)

    # -- the answer

    def action_copy(self) -> None:
        """The row under the cursor."""
        result = self.result.result
        if result and result.rows:
            self.copy(as_row(result.rows[self.result.cursor]), "the row")

    def action_copy_command(self) -> None:
        """The command that asks the same."""
        self.copy(command(self._asked or self.editor.text))

    def action_entities(self) -> None:
        """The entities of the answer in their table."""
        result = self.result.result
        if result is not None:
            self.post_message(EntitiesWanted(refs_in(result)))

    def action_export(self) -> None:
        """Into which file?"""
        self.query_one("#export").display = True
        line = self.query_one("#path", Input)
        self.set_focus(line)
        line.select_all()

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        path, question = event.value.strip(), self._asked
        self.query_one("#export").display = False
        self.set_focus(self.result)
        if path:
            self.query_one(Notice).say(Mark.WAITING, f"writing {path}", Tone.QUIET)
            self._courier.send(
                "export",
                lambda: self.desk.source.export_sql(question, path),
                lambda answer: self.post_message(SqlExported(path, answer)),
            )

    @on(SqlExported)
    def _exported(self, event: SqlExported) -> None:
        notice, error = self.query_one(Notice), event.answer.error
        if error is None:
            notice.say(Mark.OK, f"written to {named_path(event.path).absolute()}")
        else:
            hint = f" {self.desk.symbols.dash} {error.hint}" if isinstance(error, RefusedError) and error.hint else ""
            notice.say(Mark.ERROR, f"{error}{hint}")

    def action_back(self) -> None:
        """Close the line that asks for a file; else to the table, the question stays."""
        if self.query_one("#export").display:
            self.query_one("#export").display = False
            self.set_focus(self.result)
        else:
            self.app.switch_mode("browse")

    def hear(self, news: News) -> None:
        """The daemon is back: the tables may have been missing."""
        if isinstance(news, Up) and news.again and not self._views:
            self._ask_views()
