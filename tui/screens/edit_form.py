"""The edit form: the fields of one entity, or of all marked ones, each a line; what is changed is kept as a draft."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from tui.actions import Context
from tui.model.courier import Answer
from tui.model.form.loading import Loaded, load_form, look_up
from tui.model.form.rows import FormRow, RefState, form_rows, ref_of, row_line, row_value, set_row
from tui.model.lines import Piece, TextLine, Tone, fitted
from tui.model.plan import plans_of
from tui.model.symbols import Mark
from tui.model.value_text import value_text
from tui.model.writing import Outcome
from tui.safe_text import safe_text
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk
from tui.screens.form_questions import Questions
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines

PROPERTY: Final = "property"
NEW_PROPERTY: Final = "new property"


class EditScreen(CatalogScreen):
    """`r` reviews what was changed; leaving keeps it as a draft."""

    CSS_PATH = "edit.tcss"
    CONTEXT = Context.FORM
    BINDINGS: ClassVar = bindings(Context.FORM)

    class Ready(Message):
        """The form can be filled in, or not."""

        def __init__(self, answer: Answer[Loaded]) -> None:
            super().__init__()
            self.answer = answer

    class Known(Message):
        """Whether the entities exist that are named."""

        def __init__(self, answer: Answer[dict[tuple[str, str], RefState]]) -> None:
            super().__init__()
            self.answer = answer

    def __init__(self, desk: Desk, refs: Sequence[str]) -> None:
        super().__init__(desk)
        self.refs = tuple(refs)
        self.loaded: Loaded | None = None
        self._rows: list[FormRow] = []
        self._known: dict[tuple[str, str], RefState] = {}

    @property
    def place(self) -> str:
        """What is edited."""
        what = self.refs[0] if len(self.refs) == 1 else f"{len(self.refs)} marked entities"
        return f"Edit  {self.desk.symbols.arrow_out}  {what}"

    def body(self) -> ComposeResult:
        """One list of fields."""
        yield TextLines(self.desk.symbols, choose=True, name="form")
        yield Notice(self.desk.symbols)

    @property
    def scroller(self) -> LineScroller:
        """The fields."""
        return self.query_one(TextLines)

    def on_mount(self) -> None:
        """Read what the files say."""
        self.scroller.focus()
        self.query_one(TextLines).show([(Piece(f"reading {self.desk.symbols.ellipsis}", Tone.QUIET),)])
        self.read()

    def read(self) -> None:
        """Read what the files say, anew."""
        self.desk.courier.send(
            f"form-{id(self)}",
            lambda: load_form(self.desk.source, self.refs),
            lambda answer: self.post_message(self.Ready(answer)),
        )

    @on(Ready)
    def _ready(self, event: Ready) -> None:
        loaded = event.answer.value
        if loaded is None:
            self.query_one(TextLines).show([(Piece(safe_text(str(event.answer.error)), Tone.WARNING),)])
            return
        draft = self.desk.bench.drafts.find(self.refs)
        self.loaded = loaded
        if draft is not None:
            loaded.form.take_up(draft[0], draft[2])
            loaded.properties.take_up(draft[1])
            self.say(Mark.CHANGED, f"your draft is taken up: {self._count()} changed; u puts a field back")
        elif loaded.notes:
            self.say(Mark.WARNING, loaded.notes[0])
        self.lay_out()

    def say(self, mark: Mark, text: str) -> None:
        """A sentence above the keys."""
        self.query_one(Notice).say(mark, text)

    # -- the rows

    def on_resize(self) -> None:
        """Other width, other lines."""
        self.lay_out()

    def lay_out(self) -> None:
        """All fields, then what lies over the file."""
        if self.loaded is None:
            return
        form, properties = self.loaded.form, self.loaded.properties
        width = self.scroller.scrollable_content_region.width
        rows = form_rows(form)
        lines: list[TextLine] = []
        for number, row in enumerate(rows):
            first = not number or rows[number - 1].path != row.path
            lines.append(row_line(form, row, first, width, self.desk.symbols, self._known))
        rows += [FormRow(PROPERTY, (path,)) for path in properties.paths]
        rows.append(FormRow(NEW_PROPERTY, ()))
        lines += [self._property_line(row, width) for row in rows[len(lines) :]]
        self._rows = rows
        self.query_one(TextLines).show(lines, keep_place=True)
        self._look_up()

    def _property_line(self, row: FormRow, width: int) -> TextLine:
        assert self.loaded is not None
        column = min(24, max(14, width // 4))
        if row.kind == NEW_PROPERTY:
            return (Piece("  "), Piece(fitted("beside git", column), Tone.QUIET), Piece("+ add a property", Tone.QUIET))
        path, properties = row.path[0], self.loaded.properties
        changed = properties.is_changed(path)
        value = properties.value(path)
        shown = "(different values)" if repr(value) == "different values" else value_text(value)
        was = f"   was {value_text(properties.original(path))}" if changed else ""
        return (
            Piece(f"{self.desk.symbols[Mark.CHANGED]} " if changed else "  ", Tone.ACCENT),
            Piece(
                f"{fitted(safe_text(path), column, self.desk.symbols.ellipsis)}", Tone.TEXT if changed else Tone.QUIET
            ),
            Piece(shown, Tone.QUIET if value is None else Tone.TEXT),
            Piece("   beside git", Tone.QUIET),
            Piece(was, Tone.QUIET),
        )

    @property
    def current(self) -> FormRow | None:
        """The row under the cursor."""
        return self._rows[self.scroller.cursor] if self.scroller.cursor < len(self._rows) else None

    def _count(self) -> int:
        assert self.loaded is not None
        return len(self.loaded.form.changed) + len(self.loaded.properties.draft())

    # -- refs

    def _look_up(self) -> None:
        """Ask for the entities that are named and not looked for yet."""
        if self.loaded is None:
            return
        form, source, namespace = self.loaded.form, self.desk.source, self.loaded.namespace
        wanted = {
            (kind, value)
            for row in self._rows
            if row.kind in ("field", "item")
            and (kind := ref_of(form, row)) is not None
            and isinstance(value := row_value(form, row), str)
            and value
        } - self._known.keys()
        if wanted:
            self.desk.courier.send(
                f"refs-{id(self)}",
                lambda: look_up(source, wanted, namespace),
                lambda answer: self.post_message(self.Known(answer)),
            )

    @on(Known)
    def _known_refs(self, event: Known) -> None:
        if event.answer.value:
            self._known.update(event.answer.value)
            self.lay_out()

    # -- changing

    def action_change(self) -> None:
        """Ask for another value of the row."""
        row = self.current
        if row is not None and self.loaded is not None:
            Questions(self, self.loaded).ask(row, self._changed)

    @on(LineScroller.Chosen)
    def _chosen(self) -> None:
        self.action_change()

    def _changed(self, row: FormRow, value: Any) -> None:
        assert self.loaded is not None
        if row.kind == NEW_PROPERTY:
            self.loaded.properties.set(value[0], value[1])
        elif row.kind == PROPERTY:
            self.loaded.properties.set(row.path[0], value)
        else:
            set_row(self.loaded.form, row, value)
        self._keep()

    def action_remove(self) -> None:
        """Nothing in the place of the value."""
        row = self.current
        if row is not None and row.kind not in ("add", NEW_PROPERTY):
            self._changed(row, None)

    def action_put_back(self) -> None:
        """What the file says."""
        row = self.current
        if row is None or self.loaded is None or row.kind == NEW_PROPERTY:
            return
        if row.kind == PROPERTY:
            self.loaded.properties.put_back(row.path[0])
        else:
            self.loaded.form.put_back(row.path)
        self._keep()

    def _keep(self) -> None:
        """Keep the draft, show the form."""
        assert self.loaded is not None
        try:
            form = self.loaded.form
            base = form.documents[0].blob if len(self.refs) == 1 else ""
            self.desk.bench.drafts.keep(self.refs, form.draft(), self.loaded.properties.draft(), base)
            self._say_state()
        except OSError as error:
            self.say(Mark.WARNING, f"the draft cannot be kept: {error.strerror}; write before you leave")
        self.lay_out()

    def _say_state(self) -> None:
        assert self.loaded is not None
        wrong = len(self.loaded.form.faults)
        count = self._count()
        if wrong:
            self.say(Mark.ERROR, f"{wrong} error{'s' if wrong > 1 else ''}: correct before the review")
        elif count:
            self.say(Mark.CHANGED, f"{count} changed and kept as a draft; r reviews")
        else:
            self.query_one(Notice).clear()

    # -- on from here

    def action_review(self) -> None:
        """What would be written."""
        from tui.screens.review import ReviewScreen

        if self.loaded is None:
            return
        if not self._count():
            self.say(Mark.UNKNOWN, "nothing is changed yet")
        elif self.loaded.form.faults:
            self._say_state()
        else:
            plans = plans_of(self.loaded.form, self.loaded.properties.changes())
            title = self.refs[0] if len(self.refs) == 1 else f"{len(self.refs)} entities"
            self.app.push_screen(ReviewScreen(self.desk, title, plans, self._written))

    def _written(self, outcomes: Sequence[Outcome]) -> None:
        """All of it is written: the form has done its work."""
        from tui.screens.writing import tell_written

        self.desk.bench.drafts.drop(self.refs)
        self.leave()
        tell_written(self.app, self.desk, outcomes)

    def action_raw(self) -> None:
        """The whole document in the editor."""
        from tui.screens.raw_edit import RawEdit

        if len(self.refs) == 1:
            self.leave()
            RawEdit(self.app, self.desk, self.refs[0]).begin()
        else:
            self.say(Mark.UNKNOWN, "the editor takes one entity at a time")

    def action_leave(self) -> None:
        """Leave; where something was changed, the draft is kept unless the person throws it away."""
        from tui.screens.choice_picker import Choice, ChoicePicker

        if self.loaded is None or not self._count():
            self.leave()
            return
        choices = [
            Choice("stay", "go on editing"),
            Choice("keep", "leave", "the draft is kept; e takes it up again"),
            Choice("drop", "throw it away", f"{self._count()} changed"),
        ]

        def chosen(choice: str | None) -> None:
            if choice == "drop":
                self.desk.bench.drafts.drop(self.refs)
            if choice in ("keep", "drop"):
                self.leave()

        self.app.push_screen(ChoicePicker("Not written yet", choices, "stay"), chosen)
