"""The lines of a document in the person's editor, then in the review."""

from textual.app import App

from tui.edit_answers import DocumentText
from tui.model.courier import Answer
from tui.model.drafts import Drafts
from tui.model.plan import Plan
from tui.model.symbols import Mark
from tui.screens.desk import Desk
from tui.screens.editor_session import EditorSession
from tui.screens.writing import Writing


class RawEdit(EditorSession):
    """One document on its way through the editor and back."""

    INSTEAD = "; e opens the form"

    def __init__(self, app: App[int], desk: Desk, ref: str) -> None:
        super().__init__(app, desk, ref)
        self.ref = ref
        self._write = "none"

    def begin(self) -> None:
        """Read the document, then open the editor."""
        self.send(lambda: self.desk.source.document(self.ref), self._read)

    def _read(self, answer: Answer[DocumentText]) -> None:
        document = answer.value
        if document is None:
            self.refused(answer.error)
        elif document["write"] == "none":
            said = 'its write = "none" is configured'
            said = said if document["configured"] else f"catalog location set {document['location']} --write branch"
            self.tell(Mark.WARNING, f"its location is not written to: {said}; e changes fields beside git")
        else:
            self._write = document["write"]
            self.open(document["text"], document["blob"])

    def take(self, text: str) -> None:
        """To the review, on the version that it was made of."""
        assert self.file is not None
        base, name = Drafts.base_of(self.file), self.ref.rpartition("/")[2]
        self.propose(Plan((self.ref,), text=text, base=base, write=self._write, message=f"Edit {name}"))

    def tell(self, mark: Mark, text: str) -> None:
        """On the screen that it was begun from, or that lies below."""
        screen = next((one for one in reversed(self.app.screen_stack) if isinstance(one, Writing)), None)
        if screen is not None:
            screen.tell(mark, text)
        else:
            self.app.notify(text, markup=False, timeout=10)
