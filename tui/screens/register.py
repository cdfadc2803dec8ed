"""Registering a location: a URL or a path, then what it would bring, and only then the registration."""

import secrets
import shlex
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from tui.actions import Action, Context
from tui.model.courier import Courier
from tui.model.draft_place import DraftPlace, draft_place
from tui.model.file_choice import FileChoice, file_choice
from tui.model.lines import Piece, TextLine, Tone
from tui.model.location_source import SAVED, Preview, Reading, Tried, Wanted
from tui.model.nearest import near_refs
from tui.model.registration import (
    command,
    draft_off,
    entities_text,
    failure_lines,
    fault_line,
    next_step_lines,
    preview_lines,
    saved_off,
    summary,
    waiting_lines,
)
from tui.model.source import RefusedError
from tui.model.symbols import Mark
from tui.safe_text import safe_text
from tui.screens.base import CatalogScreen
from tui.screens.desk import Desk
from tui.screens.messages import LocationAdded, PreviewArrived, ReadingArrived
from tui.widgets.adjustment_fields import AdjustmentFields
from tui.widgets.keys import bindings
from tui.widgets.line_scroller import LineScroller
from tui.widgets.notice import Notice
from tui.widgets.text_lines import TextLines

ASKED_EVERY = 0.5
"""Seconds between two questions of how far it is."""


class RegisterScreen(CatalogScreen):
    """Source, preview, confirmation. Reading may take minutes, so it has a thread of its own."""

    CSS_PATH = "register.tcss"
    PLACE = "Register a location"
    CONTEXT = Context.REGISTER
    BINDINGS: ClassVar = bindings(Context.REGISTER)

    def __init__(self, desk: Desk, target: str = "") -> None:
        super().__init__(desk)
        self._target = target
        self._courier = Courier(threads=3)
        self._round = 0
        self._since: float | None = None
        self._doing = ""
        self._trial = ""
        self._reading = Reading()
        self._wanted: Wanted | None = None
        self._preview: Preview | None = None
        self._choice = FileChoice()
        self._near: Mapping[str, str] = {}
        self._paths: list[str] = []
        self._failure: tuple[str, str] | None = None
        self._twin_of_it = ""
        self._place: DraftPlace | None = None

    def body(self) -> ComposeResult:
        """The form, and under it what would come of it."""
        with Vertical(id="form"):
            for name, label, hint in (
                ("target", "Source", "https://git.example/acme/pay.git, the web URL of a file, or a path"),
                ("ref", "Branch", "the default branch"),
                ("path", "Files", "catalog-info.yaml and port.yml at any depth"),
            ):
                with Horizontal():
                    yield Static(label, classes="label", markup=False)
                    value = self._target if name == "target" else ""
                    yield Input(value, placeholder=hint, compact=True, id=name)
            status = self.desk.health.status
            yield AdjustmentFields(status.poll_interval if status else 0.0)
        yield TextLines(self.desk.symbols, choose=True, name="list")
        yield Notice(self.desk.symbols)

    def on_mount(self) -> None:
        """Write first."""
        self.query_one("#target", Input).focus()
        self.set_interval(0.1, self._spin)
        self.set_interval(ASKED_EVERY, self._ask_how_far)
        self._draw()
        if self._target:
            self.call_later(self.action_read)

    def on_unmount(self) -> None:
        """Nobody waits any more."""
        self._courier.close()

    @property
    def scroller(self) -> LineScroller:
        """What would come of it."""
        return self.query_one(TextLines)

    @property
    def row_location(self) -> str:
        """The same location where it is registered already: it can be refreshed from here."""
        return self._preview.existing if self._preview else ""

    def reason(self, action: Action, *, has_row: bool) -> str:
        """Nothing is registered that was not shown before."""
        reason = super().reason(action, has_row=has_row)
        if not reason and action.id == "register.copy" and not self._wanted:
            return "nothing to copy yet"
        if not reason and action.id in ("register.choose", "register.turn"):
            return self._choice.reason
        if not reason and action.id == "register.draft":
            return self._doing if self._since is not None else draft_off(self._preview, self._place, self._names)
        if not reason and action.id == "register.saved":
            return self._doing if self._since is not None else saved_off(self._wanted, self._place)
        if reason or action.id != "register.confirm":
            return reason
        if self._since is not None:
            return self._doing
        if self._preview is None:
            return "read it first"
        if self._preview.existing:
            return "already registered"
        if self._fault:
            return self._fault
        if self._choice.left:
            return "read first what you chose"
        return "" if self._preview.entities else "there is no entity in it"

    # -- reading

    @on(Input.Submitted)
    async def _submitted(self) -> None:
        await self.app.run_action("read", self)

    @on(AdjustmentFields.Submitted)
    async def _adjusted(self) -> None:
        if self._preview:
            self.scroller.focus()  # it changes nothing of what was read
        else:
            await self.app.run_action("read", self)

    @on(AdjustmentFields.Changed)
    def _adjusting(self) -> None:
        """What was read stands; a refusal to register is asked again."""
        if self._preview:
            self._failure = None
        self._draw()

    @property
    def _fault(self) -> str:
        """What is wrong with how it is to be dealt with."""
        return self.query_one(AdjustmentFields).fault

    @on(Input.Changed)
    def _edited(self) -> None:
        """What is shown is no longer what is written."""
        if self._wanted is not None and self._written() != self._wanted:
            self._forget()
            self._draw()

    def _written(self) -> Wanted | None:
        from tui.cli.failure import Failure
        from tui.cli.location_target import read_target

        text = self.query_one("#target", Input).value.strip()
        if not text:
            return None
        try:
            read = read_target(text)
        except Failure as failure:
            self._failure = (str(failure.what), failure.next_step)
            return None
        ref = self.query_one("#ref", Input).value.strip()
        return Wanted(read.type, read.target, ref, self._names or read.paths)

    @property
    def _names(self) -> tuple[str, ...]:
        """The files that the person names."""
        return _words_of(self.query_one("#path", Input).value)

    def _forget(self) -> None:
        self._round += 1
        self._wanted = self._preview = self._failure = self._since = None
        self._reading = Reading()
        self._choice, self._near, self._paths, self._place = FileChoice(), {}, [], None

    def action_read(self) -> None:
        """Try it, with the files that were chosen; an answer to an older question is dropped."""
        chosen = self._choice.paths
        self._forget()
        if chosen:
            self.query_one("#path", Input).value = shlex.join(chosen)
        wanted = self._written()
        if wanted is None:
            self._draw()
            return
        number = self._round
        self._wanted, self._since, self._doing = wanted, time.monotonic(), "reading"
        source, trial = self.desk.source, secrets.token_hex(8)
        self._trial = trial

        def question() -> Tried:
            preview = source.preview_location(wanted, trial)
            missing = [ref for ref, _ in preview.missing]
            return Tried(preview, near_refs(source, missing, [one.ref for one in preview.documents]))

        self._courier.send(
            f"preview-{number % 2}",
            question,
            lambda answer: self.post_message(PreviewArrived(number, answer)),
        )
        self.scroller.focus()
        self._draw()

    @on(PreviewArrived)
    def _arrived(self, event: PreviewArrived) -> None:
        if event.number != self._round:
            return
        self._since = None
        self._place = draft_place(self.query_one("#target", Input).value.strip())
        if event.answer.value is None:
            self._failure = _words(event.answer.error)
        elif self._wanted:
            self._preview, self._near = event.answer.value.preview, event.answer.value.near
            self._choice = file_choice(self._wanted, self._preview)
        self._draw()
        self.scroller.cursor = self._first_document
        self.scroller.scroll_to(y=0, animate=False)

    def _ask_how_far(self) -> None:
        trial, source = self._trial, self.desk.source
        if self._since is not None and self._doing == "reading":
            self._courier.send(
                "how-far",
                lambda: source.how_far(trial),
                lambda answer: self.post_message(ReadingArrived(trial, answer)),
            )

    @on(ReadingArrived)
    def _told(self, event: ReadingArrived) -> None:
        if event.trial == self._trial and event.answer.value is not None:
            self._reading = event.answer.value

    # -- choosing

    @property
    def _first_document(self) -> int:
        return next((number for number, path in enumerate(self._paths) if self._choice.can(path)), 0)

    def action_choose(self) -> None:
        """The file of the line under the cursor, in or out."""
        cursor = self.scroller.cursor
        path = self._paths[cursor] if cursor < len(self._paths) else ""
        if not self._choice.can(path):
            words = "it comes with the Location that names it" if path else "there is no file on this line"
            self.query_one(Notice).say(Mark.UNKNOWN, words)
            return
        self.query_one(Notice).clear()
        self._choice = self._choice.toggled(path)
        self._draw()

    @on(LineScroller.Chosen)
    def _clicked(self) -> None:
        if not self._choice.reason:
            self.action_choose()

    def action_turn(self) -> None:
        """The others."""
        self._choice = self._choice.turned()
        self._draw()

    # -- where nothing is found

    def action_saved(self) -> None:
        """What is saved in the work tree, committed or not."""
        self.query_one("#ref", Input).value = SAVED
        self.action_read()

    def action_draft(self) -> None:
        """A descriptor for it."""
        from tui.screens.descriptor_draft import DescriptorDraft

        if self._place is not None and self._wanted is not None:
            DescriptorDraft(self, self._tell, self._place, self._whole(self._wanted), self.action_read).begin()

    def _tell(self, mark: Mark, text: str) -> None:
        """Beside the lines: where a text is kept is longer than the line above the keys."""
        self.notify(f"{self.desk.symbols[mark]} {safe_text(text)}", markup=False, timeout=10)

    # -- registering

    def action_confirm(self) -> None:
        """Register what is shown."""
        wanted, number = self._wanted and self._whole(self._wanted), self._round
        if wanted is None:
            return
        self._failure, self._twin_of_it = None, command(wanted)
        self._since, self._doing = time.monotonic(), "registering"
        self._courier.send(
            "add",
            lambda: self.desk.source.add_location(wanted),
            lambda answer: self.post_message(LocationAdded(number, answer)),
        )
        self._draw()

    @on(LocationAdded)
    def _added(self, event: LocationAdded) -> None:
        self._since = None
        if event.answer.value is None:
            self._failure = _words(event.answer.error)
            self._draw()
            return
        if self._wanted and self._preview:
            words = f"registered {entities_text(self._preview.entities)}\nsame as: {self._twin_of_it}"
            self.notify(safe_text(words, multiline=True, limit=300), markup=False, timeout=5)
        self.leave_done()

    def action_copy_command(self) -> None:
        """The command that does the same."""
        if self._preview and self._place and not self._preview.files:
            self.copy(self._place.command)
        elif self._wanted:
            self.copy(self._command(self._wanted))

    def action_back(self) -> None:
        """What is being read is left; nothing was written."""
        self.leave()

    # -- drawing

    def on_resize(self) -> None:
        """Other width, other lines."""
        self._draw()

    def _spin(self) -> None:
        if self._since is not None:
            self._draw()

    def _draw(self) -> None:
        text = self.query_one(TextLines)
        text.show(self._lines(text.scrollable_content_region.width), keep_place=True)
        self.tick()

    def _lines(self, width: int) -> list[TextLine]:
        symbols = self.desk.symbols
        if self._since is not None:
            reading = self._reading if self._doing == "reading" else None
            return waiting_lines(reading, time.monotonic() - self._since, width, symbols)
        if self._failure is not None:
            return failure_lines(*self._failure, width - 2, symbols)
        if self._preview is None:
            if self._fault:
                return [fault_line(self._fault, symbols)]
            return [(Piece("enter reads what it would bring; nothing is stored before you have seen it", Tone.QUIET),)]
        next_step = next_step_lines(self._preview, self._choice, self._place, self._fault, width - 2, symbols)
        head = [*summary(self._preview, symbols), *next_step, ()]
        documents = preview_lines(self._preview, width - 2, symbols, self._choice, self._near)
        self._paths = [*[""] * len(head), *(path for _, path in documents)]
        return [*head, *(line for line, _ in documents), (), *self._twin()]

    def _twin(self) -> list[TextLine]:
        if not self._wanted:
            return []
        return [(Piece("same as  ", Tone.QUIET), Piece(safe_text(self._command(self._wanted)), Tone.ACCENT))]

    def _command(self, wanted: Wanted) -> str:
        """The command that registers what is chosen."""
        return command(replace(self._whole(wanted), paths=self._choice.paths or wanted.paths))

    def _whole(self, wanted: Wanted) -> Wanted:
        """The same, with how it is to be dealt with, as far as that can be read."""
        if self._fault:
            return wanted
        fields = self.query_one(AdjustmentFields)
        return replace(wanted, write=fields.write, poll_interval=fields.interval)


def _words(error: Exception | None) -> tuple[str, str]:
    return str(error), error.hint if isinstance(error, RefusedError) else ""


def _words_of(text: str) -> tuple[str, ...]:
    """Patterns as a shell would part them: one with a space stands in quotes."""
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return tuple(text.split())
