"""The SQL console: tables, questions, their answers."""

import time
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static, TextArea

from tui.actions import Action, Context
from tui.model.courier import Courier
from tui.model.lines import Tone
from tui.model.link import News, Up
from tui.model.questions import FIRST, OpenQuestions, Question, Said, bare
from tui.model.source import RefusedError
from tui.model.sql_text import as_row, command, place_of, refs_in, refusal
from tui.model.symbols import Mark
from tui.named_path import named_path
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk
from tui.screens.messages import EntitiesWanted, SqlAnswered, SqlCounted, SqlExported, SqlViewsArrived
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.question_pane import QuestionPane, name_of
from tui.widgets.result_table import ResultTable
from tui.widgets.sql_tables import SqlTables
from tui.widgets.tab_line import TabLine, Title

ROWS = 20_000
"""Rows of an answer that are held here; all of them can be exported."""

THREADS = 4
"""Two questions at once, as many as the daemon answers at once by itself, do not keep tables and exports waiting."""

NEW: Title = ("+", "+")
"""The tab that opens another."""


class SqlScreen(CatalogScreen):
    """Questions have threads of their own: one may take as long as the daemon lets it."""

    CSS_PATH = "sql.tcss"
    PLACE = "SQL"
    CONTEXT = Context.SQL
    BINDINGS: ClassVar = bindings(Context.SQL)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-mid")]  # noqa: RUF012 - the framework declares it so

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        texts, front = desk.notebook.opened
        self._open = OpenQuestions.of(texts or desk.notebook.questions[:1] or [FIRST], front)
        self._exported = self._open.front
        self._courier = Courier(THREADS)

    def body(self) -> ComposeResult:
        """Tables on the left, where there is room; else in the place of the answer, when a key asks for them."""
        with Horizontal(id="console"):
            yield SqlTables(self.desk.symbols)
            with Vertical(id="questions"):
                yield TabLine(self._titles())
                for question in self._open:
                    yield QuestionPane(question, self.desk.symbols)
        with Horizontal(id="export"):
            yield Static("Export to ", markup=False)
            yield Input("answer.csv", compact=True, id="path")
        yield Notice(self.desk.symbols)

    def on_mount(self) -> None:
        """Write first; the tables come when they come."""
        self.query_one("#export").display = False
        self._bring()
        self.editor.focus()
        self._ask_views()

    def on_screen_suspend(self) -> None:
        """The person goes elsewhere, perhaps for good."""
        self._keep()

    def on_unmount(self) -> None:
        """Nobody waits any more."""
        self._courier.close()
        self._keep()

    @property
    def pane(self) -> QuestionPane:
        """Question and answer in front."""
        return self._pane_of(self._open.front)

    @property
    def editor(self) -> TextArea:
        """The question in front."""
        return self.pane.editor

    @property
    def result(self) -> ResultTable:
        """The answer in front."""
        return self.pane.result

    @property
    def tables(self) -> SqlTables:
        """What can be asked."""
        return self.query_one(SqlTables)

    @property
    def scroller(self) -> LineScroller:
        """The pane that has the focus, else the answer."""
        return self.tables if self.focused is self.tables else self.result

    def reason(self, action: Action, *, has_row: bool) -> str:
        """What needs an answer, or a question that runs."""
        if action.id == "sql.cancel" and not self._open.front.run:
            return "nothing is running"
        if action.id in ("sql.export", "sql.copy", "sql.command", "sql.entities") and self.result.result is None:
            return "there is no answer yet"
        if action.id == "sql.entities" and self.result.result and not refs_in(self.result.result):
            return "the answer has no column ref"
        if action.id == "sql.history" and not self.desk.notebook.questions:
            return "nothing was asked yet"
        return self._reason_of_tabs(action) or super().reason(action, has_row=has_row)

    def _reason_of_tabs(self, action: Action) -> str:
        count = len(self._open)
        if action.id == "sql.new" and self._open.is_full:
            return f"{count} are open"
        if action.id in ("sql.close", "sql.next", "sql.previous") and count == 1:
            return "there is no other"
        name, _, number = action.id.rpartition("-")
        return f"there are {count}" if name == "sql.tab" and int(number) > count else ""

    # -- tabs

    def _titles(self) -> list[Title]:
        return [*self._open.titles(self.desk.symbols), *(() if self._open.is_full else (NEW,))]

    def _pane_of(self, question: Question) -> QuestionPane:
        return self.query_one(f"#{name_of(question)}", QuestionPane)

    def _bring(self) -> None:
        """Show what is in front now; the keys stay with the question, the answer, or the tables."""
        focused = self.focused
        for pane in self.query(QuestionPane):
            pane.display = pane.question is self._open.front
        self.query_one("#export").display = False
        if isinstance(focused, TextArea):
            self.editor.focus()
        elif focused is not self.tables:
            self.result.focus()
        self._tell()

    def _tell(self) -> None:
        """Tabs, keys, and the line above the keys say how things are."""
        line, notice, said = self.query_one(TabLine), self.query_one(Notice), self._open.front.said
        line.rename(self._titles())
        line.choose(self._open.at)
        line.display = len(self._open) > 1
        notice.say(*said) if said else notice.clear()
        self.tick()

    def _keep(self) -> None:
        """What is open is there again the next time."""
        self.desk.notebook.keep_open(self._open.texts, self._open.at)

    def tick(self) -> None:
        """Answers grow older, too."""
        super().tick()
        for pane in self.query(QuestionPane):
            pane.tell_age(time.monotonic())

    async def _add(self, text: str) -> None:
        questions = self.query_one("#questions")
        if questions.is_attached:
            await questions.mount(QuestionPane(self._open.add(text), self.desk.symbols))
            self._bring()
            self.editor.focus()
            self._keep()

    async def action_new(self) -> None:
        """An empty question in a tab of its own."""
        await self._add("")

    async def action_close(self) -> None:
        """What was written is in the history; what was asked is waited for no longer."""
        self._remember(self._open.front)
        pane = self.pane
        self._open.close()
        self._bring()
        await pane.remove()
        self._keep()

    def _remember(self, question: Question) -> None:
        if question.holds_unasked(self.desk.notebook.questions):
            self.desk.notebook.asked(bare(question.text))

    def action_turn(self, step: int) -> None:
        """The tab after this one, or before it."""
        self._open.turn(step)
        self._bring()
        self._keep()

    def action_go(self, number: int) -> None:
        """The tab of this number, from 1."""
        self._open.go(number - 1)
        self._bring()
        self._keep()

    @on(TabLine.Chosen)
    async def _clicked(self, event: TabLine.Chosen) -> None:
        if event.number < len(self._open):
            self.action_go(event.number + 1)
        elif not self._open.is_full:
            await self.action_new()

    @on(TextArea.Changed)
    def _written(self, event: TextArea.Changed) -> None:
        if isinstance(pane := event.text_area.parent, QuestionPane):
            pane.question.text = event.text_area.text
            self.query_one(TabLine).rename(self._titles())

    # -- tables

    def _ask_views(self) -> None:
        self._courier.send(
            "views", self.desk.source.sql_views, lambda answer: self.post_message(SqlViewsArrived(answer))
        )

    @on(SqlViewsArrived)
    def _have_views(self, event: SqlViewsArrived) -> None:
        if event.answer.value is not None:
            self.tables.show_views(event.answer.value)
            self._ask_counts()
        elif not self.tables.names:
            self._say(self._open.front, Said(Mark.WARNING, str(event.answer.error)))

    def _ask_counts(self) -> None:
        """After the tables: counting takes longer, and nobody waits for it."""
        names = self.tables.names
        self._courier.send(
            "counts",
            lambda: self.desk.source.sql_counts(names),
            lambda answer: self.post_message(SqlCounted(answer)),
        )

    @on(SqlCounted)
    def _counted(self, event: SqlCounted) -> None:
        if event.answer.value is not None:
            self.tables.show_counts(event.answer.value)

    def on_descendant_focus(self) -> None:
        """On a narrow screen the tables are in sight while the keys are there."""
        self.set_class(self.focused is self.tables, "-tables")

    def action_tables(self) -> None:
        """To the tables; from there back to the question."""
        self.set_focus(self.editor if self.focused is self.tables else self.tables)

    def action_take(self) -> None:
        """Open or close a table; write a column's name into the question."""
        if self.focused is self.tables and (name := self.tables.take()):
            self.editor.insert(name)

    @on(LineScroller.Chosen)
    def _chosen(self, event: LineScroller.Chosen) -> None:
        if event.scroller is self.tables:
            self.action_take()

    # -- asking

    async def ask(self, question: str) -> None:
        """Write another question: where it is open already, else in a tab of its own where something would be lost."""
        if (at := self._open.place_of(question)) is not None:
            self.action_go(at + 1)
        elif self._open.front.holds_unasked(self.desk.notebook.questions) and not self._open.is_full:
            await self._add(question)
        else:
            self._remember(self._open.front)
            self.editor.text = question
        self.editor.focus()

    def action_run(self) -> None:
        """Ask what is written, or what is marked of it."""
        question, text = self._open.front, bare(self.editor.selected_text or self.editor.text)
        if not text:
            self._say(question, Said(Mark.WARNING, "there is no question"))
            return
        number = self._open.ask(text)
        self.desk.notebook.asked(text)
        self._keep()
        self._say(question, Said(Mark.WAITING, "asking", Tone.QUIET))
        self._courier.send(
            name_of(question),
            lambda: self.desk.source.sql(text, ROWS),
            lambda answer: self.post_message(SqlAnswered(number, answer)),
        )

    def action_cancel(self) -> None:
        """The answer is dropped when it comes."""
        self._open.front.cancel()
        self._say(self._open.front, Said(Mark.WARNING, "cancelled; the last answer stays"))

    def _say(self, question: Question, said: Said | None, news: Mark = Mark.OK) -> None:
        """Something came of a question: told above the keys when it is in front."""
        self._open.tell(question, said, news)
        self._tell()

    @on(SqlAnswered)
    def _answered(self, event: SqlAnswered) -> None:
        question, answer = self._open.waiting_for(event.number), event.answer
        if question is None:
            return
        if answer.value is None:
            self._refused(question, answer.error)
            return
        question.answer(answer.value, time.monotonic())
        self._pane_of(question).show_answer(time.monotonic())
        cut = f"cut by {answer.value.cut_by}; ^s exports what is allowed" if answer.value.cut_by else ""
        self._say(question, Said(Mark.WARNING, cut) if cut else None)

    def _refused(self, question: Question, error: Exception | None) -> None:
        """Say what is wrong and where; the caret goes there, and the last answer stays."""
        words, editor = refusal(error, self.desk.symbols), self._pane_of(question).editor
        position = error.position if isinstance(error, RefusedError) else None
        begin = editor.text.find(question.asking)
        if position is not None and begin >= 0 and not editor.selected_text:
            line, column = place_of(editor.text, begin + position)
            editor.move_cursor((line, column))
            words = f"line {line + 1}, column {column + 1}: {words}"
        question.cancel()
        self._say(question, Said(Mark.ERROR, words), Mark.ERROR)

    def action_history(self) -> None:
        """One of the questions that were asked."""
        from tui.screens.question_picker import QuestionPicker

        async def picked(question: str | None) -> None:
            if question:
                await self.ask(question)

        self.app.push_screen(QuestionPicker(self.desk.notebook.questions), picked)

    # -- the answer

    def action_copy(self) -> None:
        """The row under the cursor."""
        result = self.result.result
        if result and result.rows:
            self.copy(as_row(result.rows[self.result.cursor]), "the row")

    def action_copy_command(self) -> None:
        """The command that asks the same."""
        self.copy(command(self._open.front.asked or bare(self.editor.text)))

    def action_entities(self) -> None:
        """The entities of the answer in their table."""
        result = self.result.result
        if result is not None:
            self.post_message(EntitiesWanted(refs_in(result)))

    def action_export(self) -> None:
        """Into which file?"""
        self._exported, line = self._open.front, self.query_one("#path", Input)
        self.query_one("#export").display = True
        self.set_focus(line)
        line.select_all()

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        path, question = event.value.strip(), self._exported
        self.query_one("#export").display = False
        self.set_focus(self.result)
        if path:
            text = question.asked
            self._say(question, Said(Mark.WAITING, f"writing {path}", Tone.QUIET))
            self._courier.send(
                "export",
                lambda: self.desk.source.export_sql(text, path),
                lambda answer: self.post_message(SqlExported(question, path, answer)),
            )

    @on(SqlExported)
    def _written_out(self, event: SqlExported) -> None:
        if error := event.answer.error:
            said = Said(Mark.ERROR, refusal(error, self.desk.symbols))
        else:
            said = Said(Mark.OK, f"written to {named_path(event.path).absolute()}")
        self._say(event.question if event.question in self._open else self._open.front, said, said.mark)

    def action_back(self) -> None:
        """Close the line that asks for a file, or the tables that hide the answer; else to the entities."""
        if self.query_one("#export").display:
            self.query_one("#export").display = False
            self.set_focus(self.result)
        elif self.has_class("-narrow") and self.focused is self.tables:
            self.action_tables()
        else:
            self.app.switch_mode("browse")

    def hear(self, news: News) -> None:
        """The daemon is back: the tables may have been missing."""
        if isinstance(news, Up) and news.again and not self.tables.names:
            self._ask_views()
