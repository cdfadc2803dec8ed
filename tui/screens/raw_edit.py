"""The lines of a document in the person's editor: what was written is reviewed, and never lost."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from textual.app import App, SuspendNotSupported

from tui.edit_answers import DocumentText
from tui.foreground import run_in_foreground
from tui.model.courier import Answer
from tui.model.editor import editor_command, with_faults, without_faults
from tui.model.plan import Plan
from tui.model.source import RefusedError
from tui.model.symbols import Mark
from tui.model.writing import Outcome, Proposal, propose
from tui.screens.desk import Desk
from tui.screens.writing import Writing, tell_written

T = TypeVar("T")


class RawEdit:
    """One document on its way through the editor and back."""

    def __init__(self, app: App[int], desk: Desk, ref: str) -> None:
        self.app = app
        self.desk = desk
        self.ref = ref
        self._document: DocumentText | None = None
        self._file: Path | None = None

    def begin(self) -> None:
        """Read the document, then open the editor."""
        self._send(lambda: self.desk.source.document(self.ref), self._read)

    def _read(self, answer: Answer[DocumentText]) -> None:
        if answer.value is None:
            hint = answer.error.hint if isinstance(answer.error, RefusedError) else ""
            self._tell(Mark.WARNING, f"{answer.error}{'; ' + hint if hint else ''}")
            return
        document = answer.value
        if document["write"] == "none":
            said = 'its write = "none" is configured'
            said = said if document["configured"] else f"catalog location set {document['location']} --write branch"
            told = f"its location is not written to: {said}; e changes fields beside git"
            self._tell(Mark.WARNING, told)
            return
        self._document = document
        try:
            self._file = self.desk.bench.drafts.text_file(self.ref, document["blob"], document["text"])
        except OSError as error:
            self._tell(Mark.WARNING, f"no file for the text can be made: {error.strerror}")
            return
        self._edit(document["text"])

    def _edit(self, before: str) -> None:
        """Open the editor on the file; what it leaves there is judged."""
        assert self._file is not None
        command = editor_command()
        try:
            with self.app.suspend():
                code = run_in_foreground([*command, str(self._file)])
        except SuspendNotSupported:
            self._tell(Mark.WARNING, "no editor can be opened from here; e opens the form")
            return
        except OSError as error:
            self.desk.bench.drafts.drop_text(self._file)
            self._tell(Mark.WARNING, f"{command[0]} cannot be started: {error.strerror}; name an editor in EDITOR")
            return
        self.app.refresh(layout=True)
        if code:
            self._kept(f"{command[0]} ended with code {code}")
            return
        self._judge(before)

    def _judge(self, before: str) -> None:
        assert self._file is not None
        assert self._document is not None
        try:
            text = without_faults(self._file.read_bytes().decode("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            self._kept(f"the text cannot be read: {error}")
            return
        if text == self._document["text"]:
            self.desk.bench.drafts.drop_text(self._file)
            self._tell(Mark.UNKNOWN, "nothing was changed")
            return
        if text == before and before != self._document["text"]:
            self._kept("it is as wrong as before")
            return
        plan = Plan(
            (self.ref,),
            text=text,
            base=self.desk.bench.drafts.base_of(self._file),
            write=self._document["write"],
            message=f"Edit {self.ref.rpartition('/')[2]}",
        )
        target = plan.first_target(self.desk.bench.target) or "branch"
        self._tell(Mark.WAITING, "asking whether the catalog would take it")
        self._send(
            lambda: propose(self.desk.source, plan, target, plan.message),
            lambda answer: self._proposed(plan, text, answer),
        )

    def _proposed(self, plan: Plan, text: str, answer: Answer[Proposal]) -> None:
        """Wrong: back into the editor, what is wrong above the text. Right, or a conflict: to the review."""
        proposal = answer.value
        if proposal is None:
            self._kept(str(answer.error))
            return
        faults = [proposal.error] if proposal.error else []
        faults += [
            f"line {one['line']}: {one['message']}{'; ' + one['hint'] if one['hint'] else ''}"
            for one in proposal.problems
        ]
        if faults:
            self._again(text, faults)
            return
        from tui.screens.review import ReviewScreen

        self.app.push_screen(ReviewScreen(self.desk, self.ref, [plan], self._written))
        assert self._file is not None
        self._tell(Mark.CHANGED, f"your text is kept in {self._file}")

    def _again(self, text: str, faults: Sequence[str]) -> None:
        assert self._file is not None
        try:
            self._file.write_bytes(with_faults(text, faults).encode("utf-8", "surrogatepass"))
        except OSError as error:
            self._kept(f"{faults[0]}; {error.strerror}")
            return
        self._edit(text)

    def _written(self, outcomes: Sequence[Outcome]) -> None:
        assert self._file is not None
        self.desk.bench.drafts.drop_text(self._file)
        tell_written(self.app, self.desk, outcomes)

    def _kept(self, reason: str) -> None:
        self._tell(Mark.WARNING, f"{reason}; your text is kept in {self._file}")

    def _tell(self, mark: Mark, text: str) -> None:
        screen = next((one for one in reversed(self.app.screen_stack) if isinstance(one, Writing)), None)
        if screen is not None:
            screen.tell(mark, text)
        else:
            self.app.notify(text, markup=False, timeout=10)

    def _send(self, question: Callable[[], T], take: Callable[[Answer[T]], None]) -> None:
        self.desk.courier.send(f"raw-{self.ref}", question, lambda answer: self.app.call_later(take, answer))
