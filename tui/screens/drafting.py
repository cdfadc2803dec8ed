"""A new entity: its kind and its name are asked for, its outline is opened in the person's editor."""

from tui.model.courier import Answer
from tui.model.new_entity import Outline, Prospects, outline, prospects, where
from tui.model.plan import Plan
from tui.model.symbols import Mark
from tui.screens.base import CatalogScreen
from tui.screens.choice_picker import Choice, ChoicePicker
from tui.screens.editor_session import EditorSession
from tui.screens.file_editor import Tell
from tui.screens.text_prompt import TextPrompt

USUAL = "Component"
"""The kind that the cursor begins on."""
NEW = "new"
"""In the place of the version that a text is made of."""


class Drafting(EditorSession):
    """Begun from a screen; where the person went elsewhere meanwhile, nothing more is asked.

    Subclasses say what becomes of the text.
    """

    LEFT = "nothing was written into it: no entity is made"

    def __init__(self, screen: CatalogScreen, tell: Tell, name: str = "") -> None:
        super().__init__(screen.app, screen.desk, "new entity")
        self._screen = screen
        self._say = tell
        self._name = name
        self._kind = ""
        self._outline: Outline | None = None

    def tell(self, mark: Mark, text: str) -> None:
        """On the screen that it was begun from, as long as it is there."""
        if self._screen in self.app.screen_stack:
            self._say(mark, text)
        else:
            self.app.notify(text, markup=False, timeout=10)

    def is_left(self, text: str) -> bool:
        """An outline without examples may be right as it is."""
        return not text.strip() or bool(self._outline and self._outline.open and text == self._outline.text)

    def begin(self) -> None:
        """Ask what there is to choose from."""
        self.send(lambda: prospects(self.desk.source), self._known)

    def _known(self, answer: Answer[Prospects]) -> None:
        if answer.value is None:
            self.refused(answer.error)
        elif self._screen.is_current and self.may_begin(answer.value):
            kinds = [Choice(kind, kind) for kind in answer.value.kinds]
            self.app.push_screen(ChoicePicker("A new entity of kind", kinds, USUAL), self._of_kind)

    def may_begin(self, found: Prospects) -> bool:
        """Whether there is anything to ask; where not, it was said why."""
        del found
        return True

    def _of_kind(self, kind: str | None) -> None:
        if kind:
            self._kind = kind
            self.app.push_screen(TextPrompt(f"Name of the {kind}", self._name, "NAME, or NAMESPACE/NAME"), self._named)

    def _named(self, name: str | None) -> None:
        if name:
            self._name = name
            self.draw()

    def draw(self) -> None:
        """Kind and name are known: draw the outline."""
        source, kind, name = self.desk.source, self._kind, self._name
        self.send(lambda: outline(source, kind, name), self._drawn)

    def _drawn(self, answer: Answer[Outline]) -> None:
        if answer.value is None:
            self.refused(answer.error)
        elif self._screen.is_current:
            self._outline = answer.value
            self.what = f"new {answer.value.ref}"
            self.open(answer.value.text, NEW, answer.value.notes)


class NewEntity(Drafting):
    """Written to a location by an edit."""

    def __init__(self, screen: CatalogScreen, tell: Tell) -> None:
        super().__init__(screen, tell)
        self._writes: dict[str, str] = {}
        self._choices: list[Choice] = []
        self._location = ""

    def may_begin(self, found: Prospects) -> bool:
        """Only where a location may be written to."""
        self._writes = {one.id: one.write for one in found.places}
        self._choices = [Choice(*one) for one in where(found.places)]
        if not self._writes:
            told = "no location may be written to: catalog location set ID --write branch"
            self.tell(Mark.WARNING, f'{told}, or write = "branch" in its [[locations]]')
        return bool(self._writes)

    def draw(self) -> None:
        """Where it goes is asked for before, where there is a choice."""
        if len(self._choices) == 1:
            self._placed(self._choices[0].value)
        else:
            self.app.push_screen(ChoicePicker("It goes to", self._choices), self._placed)

    def _placed(self, location: str | None) -> None:
        if location:
            self._location = location
            super().draw()

    def take(self, text: str) -> None:
        """To the review, which writes it."""
        assert self._outline is not None
        write = self._writes[self._location]
        self.propose(Plan((self._outline.ref,), text=text, create=True, write=write, location=self._location))
