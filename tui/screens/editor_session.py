"""A text in the person's editor: what comes back is judged, and never lost."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from textual.app import App, SuspendNotSupported

from tui.foreground import run_in_foreground
from tui.model.courier import Answer
from tui.model.editor import editor_command, with_faults, with_notes, without_notes
from tui.model.plan import Plan
from tui.model.source import why_not
from tui.model.symbols import Mark
from tui.model.writing import Outcome, Proposal, propose
from tui.screens.desk import Desk
from tui.screens.writing import tell_written

T = TypeVar("T")


class EditorSession:
    """One text on its way through the editor and back, as often as something is wrong with it.

    `what` names it among the drafts. Subclasses say what becomes of a text, and where a sentence is shown.
    """

    LEFT = "nothing was changed"
    """Said where the person wrote nothing."""
    INSTEAD = ""
    """What can be done where no editor can be opened."""

    def __init__(self, app: App[int], desk: Desk, what: str) -> None:
        self.app = app
        self.desk = desk
        self.what = what
        self.given = ""
        self.file: Path | None = None

    # -- what subclasses say

    def take(self, text: str) -> None:
        """What becomes of a text that the person wrote."""
        raise NotImplementedError

    def is_left(self, text: str) -> bool:
        """Whether the person wrote nothing."""
        return text == self.given

    def tell(self, mark: Mark, text: str) -> None:
        """A sentence that stays until the person goes on."""
        raise NotImplementedError

    # -- the way through the editor

    def open(self, text: str, base: str, notes: Sequence[str] = ()) -> None:
        """Open the editor on a text, made of the version `base`; `notes` stand above it and go again."""
        self.given = text
        try:
            self.file = self.desk.bench.drafts.text_file(self.what, base, with_notes(text, notes))
        except OSError as error:
            self.tell(Mark.WARNING, f"no file for the text can be made: {error.strerror}")
            return
        self._edit(None)

    def _edit(self, wrong: str | None) -> None:
        """Open the editor on the file; what it leaves there is judged. `wrong` is the text that is to be corrected."""
        assert self.file is not None
        command = editor_command()
        try:
            with self.app.suspend():
                code = run_in_foreground([*command, str(self.file)])
        except SuspendNotSupported:
            self.tell(Mark.WARNING, f"no editor can be opened from here{self.INSTEAD}")
            return
        except OSError as error:
            self.drop()
            self.tell(Mark.WARNING, f"{command[0]} cannot be started: {error.strerror}; name an editor in EDITOR")
            return
        self.app.refresh(layout=True)
        if code:
            self.keep(f"{command[0]} ended with code {code}")
            return
        try:
            text = without_notes(self.file.read_bytes().decode("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            self.keep(f"the text cannot be read: {error}")
            return
        if text == wrong:
            self.keep("it is as wrong as before")
        elif self.is_left(text):
            self.drop()
            self.tell(Mark.UNKNOWN, self.LEFT)
        else:
            self.take(text)

    def again(self, text: str, faults: Sequence[str]) -> None:
        """Back into the editor, what is wrong above the text."""
        assert self.file is not None
        try:
            self.file.write_bytes(with_faults(text, faults).encode("utf-8", "surrogatepass"))
        except OSError as error:
            self.keep(f"{faults[0]}; {error.strerror}")
            return
        self._edit(text)

    def keep(self, reason: str) -> None:
        """Say why it goes no further, and where the text is."""
        self.tell(Mark.WARNING, f"{reason}; your text is kept in {self.file}")

    def drop(self) -> None:
        """The text is written, or is none."""
        if self.file is not None:
            self.desk.bench.drafts.drop_text(self.file)

    # -- to the review

    def propose(self, plan: Plan) -> None:
        """Ask whether the catalog would take the plan's text. Right, or a conflict: to the review."""
        target = plan.first_target(self.desk.bench.target) or "branch"
        self.tell(Mark.WAITING, "asking whether the catalog would take it")
        self.send(
            lambda: propose(self.desk.source, plan, target, plan.message),
            lambda answer: self._proposed(plan, answer),
        )

    def _proposed(self, plan: Plan, answer: Answer[Proposal]) -> None:
        proposal = answer.value
        if proposal is None:
            self.keep(str(answer.error))
            return
        faults = [proposal.error] if proposal.error else []
        faults += [
            f"line {one['line']}: {one['message']}{'; ' + one['hint'] if one['hint'] else ''}"
            for one in proposal.problems
        ]
        if faults:
            self.again(plan.text or "", faults)
            return
        from tui.screens.review import ReviewScreen

        plan = plan.named(proposal.edit) if proposal.edit else plan
        self.app.push_screen(ReviewScreen(self.desk, plan.refs[0], [plan], self.written))
        self.tell(Mark.CHANGED, f"your text is kept in {self.file}")

    def written(self, outcomes: Sequence[Outcome]) -> None:
        """All of it is written."""
        self.drop()
        tell_written(self.app, self.desk, outcomes)

    # -- asking

    def send(self, question: Callable[[], T], take: Callable[[Answer[T]], None]) -> None:
        """Ask on another thread; the answer is taken on this one."""
        self.desk.courier.send(f"editor-{self.what}", question, lambda answer: self.app.call_later(take, answer))

    def refused(self, error: Exception | None) -> None:
        """Say why a question has no answer."""
        self.tell(Mark.WARNING, why_not(error))
